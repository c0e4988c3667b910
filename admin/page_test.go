package admin_test

import (
	"context"
	"sync"

	"binnacle/renderer"
	"binnacle/session"
)

// pages opens pages that show nothing and do what a test sends into their events: the HTTP rim needs no more of Chrome.
type pages struct {
	mu   sync.Mutex
	fail error // what the next Open returns
	last *page
}

// Open returns a page, or the error that was set.
func (p *pages) Open(_ context.Context, o renderer.Options) (session.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return nil, p.fail
	}
	p.last = &page{events: make(chan renderer.Event, 64), address: o.Address}
	p.last.send(renderer.Navigated{Address: o.Address, Title: "Open an account", Checkpoint: o.Address, TagVersion: "1.0.0"})
	return p.last, nil
}

// page is one of them.
type page struct {
	events  chan renderer.Event
	address string
	once    sync.Once
}

// send lets the page do something and returns a channel that closes once it is on disk.
func (p *page) send(body renderer.EventBody) <-chan struct{} {
	kept := make(chan struct{})
	p.events <- renderer.Event{Body: body, Ack: func(error) { close(kept) }}
	return kept
}

func (p *page) Frames() <-chan renderer.Frame            { return nil }
func (p *page) Snapshots() <-chan renderer.Snapshot      { return nil }
func (p *page) Events() <-chan renderer.Event            { return p.events }
func (p *page) Input(renderer.Input) error               { return nil }
func (p *page) AnswerDialog(uint64, bool, string) error  { return nil }
func (p *page) Go(string) error                          { return nil }
func (p *page) Refresh()                                 {}
func (p *page) Size() (width, height int, scale float64) { return 1280, 800, 1 }
func (p *page) Version() string                          { return "156.0.0.0" }

// Close ends the page's events.
func (p *page) Close() error {
	p.once.Do(func() { close(p.events) })
	return nil
}
