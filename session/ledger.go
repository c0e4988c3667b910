package session

import (
	"errors"
	"sync"

	"binnacle/audit"
)

var errStuck = errors.New("too much waits for the disk")

// ledger orders what people see after what is on disk: it numbers the records that go to the journal, and lets effects
// happen once all records before them are there. All but note is called by the session's run.
type ledger struct {
	journal  Journal
	wake     chan struct{} // capacity 1: durable or err changed
	enqueued uint64
	effects  []effect

	mu      sync.Mutex // durable, err
	durable uint64
	err     error
}

// effect happens once need records are on disk (nil), or never will be (the error).
type effect struct {
	need uint64
	do   func(error)
}

func newLedger(j Journal) *ledger { return &ledger{journal: j, wake: make(chan struct{}, 1)} }

// write sends a record on its way; ack, if any, is called from another goroutine once it is on disk, or with the error.
func (l *ledger) write(rec audit.Record, ack func(error)) {
	l.enqueued++
	n := l.enqueued
	l.journal.Enqueue(rec, func(err error) {
		if ack != nil {
			ack(err)
		}
		l.note(n, err)
	})
}

// note is called by the journal, in the order of the records.
func (l *ledger) note(n uint64, err error) {
	l.mu.Lock()
	if err == nil {
		l.durable = n
	} else if l.err == nil {
		l.err = err
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *ledger) fail(err error) { l.note(0, err) }

// state returns how many records are on disk, and why there will be no more.
func (l *ledger) state() (durable uint64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.durable, l.err
}

// after lets do happen once everything that was written so far is on disk: at once, if it is.
func (l *ledger) after(do func(error)) {
	durable, err := l.state()
	if len(l.effects) == 0 && (err != nil || durable >= l.enqueued) {
		do(err)
		return
	}
	l.effects = append(l.effects, effect{need: l.enqueued, do: do})
	if len(l.effects) > maxEffects {
		l.fail(errStuck)
	}
}

// settle lets the effects happen whose time has come; with an error, all of them.
func (l *ledger) settle() (durable uint64, err error) {
	durable, err = l.state()
	for len(l.effects) > 0 && (err != nil || l.effects[0].need <= durable) {
		e := l.effects[0]
		l.effects[0] = effect{}
		l.effects = l.effects[1:]
		e.do(err)
	}
	return durable, err
}
