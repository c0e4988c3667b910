package renderer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

const (
	// tagPoll is how often the script tag is looked for until the document is complete: a page with a slow script below the tag
	// need not wait for it.
	tagPoll = 50 * time.Millisecond
	// tagPatience is how long after DOMContentLoaded the tag may still be inserted, if load does not come before.
	tagPatience = 3 * time.Second
	// evaluateTimeout bounds one look into the page; a busy page is asked again.
	evaluateTimeout = 2 * time.Second
	// paintTimeout bounds the wait for the first picture of the page that was returned to.
	paintTimeout = 2 * time.Second
	// returnTimeout bounds the way back from a page that was refused.
	returnTimeout = 10 * time.Second
	// maxMisses is how often in a row the page may be refused: back in history, then the checkpoint, then it is lost.
	maxMisses = 3
)

// runNavigation judges each document that Chrome shows at the top. It is the only one who confirms.
func (p *Page) runNavigation() {
	done := 0
	for {
		n := p.nav
		n.mu.Lock()
		commit, d := n.commit, n.now
		n.mu.Unlock()
		if commit != done {
			done = commit
			p.judge(commit, d)
			continue
		}
		select {
		case <-n.wake:
		case <-p.ctx.Done():
			return
		}
	}
}

// judge confirms the document or leaves it. It returns early when another document came.
func (p *Page) judge(commit int, d document) {
	if d.url == "about:blank" && p.nav.isOpening() && commit == 1 {
		return // where Chrome starts
	}
	if reason := p.policy.blocks(d.url); reason != "" {
		p.leave(commit, d, reason, fmt.Errorf("%w: to %s", ErrBlocked, originOf(d.url)))
		return
	}
	version, integrity, found, current := p.lookForTag(commit)
	switch {
	case !current:
		return
	case !found && d.status >= 400:
		p.leave(commit, d, "http_status", statusError(d.status))
	case !found:
		p.leave(commit, d, "no_tag", ErrNoTag)
	default:
		if err := p.checkTag(version, integrity); err != nil {
			p.leave(commit, d, "old_tag", err)
			return
		}
		p.confirm(commit, d, version)
	}
}

// checkTag tells whether this version of the script tag is supported, with this integrity value.
func (p *Page) checkTag(version, integrity string) error {
	want, ok := p.opts.TagVersions[version]
	switch {
	case !ok:
		return fmt.Errorf("%w: version %.40q", ErrOldTag, version)
	case integrity != want:
		return fmt.Errorf("%w: the integrity value of version %s is not ours", ErrOldTag, version)
	}
	return nil
}

// lookForTag looks until the tag is there, or the document is complete and it is not. current is false when another document came
// or the page ended.
func (p *Page) lookForTag(commit int) (version, integrity string, found, current bool) {
	var deadline time.Time // after DOMContentLoaded
	poll := time.NewTicker(tagPoll)
	defer poll.Stop()
	for {
		n := p.nav
		n.mu.Lock()
		current, parsed, loaded := n.commit == commit, n.parsed == commit, n.loaded == commit
		n.mu.Unlock()
		if !current || p.ctx.Err() != nil {
			return "", "", false, false
		}
		if !p.dialogIsOpen() {
			ctx, cancel := context.WithTimeout(p.ctx, evaluateTimeout)
			v, i, ok, err := p.findTag(ctx)
			cancel()
			switch {
			case err == nil && ok:
				return v, i, true, p.nav.isAt(commit)
			case err == nil && loaded:
				return "", "", false, p.nav.isAt(commit)
			case parsed && deadline.IsZero():
				deadline = time.Now().Add(tagPatience)
			case err == nil && parsed && time.Now().After(deadline):
				return "", "", false, p.nav.isAt(commit)
			}
		}
		select {
		case <-p.nav.wake:
		case <-poll.C:
		case <-p.ctx.Done():
		}
	}
}

func (n *navigation) isAt(commit int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.commit == commit
}

// confirm lets the document be seen and used.
func (p *Page) confirm(commit int, d document, version string) {
	ctx, cancel := context.WithTimeout(p.ctx, evaluateTimeout)
	defer cancel()
	opening := p.nav.isOpening()
	if opening {
		// So that "back" never leads to the blank page that Chrome starts with.
		p.top.Call(ctx, page.ResetNavigationHistory.Method, cdp.Empty{}, nil)
	}
	history, err := cdp.Call(ctx, p.top, page.GetNavigationHistory, cdp.Empty{})
	title := p.readTitle(ctx)
	n := p.nav
	if n.condemned() && !p.painted(commit) {
		return
	}
	n.mu.Lock()
	if n.commit != commit {
		n.mu.Unlock()
		return
	}
	n.entry = 0
	if err == nil && history.CurrentIndex >= 0 && history.CurrentIndex < int64(len(history.Entries)) {
		n.entry = history.Entries[history.CurrentIndex].ID
	}
	d.url = n.now.url
	n.confirmed, n.misses = d, 0
	if d.method != http.MethodPost || n.point == "" {
		n.point = d.url
	}
	point := n.point
	n.holding = false
	n.mu.Unlock()
	p.setTitle(title)
	p.tellInOrder(Navigated{Address: plainAddress(d.url), Title: title, Checkpoint: point, TagVersion: version})
	p.setTagVersion(version)
	p.caster.release()
	p.snapshotSoon()
	if opening {
		select {
		case n.verdict <- nil:
		default:
		}
	}
}

// painted waits until the document is on the screen. Chrome goes on showing the document before for a while, and that one must not be
// seen: frames of it are dropped. It tells whether the document is still the one.
func (p *Page) painted(commit int) bool {
	timeout := time.NewTimer(paintTimeout)
	defer timeout.Stop()
	for late := false; !late; {
		p.nav.mu.Lock()
		current, done := p.nav.commit == commit, p.nav.painted == commit
		p.nav.mu.Unlock()
		if !current {
			return false
		}
		if done {
			break
		}
		select {
		case <-p.nav.wake:
		case <-timeout.C: // a page without any content never paints
			late = true
		case <-p.ctx.Done():
			return false
		}
	}
	p.caster.forget()
	return true
}

// leave goes away from a document that must not be seen: back to the page before, or to the checkpoint.
func (p *Page) leave(commit int, d document, reason string, fault error) {
	if p.nav.refuse(fault) {
		return
	}
	p.blocked(d.url, reason)
	n := p.nav
	n.mu.Lock()
	n.misses++
	misses, entry, post, point := n.misses, n.entry, n.confirmed.method == http.MethodPost, n.point
	n.mu.Unlock()
	if misses >= maxMisses {
		p.lose("the page cannot be shown any more: " + reason)
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, returnTimeout)
	defer cancel()
	// A POST's result is not asked for again: the checkpoint is the address of the last GET.
	if misses == 1 && !post && p.mayReturn(ctx, entry) {
		_, err := cdp.Call(ctx, p.top, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry})
		if err == nil && p.nav.movedOn(p.ctx, commit) {
			return
		}
	}
	res, err := cdp.Call(ctx, p.top, page.Navigate, page.NavigateParams{URL: point})
	if err == nil {
		err = navigateError(res)
	}
	if err != nil && p.nav.isAt(commit) && p.ctx.Err() == nil {
		p.lose("the page cannot be shown any more: " + reason)
	}
}

// mayReturn tells whether the history entry is there and its address, which a script may have replaced, is allowed.
func (p *Page) mayReturn(ctx context.Context, entry int64) bool {
	history, err := cdp.Call(ctx, p.top, page.GetNavigationHistory, cdp.Empty{})
	if err != nil {
		return false
	}
	for i, e := range history.Entries {
		if e.ID == entry {
			return int64(i) != history.CurrentIndex && p.policy.blocks(e.URL) == ""
		}
	}
	return false
}

// movedOn waits until another document is shown, and tells whether one is.
func (n *navigation) movedOn(ctx context.Context, commit int) bool {
	timeout := time.NewTimer(returnTimeout)
	defer timeout.Stop()
	for n.isAt(commit) {
		select {
		case <-n.wake:
		case <-timeout.C:
			return false
		case <-ctx.Done():
			return true
		}
	}
	n.signal() // it was taken from runNavigation
	return true
}

// movedInPage tells of an address that the document gave itself.
func (p *Page) movedInPage() {
	p.nav.mu.Lock()
	url, point := p.nav.confirmed.url, p.nav.point
	p.nav.mu.Unlock()
	p.mu.Lock()
	title, version := p.title, p.tagVersion
	p.mu.Unlock()
	p.tellInOrder(Navigated{Address: plainAddress(url), Title: title, Checkpoint: point, InPage: true, TagVersion: version})
}

// blocked tells of a refused navigation, unless Open runs, which returns it.
func (p *Page) blocked(url, reason string) {
	if !p.nav.isOpening() {
		p.tellInOrder(Blocked{Address: plainAddress(url), Reason: reason})
	}
}

// readTitle reads document.title in the agent's world: Chrome's own "title" of a page without one is its address, query and all.
func (p *Page) readTitle(ctx context.Context) string {
	world, err := cdp.Call(ctx, p.top, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: p.top.frameID(), WorldName: agentWorld})
	if err != nil {
		return ""
	}
	res, err := cdp.Call(ctx, p.top, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.title", ContextID: world.ExecutionContextID})
	if err != nil || res.Result == nil {
		return ""
	}
	var title string
	if decode(res.Result.Value, &title) != nil {
		return ""
	}
	return cut(title, maxTitle)
}

// maxTitle bounds titles, in characters.
const maxTitle = 300

func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

func (p *Page) setTitle(title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.title = title
}

func (p *Page) setTagVersion(v string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tagVersion = v
}

func statusError(status int64) error {
	return fmt.Errorf("%w: %d %s", ErrHTTPStatus, status, http.StatusText(int(status)))
}

func withoutFragment(url string) string {
	url, _, _ = strings.Cut(url, "#")
	return url
}

// leavesTheWeb tells whether an address opens another program: mailto:, tel: and unknown schemes.
func leavesTheWeb(url string) bool {
	scheme, _, ok := strings.Cut(url, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "about", "blob", "data", "javascript", "chrome-error", "chrome", "filesystem", "view-source":
		return false // judged as requests or documents
	}
	return true
}

var errUnknownWay = errors.New("not a way to go: back, forward, reload")
