package renderer

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// MaxFormQueue is how many messages of agents may wait for their names. More means that the page floods: it ends, and says so.
	MaxFormQueue = 8192
	// settleWait bounds the wait for the agent's comparison. A page that is busy or stands in a synchronous request cannot
	// answer; what its listeners saw has arrived even so (measured 2026-11-22), only what they missed comes later.
	settleWait = 300 * time.Millisecond
	// submitTold is how long a submit event explains the form's navigation; later ones come from form.submit() in a script.
	submitTold = time.Second
)

// formQueue keeps the order of events while Chrome is asked for the names of elements, off the goroutine that reads from Chrome.
type formQueue struct {
	once  sync.Once
	items chan formItem                  // made by start; never closed
	done  chan struct{}                  // made by start; closed when nothing more is emitted
	bare  map[*cdpSession]*pendingSubmit // owned by run
}

type formItem struct {
	body       EventBody // an event that is complete, behind those that were before it
	session    *cdpSession
	world      *world
	message    *agentMessage
	navigation bool            // the session's frame is about to be navigated by a form
	reached    chan<- struct{} // closed when all items before are emitted
}

// pendingSubmit is a form whose data was collected without a submit event.
type pendingSubmit struct {
	event FormEvent // Action "" if there is none
	told  time.Time // when a submit was reported
}

func (q *formQueue) start(p *Page) {
	q.once.Do(func() {
		q.items = make(chan formItem, MaxFormQueue)
		q.done = make(chan struct{})
		q.bare = map[*cdpSession]*pendingSubmit{}
		p.wg.Go(func() { q.run(p.ctx, p) })
	})
}

// put never blocks: it is called on the reader goroutine.
func (q *formQueue) put(p *Page, i formItem) {
	select {
	case q.items <- i:
	default:
		p.lose(fmt.Sprintf("more than %d form events wait", MaxFormQueue))
	}
}

// ended is closed when everything that agents told before the page's end is an event.
func (q *formQueue) ended() <-chan struct{} {
	q.once.Do(func() { // no agent ever was
		q.done = make(chan struct{})
		close(q.done)
	})
	return q.done
}

// run goes on after the page's end until the queue is empty: Chrome gives no names then, but what was done is told.
func (q *formQueue) run(ctx context.Context, p *Page) {
	defer close(q.done)
	for {
		select {
		case i := <-q.items:
			q.take(ctx, p, i)
			continue
		default:
		}
		select {
		case <-ctx.Done():
			if len(q.items) == 0 {
				return
			}
		case i := <-q.items:
			q.take(ctx, p, i)
		}
	}
}

// tellInOrder emits an event behind the form events that came before it. It never blocks.
func (p *Page) tellInOrder(body EventBody) {
	p.agent.form.start(p)
	p.agent.form.put(p, formItem{body: body})
}

func (q *formQueue) take(ctx context.Context, p *Page, i formItem) {
	switch {
	case i.body != nil:
		p.emit(i.body)
	case i.reached != nil:
		close(i.reached)
	case i.navigation:
		b := q.bare[i.session]
		delete(q.bare, i.session)
		if b != nil && b.event.Action != "" && time.Since(b.told) > submitTold {
			p.emit(b.event)
		}
	case i.message.Kind == agentHost:
		if err := p.meetHost(ctx, i.world, i.message.Element.Number); err != nil {
			p.snapshotSoon() // which finds roots, too
		}
	default:
		q.tell(ctx, p, i)
	}
}

func (q *formQueue) tell(ctx context.Context, p *Page, i formItem) {
	ev := p.formEvent(ctx, i.world, i.message)
	switch ev.Action {
	case formData:
		ev.Action = "submitted"
		var told time.Time
		if b := q.bare[i.session]; b != nil {
			told = b.told
		}
		q.bare[i.session] = &pendingSubmit{ev, told}
		return
	case "submitted":
		q.bare[i.session] = &pendingSubmit{told: time.Now()}
	}
	p.emit(ev)
}

// formEvent gives a message its frame, its page and its name.
func (p *Page) formEvent(ctx context.Context, w *world, m *agentMessage) FormEvent {
	top := p.top.frameID()
	ev := FormEvent{
		Action: m.Action, Partial: m.Partial, Input: m.Input,
		Frame: FrameInfo{Address: plainAddress(m.Address), Title: m.Title, Main: w.s == p.top && w.frame == top},
		Element: Element{
			Name: p.accessibleName(ctx, w, &m.Element), Label: m.Element.Label, ID: m.Element.ID, Field: m.Element.Field,
			Type: m.Element.Type, Role: m.Element.Role, Form: m.Element.Form, Secret: m.Element.Secret,
			Key: fmt.Sprintf("%d.%d", w.number, m.Element.Number),
		},
		Length: m.Length, Options: m.Options, Message: m.Message,
	}
	if ev.Frame.Main {
		ev.Page = ev.Frame
	} else {
		ev.Page = p.frameInfo(top)
	}
	for _, f := range m.Files {
		ev.Files = append(ev.Files, File(f))
	}
	if m.By != nil {
		ev.Submitter = p.accessibleName(ctx, w, m.By)
	}
	return ev
}

// settleEvents returns when everything that happened in the session's frames before the call is an event, and every event so far was
// acknowledged. Its error says why nothing may leave Chrome: see acked. ctx bounds the wait for acknowledgements alone: what the agents
// sent before is emitted when it returns, whatever the page does, within settleWait and a nameWait.
func (p *Page) settleEvents(ctx context.Context, s *cdpSession) error {
	if !p.dialogIsOpen() {
		p.compareAll(ctx, s)
	}
	reached := make(chan struct{})
	p.agent.form.put(p, formItem{reached: reached})
	select {
	case <-reached:
	case <-p.ctx.Done():
		return ErrClosed
	}
	return p.acked(ctx)
}

// compareAll lets the agents of a session tell what no event told. Their messages arrive before their answers: Chrome sends both in
// order over the session. A frame that is gone has nothing more to tell.
func (p *Page) compareAll(ctx context.Context, s *cdpSession) {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	var wg sync.WaitGroup
	for _, w := range p.worldsOf(s) {
		wg.Go(func() { _, _ = w.evaluate(ctx, "__binnacle.settle()", true, nil) })
	}
	wg.Wait()
}
