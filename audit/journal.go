package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The errors of a journal; compare with errors.Is.
var (
	ErrJournal = errors.New("the journal cannot be written") // wraps every failure of Enqueue, Append and Close
	ErrFull    = errors.New("the journal's queue is full")
	ErrTooMany = errors.New("too many clients in one session")
	ErrClosed  = errors.New("the journal is closed")
)

// Journal is the log of one running session. All methods may be called concurrently. A Journal that failed once takes
// nothing any more: what was acknowledged before stays, and is archived.
type Journal struct {
	log  *Log
	ship *shipment
	file file

	wake   chan struct{} // capacity 1: there is something in queue
	failed chan struct{} // closed by the first failure
	ended  chan struct{} // closed when run has returned

	mu      sync.Mutex
	queue   []entry // what run has not taken; accepted ones at most MaxQueued
	waiting int     // accepted entries in queue, of MaxQueued
	err     error   // the first failure: nothing is accepted any more
	closing bool    // Close or Log.Close was called
	book    ledger  // what is on disk

	draft ledger // owned by run: what will be on disk after the next sync
}

// entry is one thing for run to do, in the order of the calls.
type entry struct {
	kind frameKind
	rec  Record
	ref  ClientRef
	stop bool        // run ends here, without an end frame
	held bool        // counted in waiting
	err  error       // refused: done gets this
	done func(error) // may be nil
}

// Enqueue takes a record and returns at once. V, Session, Epoch, Seq, Prev and, when zero, Time are set by the journal;
// what is over a limit is cut and named in Detail["cut"]. rec must not be changed any more. done is called by the journal's
// own goroutine, in the order of the calls: with nil once the record is on disk, or with an error that wraps ErrJournal. It
// must return soon and not wait for the journal; after Close it is called at once. After one error every later call gets it
// too. A queue that is full fails the journal (ErrFull).
func (j *Journal) Enqueue(rec Record, done func(error)) {
	if rec.Time.IsZero() {
		rec.Time = time.Now()
	}
	j.put(entry{kind: frameRecord, rec: rec, done: done})
}

// Append is Enqueue and waits until the record is on disk or ctx ends; in the latter case it may get there yet.
func (j *Journal) Append(ctx context.Context, rec Record) error {
	if rec.Time.IsZero() {
		rec.Time = time.Now()
	}
	return j.await(ctx, entry{kind: frameRecord, rec: rec})
}

// AddClient notes that a client takes part, once per client: it blocks until that is on disk. The pointer by which
// the client's sessions are found goes to the archive in the background. ErrTooMany when MaxClients take part already.
func (j *Journal) AddClient(ctx context.Context, ref ClientRef) error {
	ref, err := ref.prepare()
	if err != nil {
		return fmt.Errorf("add client: %w", err)
	}
	return j.await(ctx, entry{kind: frameClient, ref: ref})
}

// Failed returns a channel that is closed when the journal takes nothing any more because it failed.
func (j *Journal) Failed() <-chan struct{} { return j.failed }

// Err returns the first failure, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// Close seals the log after everything that was enqueued, and returns when the seal is on disk; archiving goes on in the
// background (Log.Flush waits for it). It returns the journal's failure, if any. Closing again waits for the same.
func (j *Journal) Close(ctx context.Context) error {
	j.finish(entry{kind: frameEnd})
	select {
	case <-j.ended:
		return j.Err()
	case <-ctx.Done():
		return fmt.Errorf("close the journal of session %s: %w", j.published().header.Session, ctx.Err())
	}
}

// finish makes last the last entry.
func (j *Journal) finish(last entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.closing {
		j.closing = true
		j.queue = append(j.queue, last)
		j.rouse()
	}
}

func (j *Journal) await(ctx context.Context, e entry) error {
	result := make(chan error, 1)
	e.done = func(err error) { result <- err }
	j.put(e)
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// put queues e, as refused when the journal cannot take it. Refused ones queue too, so that done is called in order; as
// many as a queue takes, which nobody reaches who looks at Failed or at done's errors: then done is called here.
func (j *Journal) put(e entry) {
	j.mu.Lock()
	switch {
	case j.err != nil:
		e.err = j.err
	case j.closing:
		e.err = fmt.Errorf("%w: %w", ErrJournal, ErrClosed)
	case j.waiting >= MaxQueued:
		e.err = j.fail(ErrFull)
	}
	here := e.err != nil && (j.closing || len(j.queue) >= 2*MaxQueued)
	if !here {
		if e.err == nil {
			e.held = true
			j.waiting++
		}
		j.queue = append(j.queue, e)
		j.rouse()
	}
	j.mu.Unlock()
	if here && e.done != nil {
		e.done(e.err)
	}
}

// fail notes the first failure; j.mu is held.
func (j *Journal) fail(cause error) error {
	if j.err == nil {
		j.err = fmt.Errorf("%w: %w", ErrJournal, cause)
		close(j.failed)
	}
	return j.err
}

func (j *Journal) rouse() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// published returns what is on disk.
func (j *Journal) published() ledger {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.book
}
