package cluster

import (
	"context"
	"sync"
	"time"
)

// Local is a Directory in this process's memory: one node, no store.
type Local struct {
	mu      sync.Mutex
	entries map[string]localEntry
}

type localEntry struct {
	Entry
	renewed time.Time
}

// NewLocal returns an empty directory.
func NewLocal() *Local { return &Local{entries: map[string]localEntry{}} }

// Claim makes e.Node the owner; see Directory.
func (l *Local) Claim(_ context.Context, e Entry) (Entry, error) {
	e, err := e.prepare()
	if err != nil {
		return Entry{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old, taken := l.entries[e.Session]
	if taken && time.Since(old.renewed) < old.TTL {
		return Entry{}, claimError(e, old.Entry)
	}
	e.Epoch, e.Beat = old.Epoch+1, 0
	l.entries[e.Session] = localEntry{e, time.Now()}
	return e, nil
}

// Renew keeps an entry; see Directory.
func (l *Local) Renew(_ context.Context, e Entry) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	current, ok := l.entries[e.Session]
	if !ok || !current.ownedBy(e) {
		return Entry{}, lostError(e, current.Entry)
	}
	current.Beat++
	current.renewed = time.Now()
	l.entries[e.Session] = current
	return current.Entry, nil
}

// Release ends an entry; see Directory.
func (l *Local) Release(_ context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	current, ok := l.entries[e.Session]
	if !ok {
		return nil
	}
	if !current.ownedBy(e) {
		return lostError(e, current.Entry)
	}
	delete(l.entries, e.Session)
	return nil
}

// Lookup returns the owner; see Directory.
func (l *Local) Lookup(_ context.Context, sessionID string) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.entries[sessionID]
	if !ok {
		return Entry{}, lookupError(sessionID)
	}
	return e.Entry, nil
}
