package renderer

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/domsnapshot"
)

// A captured page is one document per frame: what Chrome's accessibility tree says of it, and from DOMSnapshot what that does not
// say: boxes, and the attributes that make a secret. DOMSnapshot costs a fifth of the tree (150 of 800 ms for 40,000 nodes, 2026-11-22).

// framePart is one frame's document.
type framePart struct {
	session *cdpSession
	frame   cdp.FrameID
	doc     *docPart
	ax      []*accessibility.Node
	inside  *framePart        // the frame that holds it
	owner   cdp.BackendNodeID // the iframe element there
}

// capture reads all frames. It fails when the top one cannot be read; another that goes away meanwhile is left out.
func (p *Page) capture(ctx context.Context) (*Snapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, snapshotWait)
	defer cancel()
	frames := map[cdp.FrameID]*framePart{}
	var order []*framePart
	for _, s := range p.sessions() {
		parts, err := p.captureSession(ctx, s)
		if err != nil && s == p.top {
			return nil, err
		}
		for _, f := range parts {
			if frames[f.frame] == nil {
				frames[f.frame] = f
				order = append(order, f)
			}
		}
	}
	top := frames[p.top.frameID()]
	if top == nil {
		return nil, errors.New("snapshot has no top document")
	}
	holders(ctx, order, frames)
	b := newSnapshotBuilder(order)
	s := b.build(top)
	return s, nil
}

// captureSession reads the documents of one process.
func (p *Page) captureSession(ctx context.Context, s *cdpSession) ([]*framePart, error) {
	res, err := cdp.Call(ctx, s, domsnapshot.CaptureSnapshot, domsnapshot.CaptureSnapshotParams{ComputedStyles: []string{}})
	if err != nil {
		return nil, err
	}
	var parts []*framePart
	byDocument := map[int64]*framePart{}
	for i, d := range res.Documents {
		doc, err := newDocPart(d, res.Strings)
		if err != nil {
			return nil, err
		}
		f := &framePart{session: s, frame: cdp.FrameID(doc.text(d.FrameID)), doc: doc}
		ax, err := cdp.Call(ctx, s, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{FrameID: f.frame})
		if err != nil {
			if i == 0 {
				return nil, err
			}
			continue
		}
		f.ax = ax.Nodes
		parts = append(parts, f)
		byDocument[int64(i)] = f
		p.meetRoots(ctx, f)
	}
	for _, f := range parts {
		for node, inner := range f.doc.frames {
			if child := byDocument[inner]; child != nil {
				child.inside, child.owner = f, f.doc.backend[node]
			}
		}
	}
	return parts, nil
}

// holders finds where out-of-process frames stand: only their parents' processes know.
func holders(ctx context.Context, order []*framePart, frames map[cdp.FrameID]*framePart) {
	for _, f := range order {
		s := f.session
		if f.inside != nil || s.parent == nil || f.frame != s.frameID() {
			continue
		}
		res, err := cdp.Call(ctx, s.parent, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: f.frame})
		if err != nil {
			continue
		}
		for _, g := range order {
			if _, here := g.doc.index[res.BackendNodeID]; here && g.session == s.parent {
				f.inside, f.owner = g, res.BackendNodeID
			}
		}
	}
	for _, f := range order {
		f.doc.place(ctx, f)
	}
}

// place asks where the frame's content begins inside its element's border.
func (d *docPart) place(ctx context.Context, f *framePart) {
	if f.inside == nil {
		return
	}
	res, err := cdp.Call(ctx, f.inside.session, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: f.owner})
	if err != nil || res.Model == nil || len(res.Model.Content) < 2 || len(res.Model.Border) < 2 {
		return
	}
	d.insetX, d.insetY = res.Model.Content[0]-res.Model.Border[0], res.Model.Content[1]-res.Model.Border[1]
}

// meetRoots hands the closed shadow roots of a frame to its agent, and learns which controls the agent knows to be secret though they
// do not look it any more.
func (p *Page) meetRoots(ctx context.Context, f *framePart) {
	w, _ := p.worldOf(f.session, f.frame)
	if w == nil {
		return
	}
	for _, id := range f.doc.closed {
		if !w.roots[id] && w.addRoot(ctx, id) == nil { // one that is gone needs no agent
			w.roots[id] = true
		}
	}
	ids, err := w.formerSecrets(ctx)
	if err != nil {
		return
	}
	for _, id := range ids {
		if i, ok := f.doc.index[id]; ok {
			f.doc.secret[i] = true
		}
	}
}

// formerSecrets lists controls that were secret once: a page may show a password by turning its field into one for text.
func (w *world) formerSecrets(ctx context.Context) ([]cdp.BackendNodeID, error) {
	var numbers []int64
	if _, err := w.evaluate(ctx, "__binnacle.secrets()", true, &numbers); err != nil {
		return nil, err
	}
	var ids []cdp.BackendNodeID
	for _, n := range numbers {
		id, err := w.evaluate(ctx, fmt.Sprintf("__binnacle.node(%d)", n), false, nil)
		if err != nil {
			return nil, err
		}
		if id == "" {
			continue
		}
		res, err := cdp.Call(ctx, w.s, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: id})
		w.release(id)
		if err == nil && res.Node != nil {
			ids = append(ids, res.Node.BackendNodeID)
		}
	}
	return ids, nil
}
