package renderer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

// A closed shadow root cannot be reached from any script, the agent's included. CDP can: it hands the root to the agent, which
// listens in it like everywhere else. The agent tells of hosts that people touch (meetHost); each snapshot finds the others.

var errNoAnswer = errors.New("page does not answer at the moment")

// meetHost looks for closed roots in an element that the agent asks about.
func (p *Page) meetHost(ctx context.Context, w *world, number int64) error {
	if time.Now().Before(w.slow) || p.dialogIsOpen() {
		return errNoAnswer
	}
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	defer func() {
		if ctx.Err() != nil {
			w.slow = time.Now().Add(nameRest)
		}
	}()
	id, err := w.evaluate(ctx, fmt.Sprintf("__binnacle.node(%d)", number), false, nil)
	if err != nil || id == "" {
		return err
	}
	defer w.release(id)
	depth, pierce := int64(-1), true
	res, err := cdp.Call(ctx, w.s, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: id, Depth: &depth, Pierce: &pierce})
	if err != nil {
		return err
	}
	for _, root := range closedRoots(res.Node) {
		if err := w.addRoot(ctx, root); err != nil {
			return err
		}
	}
	return nil
}

// closedRoots lists the closed roots below a node, but not those of frames in it.
func closedRoots(n *cdp.Node) []cdp.BackendNodeID {
	if n == nil {
		return nil
	}
	var ids []cdp.BackendNodeID
	for _, r := range n.ShadowRoots {
		if r.ShadowRootType == cdp.ShadowRootTypeClosed {
			ids = append(ids, r.BackendNodeID)
		}
		ids = append(ids, closedRoots(r)...)
	}
	for _, c := range n.Children {
		ids = append(ids, closedRoots(c)...)
	}
	return ids
}

// addRoot hands a closed root to the agent; any node in it will do.
func (w *world) addRoot(ctx context.Context, node cdp.BackendNodeID) error {
	res, err := cdp.Call(ctx, w.s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node, ExecutionContextID: w.id})
	if err != nil {
		return err
	}
	if res.Object == nil || res.Object.ObjectID == "" {
		return fmt.Errorf("shadow root of node %d is gone", node)
	}
	defer w.release(res.Object.ObjectID)
	silent := true
	_, err = cdp.Call(ctx, w.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: "function () { __binnacle.addRoot(this) }", ObjectID: res.Object.ObjectID, Silent: &silent,
	})
	return err
}
