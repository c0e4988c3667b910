package cluster

import "context"

// Directory is where nodes claim sessions and find their owners. All methods may be called concurrently and block until
// the directory answered or ctx ends.
type Directory interface {
	// Claim makes e.Node the owner of e.Session and returns the entry with its Epoch. ErrTaken when somebody owns it
	// whose entry has not expired. Entries expire by the claimer's own clock: it must have seen the same entry unchanged
	// for the entry's TTL, so the first Claim of a dead node's session may say ErrTaken, and one a TTL later succeeds.
	Claim(ctx context.Context, e Entry) (Entry, error)
	// Renew keeps an entry that Claim returned, and is the fencing check: ErrLost when e.Node no longer owns the session
	// in e.Epoch. Then the caller must stop at once.
	Renew(ctx context.Context, e Entry) (Entry, error)
	// Release ends the entry because the session is over. ErrLost when somebody else owns it by now; releasing twice is
	// no error.
	Release(ctx context.Context, e Entry) error
	// Lookup returns the owner, also one whose entry has expired and was not taken over yet, or ErrUnknown.
	Lookup(ctx context.Context, sessionID string) (Entry, error)
}
