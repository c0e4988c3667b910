package session_test

import (
	"context"
	"sync"
	"testing"

	"binnacle/audit"
	"binnacle/session"
)

// log is a real log whose disk a test can hold and break.
type log struct {
	session.Log
	mu     sync.Mutex
	held   bool
	broken error
	wait   []func()
	more   chan struct{}

	diskMu sync.Mutex
	onDisk []audit.Record
}

type journal struct {
	session.Journal
	log *log
}

func newLog(inner session.Log) *log { return &log{Log: inner, more: make(chan struct{}, 1)} }

func (l *log) Begin(ctx context.Context, h audit.Header) (session.Journal, error) {
	l.mu.Lock()
	broken := l.broken
	l.mu.Unlock()
	if broken != nil {
		return nil, broken
	}
	j, err := l.Log.Begin(ctx, h)
	return journal{j, l}, err
}

func (j journal) Enqueue(rec audit.Record, done func(error)) {
	l := j.log
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.broken != nil:
		err := l.broken
		go done(err)
	case l.held:
		l.wait = append(l.wait, func() { j.write(rec, done) })
	default:
		j.write(rec, done)
	}
}

func (j journal) write(rec audit.Record, done func(error)) {
	j.Journal.Enqueue(rec, func(err error) {
		if err == nil {
			j.log.diskMu.Lock()
			j.log.onDisk = append(j.log.onDisk, rec)
			j.log.diskMu.Unlock()
			select {
			case j.log.more <- struct{}{}:
			default:
			}
		}
		done(err)
	})
}

// hold keeps records from the disk until release.
func (l *log) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = true
}

func (l *log) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = false
	for _, f := range l.wait {
		f()
	}
	l.wait = nil
}

// breaks makes every record fail from now on; nil mends it.
func (l *log) breaks(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = err
}

func (l *log) records() []audit.Record {
	l.diskMu.Lock()
	defer l.diskMu.Unlock()
	return append([]audit.Record(nil), l.onDisk...)
}

// await returns the first record of that kind, once it is on disk.
func (l *log) await(t testing.TB, kind audit.Kind) audit.Record {
	t.Helper()
	for {
		for _, r := range l.records() {
			if r.Kind == kind {
				return r
			}
		}
		got(t, l.more, "record "+string(kind))
	}
}

// ofKind returns the records of that kind.
func (l *log) ofKind(kind audit.Kind) []audit.Record {
	var found []audit.Record
	for _, r := range l.records() {
		if r.Kind == kind {
			found = append(found, r)
		}
	}
	return found
}
