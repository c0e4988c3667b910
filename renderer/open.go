package renderer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
)

// openTimeout bounds Open, from the start of Chrome to the confirmed page.
const openTimeout = 30 * time.Second

// Open starts a Chrome, loads the page and checks address, answer and script tag. It blocks, at most openTimeout. Its error wraps
// ErrNotHTTPS, ErrUnreachable, ErrCertificate, ErrBlocked, ErrHTTPStatus, ErrNoTag, ErrOldTag where one of them is the reason; then
// nothing is left of the page. The caller must Close the page.
func (r *Renderer) Open(ctx context.Context, o Options) (*Page, error) {
	what := plainAddress(o.Address)
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open page %s: %w", what, err)
	}
	pol, err := newPolicy(o.Address, o.Scope)
	if err != nil {
		return nil, fmt.Errorf("open page %s: %w", what, err)
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	var env []string
	if o.TimeZone != "" {
		env = append(env, "TZ="+o.TimeZone)
	}
	c, err := r.startChrome(ctx, r.flags(&o), env)
	if err != nil {
		return nil, fmt.Errorf("open page %s: %w", what, err)
	}
	p := newPage(r, o, pol, c)
	if err := p.open(ctx); err != nil {
		return nil, fmt.Errorf("open page %s: %w", what, errors.Join(err, p.Close()))
	}
	return p, nil
}

// open does the work of Open; the caller closes the page when it fails.
func (p *Page) open(ctx context.Context) error {
	if err := p.attach(ctx); err != nil {
		return err
	}
	p.wg.Go(p.runFrames)
	p.wg.Go(p.runInput)
	p.wg.Go(p.runNavigation)
	p.wg.Go(func() { p.runSnapshots(p.ctx) })
	navigated := make(chan error, 1)
	ask(p.top, page.Navigate, page.NavigateParams{URL: cmp.Or(p.opts.Resume, p.opts.Address)}, func(res page.NavigateResult, err error) {
		if err == nil {
			err = navigateError(res)
		}
		navigated <- err
	})
	for {
		select {
		case err := <-navigated:
			if err == nil {
				continue // the answer came; now the verdict
			}
			if fault := p.nav.openFault(); fault != nil { // the gate knows better than "aborted"
				return fault
			}
			return err
		case err := <-p.nav.verdict:
			if err == nil {
				p.nav.handOver()
				p.outbox.handOver()
			}
			return err
		case <-p.ctx.Done():
			return fmt.Errorf("%s: %w", p.lostReason(), ErrClosed)
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("%w: %w", ErrUnreachable, ctx.Err())
			}
			return ctx.Err()
		}
	}
}

// attach takes the page that Chrome starts with and prepares its session.
func (p *Page) attach(ctx context.Context) error {
	root := p.chrome.conn.root
	first := make(chan *cdpSession, 1)
	root.onAttached(func(s *cdpSession) {
		if s.kind() == "page" && s.info.OpenerID == "" && p.adopt(s) {
			first <- s
			return
		}
		p.attached(s)
	})
	p.watchDownloads(root)
	yes := true
	if _, err := cdp.Call(ctx, root, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: "deny", EventsEnabled: &yes}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, root, target.SetAutoAttach, target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: &yes}); err != nil {
		return err
	}
	select { // the pages that exist are attached before the answer
	case <-first:
	default:
		if _, err := cdp.Call(ctx, root, target.CreateTarget, target.CreateTargetParams{URL: "about:blank", Width: int64(p.opts.Width), Height: int64(p.opts.Height)}); err != nil {
			return err
		}
		select {
		case <-first:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return p.prepareTop(ctx)
}

// navigateError maps the outcome of Page.navigate.
func navigateError(res page.NavigateResult) error {
	text := strings.TrimPrefix(res.ErrorText, "net::")
	switch {
	case res.IsDownload:
		return fmt.Errorf("%w: the address is a download, not a page", ErrUnreachable)
	case text == "":
		return nil
	case strings.HasPrefix(text, "ERR_CERT_") || strings.HasPrefix(text, "ERR_SSL_"):
		return fmt.Errorf("%w: %s", ErrCertificate, text)
	default:
		return fmt.Errorf("%w: %s", ErrUnreachable, text)
	}
}
