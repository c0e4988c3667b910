package session_test

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"

	"github.com/gorilla/websocket"

	"binnacle/renderer"
	"binnacle/session"
	"binnacle/stream"
)

func TestSlowViewerCostsNobodyElse(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada")
	ada := v[0]
	// Ben says hello and never reads.
	conn, _, err := websocket.DefaultDialer.Dial("ws"+h.server.URL[len("http"):]+"/s/"+h.session.ID+"/ws", http.Header{"Origin": {origin}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hello, err := stream.EncodeClient(stream.Hello{V: stream.ProtocolVersion, Credential: h.credential("Ben")})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.WriteMessage(websocket.TextMessage, hello); err != nil {
		t.Fatal(err)
	}
	ada.sees("Ben", func(s stream.State) bool { return len(s.Participants) == 2 })
	big := string(bytes.Repeat([]byte("x"), 1<<20))
	for i := range 50 {
		page.shows(big)
		p := ada.picture()
		ada.ack(p)
		if p.Seq != uint64(i+1) {
			t.Fatalf("picture %d came as %d", i+1, p.Seq)
		}
	}
	for i := range 3 * stream.ControlQueue {
		<-page.says(renderer.Blocked{Address: "https://h" + strconv.Itoa(i) + ".example", Reason: "off_preset"})
		ada.notice("blocked")
	}
	ada.sees("Ben cut off", func(s stream.State) bool {
		for _, p := range s.Participants {
			if p.ID == h.people["Ben"].ID {
				return !p.Connected
			}
		}
		return true
	})
	ada.key(1, "x")
	got(t, page.inputs, "input")
}

// BenchmarkFanOut is a frame on its way to twenty participants, who all take it.
func BenchmarkFanOut(b *testing.B) {
	names := make([]string, 20)
	for i := range names {
		names[i] = "P" + strconv.Itoa(i)
	}
	h := newHouse(b, session.Limits{}, names...)
	page, v := h.together(names...)
	frame := renderer.Frame{Format: "png", Data: bytes.Repeat([]byte("x"), 60<<10), Width: 1280, Height: 800, Scale: 1}
	b.ReportAllocs()
	b.SetBytes(int64(len(names) * len(frame.Data)))
	for b.Loop() {
		page.frames <- frame
		for _, one := range v {
			p := <-one.pictures
			one.ack(p)
		}
	}
}
