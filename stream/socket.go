package stream

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// socket is a participant's connection below the WebSocket. Its write deadline is about progress: a slow participant may take a
// picture in a minute, but a socket that takes not one byte for writeTimeout is dead.
type socket struct {
	net.Conn
	writeTimeout, pongTimeout time.Duration
	whole                     bool // a write that timed out half-way can go on (TCP); TLS cannot
}

// tlsRecord is how much TLS writes at once.
const tlsRecord = 16 << 10

func newSocket(conn net.Conn, cfg Config) *socket {
	s := &socket{Conn: conn, writeTimeout: cfg.WriteTimeout, pongTimeout: cfg.PongTimeout}
	under := conn
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		under = wrapped.NetConn()
	}
	if tcp, ok := under.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(SocketBufferBytes) // refused: the kernel's own bound holds
		s.whole = tcp == conn
	}
	return s
}

// Write writes b, as long as the other side takes something. The WebSocket calls it for one message at a time.
func (s *socket) Write(b []byte) (int, error) {
	written, start := 0, time.Now()
	for written < len(b) {
		if written > 0 && time.Since(start) > s.pongTimeout/4 {
			// Bytes were taken, so somebody is there; a pong may wait behind this very message.
			if err := s.Conn.SetReadDeadline(time.Now().Add(s.pongTimeout)); err != nil {
				return written, err
			}
		}
		next := b[written:]
		if !s.whole && len(next) > tlsRecord {
			next = next[:tlsRecord]
		}
		if err := s.Conn.SetWriteDeadline(time.Now().Add(s.writeTimeout)); err != nil {
			return written, err
		}
		n, err := s.Conn.Write(next)
		written += n
		if err == nil {
			continue
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return written, err
		}
		if !s.whole || n == 0 {
			return written, fmt.Errorf("not one byte was taken for %s: %w", s.writeTimeout, err)
		}
	}
	return written, nil
}

// SetWriteDeadline does nothing: Write sets its own.
func (s *socket) SetWriteDeadline(time.Time) error { return nil }

// hijacker hands the connection of a request to the WebSocket as a socket.
type hijacker struct {
	http.ResponseWriter
	cfg    Config
	socket *socket
}

// Hijack takes the connection over.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.socket = newSocket(conn, h.cfg)
	return h.socket, rw, nil
}
