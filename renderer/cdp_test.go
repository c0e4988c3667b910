package renderer_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"binnacle/renderer"
)

func TestLongMessagesFromChromeAreRefused(t *testing.T) {
	short := append(bytes.Repeat([]byte("x"), 100), 0)
	r := renderer.LimitMessages(io.NopCloser(bytes.NewReader(bytes.Repeat(short, 5))), 100)
	if b, err := io.ReadAll(r); err != nil || len(b) != 5*len(short) {
		t.Errorf("messages of the limit: %d bytes, %v", len(b), err)
	}
	r = renderer.LimitMessages(io.NopCloser(bytes.NewReader(append(short, bytes.Repeat([]byte("x"), 101)...))), 100)
	if _, err := io.ReadAll(r); !errors.Is(err, renderer.ErrTooLong) {
		t.Errorf("a longer one: %v", err)
	}
	if renderer.MaxMessageBytes != 64<<20 {
		t.Errorf("limit = %d", renderer.MaxMessageBytes)
	}
}
