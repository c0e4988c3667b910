package renderer

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
)

// cdpSession is one CDP session: the browser's (id ""), a page's, an out-of-process iframe's, a worker's. It implements
// cdp.Session, so cdp.Call works on it. All methods may be called from any goroutine; Call and cdp.Call wait, so they must
// not be used in callbacks: use send, post and ask there.
type cdpSession struct {
	conn    *conn
	parent  *cdpSession // nil for the browser's
	id      target.SessionID
	info    target.Info // as it was when the session was attached; TargetID of a page or iframe is its root frame's id
	waiting bool        // the target waits for Runtime.runIfWaitingForDebugger
	gone    chan struct{}

	handlers     map[string][]func(jsonv2.Value) // guarded by conn.mu
	attachedHook func(*cdpSession)               // guarded by conn.mu
	endHooks     []func()                        // guarded by conn.mu
}

var _ cdp.Session = (*cdpSession)(nil)

func newCDPSession(c *conn, parent *cdpSession, id target.SessionID, info target.Info) *cdpSession {
	return &cdpSession{conn: c, parent: parent, id: id, info: info, gone: make(chan struct{}), handlers: map[string][]func(jsonv2.Value){}}
}

// frameID is the root frame of a page's or iframe's session.
func (s *cdpSession) frameID() cdp.FrameID { return cdp.FrameID(s.info.TargetID) }

// kind is the target's type: browser, page, iframe, worker, shared_worker, service_worker, …
func (s *cdpSession) kind() string { return s.info.Type }

// Call sends the command and waits for its result, which it decodes into result unless that is nil.
func (s *cdpSession) Call(ctx context.Context, method string, params, result any) error {
	type answer struct {
		raw jsonv2.Value
		err error
	}
	got := make(chan answer, 1)
	s.send(method, params, func(raw jsonv2.Value, err error) { got <- answer{raw, err} })
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case a := <-got:
		if a.err != nil {
			return fmt.Errorf("%s: %w", method, a.err)
		}
		if result == nil || len(a.raw) == 0 {
			return nil
		}
		if err := decode(a.raw, result); err != nil {
			return fmt.Errorf("decode the result of %s: %w", method, err)
		}
		return nil
	}
}

// Subscribe is part of cdp.Session. It is refused, with a closed channel: its queue would have no bound. Use on.
func (s *cdpSession) Subscribe(string) (<-chan jsonv2.Value, func()) {
	closed := make(chan jsonv2.Value)
	close(closed)
	return closed, func() {}
}

// send queues a command and returns at once. done (may be nil) is called exactly once and must not block: see conn.send.
func (s *cdpSession) send(method string, params any, done func(jsonv2.Value, error)) {
	s.conn.send(s, method, params, done)
}

// on registers a callback for an event. It runs on the reader goroutine, in Chrome's order, and must not block. Register
// before the command that makes Chrome send the event.
func (s *cdpSession) on(method string, f func(jsonv2.Value)) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.handlers[method] = append(s.handlers[method], f)
}

// onAttached sets the hook that gets each child session (Target.attachedToTarget), before any of the child's events.
func (s *cdpSession) onAttached(f func(child *cdpSession)) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.attachedHook = f
}

// onEnd registers a callback for the end of the session; at once if it has ended.
func (s *cdpSession) onEnd(f func()) {
	s.conn.mu.Lock()
	select {
	case <-s.gone:
		s.conn.mu.Unlock()
		f()
	default:
		s.endHooks = append(s.endHooks, f)
		s.conn.mu.Unlock()
	}
}

func (s *cdpSession) handle(method string, params jsonv2.Value) {
	s.conn.mu.Lock()
	fs := s.handlers[method]
	s.conn.mu.Unlock()
	for _, f := range fs {
		f(params)
	}
}

func (s *cdpSession) end() {
	s.conn.mu.Lock()
	hooks := s.endHooks
	s.endHooks = nil
	select {
	case <-s.gone:
	default:
		close(s.gone)
	}
	s.conn.mu.Unlock()
	for _, f := range hooks { // a hook may find out that the whole connection ends, and come here again
		f()
	}
}

// on registers a typed callback; see cdpSession.on. A payload that does not decode is dropped: cdproto and Chrome may differ
// in a version, and no event that Binnacle needs has failed to decode (Chromium 156, cdproto 0.159.2).
func on[E any](s *cdpSession, e cdp.Event[E], f func(*E)) {
	s.on(e.Method, func(raw jsonv2.Value) {
		var ev E
		if decode(raw, &ev) == nil {
			f(&ev)
		}
	})
}

// post sends a command whose result nobody needs.
func post[P, R any](s *cdpSession, c cdp.Command[P, R], params P) {
	s.send(c.Method, params, nil)
}

// ask sends a command and calls done with its result; see conn.send for where and when.
func ask[P, R any](s *cdpSession, c cdp.Command[P, R], params P, done func(R, error)) {
	s.send(c.Method, params, func(raw jsonv2.Value, err error) {
		var res R
		if err == nil && len(raw) > 0 {
			err = decode(raw, &res)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", c.Method, err)
		}
		done(res, err)
	})
}
