package stream_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"binnacle/stream"

	"github.com/gorilla/websocket"
)

func TestOnlyListedOriginsMayConnect(t *testing.T) {
	h := listen(t, stream.Config{Origins: []string{origin, "null"}})
	for name, origins := range map[string][]string{
		"none": nil, "null": {"null"}, "another": {"https://evil.example"}, "a longer one": {origin + ".evil.example"},
		"a path": {origin + "/"}, "another case": {"https://Bank.example"}, "another scheme": {"http://bank.example"}, "two": {origin, origin},
	} {
		_, res, err := websocket.DefaultDialer.Dial(h.url, http.Header{"Origin": origins})
		if err == nil {
			t.Errorf("origin %s was let in", name)
			continue
		}
		var body struct{ Error stream.Failure }
		if err := json.NewDecoder(res.Body).Decode(&body); res.StatusCode != http.StatusForbidden || err != nil || body.Error.Code != "origin" {
			t.Errorf("origin %s: answer %d, %+v, %v", name, res.StatusCode, body, err)
		}
		if err := wait(t, h.failed, "Accept's error"); !errors.Is(err, stream.ErrOrigin) {
			t.Errorf("origin %s: Accept returned %v, want ErrOrigin", name, err)
		}
	}
}

func TestPlainRequestIsToldWhatTheAddressIs(t *testing.T) {
	h := listen(t, stream.Config{})
	req, err := http.NewRequest(http.MethodGet, "http"+strings.TrimPrefix(h.url, "ws"), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", origin)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusBadRequest || !strings.Contains(string(b), "not_websocket") {
		t.Errorf("answer %d %s, %v", res.StatusCode, b, err)
	}
	if err := wait(t, h.failed, "Accept's error"); err == nil {
		t.Error("Accept took a request that is no WebSocket")
	}
}

func TestHelloOpensTheSocket(t *testing.T) {
	h := listen(t, stream.Config{})
	_, p := join(t, h, nil)
	if got := p.Hello(); got != (stream.Hello{V: 1, Credential: "c"}) {
		t.Errorf("hello = %+v", got)
	}
}

func TestFirstMessageMustBeHello(t *testing.T) {
	for text, want := range map[string]struct {
		code  string
		close int
	}{
		`{"t":"stop"}`: {stream.CodeHello, websocket.ClosePolicyViolation},
		`{"t":"hello","v":2,"credential":"c","new":1}`: {stream.CodeVersion, websocket.ClosePolicyViolation},
		`{"t":"hello","v":1}`:                          {stream.CodeMissingField, websocket.ClosePolicyViolation},
		`hello`:                                        {stream.CodeNotJSON, websocket.ClosePolicyViolation},
		`{"t":"hello","v":1,"credential":"` + strings.Repeat("x", stream.MaxMessageBytes) + `"}`: {stream.CodeTooLarge, websocket.CloseMessageTooBig},
	} {
		h := listen(t, stream.Config{})
		c := dial(t, h, nil)
		c.text(text)
		c.wantFailure(want.code, want.close)
		var fault *stream.Fault
		if err := wait(t, h.failed, "Accept's error"); !errors.As(err, &fault) || fault.Code != want.code {
			t.Errorf("Accept returned %v, want a fault %s", err, want.code)
		}
	}
}

func TestLateHelloEndsTheSocket(t *testing.T) {
	h := listen(t, stream.Config{HelloTimeout: 50 * time.Millisecond})
	c := dial(t, h, nil)
	c.wantFailure(stream.CodeHello, websocket.ClosePolicyViolation)
	if err := wait(t, h.failed, "Accept's error"); err == nil {
		t.Error("Accept took a socket without hello")
	}
}

func TestPingsDoNotReplaceHello(t *testing.T) {
	h := listen(t, stream.Config{HelloTimeout: 200 * time.Millisecond, PongTimeout: time.Hour})
	c := dial(t, h, nil)
	if err := c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c.wantFailure(stream.CodeHello, websocket.ClosePolicyViolation)
}

func TestHelloMayComeOnlyOnce(t *testing.T) {
	h := listen(t, stream.Config{})
	c, _ := join(t, h, nil)
	c.send(stream.Hello{V: 1, Credential: "c"})
	c.wantFailure(stream.CodeHello, websocket.ClosePolicyViolation)
}

func TestConfigTellsAllFaultsAtOnce(t *testing.T) {
	good := stream.Config{Origins: []string{"https://bank.example", "https://bank.example:8443", "http://127.0.0.1:80"}}
	if err := good.Validate(); err != nil {
		t.Errorf("good configuration: %v", err)
	}
	bad := stream.Config{Origins: []string{"*", "null", "https://Bank.example", "https://bank.example/"}, PingInterval: time.Minute, HelloTimeout: -1}
	err := bad.Validate()
	if err == nil || strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("bad configuration: %v, want six faults", err)
	}
}
