package renderer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
)

const (
	// settleTimeout bounds the look for form events that are still under way in the page before a request goes on. It takes 1 ms
	// (measured 2026-11-22); a page that is busy, or waits in a synchronous request, cannot answer. The events that were sent are
	// waited for in any case, as long as it takes.
	settleTimeout = 500 * time.Millisecond
	// maxPaused bounds the requests that wait at the gate; Chrome itself stops a process at about 2,750 at a time.
	maxPaused = 10000
)

// gate holds requests until the events before them are on disk. One goroutine per session that has requests waiting.
type gate struct {
	mu     sync.Mutex // guards what follows
	queues map[*cdpSession][]pausedRequest
	count  int
}

type pausedRequest struct {
	id  fetch.RequestID
	all bool // a document: any frame's form may have caused it
}

// enableGate pauses what can carry form data out: documents (their answers too), XHR, fetch, beacons. Redirects pause again.
func (p *Page) enableGate(s *cdpSession) {
	var patterns []*fetch.RequestPattern
	for _, t := range []network.ResourceType{network.ResourceTypeDocument, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypePing} {
		patterns = append(patterns, &fetch.RequestPattern{ResourceType: t, RequestStage: fetch.RequestStageRequest})
	}
	patterns = append(patterns, &fetch.RequestPattern{ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse})
	yes := true
	params := fetch.EnableParams{Patterns: patterns, HandleAuthRequests: &yes}
	if s.kind() == "page" || s.kind() == "iframe" {
		need(p, s, fetch.Enable, params)
	} else {
		post(s, fetch.Enable, params)
	}
	if s == p.top {
		// The only way to tell a bad certificate from another failure when the page itself navigates. The commands are old and
		// not in cdproto; Chromium 156 has them.
		s.send("Security.enable", cdp.Empty{}, nil)
		s.send("Security.setOverrideCertificateErrors", map[string]bool{"override": true}, nil)
	}
}

// watchRequests handles the paused requests of a session. Callbacks run on the reader goroutine.
func (p *Page) watchRequests(s *cdpSession) {
	on(s, fetch.RequestPaused, func(ev *fetch.EventRequestPaused) {
		if ev.Request == nil {
			return
		}
		document := ev.ResourceType == network.ResourceTypeDocument
		top := document && s == p.top && ev.FrameID == s.frameID()
		if ev.ResponseStatusCode != 0 || ev.ResponseErrorReason != "" {
			if top && !p.answeredTop(ev) {
				p.abort(s, ev.RequestID)
			} else {
				p.pass(s, ev.RequestID)
			}
			return
		}
		if top {
			url := ev.Request.URL
			p.nav.asks(url)
			if reason := p.policy.blocks(url); reason != "" {
				p.abort(s, ev.RequestID)
				if !p.nav.refuse(fmt.Errorf("%w: to %s", ErrBlocked, originOf(url))) {
					p.blocked(url, reason)
				}
				return
			}
		}
		if p.nav.isOpening() { // no participant can have caused it
			p.pass(s, ev.RequestID)
			return
		}
		p.hold(s, pausedRequest{ev.RequestID, document})
	})
	on(s, fetch.AuthRequired, func(ev *fetch.EventAuthRequired) {
		// Nobody can be asked yet: the server's own 401 page is the answer.
		post(s, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: ev.RequestID,
			AuthChallengeResponse: &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}})
	})
	if s == p.top {
		s.on("Security.certificateError", func(raw jsonv2.Value) {
			var ev struct {
				EventID    int64  `json:"eventId"`
				ErrorType  string `json:"errorType"`
				RequestURL string `json:"requestURL"`
			}
			if decode(raw, &ev) != nil {
				return
			}
			s.send("Security.handleCertificateError", struct {
				EventID int64  `json:"eventId"`
				Action  string `json:"action"`
			}{ev.EventID, "cancel"}, nil)
			if !p.nav.asksFor(ev.RequestURL) {
				return // an iframe's: it stays empty
			}
			if !p.nav.refuse(fmt.Errorf("%w: %.60s", ErrCertificate, ev.ErrorType)) {
				p.blocked(ev.RequestURL, "certificate")
			}
		})
	}
}

// failedTop handles a top-level navigation without an answer: the page that is there stays. It tells whether Chrome's own
// error page may come.
func (p *Page) failedTop(ev *fetch.EventRequestPaused) bool {
	if ev.ResponseErrorReason == network.ErrorReasonAborted {
		return false // by the page, by a later navigation, or by us
	}
	if p.nav.isOpening() {
		return true // Page.navigate tells the precise reason
	}
	p.blocked(ev.Request.URL, "unreachable")
	return false
}

func (p *Page) pass(s *cdpSession, id fetch.RequestID) {
	post(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
}

// abort ends a request. ERR_ABORTED leaves the page that is there; another error would show Chrome's error page (measured).
func (p *Page) abort(s *cdpSession, id fetch.RequestID) {
	post(s, fetch.FailRequest, fetch.FailRequestParams{RequestID: id, ErrorReason: network.ErrorReasonAborted})
}

// hold queues a request at the gate. It runs on the reader goroutine.
func (p *Page) hold(s *cdpSession, r pausedRequest) {
	g := &p.gate
	g.mu.Lock()
	if g.count >= maxPaused {
		g.mu.Unlock()
		p.abort(s, r.id)
		return
	}
	g.count++
	waiting, running := g.queues[s]
	g.queues[s] = append(waiting, r)
	g.mu.Unlock()
	if !running {
		p.wg.Go(func() { p.runGate(s) })
	}
}

// runGate lets the waiting requests of a session go, all that wait at a time, and ends when none is left.
func (p *Page) runGate(s *cdpSession) {
	g := &p.gate
	for {
		g.mu.Lock()
		batch := g.queues[s]
		if len(batch) == 0 {
			delete(g.queues, s)
			g.mu.Unlock()
			return
		}
		g.queues[s] = nil
		g.mu.Unlock()
		from := []*cdpSession{s}
		for _, r := range batch {
			if r.all {
				from = p.sessions()
				break
			}
		}
		err := p.settle(from)
		for _, r := range batch {
			if err == nil {
				p.pass(s, r.id)
			} else {
				p.abort(s, r.id)
			}
		}
		g.mu.Lock()
		g.count -= len(batch)
		g.mu.Unlock()
	}
}

// settle returns when every event that came before is on disk; with an error if one cannot be.
func (p *Page) settle(from []*cdpSession) error {
	for _, s := range from {
		for s != nil && s.kind() != "page" && s.kind() != "iframe" {
			s = s.parent // a worker's requests belong to the frame that made it
		}
		if s == nil {
			continue
		}
		ctx, cancel := context.WithTimeout(p.ctx, settleTimeout)
		_ = p.settleEvents(ctx, s) // what it emitted is waited for below, as long as it takes
		cancel()
	}
	return p.acked(p.ctx)
}
