package renderer

import (
	"encoding/base64"
	"fmt"
	"io"
)

// For tests of what has no outside: the pure policy, and the limits of the connection.

// Policy is the decision which addresses a preset allows.
func Policy(home string, s Scope) (blocks func(address string) (reason string), err error) {
	p, err := newPolicy(home, s)
	return p.blocks, err
}

// PlainAddress is what people and logs see of an address.
func PlainAddress(s string) string { return plainAddress(s) }

// LimitMessages is the reader that refuses long messages.
func LimitMessages(r io.ReadCloser, limit int) io.Reader {
	return &limitedReader{ReadCloser: r, max: limit}
}

// ErrTooLong is what it returns.
var ErrTooLong = errTooLong

// KeyEvent is what Chrome is told of a key: its text, virtual key code, modifiers.
func KeyEvent(in Input) (text string, code, modifiers int) {
	k := keyEvent(in, 0)
	return k.Text, k.Windows, k.Modifiers
}

// NewOutbox is the queue of events without a page.
func NewOutbox() *outbox {
	o := newOutbox()
	o.handOver()
	return o
}

func (o *outbox) Put(b EventBody) bool { return o.put(b) }
func (o *outbox) Events() <-chan Event { return o.ch }
func (o *outbox) Close(last EventBody) { o.close(last) }

var (
	Acked     = (*outbox).wait
	MaxEvents = maxEvents
	MaxInput  = maxInput
)

// ScreencastMessage is a Page.screencastFrame with a picture of n bytes, and DecodeFrame the size of the picture in one.
func ScreencastMessage(n int) []byte {
	return fmt.Appendf(nil, `{"data":"%s","metadata":{"offsetTop":0,"pageScaleFactor":1,"deviceWidth":1280,"deviceHeight":800,"scrollOffsetX":0,"scrollOffsetY":0,"timestamp":1795369905.7},"sessionId":7}`,
		base64.StdEncoding.EncodeToString(make([]byte, n)))
}

func DecodeFrame(b []byte) int {
	ev, err := decodeFrame(b)
	if err != nil {
		return -1
	}
	return len(ev.Data)
}
