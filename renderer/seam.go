package renderer

import (
	"github.com/chromedp/cdproto/cdp"
)

// The seam between the page (this half of the package) and the agent (agent.go, form.go, snapshot.go). The agent's half provides
//
//	type agentState                                              its own state; the field p.agent; the zero value is ready
//	func (p *Page) instrument(s *cdpSession)                     between Page.enable and Runtime.enable of every page and iframe session
//	func (p *Page) sessionGone(s *cdpSession)                    when such a session ended
//	func (p *Page) settleEvents(ctx, s *cdpSession) error        before a gated request of that session goes on
//	func (p *Page) runSnapshots(ctx)                             one goroutine; the page waits for its return
//	func (p *Page) snapshotSoon()                                after load, navigation, Refresh; never blocks
//	func (p *Page) findTag(ctx) (version, integrity string, found bool, err error)
//
// instrument, sessionGone and snapshotSoon run on the reader goroutine of the connection: they only send, ask, post and register.
// The page's half offers p.emit, p.acked, p.sessions, p.frameInfo, p.dialogIsOpen, p.ctx, p.top and p.snapshots.
//
// Text without a key (Input.insertText, imeSetComposition) carries no timestamp in CDP. Right before it the page sends a trusted
// keydown with key "Process", no code, keyCode 229 and the input's timestamp, as browsers do for soft keyboards and input
// methods; so the agent's rule "an input event takes the last trusted pointer or key event in its frame" holds for it as it is.

const (
	// agentWorld is the name of the isolated world of the agent.
	agentWorld = "binnacle"
	// agentBinding is the function in that world through which the agent talks; the page cannot see it.
	agentBinding = "binnacleEmit"
)

// sessions lists the live page and iframe sessions, the page's first. frameID() and kind() tell which.
func (p *Page) sessions() []*cdpSession {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*cdpSession(nil), p.live...)
}

// frameInfo is the address of a frame, without query and fragment, and the title if it is the top one's.
func (p *Page) frameInfo(id cdp.FrameID) FrameInfo {
	p.mu.Lock()
	defer p.mu.Unlock()
	info := FrameInfo{Address: plainAddress(p.tree[id].url)}
	if p.top != nil && id == p.top.frameID() {
		info.Main, info.Title = true, p.title
	}
	return info
}

// dialogIsOpen tells whether a JavaScript dialog stops the page: no evaluate and no input would be answered.
func (p *Page) dialogIsOpen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.dialogs) > 0
}
