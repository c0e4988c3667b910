package renderer

import (
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
)

// navigation is where the top page stands. While it holds, no frame goes out and no input goes in: the document that Chrome shows
// or is about to show was not confirmed. The reader goroutine tells it what Chrome does, runNavigation judges.
type navigation struct {
	wake    chan struct{} // capacity 1: something changed
	verdict chan error    // capacity 1: what Open waits for

	mu        sync.Mutex // guards what follows
	opening   bool       // faults go to Open, not to the events
	fault     error      // why the gate refused the page that Open loads
	asked     string     // address of the last top-level request
	coming    *document  // answered, not yet shown
	now       document   // shown
	commit    int        // counts documents and addresses that need a judgement
	parsed    int        // the commit whose DOM is complete
	loaded    int        // the commit whose load event was fired
	painted   int        // the commit whose first picture is on the screen
	holding   bool
	confirmed document // the last document that may be seen
	entry     int64    // its history entry
	point     string   // checkpoint: address of the last GET
	misses    int      // how many times in a row the page had to be left
}

// document is one answer to a top-level navigation.
type document struct {
	url    string
	method string // "" when no request was made: about:blank, blob:
	status int64
	at     time.Time // when the answer came
}

func newNavigation() *navigation {
	return &navigation{wake: make(chan struct{}, 1), verdict: make(chan error, 1), opening: true, holding: true}
}

func (n *navigation) signal() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// held tells whether frames and input must wait.
func (n *navigation) held() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.holding || n.coming != nil && time.Since(n.coming.at) < comingTimeout
}

// comingTimeout bounds the wait for an answered document to be shown: it may turn out to be none.
const comingTimeout = 5 * time.Second

func (n *navigation) isOpening() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.opening
}

func (n *navigation) openFault() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.fault
}

func (n *navigation) handOver() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.opening = false
}

// refuse notes the first reason why the page that Open loads is refused; it tells whether Open runs.
func (n *navigation) refuse(fault error) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.opening {
		return false
	}
	if n.fault == nil {
		n.fault = fault
	}
	select {
	case n.verdict <- n.fault:
	default:
	}
	return true
}

// asks notes the address of a top-level request.
func (n *navigation) asks(url string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = url
}

// asksFor tells whether the last top-level request was for that address.
func (n *navigation) asksFor(url string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return sameDocumentAddress(n.asked, url)
}

// answered: the server answered a top-level navigation; the document may be shown any moment.
func (n *navigation) answered(d document) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.coming = &d
}

// stopped: the top frame loads no more. If the answer was no document (a download, 204), the old one stays.
func (n *navigation) stopped() (released bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	released = n.coming != nil && !n.holding
	n.coming = nil
	return released
}

// shown: Chrome shows another document.
func (n *navigation) shown(url string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := document{url: url}
	if n.coming != nil && sameDocumentAddress(n.coming.url, url) {
		d = *n.coming
		d.url = url
	}
	n.coming = nil
	n.now = d
	n.commit++
	n.holding = true
	n.signal()
}

// moved: the document changed its own address. It tells whether that needs a judgement.
func (n *navigation) moved(url string, allowed bool) (judge bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now.url = url
	if allowed && !n.holding {
		n.confirmed.url = url
		if n.confirmed.method != "POST" {
			n.point = url
		}
		return false
	}
	n.holding = true
	n.commit++
	n.parsed, n.loaded = n.commit, n.commit
	n.signal()
	return true
}

// checkpoint is the address of the last GET, and whether what is shown is a POST's result.
func (n *navigation) checkpoint() (point string, post bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.point, n.confirmed.method == "POST"
}

func (n *navigation) domReady() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.parsed = n.commit
	n.signal()
}

func (n *navigation) loadFired() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.loaded = n.commit
	n.signal()
}

func (n *navigation) firstPaint() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.painted = n.commit
	n.signal()
}

// sameDocumentAddress compares without fragments, which requests do not have.
func sameDocumentAddress(a, b string) bool {
	return withoutFragment(a) == withoutFragment(b)
}

// watchFrames follows the frames of one session, and the top one's navigation.
func (p *Page) watchFrames(s *cdpSession) {
	top := func(id cdp.FrameID) bool { return s == p.top && id == s.frameID() }
	on(s, page.FrameNavigated, func(ev *page.EventFrameNavigated) {
		p.mu.Lock()
		if top(ev.Frame.ID) {
			clear(p.tree) // the frames of the document before
		}
		p.tree[ev.Frame.ID] = treeFrame{url: ev.Frame.URL}
		p.mu.Unlock()
		if top(ev.Frame.ID) {
			p.caster.reset()
			p.nav.shown(ev.Frame.URL + ev.Frame.URLFragment)
		}
		p.snapshotSoon()
	})
	on(s, page.NavigatedWithinDocument, func(ev *page.EventNavigatedWithinDocument) {
		p.mu.Lock()
		p.tree[ev.FrameID] = treeFrame{url: ev.URL}
		p.mu.Unlock()
		if top(ev.FrameID) && !p.nav.moved(ev.URL, p.policy.blocks(ev.URL) == "") {
			p.movedInPage()
		}
		p.snapshotSoon()
	})
	on(s, page.FrameDetached, func(ev *page.EventFrameDetached) {
		if ev.Reason == page.FrameDetachedReasonSwap {
			return // it goes on in a session of its own
		}
		p.mu.Lock()
		delete(p.tree, ev.FrameID)
		p.mu.Unlock()
	})
	on(s, page.FrameStartedNavigating, func(ev *page.EventFrameStartedNavigating) {
		// mailto:, tel: and the like make no request and no document.
		if top(ev.FrameID) && leavesTheWeb(ev.URL) {
			p.blocked(ev.URL, "other_scheme")
		}
	})
	on(s, page.FrameStoppedLoading, func(ev *page.EventFrameStoppedLoading) {
		if top(ev.FrameID) && p.nav.stopped() {
			p.caster.release()
		}
	})
	on(s, page.DomContentEventFired, func(*page.EventDomContentEventFired) {
		if s == p.top {
			p.nav.domReady()
		}
		p.snapshotSoon()
	})
	on(s, page.LifecycleEvent, func(ev *page.EventLifecycleEvent) {
		if top(ev.FrameID) && ev.Name == "firstPaint" {
			p.nav.firstPaint()
		}
	})
	on(s, page.LoadEventFired, func(*page.EventLoadEventFired) {
		if s == p.top {
			p.nav.loadFired()
		}
		p.snapshotSoon()
	})
}

// answeredTop looks at the answer to a top-level navigation before Chrome shows it. It tells whether the answer goes on.
func (p *Page) answeredTop(ev *fetch.EventRequestPaused) bool {
	d := document{url: ev.Request.URL + ev.Request.URLFragment, method: ev.Request.Method, status: ev.ResponseStatusCode, at: time.Now()}
	switch {
	case ev.ResponseErrorReason != "":
		return p.failedTop(ev)
	case d.status >= 300 && d.status < 400 && d.status != 304:
		return true // the gate sees where it leads
	case d.status >= 400 && p.nav.isOpening():
		p.nav.refuse(statusError(d.status))
		return false
	}
	p.nav.answered(d)
	return true
}
