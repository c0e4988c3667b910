package admin

import (
	"bufio"
	"errors"
	"net"
	"net/http"
)

// answer notes what became of a request, for the access log and for recovery.
type answer struct {
	http.ResponseWriter
	status   int // 0: nothing was written yet
	bytes    int64
	hijacked bool
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(data []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(data)
	a.bytes += int64(n)
	return n, err
}

// Hijack hands the connection to a socket.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	hijacker, ok := a.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("connection cannot be taken over")
	}
	conn, buffer, err := hijacker.Hijack()
	if err == nil {
		a.hijacked, a.status = true, http.StatusSwitchingProtocols
	}
	return conn, buffer, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
