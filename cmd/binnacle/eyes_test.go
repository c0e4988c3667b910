package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"binnacle/stream"
)

// eyes is a participant without a browser: it speaks the wire protocol itself. Tests look with it where things are on the
// shared page, and send with it what no honest viewer would.
type eyes struct {
	t          *testing.T
	base       string
	credential string
	call       string
	id         string

	ws   *websocket.Conn
	wmu  sync.Mutex
	done chan struct{}

	mu       sync.Mutex
	state    stream.State
	picture  *stream.Picture
	pictures int
	snapshot snapshot
	notices  []string
	ended    *stream.Ended
	all      bytes.Buffer // every text message, as it came
}

// snapshot is what a test reads of the page's meaning.
type snapshot struct {
	Seq     uint64 `json:"seq"`
	Address string `json:"address"`
	Title   string `json:"title"`
	Root    *node  `json:"root"`
}

type node struct {
	Role     string      `json:"role"`
	Name     string      `json:"name"`
	Value    string      `json:"value"`
	Checked  string      `json:"checked"`
	Secret   bool        `json:"secret"`
	Focused  bool        `json:"focused"`
	Box      *[4]float64 `json:"box"`
	Children []*node     `json:"children"`
}

// find returns the first node of that role whose name begins so.
func (n *node) find(role, name string) *node {
	if n == nil {
		return nil
	}
	if n.Role == role && strings.HasPrefix(strings.TrimSpace(n.Name), name) {
		return n
	}
	for _, c := range n.Children {
		if hit := c.find(role, name); hit != nil {
			return hit
		}
	}
	return nil
}

func (n *node) String() string {
	b, _ := json.Marshal(n)
	return string(b)
}

// joinAsEyes exchanges a join link's token, as the call page does.
func joinAsEyes(t *testing.T, base, link string) *eyes {
	t.Helper()
	_, token, _ := strings.Cut(link, "#t=")
	body, _ := json.Marshal(map[string]string{"token": token})
	req, err := http.NewRequest("POST", base+"/join", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", base)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	var joined struct {
		Credential  string
		Participant struct{ ID string }
		Call        struct{ ID string }
	}
	if err := json.Unmarshal(raw, &joined); err != nil || joined.Credential == "" {
		t.Fatalf("POST /join answered %s: %s", resp.Status, raw)
	}
	return &eyes{t: t, base: base, credential: joined.Credential, call: joined.Call.ID, id: joined.Participant.ID}
}

// session waits on the call's socket until a session runs, and returns its id.
func (e *eyes) session() string {
	e.t.Helper()
	ws := e.dial("/c/" + e.call + "/ws")
	defer ws.Close()
	_ = ws.SetReadDeadline(time.Now().Add(patience))
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			e.t.Fatalf("wait for a session in the call: %v", err)
		}
		if m, err := stream.DecodeServer(b); err == nil {
			if c, ok := m.(stream.Call); ok && c.Session != nil && c.Session.Phase == "live" {
				return c.Session.ID
			}
		}
	}
}

// dial opens a socket and says hello.
func (e *eyes) dial(path string) *websocket.Conn {
	e.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(e.base, "http")+path, http.Header{"Origin": {e.base}})
	if err != nil {
		e.t.Fatalf("connect to %s: %v", path, err)
	}
	hello, err := stream.EncodeClient(stream.Hello{V: stream.ProtocolVersion, Credential: e.credential})
	if err == nil {
		err = ws.WriteMessage(websocket.TextMessage, hello)
	}
	if err != nil {
		e.t.Fatalf("hello on %s: %v", path, err)
	}
	return ws
}

// watch connects to a session's socket and keeps what arrives.
func (e *eyes) watch(session string) {
	e.t.Helper()
	ws := e.dial("/s/" + session + "/ws")
	e.mu.Lock()
	e.ws, e.done, e.state, e.picture, e.ended, e.snapshot = ws, make(chan struct{}), stream.State{}, nil, nil, snapshot{}
	e.mu.Unlock()
	go e.run(ws, e.done)
	e.t.Cleanup(func() { ws.Close(); <-e.done })
	e.until("the session's state", func() bool { return e.state.Session != "" })
}

func (e *eyes) run(ws *websocket.Conn, done chan struct{}) {
	defer close(done)
	for {
		kind, b, err := ws.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.BinaryMessage {
			if p, err := stream.DecodePicture(b); err == nil {
				e.mu.Lock()
				e.picture = p
				e.pictures++
				e.mu.Unlock()
				e.send(stream.Ack{Seq: p.Seq})
			}
			continue
		}
		m, err := stream.DecodeServer(b)
		if err != nil {
			continue
		}
		e.mu.Lock()
		e.all.Write(b)
		switch m := m.(type) {
		case stream.State:
			e.state = m
		case stream.Snapshot:
			var fresh snapshot // not into the old one: JSON would merge them
			if json.Unmarshal(m.Body, &fresh) == nil {
				e.snapshot = fresh
			}
		case stream.Notice:
			e.notices = append(e.notices, m.Text)
		case stream.Ended:
			e.ended = &m
		}
		e.mu.Unlock()
	}
}

// send writes a message, honest or not.
func (e *eyes) send(m stream.ClientMessage) {
	b, err := stream.EncodeClient(m)
	if err != nil {
		e.t.Errorf("encode %T: %v", m, err)
		return
	}
	e.wmu.Lock()
	defer e.wmu.Unlock()
	_ = e.ws.WriteMessage(websocket.TextMessage, b) // a lost socket shows where the test waits
}

// until waits for ok, which is called with the lock held.
func (e *eyes) until(what string, ok func() bool) {
	e.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		e.mu.Lock()
		done := ok()
		e.mu.Unlock()
		if done {
			return
		}
		select {
		case <-deadline:
			e.mu.Lock()
			defer e.mu.Unlock()
			e.t.Fatalf("eyes: waited %s for %s; state %+v, ended %+v, notices %q, snapshot %s", patience, what, e.state, e.ended, e.notices, e.snapshot.Root)
		case <-tick.C:
		}
	}
}

// sees waits until the shared page has it, and returns it.
func (e *eyes) sees(role, name string) *node {
	e.t.Helper()
	var hit *node
	e.until(fmt.Sprintf("%s %q on the shared page", role, name), func() bool {
		hit = e.snapshot.Root.find(role, name)
		return hit != nil
	})
	return hit
}

// hears waits for a notice.
func (e *eyes) hears(words string) {
	e.t.Helper()
	e.until(fmt.Sprintf("the notice %q", words), func() bool {
		for _, n := range e.notices {
			if strings.Contains(n, words) {
				return true
			}
		}
		return false
	})
}
