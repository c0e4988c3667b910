package stream_test

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"binnacle/stream"

	"golang.org/x/time/rate"
)

// throttled reads no faster than its limiter allows.
type throttled struct {
	net.Conn
	limit *rate.Limiter
}

func (c throttled) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b[:min(len(b), c.limit.Burst())])
	_ = c.limit.WaitN(context.Background(), n)
	return n, err
}

// slow makes a connection of so many bytes a second.
func slow(bytesPerSecond int) func(net.Conn) net.Conn {
	return func(conn net.Conn) net.Conn {
		return throttled{conn, rate.NewLimiter(rate.Limit(bytesPerSecond), 4<<10)}
	}
}

func picture(seq uint64, bytes int) *stream.Picture {
	return &stream.Picture{Format: stream.PicturePNG, Seq: seq, Width: 1280, Height: 800, Scale: 1, Taken: float64(time.Now().UnixMicro()) / 1000, Data: make([]byte, bytes)}
}

func TestParticipantThatDoesNotTakeItsMessagesIsCutOff(t *testing.T) {
	h := listen(t, stream.Config{CloseTimeout: 100 * time.Millisecond})
	_, p := join(t, h, slow(1)) // takes one byte a second
	long := stream.Notice{Text: strings.Repeat("x", 32<<10)}
	sent := 0
	for ; len(h.ended) == 0 && sent < 100*stream.ControlQueue; sent++ {
		p.Send(long) // never blocks
		runtime.Gosched()
	}
	if err := wait(t, h.ended, "Run's end"); !errors.Is(err, stream.ErrSlow) {
		t.Errorf("Run = %v, want ErrSlow", err)
	}
	if sent < stream.ControlQueue {
		t.Errorf("cut off after %d messages, want at least %d", sent, stream.ControlQueue)
	}
}

func TestSlowParticipantIsToldThatItWasTooSlow(t *testing.T) {
	h := listen(t, stream.Config{})
	cut := make(chan struct{})
	serveOnce(t, h, func(p *stream.Peer) {
		for range stream.ControlQueue + 1 { // before Run writes any
			p.Send(stream.MarksCleared{})
		}
		close(cut)
		if err := p.Run(t.Context(), nil); !errors.Is(err, stream.ErrSlow) {
			t.Errorf("Run = %v, want ErrSlow", err)
		}
	})
	c := dial(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "c"})
	wait(t, cut, "the overflow")
	if got, ok := c.next().(stream.Failure); !ok || got.Code != stream.CodeTooSlow {
		t.Errorf("first message = %v, want the failure and nothing of the queue", got)
	}
	c.wantClose(1013)
}

func TestSocketThatTakesNoBytesIsClosed(t *testing.T) {
	h := listen(t, stream.Config{WriteTimeout: 200 * time.Millisecond})
	_, p := join(t, h, slow(1))
	for range 200 {
		p.Send(stream.Notice{Text: strings.Repeat("x", 64<<10)})
	}
	if err := wait(t, h.ended, "Run's end"); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Run = %v, want a write that timed out", err)
	}
}

func TestSlowButSteadyParticipantGetsItsPicture(t *testing.T) {
	t.Parallel()
	cfg := stream.Config{WriteTimeout: time.Second, PingInterval: time.Second, PongTimeout: 3 * time.Second} // a busy machine stands still for less
	for name, how := range map[string]func(*httptest.Server){"plain": (*httptest.Server).Start, "tls": (*httptest.Server).StartTLS} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, cfg, how)
			c, p := join(t, h, slow(400<<10))
			p.SetPicture(picture(1, 2<<20)) // takes five times as long as the write time-out, and longer than silence may last
			got := c.next()
			if p, ok := got.(*stream.Picture); !ok || len(p.Data) != 2<<20 {
				t.Errorf("got %T %.200v, want the whole picture", got, got)
			}
		})
	}
}

func TestOnlyTwoPicturesAreUnacknowledgedAndTheNewestWins(t *testing.T) {
	h := listen(t, stream.Config{WriteTimeout: 100 * time.Millisecond})
	c, p := join(t, h, nil)
	want := func(seq uint64) {
		t.Helper()
		if got, ok := c.next().(*stream.Picture); !ok || got.Seq != seq {
			t.Fatalf("got %+v, want picture %d", got, seq)
		}
	}
	p.SetPicture(picture(1, 10))
	want(1)
	p.SetPicture(picture(2, 10))
	want(2)
	for seq := uint64(3); seq <= 9; seq++ {
		p.SetPicture(picture(seq, 10))
	}
	// Control flows on for longer than the write time-out, and no picture comes.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 30 {
		<-tick.C
		p.Send(stream.MarksCleared{Participant: "p1"})
		if got := c.next(); got != any(stream.MarksCleared{Participant: "p1"}) {
			t.Fatalf("got %v while two pictures are unacknowledged", got)
		}
	}
	c.send(stream.Ack{Seq: 77}) // was never sent
	c.send(stream.Ack{Seq: 1})
	want(9)
	p.SetPicture(picture(10, 10))
	p.SetPicture(picture(11, 10))
	c.send(stream.Ack{Seq: 9}) // and 2 with it
	want(11)
	p.SetPicture(picture(12, 10))
	want(12)
}

func TestControlGoesBeforeSlotsAndPicturesLast(t *testing.T) {
	h := listen(t, stream.Config{})
	serveOnce(t, h, func(p *stream.Peer) {
		p.SetPicture(picture(1, 10))
		p.SetPicture(picture(2, 10))
		p.SetSnapshot(stream.Snapshot{Epoch: 1})
		p.SetSnapshot(stream.Snapshot{Epoch: 2})
		p.SetLaser(stream.Laser{Participant: "p1"})
		p.SetCursor(stream.Cursor{X: 1})
		p.SetCursor(stream.Cursor{X: 2})
		p.Send(stream.MarksCleared{})
		_ = p.Run(t.Context(), nil)
	})
	c := dial(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "c"})
	if got := c.next(); got != any(stream.MarksCleared{}) {
		t.Errorf("first %v", got)
	}
	if got := c.next(); got != any(stream.Cursor{X: 2}) {
		t.Errorf("second %v", got)
	}
	if got := c.next(); got != any(stream.Laser{Participant: "p1"}) {
		t.Errorf("third %v", got)
	}
	if got, ok := c.next().(stream.Snapshot); !ok || got.Epoch != 2 {
		t.Errorf("fourth %v", got)
	}
	if got, ok := c.next().(*stream.Picture); !ok || got.Seq != 2 {
		t.Errorf("fifth %v", got)
	}
	_ = c.conn.Close()
}

func TestSnapshotsDoNotKeepPicturesAway(t *testing.T) {
	h := listen(t, stream.Config{})
	c, p := join(t, h, slow(1<<20))
	body := []byte(`"` + strings.Repeat("x", 100<<10) + `"`)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { // a page that never rests
		defer close(done)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for seq := uint64(1); ; seq++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				p.SetSnapshot(stream.Snapshot{Body: body})
				p.SetPicture(picture(seq, 10<<10))
			}
		}
	}()
	pictures, snapshots := 0, 0
	for pictures+snapshots < 20 {
		switch m := c.next().(type) {
		case *stream.Picture:
			pictures++
			c.send(stream.Ack{Seq: m.Seq})
		case stream.Snapshot:
			snapshots++
		}
	}
	close(stop)
	<-done
	if pictures < 5 || snapshots < 5 {
		t.Errorf("%d pictures and %d snapshots, want both", pictures, snapshots)
	}
}

// TestThrottledViewerSeesFreshPictures: on 4 Mbit/s, with pictures of 60 KB at 60 a second (28 Mbit/s), their age stays flat.
func TestThrottledViewerSeesFreshPictures(t *testing.T) {
	t.Parallel()
	h := listen(t, stream.Config{})
	c, p := join(t, h, slow(4_000_000/8))
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second / 60)
		defer tick.Stop()
		for seq := uint64(1); ; seq++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				p.SetPicture(picture(seq, 60<<10))
			}
		}
	}()
	var oldest float64
	for start := time.Now(); time.Since(start) < 3*time.Second; {
		m, ok := c.next().(*stream.Picture)
		if !ok {
			t.Fatalf("got %v", m)
		}
		oldest = max(oldest, float64(time.Now().UnixMicro())/1000-m.Taken)
		c.send(stream.Ack{Seq: m.Seq})
	}
	close(stop)
	<-done
	t.Logf("oldest picture: %.0f ms", oldest)
	if oldest > 1500 {
		t.Errorf("a picture was %.0f ms old, want less than 1500", oldest)
	}
}

// TestTwentyViewersThatNeverReadCostNothing: 19 never read, one does; it gets its pictures, and memory stays flat.
func TestTwentyViewersThatNeverReadCostNothing(t *testing.T) {
	h := listen(t, stream.Config{})
	var peers []*stream.Peer
	for range 19 {
		_, p := join(t, h, nil)
		peers = append(peers, p)
	}
	c, p := join(t, h, nil)
	peers = append(peers, p)

	const pictures, size = 400, 60 << 10
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	acks := rate.NewLimiter(stream.AcksPerSecond, stream.AcksBurst/2) // stay within the rate of acks
	before := heap()
	var longest time.Duration
	for seq := uint64(1); seq <= pictures; seq++ {
		next := picture(seq, size)
		start := time.Now()
		for _, p := range peers {
			p.SetPicture(next)
		}
		longest = max(longest, time.Since(start))
		for { // the one that reads has this picture before there is another
			got := c.next()
			m, ok := got.(*stream.Picture)
			if !ok {
				t.Fatalf("got %v", got)
			}
			c.send(stream.Ack{Seq: m.Seq})
			if m.Seq == seq {
				break
			}
		}
		if err := acks.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	grown := heap() - before
	t.Logf("heap grew by %d KB while %d MB of pictures went by; slowest hand-over to 20 viewers %s", grown>>10, pictures*size>>20, longest)
	if grown > 8<<20 {
		t.Errorf("heap grew by %d bytes", grown)
	}
	if len(h.ended) > 0 {
		t.Errorf("a viewer was cut off: %v", <-h.ended)
	}
}
