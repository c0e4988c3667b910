package renderer

import (
	"context"
	"fmt"
	"sync"
)

// maxEvents bounds the events that wait for the receiver. More means that nobody reads: the page ends.
const maxEvents = 4096

// outbox is the ordered queue of events and what was acknowledged of it.
type outbox struct {
	mu      sync.Mutex
	ch      chan Event // room for maxEvents and Gone
	closed  bool
	gate    bool            // acked waits; not before the page was handed over
	next    uint64          // number of the next event
	low     uint64          // all events below are acknowledged
	early   map[uint64]bool // acknowledged, but one before is not
	err     error           // first acknowledgement with an error
	waiting map[*ackWaiter]bool
}

type ackWaiter struct {
	upTo uint64
	done chan struct{}
}

func newOutbox() *outbox {
	return &outbox{ch: make(chan Event, maxEvents+1), early: map[uint64]bool{}, waiting: map[*ackWaiter]bool{}}
}

// put queues the event, unless the outbox is closed. It never blocks and tells whether there was room.
func (o *outbox) put(body EventBody) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return true
	}
	if len(o.ch) >= maxEvents {
		return false
	}
	o.add(body)
	return true
}

func (o *outbox) add(body EventBody) {
	n := o.next
	o.next++
	var once sync.Once
	o.ch <- Event{Body: body, Ack: func(err error) { once.Do(func() { o.ack(n, err) }) }}
}

// close ends the queue, after last if that is not nil. Waiters are told by their contexts.
func (o *outbox) close(last EventBody) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.closed = true
	if last != nil {
		o.add(last)
	}
	close(o.ch)
}

func (o *outbox) ack(n uint64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil && o.err == nil {
		o.err = err
	}
	if n == o.low {
		for o.low++; o.early[o.low]; o.low++ {
			delete(o.early, o.low)
		}
	} else {
		o.early[n] = true
	}
	for w := range o.waiting {
		if o.err != nil || o.low >= w.upTo {
			close(w.done)
			delete(o.waiting, w)
		}
	}
}

// handOver makes acked wait from now on.
func (o *outbox) handOver() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gate = true
}

// wait returns when every event so far was acknowledged, or one was with an error.
func (o *outbox) wait(ctx context.Context) error {
	o.mu.Lock()
	if !o.gate || o.err != nil || o.low >= o.next {
		err := o.err
		o.mu.Unlock()
		return err
	}
	w := &ackWaiter{o.next, make(chan struct{})}
	o.waiting[w] = true
	o.mu.Unlock()
	select {
	case <-w.done:
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.err
	case <-ctx.Done():
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.waiting, w)
		return ctx.Err()
	}
}

// emit queues an event for the receiver. It never blocks; when maxEvents wait, the page ends.
func (p *Page) emit(body EventBody) {
	if !p.outbox.put(body) {
		p.lose(fmt.Sprintf("%d events wait and nobody takes them", maxEvents))
	}
}

// acked returns when every event emitted so far was acknowledged with nil; with an error when one was acknowledged with an
// error, or ctx or the page ended. While Open runs nobody can acknowledge, and no participant can have caused an event: it
// returns at once.
func (p *Page) acked(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	return p.outbox.wait(ctx)
}
