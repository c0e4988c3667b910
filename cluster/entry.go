package cluster

import (
	"errors"
	"fmt"
	"time"
)

// The errors that callers act on; compare with errors.Is.
var (
	ErrTaken   = errors.New("another owner has the session")
	ErrUnknown = errors.New("nobody owns the session")
	ErrLost    = errors.New("the session was taken over by another owner")
)

// DefaultTTL is how long an entry holds that its owner does not renew, when the claim names no time.
const DefaultTTL = 15 * time.Second

// Entry says who owns a session.
type Entry struct {
	Session string        // session id
	Node    string        // name of the owning node
	URL     string        // where other nodes reach it
	Epoch   uint32        // grows by one with each owner: 1, 2, 3 …; whoever holds a smaller one is fenced off
	Beat    uint64        // grows with each Renew
	TTL     time.Duration // without a Renew for this long the entry may be taken over; zero: DefaultTTL
}

// prepare checks a claim and fills its defaults.
func (e Entry) prepare() (Entry, error) {
	if e.Session == "" || e.Node == "" {
		return Entry{}, fmt.Errorf("claim session %q for node %q: both need a name", e.Session, e.Node)
	}
	if e.TTL <= 0 {
		e.TTL = DefaultTTL
	}
	return e, nil
}

func (e Entry) ownedBy(o Entry) bool { return e.Node == o.Node && e.Epoch == o.Epoch }

func claimError(e, owner Entry) error {
	return fmt.Errorf("claim session %s for node %s: %w: %s in epoch %d", e.Session, e.Node, ErrTaken, owner.Node, owner.Epoch)
}

func lostError(e, owner Entry) error {
	return fmt.Errorf("session %s of node %s in epoch %d: %w: %q in epoch %d", e.Session, e.Node, e.Epoch, ErrLost, owner.Node, owner.Epoch)
}

func lookupError(session string) error {
	return fmt.Errorf("look up session %s: %w", session, ErrUnknown)
}
