package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a tab waits for what it is told to wait for. It only matters when a test fails.
const patience = 30 * time.Second

// browser is the participants' own Chrome: one tab each. It is not the Chrome under test.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// tab is one participant's tab, operated as a person would: by accessible names, mouse and keyboard.
type tab struct {
	t    *testing.T
	name string
	ctx  context.Context
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromeBinary(t)), chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancelBrowser := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start the participants' Chrome: %v", err)
	}
	t.Cleanup(func() { cancelBrowser(); cancel() })
	return &browser{t, ctx}
}

// said records every text that a live region ever held, so that a test can wait for words that come and go.
const said = `(() => {
	window.__said = [];
	const seen = new WeakSet();
	const watch = root => {
		if (seen.has(root)) return;
		seen.add(root);
		const look = () => {
			for (const el of root.querySelectorAll('[role=status],[role=alert],[aria-live]')) {
				const text = el.textContent.trim();
				if (text && window.__said[window.__said.length-1] !== text) window.__said.push(text);
			}
			for (const el of root.querySelectorAll('*')) if (el.shadowRoot) watch(el.shadowRoot);
		};
		new MutationObserver(look).observe(root, {childList: true, subtree: true, characterData: true});
		look();
	};
	watch(document);
})()`

func (b *browser) open(name, address string) *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	tb := &tab{b.t, name, ctx}
	tb.call("prepare", func() error {
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: said}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	tb.call("open "+name, func() error { return chromedp.Do(ctx, chromedp.Navigate(address)) })
	return tb
}

func (tb *tab) call(what string, f func() error) {
	tb.t.Helper()
	if err := f(); err != nil {
		tb.t.Fatalf("%s: %s: %v", tb.name, what, err)
	}
}

// until waits for ok; what names the thing for the failure.
func (tb *tab) until(what string, ok func() (bool, error)) {
	tb.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		done, err := ok()
		if done {
			return
		}
		last = err
		select {
		case <-deadline.C:
			tb.t.Fatalf("%s: waited %s for %s (last error: %v); the page says:\n%s", tb.name, patience, what, last, tb.text())
		case <-tick.C:
		}
	}
}

// query finds the nodes that a person would call so; name "" matches every name.
func (tb *tab) query(role, name string) ([]*accessibility.Node, error) {
	ctx, cancel := context.WithTimeout(tb.ctx, patience/3) // Chrome never answers this while it navigates
	defer cancel()
	root, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return nil, err
	}
	found, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: root.Root.BackendNodeID, Role: role, AccessibleName: name})
	if err != nil {
		return nil, err
	}
	var nodes []*accessibility.Node
	for _, n := range found.Nodes {
		if !n.Ignored {
			nodes = append(nodes, n)
		}
	}
	return nodes, nil
}

// has tells whether the page has it now.
func (tb *tab) has(role, name string) bool {
	nodes, err := tb.query(role, name)
	return err == nil && len(nodes) > 0
}

// wait returns the node once the page has it.
func (tb *tab) wait(role, name string) cdp.BackendNodeID {
	tb.t.Helper()
	var id cdp.BackendNodeID
	tb.until(fmt.Sprintf("%s %q", role, name), func() (bool, error) {
		nodes, err := tb.query(role, name)
		if err == nil && len(nodes) > 0 {
			id = nodes[0].BackendDOMNodeID
		}
		return id != 0, err
	})
	return id
}

// gone waits until the page does not have it any more.
func (tb *tab) gone(role, name string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("the end of %s %q", role, name), func() (bool, error) {
		nodes, err := tb.query(role, name)
		return err == nil && len(nodes) == 0, err
	})
}

// box is the node's place in the tab: x, y, width, height in CSS pixels.
func (tb *tab) box(id cdp.BackendNodeID) (x, y, w, h float64, err error) {
	if _, err = chromedp.Call(tb.ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: id}); err != nil {
		return
	}
	quads, err := chromedp.Call(tb.ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: id})
	if err != nil {
		return
	}
	if len(quads.Quads) == 0 {
		return 0, 0, 0, 0, fmt.Errorf("it has no place on the page")
	}
	q := quads.Quads[0]
	return q[0], q[1], q[2] - q[0], q[5] - q[1], nil
}

// click clicks the middle of it.
func (tb *tab) click(role, name string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("a click on %s %q", role, name), func() (bool, error) {
		id := tb.wait(role, name)
		x, y, w, h, err := tb.box(id)
		if err != nil {
			return false, err
		}
		return true, tb.clickAt(x+w/2, y+h/2)
	})
}

// choose opens the menu of pages and chooses one. When something else in the call closes the menu, it is opened again.
func (tb *tab) choose(preset string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("the menu's item %q", preset), func() (bool, error) {
		if !tb.has("menuitem", preset) && tb.has("button", "Co-browse a page") {
			tb.click("button", "Co-browse a page")
		}
		return tb.has("menuitem", preset), nil
	})
	tb.click("menuitem", preset)
}

func (tb *tab) clickAt(x, y float64) error { return tb.drag([][2]float64{{x, y}}) }

// drag presses at the first point, moves over the others and releases at the last.
func (tb *tab) drag(points [][2]float64) error {
	mouse := func(typ input.DispatchMouseEventType, p [2]float64, button input.MouseButton, buttons int64) error {
		_, err := chromedp.Call(tb.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: typ, X: p[0], Y: p[1], Button: button, Buttons: buttons, ClickCount: 1})
		return err
	}
	if err := mouse(input.DispatchMouseEventTypeMouseMoved, points[0], input.MouseButtonNone, 0); err != nil {
		return err
	}
	if err := mouse(input.DispatchMouseEventTypeMousePressed, points[0], input.MouseButtonLeft, 1); err != nil {
		return err
	}
	for _, p := range points[1:] {
		if err := mouse(input.DispatchMouseEventTypeMouseMoved, p, input.MouseButtonLeft, 1); err != nil {
			return err
		}
	}
	return mouse(input.DispatchMouseEventTypeMouseReleased, points[len(points)-1], input.MouseButtonLeft, 0)
}

// keys types with the keyboard, as kb names keys: each a keydown that carries its text, as a real keyboard's does, and a keyup.
func (tb *tab) keys(keys string) {
	tb.t.Helper()
	tb.call("type", func() error {
		for _, r := range keys {
			events := kb.Encode(r)
			down, up := *events[0], *events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, e := range []input.DispatchKeyEventParams{down, up} {
				if _, err := chromedp.Call(tb.ctx, input.DispatchKeyEvent, e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// eval runs a script in the tab and decodes its value.
func eval[T any](tb *tab, script string) (T, error) {
	return chromedp.Run(tb.ctx, chromedp.Evaluate[T](script))
}

// hears waits until a live region said the words.
func (tb *tab) hears(words string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("the words %q in a live region", words), func() (bool, error) {
		all, err := eval[[]string](tb, "window.__said")
		for _, s := range all {
			if strings.Contains(s, words) {
				return true, nil
			}
		}
		return false, fmt.Errorf("heard %q, error %v", all, err)
	})
}

// text is what the page says, for failures.
func (tb *tab) text() string {
	all, _ := eval[[]string](tb, "window.__said || []")
	body, _ := eval[string](tb, "document.body ? document.body.innerText : ''")
	if shot, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot()); err == nil {
		saveForPeople(tb.t, "failed-"+tb.name+".png", shot)
	}
	said, _ := json.Marshal(all)
	return body + "\nlive regions said: " + string(bytes.TrimSpace(said))
}

func awaitPromise(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }
