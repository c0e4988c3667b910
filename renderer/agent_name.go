package renderer

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
)

const (
	// nameWait bounds one question for an accessible name; it takes Chrome about 1 ms, 90 ms when it is the first one of a page
	// with 4,000 fields (measured 2026-11-22). A page that does not answer is asked again after nameRest.
	nameWait = 250 * time.Millisecond
	nameRest = time.Second
	// nameFresh is how long an answer holds while the agent sees the same label.
	nameFresh = 3 * time.Second
	// maxNames bounds the names remembered for one document.
	maxNames = 2000
)

type knownName struct {
	name, label, own string
	at               time.Time
}

// accessibleName asks Chrome what a screen reader would call the element. When Chrome cannot answer now (the element or frame is
// gone, a dialog is open, the page hangs) what the agent read in the document must do. It runs on formQueue.run only.
func (p *Page) accessibleName(ctx context.Context, w *world, e *agentElement) string {
	now := time.Now()
	if k, ok := w.names[e.Number]; ok && k.label == e.Label && k.own == e.Own && now.Sub(k.at) < nameFresh {
		return k.name
	}
	own := firstOf(e.Label, e.Own, e.Field, e.ID)
	if e.Hidden || now.Before(w.slow) || p.dialogIsOpen() {
		return own
	}
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	name, err := w.askName(ctx, e.Number)
	if err != nil {
		if ctx.Err() != nil {
			w.slow = now.Add(nameRest)
		}
		return own
	}
	if len(w.names) >= maxNames {
		clear(w.names)
	}
	name = firstOf(shorten(name, maxAgentName), own)
	w.names[e.Number] = knownName{name, e.Label, e.Own, now}
	return name
}

func (w *world) askName(ctx context.Context, number int64) (string, error) {
	id, err := w.evaluate(ctx, fmt.Sprintf("__binnacle.node(%d)", number), false, nil)
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", fmt.Errorf("element %d is gone", number)
	}
	defer w.release(id)
	return axName(ctx, w.s, id)
}

func axName(ctx context.Context, s *cdpSession, id runtime.RemoteObjectID) (string, error) {
	no := false
	res, err := cdp.Call(ctx, s, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: id, FetchRelatives: &no})
	if err != nil {
		return "", err
	}
	for _, n := range res.Nodes {
		if name := axString(n.Name); name != "" {
			return name, nil
		}
	}
	return "", nil
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}
