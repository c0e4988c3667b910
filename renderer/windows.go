package renderer

import (
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// popupTimeout bounds how long a new window may live until its first request shows where it leads.
const popupTimeout = 2 * time.Second

// watchWindows notes where window.open and links with a target lead; the event comes before the new window's.
func (p *Page) watchWindows(s *cdpSession) {
	on(s, page.WindowOpen, func(ev *page.EventWindowOpen) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.opened = ev.URL
	})
}

// popup closes a new window. If it leads to an allowed address by GET, the page itself goes there. It runs on the reader goroutine;
// the window waits, and so does the script that opened it.
func (p *Page) popup(s *cdpSession) {
	p.mu.Lock()
	url := p.opened
	p.opened = ""
	p.mu.Unlock()
	shut := func() {
		post(s.conn.root, target.CloseTarget, target.CloseTargetParams{TargetID: s.info.TargetID})
	}
	if url != "" && !isWeb(url) { // about:blank and the like: its opener could write a page that nothing watches
		// Closed while it waits, it would leave its opener, which is in the same process, waiting for ever.
		post(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		shut()
		p.blocked(url, "new_window")
		return
	}
	done := false // owned by the reader goroutine
	on(s, fetch.RequestPaused, func(ev *fetch.EventRequestPaused) {
		if done || ev.Request == nil {
			return
		}
		done = true
		shut()
		to := ev.Request.URL + ev.Request.URLFragment
		if ev.Request.Method != http.MethodGet || p.policy.blocks(to) != "" || p.nav.held() {
			p.blocked(to, "new_window")
			return
		}
		referrer, _ := ev.Request.Headers["Referer"].(string)
		post(p.top, page.Navigate, page.NavigateParams{URL: to, Referrer: referrer, TransitionType: page.TransitionTypeLink})
	})
	post(s, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*", ResourceType: network.ResourceTypeDocument}}})
	post(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	p.wg.Go(func() {
		timeout := time.NewTimer(popupTimeout)
		defer timeout.Stop()
		select {
		case <-timeout.C:
			shut()
			p.blocked(url, "new_window")
		case <-s.gone:
		case <-p.ctx.Done():
		}
	})
}

func isWeb(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	return strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")
}

// watchDownloads tells of downloads, which Chrome is told to deny.
func (p *Page) watchDownloads(root *cdpSession) {
	on(root, browser.DownloadWillBegin, func(ev *browser.EventDownloadWillBegin) {
		if p.nav.stopped() { // a link with a download attribute makes no navigation that could stop
			p.caster.release()
		}
		p.blocked(ev.URL, "download")
	})
}
