package session

import (
	"errors"
	"slices"
	"time"
)

// The refusals of Rules.
var (
	ErrNotAdmitted = errors.New("participant is not admitted to the call")
	ErrNotIn       = errors.New("participant is not in the session")
	ErrOver        = errors.New("session is over")
)

// ChangeKind names what a step of Rules changed.
type ChangeKind string

const (
	ChangeJoined      ChangeKind = "joined"       // Participant is in the session now
	ChangeBack        ChangeKind = "back"         // Participant is connected again and kept the role
	ChangeAway        ChangeKind = "away"         // Participant's socket closed; the place is kept for a while
	ChangeLeft        ChangeKind = "left"         // Participant is in the session no longer
	ChangeNavigator   ChangeKind = "navigator"    // Participant navigates now, in a new turn; before it From did
	ChangeNoNavigator ChangeKind = "no_navigator" // Participant navigated until now, and nobody does
)

// Change is one thing that a step of Rules changed, for the log and the people.
type Change struct {
	Kind        ChangeKind
	Participant string
	From        string
}

// Rules are who is in a session, who navigates and in which turn. They know no clock: every step is told the time. They
// are not safe for concurrent use.
type Rules struct {
	reconnect time.Duration
	turn      uint64
	navigator string
	seats     map[string]*seat
	order     []string // of the seats, as they were taken
	empty     time.Time
	frozen    bool
	over      bool
}

type seat struct {
	joined    bool // false: kept for the participant who started the session
	connected bool
	away      time.Time
}

// NewRules begins turn 1 with starter as the navigator, whose place is kept for reconnect until the first socket is there.
func NewRules(starter string, reconnect time.Duration, now time.Time) *Rules {
	return &Rules{reconnect: reconnect, turn: 1, navigator: starter, seats: map[string]*seat{starter: {away: now}}, order: []string{starter}, empty: now}
}

// Join lets a participant who is admitted in, or back in.
func (r *Rules) Join(id string, admitted bool, now time.Time) ([]Change, error) {
	switch {
	case r.over:
		return nil, ErrOver
	case !admitted:
		return nil, ErrNotAdmitted
	}
	s := r.seats[id]
	if s == nil {
		s = &seat{}
		r.seats[id] = s
		r.order = append(r.order, id)
	}
	kind := ChangeJoined
	if s.joined {
		kind = ChangeBack
	}
	s.joined, s.connected, r.empty = true, true, time.Time{}
	return []Change{{Kind: kind, Participant: id}}, nil
}

// Away says that the participant's socket closed.
func (r *Rules) Away(id string, now time.Time) []Change {
	s := r.seats[id]
	if r.over || s == nil || !s.connected {
		return nil
	}
	s.connected, s.away = false, now
	r.settleEmpty(now)
	return []Change{{Kind: ChangeAway, Participant: id}}
}

// Leave takes the participant out: by wish, or because the call removed them.
func (r *Rules) Leave(id string, now time.Time) []Change {
	s := r.seats[id]
	if r.over || s == nil {
		return nil
	}
	delete(r.seats, id)
	r.order = slices.DeleteFunc(r.order, func(o string) bool { return o == id })
	r.settleEmpty(now)
	var changes []Change
	if s.joined {
		changes = append(changes, Change{Kind: ChangeLeft, Participant: id})
	}
	if r.navigator == id {
		r.navigator = ""
		changes = append(changes, Change{Kind: ChangeNoNavigator, Participant: id})
	}
	return changes
}

// TakeOver makes the participant the navigator of a new turn. The navigator's own take-over changes nothing.
func (r *Rules) TakeOver(id string) ([]Change, error) {
	switch s := r.seats[id]; {
	case r.over || r.frozen:
		return nil, ErrOver
	case s == nil || !s.joined:
		return nil, ErrNotIn
	case r.navigator == id:
		return nil, nil
	}
	from := r.navigator
	r.navigator = id
	r.turn++
	return []Change{{Kind: ChangeNavigator, Participant: id, From: from}}, nil
}

// Tick lets go of the places whose time is over.
func (r *Rules) Tick(now time.Time) []Change {
	var changes []Change
	for _, id := range slices.Clone(r.order) {
		if s := r.seats[id]; !s.connected && !now.Before(s.away.Add(r.reconnect)) {
			changes = append(changes, r.Leave(id, now)...)
		}
	}
	return changes
}

// Next is when Tick has something to do, or zero.
func (r *Rules) Next() time.Time {
	var next time.Time
	if r.over {
		return next
	}
	for _, s := range r.seats {
		if t := s.away.Add(r.reconnect); !s.connected && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// Accepts tells whether an input of the participant in that turn counts.
func (r *Rules) Accepts(id string, turn uint64) bool {
	s := r.seats[id]
	return !r.over && !r.frozen && turn == r.turn && id != "" && id == r.navigator && s != nil && s.joined
}

// Freeze ends all input for good: nobody navigates any more.
func (r *Rules) Freeze() { r.frozen, r.navigator = true, "" }

// Stop ends the session: nothing changes and nothing counts after it.
func (r *Rules) Stop() { r.over, r.navigator = true, "" }

// Turn is the current turn.
func (r *Rules) Turn() uint64 { return r.turn }

// Navigator is the participant in control, or "".
func (r *Rules) Navigator() string { return r.navigator }

// In tells whether the participant is in the session, and whether they are connected.
func (r *Rules) In(id string) (in, connected bool) {
	s := r.seats[id]
	return s != nil && s.joined, s != nil && s.connected
}

// Participants are those in the session, in the order in which they joined.
func (r *Rules) Participants() []string {
	in := make([]string, 0, len(r.order))
	for _, id := range r.order {
		if r.seats[id].joined {
			in = append(in, id)
		}
	}
	return in
}

// EmptySince is when the last participant's socket closed, or zero while somebody is there.
func (r *Rules) EmptySince() time.Time { return r.empty }

func (r *Rules) settleEmpty(now time.Time) {
	for _, s := range r.seats {
		if s.connected {
			return
		}
	}
	if r.empty.IsZero() {
		r.empty = now
	}
}
