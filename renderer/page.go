package renderer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// Page is one page in one Chrome of its own. Its methods may be called from any goroutine.
type Page struct {
	opts   Options
	policy policy
	log    *slog.Logger
	chrome *chrome
	top    *cdpSession // the page's session; set before anything is sent on it
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	ended  chan struct{} // closed when nothing of the page is left
	endErr error         // valid after ended

	outbox    *outbox
	nav       *navigation
	gate      gate
	caster    *caster
	input     *inputQueue
	frames    chan Frame    // capacity 1, newest wins
	snapshots chan Snapshot // capacity 1, newest wins
	agent     agentState

	mu      sync.Mutex // guards what follows; never held during a callback or a Call
	live    []*cdpSession
	tree    map[cdp.FrameID]treeFrame
	title   string // of the top page
	dialogs []*dialog
	lost    string // why the page was lost; "" while it lives

	lastDialog uint64
	opened     string // where the last window.open leads
	tagVersion string
}

type treeFrame struct{ url string }

// newPage starts the goroutine that ends the page; Close stops everything.
func newPage(r *Renderer, o Options, pol policy, c *chrome) *Page {
	ctx, cancel := context.WithCancel(context.Background())
	p := &Page{
		opts: o, policy: pol, log: r.log, chrome: c, ctx: ctx, cancel: cancel, ended: make(chan struct{}),
		outbox: newOutbox(), nav: newNavigation(), gate: gate{queues: map[*cdpSession][]pausedRequest{}},
		caster: newCaster(), input: newInputQueue(),
		frames: make(chan Frame, 1), snapshots: make(chan Snapshot, 1), tree: map[cdp.FrameID]treeFrame{},
	}
	go p.run() // Close waits for it
	return p
}

// Frames delivers pictures, newest wins. It is closed when the page is gone.
func (p *Page) Frames() <-chan Frame { return p.frames }

// Snapshots delivers the page's meaning, newest wins. It is closed when the page is gone.
func (p *Page) Snapshots() <-chan Snapshot { return p.snapshots }

// Events delivers what the page did, in order. It is closed after Gone, or by Close. Every event wants its Ack.
func (p *Page) Events() <-chan Event { return p.outbox.ch }

// PID is Chrome's browser process, which leads a process group of the same number.
func (p *Page) PID() int { return p.chrome.pid() }

// Version is Chrome's own name and version.
func (p *Page) Version() string { return p.chrome.version }

// Size is the viewport in CSS pixels, and the device pixels per CSS pixel.
func (p *Page) Size() (w, h int, scale float64) { return p.opts.Width, p.opts.Height, p.opts.Scale }

// lose ends the page with Gone. It may be called from callbacks; only the first reason counts.
func (p *Page) lose(reason string) {
	p.mu.Lock()
	if p.lost == "" {
		p.lost = reason
	}
	p.mu.Unlock()
	p.cancel()
}

func (p *Page) lostReason() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// Refresh delivers the last frame once more, and a snapshot of now.
func (p *Page) Refresh() {
	p.caster.again()
	p.snapshotSoon()
}

// Go goes back or forward in the page's history, or reloads it, as where says. It does not block; Navigated follows. The result of a
// POST is not asked for again: its reload is the page of the last GET.
func (p *Page) Go(where string) error {
	if p.ctx.Err() != nil {
		return ErrClosed
	}
	step := map[string]int64{"back": -1, "forward": 1}[where]
	if step == 0 && where != "reload" {
		return fmt.Errorf("%w: %.20q", errUnknownWay, where)
	}
	if p.nav.held() || p.dialogIsOpen() {
		return ErrBusy
	}
	if where == "reload" {
		if point, post := p.nav.checkpoint(); post {
			p.navigate(point)
		} else {
			p.top.send(page.Reload.Method, page.ReloadParams{}, nil)
		}
		return nil
	}
	ask(p.top, page.GetNavigationHistory, cdp.Empty{}, func(h page.GetNavigationHistoryResult, err error) {
		if i := h.CurrentIndex + step; err == nil && i >= 0 && i < int64(len(h.Entries)) && p.policy.blocks(h.Entries[i].URL) == "" {
			post(p.top, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: h.Entries[i].ID})
		}
	})
	return nil
}

func (p *Page) navigate(to string) { post(p.top, page.Navigate, page.NavigateParams{URL: to}) }

// Close kills Chrome, removes its profile and waits until nothing is left. It is idempotent.
func (p *Page) Close() error {
	p.cancel()
	<-p.ended
	return p.endErr
}

// run owns the page's end: when the page is lost, Chrome exits, or Close cancels the context, it takes everything down.
func (p *Page) run() {
	select {
	case <-p.ctx.Done():
	case <-p.chrome.conn.gone:
		p.lose(goneReason(p.chrome.conn.cause()))
	}
	p.mu.Lock()
	lost := p.lost
	p.mu.Unlock()
	<-p.agent.form.ended() // what participants did before belongs into the log
	if lost != "" {
		p.outbox.close(Gone{Reason: lost})
	} else {
		p.outbox.close(nil)
	}
	p.endErr = p.chrome.kill()
	p.wg.Wait()
	close(p.frames)
	close(p.snapshots)
	close(p.ended)
}

func goneReason(err error) string {
	switch {
	case errors.Is(err, errTooLong), errors.Is(err, errNotReading):
		return err.Error()
	default:
		return "Chrome ended"
	}
}
