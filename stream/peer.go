package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Peer is one participant's socket. Accept makes it, Run works for it, Close ends it. Send, the Set methods, Close, Hello and Done may be called
// by any goroutine at any time and never block, however slow the participant is. Messages that were handed over must not be changed any more.
type Peer struct {
	cfg    Config
	conn   *websocket.Conn // read by Run's goroutine, written by runWriter's
	socket *socket
	hello  Hello
	out    *outbox
	rates  *rates       // owned by Run
	in     bytes.Buffer // owned by Run: the message that is read
	done   chan struct{}

	endTimer *time.Timer // closes the socket, which does not block, when the end takes too long
}

func newPeer(conn *websocket.Conn, s *socket, cfg Config) *Peer {
	p := &Peer{cfg: cfg, conn: conn, socket: s, out: newOutbox(), rates: newRates(), done: make(chan struct{})}
	p.endTimer = time.AfterFunc(time.Hour, func() { _ = p.socket.Close() })
	p.endTimer.Stop()
	conn.SetPongHandler(func(string) error { return p.pinged(nil) })
	conn.SetPingHandler(func(data string) error { return p.pinged(&data) })
	conn.SetCloseHandler(func(int, string) error { return nil }) // the writer answers it
	return p
}

// Hello returns the participant's first message.
func (p *Peer) Hello() Hello { return p.hello }

// Done is closed when Run has ended: the socket is closed and nothing of the peer runs any more.
func (p *Peer) Done() <-chan struct{} { return p.done }

// Send queues a control message. Messages arrive in the order of Send. A participant whose queue is full is cut off: it gets Failure
// too_slow if it takes that, Run returns ErrSlow, and it may connect again.
func (p *Peer) Send(m ServerMessage) {
	if p.out.send(m) {
		return
	}
	slow := &Fault{Code: CodeTooSlow, Message: "messages came faster than this connection takes them"}
	p.end(ErrSlow, slow.failure(), slow.closeCode(), true)
}

// SetPicture shows a picture; it replaces one that was not sent yet. At most MaxPicturesInFlight are sent and not acknowledged.
// One longer than MaxPictureBytes is left out, and logged.
func (p *Peer) SetPicture(picture *Picture) {
	if len(picture.Data) > MaxPictureBytes-PictureHeaderBytes {
		p.cfg.Logger.Warn("picture is too long and was left out", "bytes", len(picture.Data), "limit", MaxPictureBytes)
		return
	}
	p.out.put(func() { p.out.picture = picture })
}

// SetSnapshot sends a snapshot; it replaces one that was not sent yet. Body must be valid JSON and no longer than MaxSnapshotBytes.
func (p *Peer) SetSnapshot(s Snapshot) {
	if len(s.Body) > MaxSnapshotBytes {
		p.cfg.Logger.Warn("snapshot is too long and was left out", "bytes", len(s.Body), "limit", MaxSnapshotBytes)
		return
	}
	p.out.put(func() { p.out.snapshot = &s })
}

// SetCursor moves the navigator's cursor; it replaces a place that was not sent yet.
func (p *Peer) SetCursor(c Cursor) {
	p.out.put(func() { p.out.cursor = &c })
}

// SetLaser moves a participant's laser pointer; it replaces a place of the same participant that was not sent yet.
func (p *Peer) SetLaser(l Laser) { p.out.setLaser(l) }

// Close ends the peer: what Send queued before is sent, then final, then the socket is closed, all within Config.CloseTimeout. final is
// Ended (the client does not come back), Failure (nor then), or nil: the server goes away, and the client connects again.
// Only the first Close counts. handle is not called for messages that come later.
func (p *Peer) Close(final ServerMessage) {
	code := websocket.CloseGoingAway
	switch final.(type) {
	case nil:
	case Failure:
		code = websocket.ClosePolicyViolation
	default:
		code = websocket.CloseNormalClosure
	}
	p.end(nil, final, code, false)
}

// fail ends the peer for cause, telling the participant what a Fault in it says.
func (p *Peer) fail(cause error) {
	var fault *Fault
	if !errors.As(cause, &fault) {
		fault = &Fault{Code: CodeInternal, Message: "something went wrong on the server"}
	}
	p.end(cause, fault.failure(), fault.closeCode(), false)
}

func (p *Peer) end(cause error, final ServerMessage, code int, drop bool) {
	if p.out.end(cause, final, code, drop) {
		p.endTimer.Reset(p.cfg.CloseTimeout)
	}
}

// Run reads until the socket ends, and returns after everything that it started has ended. It must be called exactly once, by one
// goroutine. handle gets each message in order, on that goroutine: while it waits, nothing more is read from this participant. Ack is not handed
// on. An error of handle ends the peer (with Failure internal, unless handle called Close before). When ctx ends, so does the peer, as by Close(nil).
//
// The result is nil when Close, ctx or the participant ended it in good order; ErrSlow; a *Fault for what the participant did; handle's error; else what
// happened to the connection.
func (p *Peer) Run(ctx context.Context, handle func(ClientMessage) error) error {
	defer close(p.done)
	stop := context.AfterFunc(ctx, func() { p.Close(nil) })
	defer stop()
	var writer sync.WaitGroup
	writer.Go(p.runWriter)

	err := p.read(handle)
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		// The participant closed; the writer answers, without what still waits. Unless it was the answer to ours.
		var cause error
		if closed.Code != websocket.CloseNormalClosure && closed.Code != websocket.CloseGoingAway && closed.Code != websocket.CloseNoStatusReceived {
			cause = fmt.Errorf("participant closed: %w", closed)
		}
		p.end(cause, nil, websocket.CloseNormalClosure, true)
	case p.out.isEnding():
		// Nothing to read any more, but the final message may still arrive; the timer bounds it.
	default:
		p.out.stop(fmt.Errorf("read from participant: %w", err))
		_ = p.socket.Close() // a writer that waits for the socket ends
	}
	writer.Wait()
	p.endTimer.Stop()
	_ = p.socket.Close() // closed before, or nobody is left to care
	return p.out.why()
}

// read handles messages until the socket ends, and returns why it did.
func (p *Peer) read(handle func(ClientMessage) error) error {
	if err := p.alive(); err != nil {
		return err
	}
	for {
		b, err := p.readMessage()
		var fault *Fault
		if err != nil && !errors.As(err, &fault) {
			return err
		}
		if p.out.isEnding() {
			continue // only its close frame is of interest now
		}
		if err == nil {
			err = p.take(b, handle)
		}
		if err != nil {
			p.fail(err)
		}
	}
}

// take handles one message.
func (p *Peer) take(b []byte, handle func(ClientMessage) error) error {
	now := time.Now()
	if err := p.rates.size(now, len(b)); err != nil {
		return err
	}
	m, err := DecodeClient(b)
	if err != nil {
		return err
	}
	pass, err := p.rates.allow(now, m)
	if !pass || err != nil {
		return err
	}
	switch m := m.(type) {
	case Hello:
		return &Fault{Code: CodeHello, Message: "hello may come only once"}
	case Ack:
		p.out.ack(m.Seq)
		return nil
	}
	if err := handle(m); err != nil {
		return fmt.Errorf("handle message: %w", err)
	}
	return nil
}

// readMessage reads one text message into p.in; it is good until the next call. A *Fault leaves the socket readable.
func (p *Peer) readMessage() ([]byte, error) {
	kind, r, err := p.conn.NextReader()
	if err != nil {
		return nil, err
	}
	if kind != websocket.TextMessage {
		return nil, &Fault{Code: CodeNotText, Message: "message is binary; clients send text"}
	}
	p.in.Reset()
	if _, err := p.in.ReadFrom(io.LimitReader(r, MaxMessageBytes+1)); err != nil {
		return nil, err
	}
	if p.in.Len() > MaxMessageBytes {
		return nil, &Fault{Code: CodeTooLarge, Message: fmt.Sprintf("message is longer than %d bytes", MaxMessageBytes)}
	}
	return p.in.Bytes(), p.alive()
}

// pinged counts a ping or pong of the participant, and answers a ping.
func (p *Peer) pinged(ping *string) error {
	if !p.rates.pings.Allow() {
		p.fail(tooFast("pings", PingsPerSecond))
	} else if ping != nil {
		p.out.put(func() { p.out.pong = ping })
	}
	return p.alive()
}

// alive notes that something came from the participant. Until hello is there, only time counts.
func (p *Peer) alive() error {
	if p.hello.V == 0 {
		return nil
	}
	return p.socket.SetReadDeadline(time.Now().Add(p.cfg.PongTimeout))
}
