package session_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"binnacle/renderer"
	"binnacle/session"
)

// page is what a test shows instead of Chrome.
type page struct {
	opts      renderer.Options
	frames    chan renderer.Frame
	snapshots chan renderer.Snapshot
	inputs    chan renderer.Input
	answers   chan string
	went      chan string

	mu     sync.Mutex
	events chan renderer.Event
	closed bool
	panics bool
	busy   atomic.Bool
}

func (p *page) Frames() <-chan renderer.Frame       { return p.frames }
func (p *page) Snapshots() <-chan renderer.Snapshot { return p.snapshots }
func (p *page) Events() <-chan renderer.Event       { return p.events }
func (p *page) Refresh()                            {}
func (p *page) Size() (int, int, float64)           { return 1280, 800, 1 }
func (p *page) Version() string                     { return "Chrome/0 (test)" }
func (p *page) Go(where string) error               { p.went <- where; return nil }

func (p *page) AnswerDialog(_ uint64, accept bool, text string) error {
	if !accept {
		text = "dismissed"
	}
	p.answers <- text
	return nil
}

func (p *page) Input(in renderer.Input) error {
	if p.panics {
		panic("the page's double panics")
	}
	if p.busy.Load() {
		return renderer.ErrBusy
	}
	p.inputs <- in
	return nil
}

func (p *page) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.closed = true
		close(p.events)
	}
	return nil
}

// says sends an event and returns where its acknowledgement arrives.
func (p *page) says(body renderer.EventBody) <-chan error {
	acked := make(chan error, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		acked <- renderer.ErrClosed
		return acked
	}
	p.events <- renderer.Event{Body: body, Ack: func(err error) { acked <- err }}
	return acked
}

// crash loses the page as a killed Chrome does.
func (p *page) crash() {
	p.says(renderer.Gone{Reason: "killed by the test"})
	_ = p.Close()
}

func (p *page) shows(data string) {
	p.frames <- renderer.Frame{Format: "png", Data: []byte(data), Width: 1280, Height: 800, Scale: 1, Taken: time.Now()}
}

// browser opens pages.
type browser struct {
	pages chan *page // as they are opened
	mu    sync.Mutex
	fail  error
	holds chan struct{} // Open waits for it, if there is one
}

func (b *browser) Open(ctx context.Context, o renderer.Options) (session.Page, error) {
	b.mu.Lock()
	fail, holds := b.fail, b.holds
	b.mu.Unlock()
	if holds != nil {
		select {
		case <-holds:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if fail != nil {
		return nil, fail
	}
	p := &page{opts: o, frames: make(chan renderer.Frame, 1), snapshots: make(chan renderer.Snapshot, 1), events: make(chan renderer.Event, 1000),
		inputs: make(chan renderer.Input, 1000), answers: make(chan string, 10), went: make(chan string, 10)}
	b.pages <- p
	return p, nil
}

func (b *browser) set(fail error, holds chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail, b.holds = fail, holds
}

// presets are those of the tests.
type presets struct{}

func (presets) Preset(_ context.Context, id string) (session.Preset, error) {
	if id == "below-apply" {
		return session.Preset{ID: id, Name: "Apply", Address: "https://bank.example/apply", Scope: "prefix"}, nil
	}
	if id != "open-account" {
		return session.Preset{}, &session.Error{Code: "preset_unknown", Status: 404, Message: "There is no such page."}
	}
	return session.Preset{ID: id, Name: "Open an account", Address: "https://bank.example/apply?from=call", Scope: "origin"}, nil
}

func (presets) Presets(context.Context) ([]session.Preset, error) { return nil, errors.ErrUnsupported }

// got takes the next from c, within reason.
func got[T any](t testing.TB, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// none checks that nothing has come.
func none[T any](t testing.TB, c <-chan T, what string) {
	t.Helper()
	select {
	case v := <-c:
		t.Errorf("%s came: %+v", what, v)
	default:
	}
}

const patience = 10 * time.Second
