package stream

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// runWriter writes what waits in the outbox until the socket is gone or the close frame is out. It is the only goroutine that writes
// (the WebSocket itself answers a broken frame from the reader; it locks for that).
func (p *Peer) runWriter() {
	ping := time.NewTicker(p.cfg.PingInterval)
	defer ping.Stop()
	var buf []byte // reused for every message
	for {
		var err error
		select {
		case <-ping.C:
			err = p.conn.WriteControl(websocket.PingMessage, nil, time.Time{})
		default:
			it := p.out.next()
			switch {
			case it.stop:
				return
			case it.empty():
				select {
				case <-p.out.wake:
				case <-ping.C:
					err = p.conn.WriteControl(websocket.PingMessage, nil, time.Time{})
				}
			default:
				if buf, err = p.write(it, buf); cap(buf) > KeepBufferBytes {
					buf = nil
				}
			}
		}
		if err != nil {
			p.out.stop(fmt.Errorf("write to participant: %w", err))
			_ = p.socket.Close() // the reader ends
			return
		}
	}
}

func (it item) empty() bool { return it == item{} }

// write writes one thing and returns buf for the next.
func (p *Peer) write(it item, buf []byte) ([]byte, error) {
	switch {
	case it.message != nil:
		b, err := encode(buf[:0], it.message.serverMessage(), whole(it.message))
		if err != nil {
			return buf, p.unsendable(err)
		}
		return b, p.conn.WriteMessage(websocket.TextMessage, b)
	case it.snapshot != nil:
		b := append(buf[:0], `{"t":"snapshot","epoch":`...)
		b = strconv.AppendUint(b, uint64(it.snapshot.Epoch), 10)
		b = append(b, `,"body":`...)
		return b, p.writeSnapshot(b, it.snapshot.Body)
	case it.picture != nil:
		m, err := it.picture.message()
		if err != nil {
			return buf, p.unsendable(err)
		}
		return buf, p.conn.WritePreparedMessage(m)
	case it.pong != nil:
		return buf, p.conn.WriteControl(websocket.PongMessage, []byte(*it.pong), time.Time{})
	}
	return buf, p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(it.code, ""), time.Time{})
}

// writeSnapshot writes the body from where it lies: all participants share it.
func (p *Peer) writeSnapshot(head []byte, body json.RawMessage) error {
	if len(body) == 0 {
		body = json.RawMessage("null")
	}
	w, err := p.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	for _, part := range [][]byte{head, body, []byte("}")} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Close()
}

// unsendable ends the peer over a message that cannot be encoded, which is our mistake. It is logged, for the participant is told only
// that something went wrong.
func (p *Peer) unsendable(err error) error {
	p.cfg.Logger.Error("message cannot be sent", "error", err)
	p.fail(err)
	return nil
}
