package session_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"binnacle/stream"
)

// viewer is a participant's real socket.
type viewer struct {
	t        testing.TB
	id       string
	conn     *websocket.Conn
	messages chan stream.ServerMessage
	pictures chan *stream.Picture
	ended    chan struct{}
	state    stream.State // the newest that await has seen
}

// dial opens a socket at path with a credential.
func (h *house) dial(path, credential string) *viewer {
	h.t.Helper()
	d := websocket.Dialer{NetDialContext: h.dialer}
	conn, _, err := d.DialContext(h.t.Context(), "ws"+h.server.URL[len("http"):]+path, http.Header{"Origin": {origin}})
	if err != nil {
		h.t.Fatalf("dial %s: %v", path, err)
	}
	v := &viewer{t: h.t, conn: conn, messages: make(chan stream.ServerMessage, 1000), pictures: make(chan *stream.Picture, 1000), ended: make(chan struct{})}
	h.viewers = append(h.viewers, v)
	v.send(stream.Hello{V: stream.ProtocolVersion, Credential: credential})
	go v.run()
	return v
}

// run reads until the socket ends; closing the house waits for it.
func (v *viewer) run() {
	defer close(v.ended)
	for {
		kind, b, err := v.conn.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.BinaryMessage {
			if p, err := stream.DecodePicture(b); err == nil {
				v.pictures <- p
			}
			continue
		}
		m, err := stream.DecodeServer(b)
		if err != nil {
			v.t.Errorf("server sent %q: %v", b, err)
			return
		}
		v.messages <- m
	}
}

func (v *viewer) send(m stream.ClientMessage) {
	v.t.Helper()
	b, err := stream.EncodeClient(m)
	if err == nil {
		err = v.conn.WriteMessage(websocket.TextMessage, b)
	}
	if err != nil {
		v.t.Fatalf("send %T: %v", m, err)
	}
}

func (v *viewer) ack(p *stream.Picture) { v.send(stream.Ack{Seq: p.Seq}) }

func (v *viewer) key(turn uint64, text string) {
	v.send(stream.Input{Turn: turn, Kind: "key", Type: "down", Key: text, Code: "Key", Text: text})
}

func (v *viewer) close() {
	_ = v.conn.Close()
	<-v.ended
}

// await skips to the next message of type M for which ok holds.
func await[M stream.ServerMessage](v *viewer, what string, ok func(M) bool) M {
	v.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case m := <-v.messages:
			if s, isState := m.(stream.State); isState {
				v.state = s
			}
			if want, isM := m.(M); isM && ok(want) {
				return want
			}
		case <-timeout:
			v.t.Fatalf("no %s", what)
		}
	}
}

func any1[M any](M) bool { return true }

func (v *viewer) notice(code string) stream.Notice {
	v.t.Helper()
	return await(v, "notice "+code, func(n stream.Notice) bool { return n.Code == code })
}

func (v *viewer) end() stream.Ended {
	v.t.Helper()
	return await(v, "end", any1[stream.Ended])
}

func (v *viewer) failure() stream.Failure {
	v.t.Helper()
	return await(v, "failure", any1[stream.Failure])
}

// sees awaits a state, unless the newest so far is one.
func (v *viewer) sees(what string, ok func(stream.State) bool) stream.State {
	v.t.Helper()
	if v.state.You != "" && ok(v.state) {
		return v.state
	}
	return await(v, what, ok)
}

func (v *viewer) seesNavigator(id string) stream.State {
	v.t.Helper()
	return v.sees("navigator "+id, func(s stream.State) bool { return s.Navigator == id })
}

func (v *viewer) picture() *stream.Picture {
	v.t.Helper()
	return got(v.t, v.pictures, "picture")
}
