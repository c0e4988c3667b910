package renderer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/chromedp/cdproto"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

const (
	// MaxMessageBytes is the largest CDP message that is read from Chrome. The largest honest ones are pictures: a 4K PNG of noise
	// is 33 MB of base64. A longer message ends the page.
	MaxMessageBytes = 64 << 20
	// maxWriteQueue bounds the commands that wait for Chrome to read its pipe; a Chrome that reads nothing is lost.
	maxWriteQueue = 4096
	// maxCommandID: Chrome reads ids as int32.
	maxCommandID = 1<<31 - 1
)

var (
	errConnGone    = errors.New("connection to Chrome is gone")
	errSessionGone = errors.New("CDP session is gone")
	errTooLong     = fmt.Errorf("CDP message is longer than %d bytes", MaxMessageBytes)
	errNotReading  = fmt.Errorf("more than %d CDP commands wait for Chrome to read them", maxWriteQueue)
)

// conn multiplexes CDP sessions over one connection to Chrome. One goroutine reads; callbacks run on it, in Chrome's order, and
// must not block (no Call, no lock that is held across a Call). One goroutine writes, so send never blocks either.
// Nothing here logs: the traffic carries what people type.
type conn struct {
	tr   chromedp.Transport
	root *cdpSession

	writes chan *cdproto.Message // never closed
	gone   chan struct{}         // closed when the connection has ended
	wg     sync.WaitGroup

	mu       sync.Mutex // guards what follows, and each session's handlers; never held while a callback runs
	last     int64
	pending  map[int64]pendingCall
	sessions map[target.SessionID]*cdpSession
	err      error // why the connection ended
}

type pendingCall struct {
	s    *cdpSession
	done func(jsonv2.Value, error)
}

// newConn starts to read from and write to the transport. wait returns after both ended; close ends them.
func newConn(tr chromedp.Transport) *conn {
	c := &conn{
		tr:       tr,
		writes:   make(chan *cdproto.Message, maxWriteQueue),
		gone:     make(chan struct{}),
		pending:  map[int64]pendingCall{},
		sessions: map[target.SessionID]*cdpSession{},
	}
	c.root = newCDPSession(c, nil, "", target.Info{Type: "browser"})
	c.sessions[""] = c.root
	c.wg.Go(c.runReader)
	c.wg.Go(c.runWriter)
	return c
}

// close ends the connection and waits for its goroutines. It must not be called from a callback.
func (c *conn) close() {
	c.fail(errConnGone)
	c.wg.Wait()
}

// fail ends the connection: pending calls end with the error, sessions tell that they are gone. Only the first error counts.
func (c *conn) fail(err error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	pending := c.pending
	c.pending = nil
	sessions := c.sessions
	c.sessions = nil
	c.mu.Unlock()
	close(c.gone)
	c.tr.Close()
	for _, p := range pending {
		p.done(nil, fmt.Errorf("%w: %w", errConnGone, err))
	}
	for _, s := range sessions {
		s.end()
	}
}

// cause is why the connection ended, nil while it lives.
func (c *conn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *conn) runReader() {
	for {
		var msg cdproto.Message
		if err := c.tr.Read(context.Background(), &msg); err != nil {
			c.fail(err)
			return
		}
		c.dispatch(&msg)
	}
}

func (c *conn) runWriter() {
	for {
		select {
		case <-c.gone:
			return
		case msg := <-c.writes:
			if err := c.tr.Write(context.Background(), msg); err != nil {
				c.fail(err)
				return
			}
		}
	}
}

// dispatch hands one message on. It runs on the reader goroutine only.
func (c *conn) dispatch(msg *cdproto.Message) {
	if msg.ID != 0 {
		c.mu.Lock()
		p, ok := c.pending[msg.ID]
		delete(c.pending, msg.ID)
		c.mu.Unlock()
		switch {
		case !ok:
		case msg.Error != nil:
			p.done(nil, msg.Error)
		default:
			p.done(msg.Result, nil)
		}
		return
	}
	c.mu.Lock()
	s := c.sessions[msg.SessionID]
	c.mu.Unlock()
	if s == nil {
		return
	}
	switch msg.Method {
	case cdproto.EventTargetAttachedToTarget:
		c.attached(s, msg.Params)
	case cdproto.EventTargetDetachedFromTarget:
		var ev target.EventDetachedFromTarget
		if decode(msg.Params, &ev) == nil {
			c.drop(ev.SessionID)
		}
	}
	s.handle(string(msg.Method), msg.Params)
}

// attached makes the child session before any message of it can arrive, and tells the parent's hook.
func (c *conn) attached(parent *cdpSession, params jsonv2.Value) {
	var ev target.EventAttachedToTarget
	if err := decode(params, &ev); err != nil || ev.TargetInfo == nil {
		return
	}
	child := newCDPSession(c, parent, ev.SessionID, *ev.TargetInfo)
	child.waiting = ev.WaitingForDebugger
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.sessions[child.id] = child
	hook := parent.attachedHook
	c.mu.Unlock()
	if hook != nil {
		hook(child)
	}
}

// drop removes a session and those below it, and fails their calls.
func (c *conn) drop(id target.SessionID) {
	c.mu.Lock()
	gone := map[*cdpSession]bool{}
	if s := c.sessions[id]; s != nil && id != "" {
		gone[s] = true
	}
	for grew := len(gone) > 0; grew; {
		grew = false
		for _, s := range c.sessions {
			if !gone[s] && gone[s.parent] {
				gone[s], grew = true, true
			}
		}
	}
	var failed []pendingCall
	for n, p := range c.pending {
		if gone[p.s] {
			failed = append(failed, p)
			delete(c.pending, n)
		}
	}
	for s := range gone {
		delete(c.sessions, s.id)
	}
	c.mu.Unlock()
	for _, p := range failed {
		p.done(nil, errSessionGone)
	}
	for s := range gone {
		s.end()
	}
}

// send queues a command. done, which may be nil, is called exactly once: on the reader goroutine with the result, or, when
// the session or the connection is gone, on whatever goroutine found out. It must not block.
func (c *conn) send(s *cdpSession, method string, params any, done func(jsonv2.Value, error)) {
	if done == nil {
		done = func(jsonv2.Value, error) {}
	}
	raw, err := jsonv2.Marshal(params, chromedp.DefaultMarshalOptions)
	if err != nil {
		done(nil, fmt.Errorf("encode %s: %w", method, err))
		return
	}
	c.mu.Lock()
	if c.err != nil || c.sessions[s.id] != s {
		err := errSessionGone
		if c.err != nil {
			err = fmt.Errorf("%w: %w", errConnGone, c.err)
		}
		c.mu.Unlock()
		done(nil, err)
		return
	}
	for {
		c.last++
		if c.last > maxCommandID {
			c.last = 1
		}
		if _, used := c.pending[c.last]; !used {
			break
		}
	}
	c.pending[c.last] = pendingCall{s, done}
	full := false
	select { // under the lock, so that commands leave in the order of their ids
	case c.writes <- &cdproto.Message{ID: c.last, SessionID: s.id, Method: cdproto.MethodType(method), Params: raw}:
	default:
		full = true
	}
	c.mu.Unlock()
	if full {
		c.fail(errNotReading)
	}
}

// decode reads what Chrome sent; invalid UTF-8, which pages can make, is no fault.
func decode(raw jsonv2.Value, into any) error {
	return jsonv2.Unmarshal(raw, into, chromedp.DefaultUnmarshalOptions)
}

// limitedReader refuses a message longer than MaxMessageBytes: messages end with a zero byte.
type limitedReader struct {
	io.ReadCloser
	max, n int
}

func (r *limitedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	for _, b := range p[:n] {
		r.n++
		if b == 0 {
			r.n = 0
		}
		if r.n > r.max {
			return 0, errTooLong
		}
	}
	return n, err
}
