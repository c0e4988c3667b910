package renderer

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// agentFiles are the agent's parts, one per noun, in the order of agentParts. They share one function scope, so that even the
// agent's own world holds a single name of it: __binnacle.
//
//go:embed agent*.js
var agentFiles embed.FS

const agentParts = "agent_dom.js agent_control.js agent_cause.js agent_report.js agent_press.js agent.js"

func agentSource() string {
	var b strings.Builder
	fmt.Fprintf(&b, "(() => {\n'use strict';\nconst COVER = %s;\n", strconv.Quote(coverSheet))
	for name := range strings.FieldsSeq(agentParts) {
		part, err := agentFiles.ReadFile(name)
		if err != nil {
			panic(err) // the list and the directory differ
		}
		b.Write(part)
	}
	b.WriteString("})();\n")
	return b.String()
}

// agentState is what a page knows of the agents in its frames. The zero value is ready.
type agentState struct {
	form     formQueue
	snapshot snapshotState

	mu      sync.Mutex // guards what follows; never held during a Call
	worlds  map[worldID]*world
	last    uint64        // number of the newest world
	changed chan struct{} // closed and replaced when a world appears
}

// instrument puts the agent into every document of a session's target, the present one and those to come. The order matters: the
// binding must be there when the script runs (Page.enable before, Runtime.enable after it; measured 2026-11-22).
// It runs on the reader goroutine.
func (p *Page) instrument(s *cdpSession) {
	p.agent.form.start(p)
	on(s, runtime.ExecutionContextCreated, func(ev *runtime.EventExecutionContextCreated) { p.worldCreated(s, ev.Context) })
	on(s, runtime.ExecutionContextDestroyed, func(ev *runtime.EventExecutionContextDestroyed) { p.worldDestroyed(s, ev.ExecutionContextUniqueID) })
	on(s, runtime.ExecutionContextsCleared, func(*runtime.EventExecutionContextsCleared) { p.worldDestroyed(s, "") })
	on(s, runtime.BindingCalled, func(ev *runtime.EventBindingCalled) {
		if ev.Name == agentBinding {
			p.agentSays(s, ev.ExecutionContextID, ev.Payload)
		}
	})
	on(s, page.FrameRequestedNavigation, func(ev *page.EventFrameRequestedNavigation) {
		if ev.Reason == page.ClientNavigationReasonFormSubmissionGet || ev.Reason == page.ClientNavigationReasonFormSubmissionPost {
			p.agent.form.put(p, formItem{session: s, navigation: true})
		}
	})
	yes := true
	post(s, runtime.AddBinding, runtime.AddBindingParams{Name: agentBinding, ExecutionContextName: agentWorld})
	post(s, dom.Enable, dom.EnableParams{})
	post(s, css.Enable, cdp.Empty{})
	post(s, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: agentSource(), WorldName: agentWorld, RunImmediately: &yes,
	})
}

// sessionGone forgets the worlds of a session that ended.
func (p *Page) sessionGone(s *cdpSession) {
	p.worldDestroyed(s, "")
	p.snapshotSoon()
}

// agentSays takes one message of an agent. It runs on the reader goroutine. The binding exists in the agent's world alone, so a
// message that does not decode is a fault of ours: evidence would be lost, and the page ends.
func (p *Page) agentSays(s *cdpSession, id runtime.ExecutionContextID, payload string) {
	w := p.world(s, id)
	if w == nil {
		return
	}
	if !w.allow() {
		p.lose(fmt.Sprintf("more than %d form events of one frame at once", MaxFrameBurst))
		return
	}
	m, err := decodeAgentMessage(payload)
	if err != nil {
		p.lose(err.Error())
		return
	}
	if m.Kind == agentDirty {
		p.snapshotSoon()
		return
	}
	p.agent.form.put(p, formItem{session: s, world: w, message: m})
}
