package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"binnacle/stream"
)

// Hub owns the calls and sessions of one server. Its methods may be called concurrently.
type Hub struct {
	cfg Config
	log *slog.Logger
	key []byte // credentials are signed with it

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup // run, runSweep, the sessions' run, handlers of sockets
	wake   chan struct{}  // capacity 1: changed is not empty

	mu       sync.Mutex // guards what follows; never held while something blocks
	sessions map[string]*session
	byCall   map[string]*session // what the call sees
	watchers map[string]map[string]*stream.Peer
	changed  map[string][]callNotice // calls whose sockets must be told, and what besides their state
	draining bool
	closed   bool
	frozen   map[string]bool // sessions that cannot keep evidence
	failedAt time.Time       // when evidence could last not be kept
}

// ProtocolVersion is the version of the protocol that the sockets speak.
const ProtocolVersion = stream.ProtocolVersion

// SessionRef tells where a running session is.
type SessionRef = stream.SessionRef

// Readiness says whether this server takes new sessions.
type Readiness struct {
	Accepting bool     `json:"accepting"`
	Sessions  int      `json:"sessions"`
	Free      int      `json:"free"`
	Problems  []string `json:"problems"`
}

// NewHub makes a hub and loads, or makes, the key of the credentials. Close ends it.
func NewHub(cfg Config) (*Hub, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Directory == nil {
		cfg.Directory = alone{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	h := &Hub{cfg: cfg, log: cfg.Logger, wake: make(chan struct{}, 1), sessions: map[string]*session{}, byCall: map[string]*session{},
		watchers: map[string]map[string]*stream.Peer{}, changed: map[string][]callNotice{}, frozen: map[string]bool{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	ctx, cancel := context.WithTimeout(h.ctx, storeTime)
	defer cancel()
	var err error
	if h.key, err = loadKey(ctx, cfg.Store); err != nil {
		h.cancel()
		return nil, err
	}
	h.wg.Go(h.run)
	h.wg.Go(h.runSweep)
	return h, nil
}

// Start begins the session of a call with a preset, by one of its admitted participants, who becomes the navigator. It
// blocks until the page is shown or cannot be, and returns an *Error that names what people can do. When ctx ends before, it
// returns an error that wraps ctx's, and the start goes on: if it fails, the call is told, the starter too.
func (h *Hub) Start(ctx context.Context, callID, by, presetID string) (SessionRef, error) {
	c, err := h.Call(ctx, callID)
	if err != nil {
		return SessionRef{}, h.public(ctx, "start session", err)
	}
	who, ok := c.Participant(by)
	if !ok || !who.Admitted {
		return SessionRef{}, &Error{Code: "not_admitted", Status: http.StatusForbidden, Message: "Only participants who are admitted to the call can start co-browsing."}
	}
	p, err := h.cfg.Presets.Preset(ctx, presetID)
	if err != nil {
		return SessionRef{}, h.public(ctx, "start session", err)
	}
	s, err := h.admitSession(c, who, p)
	if err != nil {
		return SessionRef{}, err
	}
	h.callChanged(callID)
	select {
	case <-s.opened:
	case <-ctx.Done():
		s.deserted.Store(true)
		return SessionRef{}, fmt.Errorf("start session: wait for the page: %w", ctx.Err())
	}
	if s.openErr != nil {
		return SessionRef{}, s.openErr
	}
	return s.ref(), nil
}

// public is what the caller may see of err; the log gets the rest. That the caller went away is nobody's error.
func (h *Hub) public(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil && !isPublic(err) {
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	e := publicError(err)
	if e.Status >= http.StatusInternalServerError {
		h.log.Error(doing, "code", e.Code, "error", err)
	}
	return e
}

// admitSession makes and runs a session if there is room for it.
func (h *Hub) admitSession(c Call, by Participant, p Preset) (*session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.draining || h.closed:
		return nil, errDraining()
	case h.byCall[c.ID] != nil:
		return nil, &Error{Code: "session_running", Status: http.StatusConflict, Message: "Co-browsing is running in this call already.", Hint: "Stop it first."}
	case h.evidenceProblem(time.Now()):
		return nil, publicError(errEvidence)
	case len(h.sessions) >= h.cfg.Limits.MaxSessions:
		return nil, &Error{Code: "no_capacity", Status: http.StatusServiceUnavailable, Message: "The server has no room for another session.", Hint: "Try again when another session has ended."}
	}
	s := newSession(h, c, by, p)
	h.sessions[s.id], h.byCall[c.ID] = s, s
	h.wg.Go(s.run)
	return s, nil
}

func errDraining() *Error {
	return &Error{Code: "draining", Status: http.StatusServiceUnavailable, Message: "The server is being restarted.", Hint: "Try again in a minute."}
}

// Stop ends the session of a call and returns when everyone was told and nothing of it is left. by is the participant who
// wishes it, or "" for the host product.
func (h *Hub) Stop(ctx context.Context, callID, by string) error {
	c, err := h.Call(ctx, callID)
	if err != nil {
		return h.public(ctx, "stop session", err)
	}
	var who Participant
	if by != "" {
		var ok bool
		if who, ok = c.Participant(by); !ok || !who.Admitted {
			return &Error{Code: "not_admitted", Status: http.StatusForbidden, Message: "Only participants who are admitted to the call can stop co-browsing."}
		}
	}
	h.mu.Lock()
	s := h.byCall[callID]
	h.mu.Unlock()
	if s == nil {
		return &Error{Code: "session_unknown", Status: http.StatusNotFound, Message: "No co-browsing is running in this call."}
	}
	s.do(func() { s.stopBy(who) })
	select {
	case <-s.over:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop session: %w", ctx.Err())
	}
}

// Running tells where the session of a call is, whoever started it and from its start on, or returns nil: none runs on this
// server.
func (h *Hub) Running(callID string) *SessionRef {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.byCall[callID]
	if s == nil {
		return nil
	}
	ref := s.ref()
	return &ref
}

// State tells about a session that runs on this server, or returns an *Error with code session_unknown.
func (h *Hub) State(_ context.Context, sessionID string) (Info, error) {
	h.mu.Lock()
	s := h.sessions[sessionID]
	h.mu.Unlock()
	if s == nil {
		return Info{}, errUnknownSession()
	}
	return *s.shown.Load(), nil
}

func errUnknownSession() *Error {
	return &Error{Code: "session_unknown", Status: http.StatusNotFound, Message: "This co-browsing session is over."}
}

// Ready says whether this server takes new sessions, and why not.
func (h *Hub) Ready() Readiness {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := Readiness{Sessions: len(h.sessions), Free: max(0, h.cfg.Limits.MaxSessions-len(h.sessions)), Problems: []string{}}
	if h.draining || h.closed {
		r.Problems = append(r.Problems, "the server is being restarted")
	}
	if h.evidenceProblem(time.Now()) {
		r.Problems = append(r.Problems, "the co-browse log cannot be written")
	}
	r.Accepting = len(r.Problems) == 0 && r.Free > 0
	return r
}

// evidenceProblem tells whether evidence could not be kept just now. Some time after the last such session has ended the
// next start tries again. The caller holds mu.
func (h *Hub) evidenceProblem(now time.Time) bool {
	return len(h.frozen) > 0 || !h.failedAt.IsZero() && now.Sub(h.failedAt) < evidencePause
}

func (h *Hub) evidenceFailed(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.frozen[s.id], h.failedAt = true, time.Now()
}

func (h *Hub) evidenceWorks() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.frozen) == 0 {
		h.failedAt = time.Time{}
	}
}

// vanish takes a session out of its call's sight: the next may begin.
func (h *Hub) vanish(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byCall[s.callID] == s {
		delete(h.byCall, s.callID)
	}
}

// gone frees the place of a session of which nothing is left.
func (h *Hub) gone(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, s.id)
	delete(h.frozen, s.id)
}

// Drain begins no new sessions, tells the participants of those that run, ends them, and waits for their evidence to be
// closed, or for ctx.
func (h *Hub) Drain(ctx context.Context) error {
	h.mu.Lock()
	h.draining = true
	h.mu.Unlock()
	sessions := h.running()
	for _, s := range sessions {
		s.do(func() {
			s.notice(stream.Notice{Code: "draining", Level: "warning", Text: "The server is being restarted: co-browsing ends now. Start it again in a minute."}, "")
			s.stop(&ending{code: "drained", reason: "server drained", text: "Co-browsing ended because the server is being restarted."})
		})
	}
	for _, s := range sessions {
		select {
		case <-s.over:
		case <-ctx.Done():
			return fmt.Errorf("drain sessions: %w", ctx.Err())
		}
	}
	return nil
}

func (h *Hub) running() []*session {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*session, 0, len(h.sessions))
	for _, s := range h.sessions {
		all = append(all, s)
	}
	return all
}

// Close ends everything and returns when nothing is left. It is idempotent.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.draining, h.closed = true, true
	var peers []*stream.Peer
	for _, w := range h.watchers {
		for _, p := range w {
			peers = append(peers, p)
		}
	}
	h.mu.Unlock()
	h.cancel()
	for _, p := range peers {
		p.Close(nil)
	}
	h.wg.Wait()
	return nil
}

// enter counts a handler of a socket, unless the hub is closed; Close waits for it.
func (h *Hub) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.wg.Add(1)
	return true
}

// expel ends what a participant has open in the call and in its session.
func (h *Hub) expel(callID, participantID string) {
	h.mu.Lock()
	s := h.byCall[callID]
	h.mu.Unlock()
	if s != nil {
		s.do(func() {
			s.depart(participantID, "removed", stream.Ended{Code: "removed", By: participantID, Text: "You are not part of this call any more."})
		})
	}
}

// isPublic tells whether err is meant for people.
func isPublic(err error) bool {
	var e *Error
	return errors.As(err, &e)
}
