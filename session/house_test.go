package session_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"binnacle/audit"
	"binnacle/objects"
	"binnacle/session"
	"binnacle/stream"
)

const origin = "https://calls.example"

// house is a hub with a server around it, and one call.
type house struct {
	t        testing.TB
	hub      *session.Hub
	log      *log
	evidence *audit.Log
	archive  objects.Store
	browser  *browser
	store    objects.Store
	server   *httptest.Server
	dialer   func(context.Context, string, string) (net.Conn, error)
	viewers  []*viewer
	said     *safeBuffer // the server's own log

	call    session.Call
	people  map[string]session.Participant // by name
	session session.SessionRef
}

type safeBuffer struct {
	mu sync.Mutex
	b  []byte
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b = append(b.b, p...)
	return len(p), nil
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.b)
}

// newHouse makes a call with participants of these names; those in brackets are not admitted.
func newHouse(t testing.TB, limits session.Limits, names ...string) *house {
	t.Helper()
	return newHouseOn(t, nil, limits, names...)
}

func newHouseOn(t testing.TB, listener *pipeListener, limits session.Limits, names ...string) *house {
	t.Helper()
	store, err := objects.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	evidence, archive := realLog(t)
	h := &house{t: t, store: store, evidence: evidence, archive: archive, log: newLog(session.Evidence(evidence)), browser: &browser{pages: make(chan *page, 10)}, people: map[string]session.Participant{}, said: &safeBuffer{}}
	h.hub, err = session.NewHub(session.Config{Renderer: h.browser, Log: h.log, Presets: presets{}, Store: store, Origins: []string{origin}, Limits: limits,
		Node: "test", TagVersion: "1.0.0", Logger: slog.New(slog.NewTextHandler(h.said, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/c/{call}/ws", func(w http.ResponseWriter, r *http.Request) { h.hub.ServeCall(w, r, r.PathValue("call")) })
	mux.HandleFunc("/s/{id}/ws", func(w http.ResponseWriter, r *http.Request) { h.hub.ServeSession(w, r, r.PathValue("id")) })
	h.server = httptest.NewUnstartedServer(mux)
	if listener != nil {
		_ = h.server.Listener.Close()
		h.server.Listener, h.dialer = listener, listener.dial
	}
	h.server.Start()
	t.Cleanup(h.close)

	if h.call, err = h.hub.CreateCall(t.Context(), session.NewCall{Title: "Opening an account"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		h.adds(name)
	}
	return h
}

func (h *house) close() {
	if err := h.hub.Close(); err != nil {
		h.t.Errorf("close: %v", err)
	}
	for _, v := range h.viewers {
		v.close()
	}
	h.server.Close()
	if err := h.evidence.Close(context.Background()); err != nil {
		h.t.Errorf("close log: %v", err)
	}
}

// adds adds a participant to the call.
func (h *house) adds(name string) session.Participant {
	h.t.Helper()
	n := session.NewParticipant{Name: name, Admitted: true}
	if name[0] == '(' {
		n.Name, n.Admitted = name[1:len(name)-1], false
	}
	p, err := h.hub.AddParticipant(h.t.Context(), h.call.ID, n)
	if err != nil {
		h.t.Fatalf("add %s: %v", name, err)
	}
	h.people[n.Name] = p
	return p
}

// bareHub is a hub on a store, without calls and sockets.
func bareHub(t testing.TB, store objects.Store, said *safeBuffer) *session.Hub {
	t.Helper()
	evidence, _ := realLog(t)
	hub, err := session.NewHub(session.Config{Renderer: &browser{}, Log: session.Evidence(evidence), Presets: presets{}, Store: store, Logger: slog.New(slog.NewTextHandler(said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := evidence.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return hub
}

// credential is what the participant got for a join link.
func (h *house) credential(name string) string {
	h.t.Helper()
	token, _, err := h.hub.JoinToken(h.t.Context(), h.call.ID, h.people[name].ID, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	credential, _, err := h.hub.Join(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return credential
}

// starts begins the session, and returns its page.
func (h *house) starts(name string) *page {
	h.t.Helper()
	ref, err := h.hub.Start(h.t.Context(), h.call.ID, h.people[name].ID, "open-account")
	if err != nil {
		h.t.Fatalf("start: %v", err)
	}
	h.session = ref
	return got(h.t, h.browser.pages, "page")
}

// joins opens a session socket and awaits the first state.
func (h *house) joins(name string) *viewer {
	h.t.Helper()
	v := h.connects(name)
	v.sees("state", any1)
	return v
}

func (h *house) connects(name string) *viewer {
	h.t.Helper()
	v := h.dial("/s/"+h.session.ID+"/ws", h.credential(name))
	v.id = h.people[name].ID
	return v
}

// together starts a session with these people in it, the first of whom navigates.
func (h *house) together(names ...string) (*page, []*viewer) {
	h.t.Helper()
	p := h.starts(names[0])
	var all []*viewer
	for _, n := range names {
		all = append(all, h.joins(n))
	}
	for _, v := range all {
		v.sees("everybody", func(s stream.State) bool { return len(s.Participants) == len(names) })
	}
	return p, all
}

// watches opens a call socket.
func (h *house) watches(name string) *viewer {
	h.t.Helper()
	v := h.dial("/c/"+h.call.ID+"/ws", h.credential(name))
	v.id = h.people[name].ID
	return v
}

// pipeListener is a network without a kernel, for time that testing/synctest makes.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("dial: %w", ctx.Err())
	}
}
