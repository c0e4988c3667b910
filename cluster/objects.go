package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"binnacle/objects"
)

const (
	maxTTL   = 24 * time.Hour
	maxTries = 16 // swaps that lost against somebody else's before giving up

	maxSightings = 10_000 // others' entries remembered; over it all are forgotten, and take-overs wait one TTL more
)

// Objects is a Directory in a store that all nodes share: directory/{session}.json, changed by conditional writes only.
type Objects struct {
	store objects.Store

	mu   sync.Mutex
	seen map[string]sighting // others' entries that Claim met, until it took them over or they were gone
}

// sighting is when this process first saw a version of an entry. Only its own clock counts: nodes' clocks differ.
type sighting struct {
	tag   string
	since time.Time
}

// NewObjects returns the directory in store.
func NewObjects(store objects.Store) *Objects {
	return &Objects{store: store, seen: map[string]sighting{}}
}

func key(session string) string { return "directory/" + session + ".json" }

// Claim makes e.Node the owner; see Directory.
func (d *Objects) Claim(ctx context.Context, e Entry) (Entry, error) {
	e, err := e.prepare()
	if err != nil {
		return Entry{}, err
	}
	if e.TTL < time.Millisecond || e.TTL > maxTTL {
		return Entry{}, fmt.Errorf("claim session %s: ttl %s is not between 1ms and %s", e.Session, e.TTL, maxTTL)
	}
	for range maxTries {
		claimed, err := d.claimOnce(ctx, e)
		if errors.Is(err, objects.ErrExists) || errors.Is(err, objects.ErrChanged) || errors.Is(err, objects.ErrNotFound) {
			continue // somebody was faster: look again
		}
		return claimed, err
	}
	return Entry{}, fmt.Errorf("claim session %s for node %s: %w: the entry kept changing", e.Session, e.Node, ErrTaken)
}

func (d *Objects) claimOnce(ctx context.Context, e Entry) (Entry, error) {
	current, ended, tag, err := d.read(ctx, e.Session)
	if errors.Is(err, objects.ErrNotFound) {
		e.Epoch, e.Beat = 1, 0
		if _, err := d.store.PutIfAbsent(ctx, key(e.Session), encode(e, false)); err != nil {
			return Entry{}, fmt.Errorf("claim session %s: %w", e.Session, err)
		}
		d.forget(e.Session)
		return e, nil
	}
	if err != nil {
		return Entry{}, err
	}
	if ended || !d.expired(e.Session, tag, current.TTL) {
		return Entry{}, claimError(e, current)
	}
	e.Epoch, e.Beat = current.Epoch+1, 0
	if _, err := d.store.PutIfMatch(ctx, key(e.Session), encode(e, false), tag); err != nil {
		return Entry{}, fmt.Errorf("take over session %s: %w", e.Session, err)
	}
	d.forget(e.Session)
	return e, nil
}

// expired says whether this process has seen the version tag of the entry for ttl.
func (d *Objects) expired(session, tag string, ttl time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.seen[session]
	if !ok || s.tag != tag {
		if len(d.seen) >= maxSightings {
			clear(d.seen)
		}
		d.seen[session] = sighting{tag, time.Now()}
		return false
	}
	return time.Since(s.since) >= ttl
}

func (d *Objects) forget(session string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.seen, session)
}

// Renew keeps an entry; see Directory.
func (d *Objects) Renew(ctx context.Context, e Entry) (Entry, error) {
	var renewed Entry
	err := d.change(ctx, e, false, func(current Entry) []byte {
		current.Beat++
		renewed = current
		return encode(current, false)
	})
	if errors.Is(err, objects.ErrNotFound) {
		err = lostError(e, Entry{})
	}
	if err != nil {
		return Entry{}, err
	}
	return renewed, nil
}

// Release ends an entry; see Directory. It marks the entry first: deleting is not conditional, and must not meet one that
// somebody else claimed meanwhile. A marked entry cannot be claimed.
func (d *Objects) Release(ctx context.Context, e Entry) error {
	err := d.change(ctx, e, true, func(current Entry) []byte { return encode(current, true) })
	if errors.Is(err, objects.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.store.Delete(ctx, key(e.Session)); err != nil {
		return fmt.Errorf("release session %s: %w", e.Session, err)
	}
	return nil
}

// change swaps the entry, which must be e's, for what with returns; alsoEnded says that it may be a marked one.
func (d *Objects) change(ctx context.Context, e Entry, alsoEnded bool, with func(current Entry) []byte) error {
	for range maxTries {
		current, ended, tag, err := d.read(ctx, e.Session)
		if err != nil {
			return err
		}
		if !current.ownedBy(e) || ended && !alsoEnded {
			return lostError(e, current)
		}
		_, err = d.store.PutIfMatch(ctx, key(e.Session), with(current), tag)
		if err == nil {
			return nil
		}
		if !errors.Is(err, objects.ErrChanged) {
			return fmt.Errorf("change session %s: %w", e.Session, err)
		}
	}
	return fmt.Errorf("change session %s: %w: the entry kept changing", e.Session, objects.ErrChanged)
}

// Lookup returns the owner; see Directory.
func (d *Objects) Lookup(ctx context.Context, sessionID string) (Entry, error) {
	e, ended, _, err := d.read(ctx, sessionID)
	if errors.Is(err, objects.ErrNotFound) || err == nil && ended {
		return Entry{}, lookupError(sessionID)
	}
	if err != nil {
		return Entry{}, err
	}
	return e, nil
}

func (d *Objects) read(ctx context.Context, session string) (Entry, bool, string, error) {
	body, tag, err := d.store.Get(ctx, key(session))
	if err != nil {
		return Entry{}, false, "", fmt.Errorf("read session %s in the directory: %w", session, err)
	}
	e, ended, err := decode(body)
	if err == nil && e.Session != session {
		err = fmt.Errorf("read session %s in the directory: the entry is of session %s", session, e.Session)
	}
	return e, ended, tag, err
}
