package stream_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/stream"

	"github.com/gorilla/websocket"
)

const origin = "https://bank.example"

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// host serves peers: each accepted one goes through peers, and Run's result through ended.
type host struct {
	url    string
	peers  chan *stream.Peer
	ended  chan error // of Run
	failed chan error // of Accept
	got    chan stream.ClientMessage
	roots  *x509.CertPool
	serve  chan func(*stream.Peer) // instead of Run, for the next peer
}

// serveOnce lets f do with the next peer what a session does.
func serveOnce(t *testing.T, h *host, f func(*stream.Peer)) {
	t.Helper()
	h.serve <- f
}

func listen(t testing.TB, cfg stream.Config) *host {
	t.Helper()
	return start(t, cfg, (*httptest.Server).Start)
}

// start begins to serve, with or without TLS.
func start(t testing.TB, cfg stream.Config, how func(*httptest.Server)) *host {
	t.Helper()
	if cfg.Origins == nil {
		cfg.Origins = []string{origin}
	}
	h := &host{peers: make(chan *stream.Peer, 64), ended: make(chan error, 64), failed: make(chan error, 64), got: make(chan stream.ClientMessage, 4096),
		serve: make(chan func(*stream.Peer), 1)}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		p, err := stream.Accept(w, r, cfg)
		if err != nil {
			h.failed <- err
			return
		}
		select {
		case serve := <-h.serve:
			serve(p)
			return
		default:
		}
		h.peers <- p
		h.ended <- p.Run(ctx, func(m stream.ClientMessage) error {
			if g, ok := m.(stream.Go); ok && g.Where == "reload" {
				return errors.New("handle refuses reload")
			}
			h.got <- m
			return nil
		})
	}))
	how(server)
	if server.TLS != nil {
		h.roots = x509.NewCertPool()
		h.roots.AddCert(server.Certificate())
	}
	h.url = "ws" + strings.TrimPrefix(server.URL, "http")
	t.Cleanup(func() {
		cancel()
		server.Close()
		running.Wait()
	})
	return h
}

// client is a viewer as small as it can be.
type client struct {
	t    testing.TB
	conn *websocket.Conn
}

// dial connects without a hello. wrap may slow the connection down.
func dial(t testing.TB, h *host, wrap func(net.Conn) net.Conn) *client {
	t.Helper()
	d := websocket.Dialer{HandshakeTimeout: patience, TLSClientConfig: &tls.Config{RootCAs: h.roots}, NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil || wrap == nil {
			return conn, err
		}
		if err := conn.(*net.TCPConn).SetReadBuffer(32 << 10); err != nil {
			return nil, err
		}
		return wrap(conn), nil
	}}
	conn, _, err := d.Dial(h.url, http.Header{"Origin": {origin}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &client{t: t, conn: conn}
}

// join connects, says hello and returns both ends.
func join(t testing.TB, h *host, wrap func(net.Conn) net.Conn) (*client, *stream.Peer) {
	t.Helper()
	c := dial(t, h, wrap)
	c.send(stream.Hello{V: stream.ProtocolVersion, Credential: "c"})
	return c, wait(t, h.peers, "an accepted peer")
}

func wait[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

func (c *client) send(m stream.ClientMessage) {
	c.t.Helper()
	b, err := stream.EncodeClient(m)
	if err != nil {
		c.t.Fatal(err)
	}
	c.text(string(b))
}

func (c *client) text(s string) {
	c.t.Helper()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(s)); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

// next returns the next message: a stream.ServerMessage, a *stream.Picture, or the error that ended the socket.
func (c *client) next() any {
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	kind, b, err := c.conn.ReadMessage()
	if err != nil {
		return err
	}
	if kind == websocket.BinaryMessage {
		p, err := stream.DecodePicture(b)
		if err != nil {
			c.t.Errorf("picture: %v", err)
		}
		return p
	}
	m, err := stream.DecodeServer(b)
	if err != nil {
		c.t.Errorf("message: %v", err)
	}
	return m
}

// wantFailure reads on until Failure with the code came, and then the close code.
func (c *client) wantFailure(code string, closeCode int) {
	c.t.Helper()
	for {
		switch m := c.next().(type) {
		case stream.Failure:
			if m.Code != code {
				c.t.Errorf("failure = %q (%s), want %q", m.Code, m.Message, code)
			}
			c.wantClose(closeCode)
			return
		case error:
			c.t.Fatalf("socket ended with %v before failure %q", m, code)
		}
	}
}

// wantClose reads on until the socket ends, with one of the codes.
func (c *client) wantClose(codes ...int) {
	c.t.Helper()
	for {
		if err, ok := c.next().(error); ok {
			if !websocket.IsCloseError(err, codes...) {
				c.t.Errorf("socket ended with %v, want close code %d", err, codes)
			}
			return
		}
	}
}
