package audit

import (
	"errors"
	"fmt"
	"time"
)

// Bounds of one write with its fsync.
const (
	maxBatch      = 512
	maxBatchBytes = 1 << 20
)

// run writes the journal until its last entry. One write and one fsync serve all that has queued meanwhile.
func (j *Journal) run() {
	defer close(j.ended)
	age := time.NewTimer(time.Hour)
	age.Stop()
	defer age.Stop()
	var broken error // what the file said: nothing is written any more
	aging := 0       // the number of the segment that the timer runs for
	for {
		due := false
		select {
		case <-j.wake:
		case <-age.C:
			due = true
		}
		for {
			batch, more := j.take()
			if len(batch) == 0 && !due {
				break
			}
			last := len(batch) > 0 && (batch[len(batch)-1].stop || batch[len(batch)-1].kind == frameEnd)
			if broken == nil {
				broken = j.write(batch, due)
			}
			j.answer(batch, broken)
			j.ship.rouse()
			if last {
				_ = j.file.Close() // everything that counts was synced, or failed
				return
			}
			due = false
			if !more {
				break
			}
		}
		if open := j.draft.open; open.records > 0 && open.number != aging && broken == nil {
			age.Reset(j.log.cfg.SegmentMaxAge)
			aging = open.number
		}
	}
}

// take returns the next entries, and whether there are more.
func (j *Journal) take() (batch []entry, more bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := min(len(j.queue), maxBatch)
	batch = append(batch, j.queue[:n]...)
	clear(j.queue[:n])
	j.queue = j.queue[n:]
	for _, e := range batch {
		if e.held {
			j.waiting--
		}
	}
	if len(j.queue) == 0 {
		j.queue = nil
	}
	return batch, len(j.queue) > 0
}

// write puts the batch's frames on disk, and a cut first when the open segment is due. On an error nothing of the batch
// counts, and nothing may be written after it: what the disk has is unknown.
func (j *Journal) write(batch []entry, due bool) error {
	var buf []byte
	start := j.draft.size
	if due && j.draft.open.records > 0 {
		buf = j.addCut(buf, start)
	}
	for i, e := range batch {
		if e.err != nil || e.stop {
			continue
		}
		var err error
		buf, err = j.add(buf, start, e)
		if errors.Is(err, ErrTooMany) {
			batch[i].err = err
		} else if err != nil {
			return j.broken(err)
		}
		if len(buf) >= maxBatchBytes {
			if err := j.flush(buf, start); err != nil {
				return j.broken(err)
			}
			buf, start = nil, j.draft.size
		}
	}
	if err := j.flush(buf, start); err != nil {
		return j.broken(err)
	}
	j.mu.Lock()
	j.book = j.draft
	j.mu.Unlock()
	return nil
}

// add appends e's frames to buf, which goes to offset start, and enters them into the draft.
func (j *Journal) add(buf []byte, start int64, e entry) ([]byte, error) {
	switch e.kind {
	case frameRecord:
		rec := e.rec
		rec.V, rec.Session, rec.Epoch = Version, j.draft.header.Session, j.draft.header.Epoch
		rec.Seq, rec.Prev, rec.Time = j.draft.seq+1, j.draft.prev, instant(rec.Time)
		rec, line, err := encodeLine(rec)
		if err != nil {
			return nil, err
		}
		if j.draft.open.records > 0 && j.draft.open.bytes+len(line) >= j.log.cfg.SegmentMaxBytes {
			buf = j.addCut(buf, start)
		}
		buf = appendFrame(buf, frameRecord, line)
		j.draft.record(rec, line, start+int64(len(buf)))
	case frameClient:
		if before := len(j.draft.clients); len(addClient(j.draft.clients, e.ref)) == before {
			return buf, nil
		} else if before >= MaxClients {
			return buf, fmt.Errorf("add client: %w", ErrTooMany)
		}
		payload, err := encodeJSON(e.ref)
		if err != nil {
			return nil, err
		}
		buf = appendFrame(buf, frameClient, payload)
		j.draft.client(e.ref, start+int64(len(buf)))
	case frameEnd:
		why := WhyClosed
		if j.Err() != nil {
			why = WhyFailed
		}
		return j.addEnd(buf, start, ending{instant(time.Now()), why})
	}
	return buf, nil
}

func (j *Journal) addCut(buf []byte, start int64) []byte {
	buf = appendFrame(buf, frameCut, nil)
	j.draft.cut(start + int64(len(buf)))
	return buf
}

func (j *Journal) addEnd(buf []byte, start int64, e ending) ([]byte, error) {
	if j.draft.open.records > 0 {
		buf = j.addCut(buf, start)
	}
	payload, err := encodeJSON(e)
	if err != nil {
		return nil, err
	}
	buf = appendFrame(buf, frameEnd, payload)
	j.draft.ended(e, start+int64(len(buf)))
	return buf, nil
}

// flush writes buf, if there is anything in it, at offset at.
func (j *Journal) flush(buf []byte, at int64) error {
	if len(buf) == 0 {
		return nil
	}
	return writeSynced(j.file, buf, at)
}

func (j *Journal) broken(cause error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.fail(cause)
	j.log.cfg.Logger.Error("journal failed", "session", j.book.header.Session, "error", cause)
	return err
}

// answer calls the batch's done functions in order.
func (j *Journal) answer(batch []entry, broken error) {
	for _, e := range batch {
		if e.done == nil {
			continue
		}
		err := e.err
		if err == nil {
			err = broken
		}
		e.done(err)
	}
}
