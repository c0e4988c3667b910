package renderer

import (
	"context"
	"errors"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// adopt makes the first page of Chrome ours. It tells whether there was none before.
func (p *Page) adopt(s *cdpSession) bool {
	p.mu.Lock()
	if p.top != nil {
		p.mu.Unlock()
		return false
	}
	p.top = s
	p.mu.Unlock()
	on(s, inspector.TargetCrashed, func(*inspector.EventTargetCrashed) { p.lose("the page crashed") })
	s.onEnd(func() {
		if cause := s.conn.cause(); cause != nil {
			p.lose(goneReason(cause))
			return
		}
		p.lose("the page is gone")
	})
	p.prepare(s)
	return true
}

// prepareTop sets what only the page has, and waits until Chrome has done everything that was sent before.
func (p *Page) prepareTop(ctx context.Context) error {
	_, err := cdp.Call(ctx, p.top, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(p.opts.Width), Height: int64(p.opts.Height), // scale 0: the flag's, which is sharp
	})
	if err != nil {
		return err
	}
	post(p.top, page.SetLifecycleEventsEnabled, page.SetLifecycleEventsEnabledParams{Enabled: true})
	p.watchScreencast()
	p.startScreencast(formatPNG)
	_, err = cdp.Call(ctx, p.top, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	return err
}

// attached prepares a child target: it waits until runIfWaitingForDebugger. It runs on the reader goroutine.
func (p *Page) attached(s *cdpSession) {
	switch s.kind() {
	case "iframe":
		p.prepare(s)
	case "page":
		p.popup(s)
		return
	case "worker", "shared_worker", "service_worker":
		p.prepareWorker(s)
	}
	post(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// prepare sets up a page's or iframe's session. The order was found by measuring (2026-11-22): without Page.enable the agent
// silently never ran in out-of-process frames.
func (p *Page) prepare(s *cdpSession) {
	p.mu.Lock()
	p.live = append(p.live, s)
	p.mu.Unlock()
	s.onEnd(func() {
		p.mu.Lock()
		p.live = remove(p.live, s)
		p.mu.Unlock()
		p.dialogsOf(s)
		p.sessionGone(s)
	})
	s.onAttached(p.attached)
	p.watchFrames(s)
	p.watchDialogs(s)
	p.watchWindows(s)
	p.watchRequests(s)
	yes := true
	need(p, s, page.Enable, page.EnableParams{})
	p.instrument(s)
	need(p, s, runtime.Enable, cdp.Empty{})
	need(p, s, target.SetAutoAttach, target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: &yes})
	p.enableGate(s)
	need(p, s, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true})
	need(p, s, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
	post(s, inspector.Enable, cdp.Empty{})
	post(s, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: p.opts.Language}) // once per process; refused the second time
}

// prepareWorker gates what a worker sends; not every kind of worker has the domains.
func (p *Page) prepareWorker(s *cdpSession) {
	yes := true
	s.onAttached(p.attached)
	p.watchRequests(s)
	p.enableGate(s)
	post(s, target.SetAutoAttach, target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: &yes})
}

// need sends a command that the page cannot do without. A target that went away in the meantime is no fault.
func need[P, R any](p *Page, s *cdpSession, c cdp.Command[P, R], params P) {
	ask(s, c, params, func(_ R, err error) {
		var refused *cdproto.Error
		if errors.As(err, &refused) && (refused.Code == errMethodNotFound || refused.Code == errInvalidParams) {
			p.lose("Chrome refused " + c.Method)
		}
	})
}

// JSON-RPC codes that mean that we and this Chrome do not fit.
const (
	errMethodNotFound = -32601
	errInvalidParams  = -32602
)

func remove[T comparable](list []T, x T) []T {
	var out []T
	for _, y := range list {
		if y != x {
			out = append(out, y)
		}
	}
	return out
}
