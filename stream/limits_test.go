package stream_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"binnacle/stream"

	"github.com/gorilla/websocket"
)

func decodes(m stream.ClientMessage) error {
	b, err := stream.EncodeClient(m)
	if err != nil {
		return err
	}
	_, err = stream.DecodeClient(b)
	return err
}

// TestLimitsOfOneMessage: at the limit a message is taken, one step over it refused.
func TestLimitsOfOneMessage(t *testing.T) {
	text := func(n int) string { return strings.Repeat("x", n) }
	fingers := func(n int) []stream.Touch {
		touches := make([]stream.Touch, n)
		for i := range touches {
			touches[i].ID = i
		}
		return touches
	}
	for name, test := range map[string]struct {
		limit int
		with  func(n int) stream.ClientMessage
	}{
		"MaxTextBytes":       {stream.MaxTextBytes, func(n int) stream.ClientMessage { return stream.Input{Kind: "text", Text: text(n)} }},
		"MaxTextBytes again": {stream.MaxTextBytes, func(n int) stream.ClientMessage { return stream.Answer{Text: text(n)} }},
		"MaxKeyBytes":        {stream.MaxKeyBytes, func(n int) stream.ClientMessage { return stream.Input{Kind: "key", Type: "up", Key: text(n)} }},
		"MaxKeyBytes, code": {stream.MaxKeyBytes, func(n int) stream.ClientMessage {
			return stream.Input{Kind: "key", Type: "up", Key: "a", Code: text(n)}
		}},
		"MaxKeyBytes, text": {stream.MaxKeyBytes, func(n int) stream.ClientMessage {
			return stream.Input{Kind: "key", Type: "up", Key: "a", Text: text(n)}
		}},
		"MaxCredentialBytes": {stream.MaxCredentialBytes, func(n int) stream.ClientMessage { return stream.Hello{V: 1, Credential: text(n)} }},
		"MaxMarkIDBytes":     {stream.MaxMarkIDBytes, func(n int) stream.ClientMessage { return stream.Mark{ID: text(n)} }},
		"MaxMarkPoints": {stream.MaxMarkPoints, func(n int) stream.ClientMessage {
			return stream.Mark{ID: "a", Points: make([][2]float64, n)}
		}},
		"MaxCoordinate": {stream.MaxCoordinate, func(n int) stream.ClientMessage { return stream.Pointer{On: true, X: float64(n)} }},
		"MaxTouches": {stream.MaxTouches, func(n int) stream.ClientMessage {
			return stream.Input{Kind: "touch", Type: "start", Touches: fingers(n)}
		}},
	} {
		if err := decodes(test.with(test.limit)); err != nil {
			t.Errorf("%s: %d is refused: %v", name, test.limit, err)
		}
		if err := decodes(test.with(test.limit + 1)); err == nil {
			t.Errorf("%s: %d is taken", name, test.limit+1)
		}
	}
	pad := func(n int) []byte { return fmt.Appendf(nil, `{"t":"stop"%s}`, blanks(n-len(`{"t":"stop"}`))) }
	if _, err := stream.DecodeClient(pad(stream.MaxMessageBytes)); err != nil {
		t.Errorf("MaxMessageBytes is refused: %v", err)
	}
	if _, err := stream.DecodeClient(pad(stream.MaxMessageBytes + 1)); err == nil {
		t.Error("MaxMessageBytes+1 is taken")
	}
}

func blanks(n int) string { return strings.Repeat(" ", n) }

func TestMessageOverTheLimitEndsThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	c.text(`{"t":"stop"` + strings.Repeat(" ", stream.MaxMessageBytes-12) + `}`)
	wait(t, h.got, "the longest message")
	c.text(`{"t":"stop"` + strings.Repeat(" ", 64*stream.MaxMessageBytes) + `}`)
	c.wantFailure(stream.CodeTooLarge, websocket.CloseMessageTooBig)
}

// TestTooFastEndsThePeer: each kind that is not replaced by the next one.
func TestTooFastEndsThePeer(t *testing.T) {
	for name, test := range map[string]struct {
		message stream.ClientMessage
		burst   int
	}{
		"inputs":   {stream.Input{Turn: 1, Kind: "key", Type: "down", Key: "a"}, stream.InputsBurst},
		"wheel":    {stream.Input{Turn: 1, Kind: "text", Text: "a"}, stream.InputsBurst},
		"marks":    {stream.Mark{ID: "a", Points: [][2]float64{{1, 1}}}, stream.MarksBurst},
		"controls": {stream.TakeOver{}, stream.ControlsBurst},
		"answers":  {stream.Answer{}, stream.ControlsBurst},
		"acks":     {stream.Ack{Seq: 1}, stream.AcksBurst},
	} {
		t.Run(name, func(t *testing.T) {
			h := listen(t, stream.Config{})
			c, _ := join(t, h, nil)
			for range test.burst {
				c.send(test.message)
			}
			if _, isAck := test.message.(stream.Ack); !isAck {
				for range test.burst {
					wait(t, h.got, "a message within the burst")
				}
			}
			c.flood(test.message)
			c.wantFailure(stream.CodeTooFast, websocket.CloseTryAgainLater)
		})
	}
}

func TestTooManyBytesEndThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	c.flood(stream.Input{Turn: 1, Kind: "text", Text: strings.Repeat("x", stream.MaxTextBytes)})
	c.wantFailure(stream.CodeTooFast, websocket.CloseTryAgainLater)
}

func TestTooManyPingsEndThePeer(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	for range 2 * stream.PingsBurst {
		if err := c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	c.wantFailure(stream.CodeTooFast, websocket.CloseTryAgainLater)
}

// flood sends until the server has had enough.
func (c *client) flood(m stream.ClientMessage) {
	b, err := stream.EncodeClient(m)
	if err != nil {
		c.t.Fatal(err)
	}
	for range 5000 {
		if c.conn.WriteMessage(websocket.TextMessage, b) != nil {
			return
		}
	}
}

func TestMovesAndPointersOverTheRateAreDropped(t *testing.T) {
	for name, test := range map[string]struct {
		with  func(i int) stream.ClientMessage
		burst int
	}{
		"mouse": {func(i int) stream.ClientMessage {
			return stream.Input{Turn: 1, Kind: "mouse", Type: "move", X: float64(i + 1), Y: 1}
		}, stream.MovesBurst},
		"touch": {func(i int) stream.ClientMessage {
			return stream.Input{Turn: 1, Kind: "touch", Type: "move", Touches: []stream.Touch{{X: float64(i + 1)}}}
		}, stream.MovesBurst},
		"pointer": {func(i int) stream.ClientMessage { return stream.Pointer{On: true, X: float64(i + 1)} }, stream.PointersBurst},
	} {
		t.Run(name, func(t *testing.T) {
			h := listen(t, stream.Config{})
			c, _ := join(t, h, nil)
			total := 4 * test.burst
			for i := range total {
				c.send(test.with(i))
			}
			c.send(stream.Stop{}) // still welcome
			n := 0
			for ; ; n++ {
				if _, stopped := wait(t, h.got, "the message after the moves").(stream.Stop); stopped {
					break
				}
			}
			if n < test.burst || n == total {
				t.Errorf("%d of %d came through, want the burst of %d and a few", n, total, test.burst)
			}
		})
	}
}

func TestLaserPointersThatWaitAreBounded(t *testing.T) {
	h := listen(t, stream.Config{})
	gate := make(chan struct{})
	serveOnce(t, h, func(p *stream.Peer) {
		for i := range 3 * stream.MaxLasers {
			p.SetLaser(stream.Laser{Participant: fmt.Sprint(i), X: 1})
		}
		p.SetLaser(stream.Laser{Participant: "0", X: 2})                                                     // newest wins
		p.SetPicture(&stream.Picture{Format: stream.PicturePNG, Data: make([]byte, stream.MaxPictureBytes)}) // too long
		p.SetSnapshot(stream.Snapshot{Body: make([]byte, stream.MaxSnapshotBytes+1)})                        // too long
		p.SetPicture(&stream.Picture{Format: stream.PicturePNG, Seq: 9})
		close(gate)
		_ = p.Run(t.Context(), nil)
	})
	c := dial(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "c"})
	wait(t, gate, "the pointers")
	for i := range stream.MaxLasers {
		want := stream.Laser{Participant: fmt.Sprint(i), X: 1}
		if i == 0 {
			want.X = 2
		}
		if got := c.next(); got != any(want) {
			t.Fatalf("laser %d = %v", i, got)
		}
	}
	if p, ok := c.next().(*stream.Picture); !ok || p.Seq != 9 {
		t.Errorf("after the lasers: %v, want picture 9 and nothing of what is too long", p)
	}
	_ = c.conn.Close()
}
