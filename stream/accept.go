package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// Accept makes a participant's socket of a request: it checks the origin, upgrades, and waits for hello, no longer than
// Config.HelloTimeout or r's context. On an error the request has been answered, the socket is closed, and nothing is left; ErrOrigin and *Fault can be
// found in it. Otherwise the caller must call Run, once, also for a peer that it wants to Close at once.
func Accept(w http.ResponseWriter, r *http.Request, cfg Config) (*Peer, error) {
	cfg = cfg.withDefaults()
	if !cfg.allowed(r) {
		Refuse(w, http.StatusForbidden, "origin", "This page may not open a session.", "Add its origin to the list of allowed origins.")
		return nil, fmt.Errorf("accept socket: %w", ErrOrigin)
	}
	h := &hijacker{ResponseWriter: w, cfg: cfg}
	upgrader := websocket.Upgrader{
		CheckOrigin: func(*http.Request) bool { return true }, // done above: gorilla's own check takes a missing Origin
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			Refuse(w, status, "not_websocket", "This address takes WebSocket connections only.", "")
		},
	}
	conn, err := upgrader.Upgrade(h, r, nil)
	if err != nil {
		return nil, fmt.Errorf("accept socket: %w", err)
	}
	p := newPeer(conn, h.socket, cfg)
	if err := p.readHello(r.Context()); err != nil {
		if r.Context().Err() != nil {
			p.Close(nil)
		} else {
			p.fail(err)
		}
		_ = p.Run(r.Context(), nil) // tells the participant; err is known
		return nil, fmt.Errorf("accept socket: %w", err)
	}
	return p, nil
}

// allowed says whether the request comes from a page on the list. No Origin, two of them or "null" (a sandboxed or local page) never do.
func (c Config) allowed(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	return len(origins) == 1 && origins[0] != "null" && slices.Contains(c.Origins, origins[0])
}

// refusal is an error answer as docs/API.md promises it, for requests that do not become sockets.
type refusal struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint"`
		Request string `json:"request"`
	} `json:"error"`
}

// Refuse answers a request that does not become a socket, in the form of all of our errors. The request's id is the header
// X-Request-Id of the answer, which whoever serves has set, or "".
func Refuse(w http.ResponseWriter, status int, code, message, hint string) {
	var r refusal
	r.Error.Code, r.Error.Message, r.Error.Hint, r.Error.Request = code, message, hint, w.Header().Get("X-Request-Id")
	body, _ := json.Marshal(r) // strings always encode
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the client has gone
}

// readHello reads the first message.
func (p *Peer) readHello(ctx context.Context) error {
	if err := p.socket.SetReadDeadline(time.Now().Add(p.cfg.HelloTimeout)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = p.socket.SetReadDeadline(time.Unix(1, 0)) })
	b, err := p.readMessage()
	if !stop() {
		return fmt.Errorf("read hello: %w", context.Cause(ctx))
	}
	var fault *Fault
	if err != nil && !errors.As(err, &fault) {
		return fmt.Errorf("read hello: %w: %w", err, &Fault{Code: CodeHello, Message: "hello did not come in time"})
	}
	if err != nil {
		return err
	}
	m, err := DecodeClient(b)
	if err != nil {
		return err
	}
	hello, ok := m.(Hello)
	if !ok {
		return &Fault{Code: CodeHello, Message: "the first message must be hello"}
	}
	p.hello = hello
	return nil
}
