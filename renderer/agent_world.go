package renderer

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"golang.org/x/time/rate"
)

const (
	// MaxFrameRate is how many messages per second one frame's agent may send for long, MaxFrameBurst how many at once. The agent
	// tells what scripts do at a pace far below, except right before a gated request. Above this the page ends: no event may
	// be lost silently.
	MaxFrameRate  = 500
	MaxFrameBurst = 8000
)

type worldID struct {
	s  *cdpSession
	id runtime.ExecutionContextID
}

// world is the agent's isolated world in one document of one frame.
type world struct {
	worldID
	unique string
	number uint64 // of this page's worlds; makes element keys unique
	frame  cdp.FrameID
	limit  *rate.Limiter
	names  map[int64]knownName        // owned by formQueue.run
	slow   time.Time                  // owned by formQueue.run: until then no name is asked for
	roots  map[cdp.BackendNodeID]bool // owned by runSnapshots: nodes whose closed roots the agent has
}

func (w *world) allow() bool { return w.limit.Allow() }

func (p *Page) worldCreated(s *cdpSession, c *runtime.ExecutionContextDescription) {
	if c == nil || c.Name != agentWorld {
		return
	}
	var aux struct {
		FrameID cdp.FrameID `json:"frameId"`
	}
	if decode(c.AuxData, &aux) != nil {
		return
	}
	a := &p.agent
	a.mu.Lock()
	if a.worlds == nil {
		a.worlds = map[worldID]*world{}
	}
	a.last++
	w := &world{worldID: worldID{s, c.ID}, unique: c.UniqueID, number: a.last, frame: aux.FrameID,
		limit: rate.NewLimiter(MaxFrameRate, MaxFrameBurst), names: map[int64]knownName{}, roots: map[cdp.BackendNodeID]bool{}}
	a.worlds[w.worldID] = w
	if a.changed != nil {
		close(a.changed)
		a.changed = nil
	}
	a.mu.Unlock()
	w.cover()
}

// worldDestroyed forgets one world of a session, or all of them.
func (p *Page) worldDestroyed(s *cdpSession, unique string) {
	p.agent.mu.Lock()
	defer p.agent.mu.Unlock()
	for id, w := range p.agent.worlds {
		if id.s == s && (unique == "" || unique == w.unique) {
			delete(p.agent.worlds, id)
		}
	}
}

func (p *Page) world(s *cdpSession, id runtime.ExecutionContextID) *world {
	p.agent.mu.Lock()
	defer p.agent.mu.Unlock()
	return p.agent.worlds[worldID{s, id}]
}

// worldsOf lists the worlds of a session.
func (p *Page) worldsOf(s *cdpSession) []*world {
	p.agent.mu.Lock()
	defer p.agent.mu.Unlock()
	var ws []*world
	for id, w := range p.agent.worlds {
		if id.s == s {
			ws = append(ws, w)
		}
	}
	return ws
}

// worldOf is the newest world of a frame, and a channel that is closed when any world appears.
func (p *Page) worldOf(s *cdpSession, frame cdp.FrameID) (*world, <-chan struct{}) {
	p.agent.mu.Lock()
	defer p.agent.mu.Unlock()
	var newest *world
	for id, w := range p.agent.worlds {
		if id.s == s && w.frame == frame && (newest == nil || w.number > newest.number) {
			newest = w
		}
	}
	if p.agent.changed == nil {
		p.agent.changed = make(chan struct{})
	}
	return newest, p.agent.changed
}

// evaluate runs an expression in the world. byValue decodes the result into value (may be nil); else the object's id is returned, and
// the caller releases the object.
func (w *world) evaluate(ctx context.Context, expression string, byValue bool, value any) (runtime.RemoteObjectID, error) {
	silent := true
	res, err := cdp.Call(ctx, w.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: w.id, Silent: &silent, ReturnByValue: &byValue,
	})
	if err != nil {
		return "", err
	}
	if res.ExceptionDetails != nil || res.Result == nil {
		return "", fmt.Errorf("evaluate in the agent's world: exception")
	}
	if byValue && value != nil && len(res.Result.Value) > 0 {
		if err := decode(res.Result.Value, value); err != nil {
			return "", fmt.Errorf("decode what the agent answered: %w", err)
		}
	}
	return res.Result.ObjectID, nil
}

func (w *world) release(id runtime.RemoteObjectID) {
	if id != "" {
		post(w.s, runtime.ReleaseObject, runtime.ReleaseObjectParams{ObjectID: id})
	}
}
