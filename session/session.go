package session

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/stream"
)

// The phases of a session, as State and SessionRef name them.
const (
	PhaseStarting   = "starting"   // Chrome loads the page
	PhaseLive       = "live"       //
	PhaseRecovering = "recovering" // Chrome was lost, a new one loads the page
	PhaseFrozen     = "frozen"     // the evidence cannot be kept: no input any more
)

// session is one co-browsed page. Its state is owned by run; everybody else talks to run through do.
type session struct {
	hub     *Hub
	id      string
	callID  string
	title   string // of the call
	preset  Preset
	starter Participant
	limits  Limits
	log     *slog.Logger

	commands chan func()   // to run; bounded, a full one blocks the sender alone
	openings chan opening  // capacity 1, from runOpen
	opened   chan struct{} // closed when the session is live, or will never be
	openErr  error         // valid after opened: an *Error
	deserted atomic.Bool   // whoever started it waits no longer
	over     chan struct{} // closed when nothing of the session is left
	errands  chan func(context.Context) error
	wg       sync.WaitGroup // runOpen, runErrands

	ctx    context.Context // ends when the session takes no more commands
	cancel context.CancelFunc
	final  atomic.Pointer[farewell] // valid after ctx
	shown  atomic.Pointer[Info]     // what others may know of the state

	// owned by run
	ending    *ending
	phase     string
	page      Page
	events    <-chan renderer.Event
	frames    <-chan renderer.Frame
	snapshots <-chan renderer.Snapshot
	epoch     uint32  // 0: not claimed
	ledger    *ledger // nil while starting
	rules     *Rules  // nil while starting
	steers    uint64  // the turn whose record is on disk: only its input counts
	sockets   map[string]*socket
	awaited   map[string]bool // participants who were in the call at the start and have not come yet
	waiting   []string        // participants whose sockets came while starting, in order
	authors   authors
	stamps    renderer.Stamps
	held      held
	secrets   secretTyping
	pictures  gate[renderer.Frame]
	meanings  gate[renderer.Snapshot]
	picture   *stream.Picture // the last that was shown
	seq       uint64          // of pictures
	meaning   *stream.Snapshot
	cursor    stream.Cursor
	lasers    map[string]stream.Laser
	marks     Marks
	dialog    *dialog
	address   string // of the page, without query and fragment
	pageTitle string
	resume    string // full address of the last GET
	lost      []time.Time
	lostWhy   string
	born      time.Time // when it became live
	active    time.Time // last input, mark or take-over
	warned    struct{ idle, limit bool }
	busyTold  time.Time
	dropped   uint64 // inputs that did not count
}

// ending says why a session ends.
type ending struct {
	code, reason string
	by           Participant // zero: the server
	text         string
	err          error // of a session that could not be opened
}

// farewell is the last message to every socket.
type farewell struct{ message stream.ServerMessage }

// Info is what the API tells of a session that runs.
type Info struct {
	ID           string               `json:"id"`
	Call         string               `json:"call"`
	Preset       string               `json:"preset"` // id
	PresetName   string               `json:"presetName"`
	Phase        string               `json:"phase"`
	Epoch        uint32               `json:"epoch"`
	Turn         uint64               `json:"turn"`
	Navigator    string               `json:"navigator"`
	StartedBy    string               `json:"startedBy"`
	Address      string               `json:"address"`
	Title        string               `json:"title"`
	Participants []stream.Participant `json:"participants"`
	EndsAt       int64                `json:"endsAt,omitempty"` // Unix ms
}

func newSession(h *Hub, c Call, starter Participant, p Preset) *session {
	s := &session{hub: h, id: NewID(), callID: c.ID, title: c.Title, preset: p, starter: starter, limits: h.cfg.Limits,
		commands: make(chan func(), 256), openings: make(chan opening, 1), opened: make(chan struct{}), over: make(chan struct{}),
		errands: make(chan func(context.Context) error, 2*MaxParticipants), sockets: map[string]*socket{}, lasers: map[string]stream.Laser{},
		phase: PhaseStarting, address: plainAddress(p.Address), resume: p.Address}
	s.awaited = map[string]bool{}
	for _, p := range c.Participants {
		s.awaited[p.ID] = p.Admitted
	}
	s.log = h.log.With("session", s.id)
	s.ctx, s.cancel = context.WithCancel(context.Background()) // not the hub's: its end is told in order, by finish
	s.show(s.state(), nil)
	return s
}

// do lets run call f. It blocks while run is busy, and tells false when the session takes no more.
func (s *session) do(f func()) bool {
	if s.ctx.Err() != nil {
		return false
	}
	select {
	case s.commands <- f:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// run owns the session from its start to its end.
func (s *session) run() {
	s.loop()
	s.finish()
}

func (s *session) loop() {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("session panicked and is ended", "panic", p, "stack", string(debug.Stack()))
			s.ending = &ending{code: "crashed", reason: "internal error", text: "Co-browsing ended because of an error on the server.", err: errInternal()}
		}
	}()
	timer := time.NewTimer(s.limits.Open)
	defer timer.Stop()
	s.wg.Go(func() { s.runOpen(s.ctx) })
	for s.ending == nil {
		var wake chan struct{}
		if s.ledger != nil {
			wake = s.ledger.wake
		}
		if next := s.nextDeadline(); !next.IsZero() {
			timer.Reset(time.Until(next))
		}
		select {
		case f := <-s.commands:
			f()
		case o := <-s.openings:
			s.handleOpening(o)
		case e, ok := <-s.events:
			if ok {
				s.handleEvent(e)
			} else {
				s.lose("the page ended")
			}
		case f, ok := <-s.frames:
			if ok {
				s.drainEvents()
				s.pictures.put(f, s.ledger.enqueued)
			} else {
				s.frames = nil
			}
		case sn, ok := <-s.snapshots:
			if ok {
				s.drainEvents()
				s.meanings.put(sn, s.ledger.enqueued)
			} else {
				s.snapshots = nil
			}
		case <-wake:
		case <-timer.C:
		case <-s.hub.ctx.Done():
			s.stop(&ending{code: "drained", reason: "server stopped", text: "Co-browsing ended because the server is being restarted."})
		}
		s.settle()
		if s.ending == nil {
			s.tick(time.Now())
		}
		if s.ending == nil {
			s.letGo()
		}
	}
}

// drainEvents handles what the page said before the frame or snapshot that is looked at: evidence before effect.
func (s *session) drainEvents() {
	for range 256 {
		select {
		case e, ok := <-s.events:
			if !ok {
				s.lose("the page ended")
				return
			}
			s.handleEvent(e)
		default:
			return
		}
	}
}

// settle lets happen what waited for the disk.
func (s *session) settle() {
	if s.ledger == nil {
		return
	}
	durable, err := s.ledger.settle()
	if err != nil {
		s.freeze(err)
		return
	}
	if f, ok := s.pictures.take(durable); ok {
		s.showPicture(f)
	}
	if sn, ok := s.meanings.take(durable); ok {
		s.showMeaning(sn)
	}
}

// after lets do happen when all evidence so far is on disk. Before the first record and after the last there is nothing to
// wait for.
func (s *session) after(do func(error)) {
	if s.ledger == nil || s.phase == PhaseFrozen {
		do(nil)
		return
	}
	s.ledger.after(do)
}

// record sends a record of ours on its way.
func (s *session) record(r audit.Record, ack func(error)) {
	if s.ledger == nil {
		return
	}
	r.Epoch = s.epoch
	if r.Turn == 0 && s.rules != nil {
		r.Turn = s.rules.Turn()
	}
	if r.Time.IsZero() {
		r.Time = time.Now().UTC()
	}
	s.ledger.write(r, ack)
}

// freeze ends all input: what happens could not be proved any more. Everyone is told; only stopping is left.
func (s *session) freeze(err error) {
	if s.phase == PhaseFrozen {
		return
	}
	s.log.Error("evidence cannot be kept, session is frozen", "error", err)
	s.setPhase(PhaseFrozen)
	s.rules.Freeze()
	s.record(audit.Record{Kind: audit.KindFrozen, Detail: map[string]string{"reason": "the journal cannot be written"}}, nil)
	for _, k := range s.sockets {
		k.welcomed = true
	}
	s.hideCursor()
	s.hub.evidenceFailed(s)
	if s.steers == 0 { // not even its first record
		s.stop(&ending{code: "frozen", reason: "the journal cannot be written", err: errEvidence, text: "Co-browsing ended: the log cannot be written."})
	}
	s.tell()
	s.notice(stream.Notice{Code: "frozen", Level: "error",
		Text: "The page is frozen: the log cannot be written, so nothing more can be entered. Stop co-browsing and start again later."}, "")
}

// setPhase changes the phase, for the call's sockets too.
func (s *session) setPhase(p string) {
	s.phase = p
	info := *s.shown.Load()
	info.Phase = p
	s.shown.Store(&info)
	s.hub.callChanged(s.callID)
}

// stop ends the session; the first reason counts.
func (s *session) stop(e *ending) {
	if s.ending == nil {
		s.ending = e
	}
}
