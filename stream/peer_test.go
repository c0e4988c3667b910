package stream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/stream"

	"github.com/gorilla/websocket"
)

func TestMessagesArriveInOrder(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	for i := range 200 {
		p.Send(stream.Notice{Code: "joined", Text: fmt.Sprint(i), Level: "info"})
	}
	for i := range 200 {
		if got := c.next(); got != any(stream.Notice{Code: "joined", Text: fmt.Sprint(i), Level: "info"}) {
			t.Fatalf("message %d = %v", i, got)
		}
	}
	c.send(stream.TakeOver{})
	c.send(stream.Stop{})
	if first, second := wait(t, h.got, "take_over"), wait(t, h.got, "stop"); first != (stream.TakeOver{}) || second != (stream.Stop{}) {
		t.Errorf("handle got %T, %T", first, second)
	}
}

func TestEveryKindOfMessageArrives(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	p.SetSnapshot(stream.Snapshot{Epoch: 7, Body: []byte(`{"seq":1}`)})
	if s, ok := c.next().(stream.Snapshot); !ok || s.Epoch != 7 || string(s.Body) != `{"seq":1}` {
		t.Errorf("snapshot = %+v", s)
	}
	p.SetCursor(stream.Cursor{X: 1, Y: 2, On: true})
	if got := c.next(); got != any(stream.Cursor{X: 1, Y: 2, On: true}) {
		t.Errorf("cursor = %v", got)
	}
	p.SetLaser(stream.Laser{Participant: "p1", X: 3, On: true})
	if got := c.next(); got != any(stream.Laser{Participant: "p1", X: 3, On: true}) {
		t.Errorf("laser = %v", got)
	}
	p.SetPicture(&stream.Picture{Format: stream.PicturePNG, Seq: 5, Width: 2, Height: 1, Scale: 1, Data: []byte("picture")})
	if got, ok := c.next().(*stream.Picture); !ok || got.Seq != 5 || got.Width != 2 || string(got.Data) != "picture" {
		t.Errorf("picture = %+v", got)
	}
}

func TestCloseDeliversWhatWaitsThenTheFinalMessage(t *testing.T) {
	for name, test := range map[string]struct {
		final stream.ServerMessage
		code  int
	}{
		"ended":   {stream.Ended{Code: "stopped", By: "p1", Text: "Anna stopped co-browsing"}, websocket.CloseNormalClosure},
		"failure": {stream.Failure{Code: "credential", Message: "no"}, websocket.ClosePolicyViolation},
		"nothing": {nil, websocket.CloseGoingAway},
	} {
		t.Run(name, func(t *testing.T) {
			h := listen(t, stream.Config{})
			c, p := join(t, h, nil)
			for range 100 {
				p.Send(stream.MarksCleared{Participant: "p1"})
			}
			p.Close(test.final)
			p.Close(stream.Failure{Code: "second"})
			p.Send(stream.MarksCleared{Participant: "late"})
			p.SetPicture(&stream.Picture{Format: stream.PicturePNG})
			for i := range 100 {
				if got := c.next(); got != any(stream.MarksCleared{Participant: "p1"}) {
					t.Fatalf("message %d = %v", i, got)
				}
			}
			if test.final != nil {
				if got := c.next(); got != any(test.final) {
					t.Errorf("final = %v", got)
				}
			}
			c.wantClose(test.code)
			if err := wait(t, h.ended, "Run's end"); err != nil {
				t.Errorf("Run = %v", err)
			}
			wait(t, p.Done(), "Done")
		})
	}
}

func TestCloseBeforeRunStillTellsWhy(t *testing.T) {
	h := listen(t, stream.Config{})
	refused := make(chan error, 1)
	ctx := context.Background()
	serveOnce(t, h, func(p *stream.Peer) {
		p.Close(stream.Failure{Code: "credential", Message: "This link has expired."})
		refused <- p.Run(ctx, nil)
	})
	c := dial(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "old"})
	c.send(stream.Stop{}) // must not reach the nil handler
	c.wantFailure("credential", websocket.ClosePolicyViolation)
	if err := wait(t, refused, "Run's end"); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestPeerEndsWithItsContext(t *testing.T) {
	h := listen(t, stream.Config{})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	serveOnce(t, h, func(p *stream.Peer) { ended <- p.Run(ctx, func(stream.ClientMessage) error { return nil }) })
	c := dial(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "c"})
	cancel()
	c.wantClose(websocket.CloseGoingAway)
	if err := wait(t, ended, "Run's end"); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestParticipantMayClose(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	if err := c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c.wantClose(websocket.CloseNormalClosure)
	if err := wait(t, h.ended, "Run's end"); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestLostConnectionEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	_ = c.conn.NetConn().Close()
	if err := wait(t, h.ended, "Run's end"); err == nil {
		t.Error("Run = nil, want what happened to the connection")
	}
	p.Send(stream.MarksCleared{}) // nothing happens
}

func TestErrorOfHandleEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	c.send(stream.Go{Where: "reload"})
	c.wantFailure(stream.CodeInternal, websocket.CloseInternalServerErr)
	if err := wait(t, h.ended, "Run's end"); err == nil || !strings.Contains(err.Error(), "handle refuses reload") {
		t.Errorf("Run = %v, want handle's error", err)
	}
}

func TestBadMessageEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	c.text(`{"t":"stop","secret":"x"}`)
	c.wantFailure(stream.CodeUnknownField, websocket.ClosePolicyViolation)
	var fault *stream.Fault
	if err := wait(t, h.ended, "Run's end"); !errors.As(err, &fault) || strings.Contains(err.Error(), "secret") {
		t.Errorf("Run = %v, want a fault that repeats nothing", err)
	}
}

func TestBinaryMessageEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	if err := c.conn.WriteMessage(websocket.BinaryMessage, []byte("x")); err != nil {
		t.Fatal(err)
	}
	c.wantFailure(stream.CodeNotText, websocket.CloseUnsupportedData)
}

func TestMessageThatCannotBeEncodedEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	p.Send(stream.Snapshot{Body: []byte("{")})
	c.wantFailure(stream.CodeInternal, websocket.CloseInternalServerErr)
}

func TestSilentParticipantIsDropped(t *testing.T) {
	h := listen(t, stream.Config{PingInterval: 50 * time.Millisecond, PongTimeout: 200 * time.Millisecond})
	join(t, h, nil) // it never reads, so it never answers a ping
	if err := wait(t, h.ended, "Run's end"); err == nil {
		t.Error("Run = nil, want the silence")
	}
}

func TestAnsweringPingsKeepsTheSocketOpen(t *testing.T) {
	h := listen(t, stream.Config{PingInterval: 100 * time.Millisecond, PongTimeout: 400 * time.Millisecond})
	c, p := join(t, h, nil)
	pings := make(chan struct{}, 64)
	answer := c.conn.PingHandler()
	c.conn.SetPingHandler(func(s string) error {
		pings <- struct{}{}
		if len(pings) == 10 { // longer than PongTimeout
			p.Send(stream.MarksCleared{})
		}
		return answer(s)
	})
	if got := c.next(); got != any(stream.MarksCleared{}) {
		t.Errorf("after ten pings: %v", got)
	}
}

func TestPingIsAnswered(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	pong := make(chan string, 1)
	c.conn.SetPongHandler(func(s string) error {
		pong <- s
		p.Close(nil)
		return nil
	})
	if err := c.conn.WriteControl(websocket.PingMessage, []byte("are you there"), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c.wantClose(websocket.CloseGoingAway)
	if got := wait(t, pong, "pong"); got != "are you there" {
		t.Errorf("pong = %q", got)
	}
}

// TestMethodsMayBeCalledByAnybodyAtAnyTime means most with the race detector.
func TestMethodsMayBeCalledByAnybodyAtAnyTime(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, nil)
	shared := picture(1, 1000)
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			for n := range 200 {
				p.SetPicture(shared)
				p.SetSnapshot(stream.Snapshot{Epoch: uint32(n)})
				p.SetCursor(stream.Cursor{X: float64(n)})
				p.SetLaser(stream.Laser{Participant: fmt.Sprint(i), X: float64(n)})
				p.Send(stream.MarksCleared{})
				if n == 100 && i == 0 {
					p.Close(stream.Ended{Code: "stopped"})
				}
				_ = p.Hello()
			}
		})
	}
	c.wantClose(websocket.CloseNormalClosure, websocket.CloseTryAgainLater) // whichever of the two came first
	callers.Wait()
	wait(t, p.Done(), "Done")
}
