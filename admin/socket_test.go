package admin_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"binnacle/stream"
)

// socket is a participant's socket, as a browser opens it.
type socket struct{ conn *websocket.Conn }

// open opens a socket and says hello. It is closed at the end of the test.
func (w *world) open(t *testing.T, path, credential string) *socket {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(w.url, "http")+path, http.Header{"Origin": {publicURL}})
	if err != nil {
		t.Fatalf("open socket %s: %v", path, err)
	}
	_ = res.Body.Close()
	t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it already
	if err := conn.WriteJSON(map[string]any{"t": "hello", "v": stream.ProtocolVersion, "credential": credential}); err != nil {
		t.Fatal(err)
	}
	return &socket{conn}
}

// wait reads until a message of the type comes.
func (s *socket) wait(t *testing.T, kind string) map[string]any {
	t.Helper()
	if err := s.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		format, data, err := s.conn.ReadMessage()
		if err != nil {
			t.Fatalf("wait for %s: %v", kind, err)
		}
		var message map[string]any
		if format == websocket.TextMessage && json.Unmarshal(data, &message) == nil && message["t"] == kind {
			return message
		}
	}
}
