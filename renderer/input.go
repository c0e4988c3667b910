package renderer

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

const (
	// maxInput bounds the inputs that wait for Chrome; then Input returns ErrBusy.
	maxInput = 512
	// maxInFlight bounds the input commands that Chrome has not acknowledged: a page that hangs takes no more.
	maxInFlight = 64
	// maxInputText bounds inserted text, in bytes.
	maxInputText = 64 << 10
	// maxTouches is how many fingers a touch may have.
	maxTouches = 10
	// maxCoordinate bounds coordinates and wheel distances, CSS pixels.
	maxCoordinate = 1e6
	// After a press, the focus moves to a frame of another process on a way of its own: one key in 1,000 that followed at once was
	// lost (measured 2026-11-22). So with such frames, keys wait until focusSettle after the press was acknowledged, but never longer
	// than focusTimeout.
	focusSettle  = 30 * time.Millisecond
	focusTimeout = 250 * time.Millisecond
)

var errInput = errors.New("input makes no sense")

// Input queues an act of the navigator and returns at once: ErrBusy when the queue is full, ErrClosed after the end, and an error when
// the input makes no sense. Order is kept; mouse moves and wheel turns that wait are merged with the next. Input into a page that
// is not confirmed, or that stands in a dialog, is dropped: nobody sees what it would do.
func (p *Page) Input(in Input) error {
	if p.ctx.Err() != nil {
		return ErrClosed
	}
	if err := checkInput(&in); err != nil {
		return err
	}
	return p.input.put(in)
}

func checkInput(in *Input) error {
	fault := func(what string) error { return fmt.Errorf("%w: %s", errInput, what) }
	for _, v := range []float64{in.X, in.Y, in.DX, in.DY} {
		if math.IsNaN(v) || math.Abs(v) > maxCoordinate {
			return fault("coordinates")
		}
	}
	switch in.Kind {
	case InputMouse:
		if mouseType(in.Type) == "" || mouseButton(in.Button) == "" || in.Clicks < 0 || in.Clicks > 3 || in.Buttons < 0 || in.Buttons > 31 {
			return fault("mouse")
		}
	case InputWheel:
	case InputKey:
		if in.Type != "down" && in.Type != "up" || len(in.Key) > 32 || len(in.Code) > 32 || in.Location < 0 || in.Location > 3 {
			return fault("key")
		}
	case InputText, InputCompose:
		if len(in.Text) > maxInputText {
			return fault("text is too long")
		}
	case InputTouch:
		if touchType(in.Type) == "" || len(in.Touches) > maxTouches || (in.Type == "start" || in.Type == "move") && len(in.Touches) == 0 {
			return fault("touch")
		}
		seen := map[int]bool{}
		for _, t := range in.Touches {
			if math.IsNaN(t.X) || math.IsNaN(t.Y) || math.Abs(t.X) > maxCoordinate || math.Abs(t.Y) > maxCoordinate || seen[t.ID] {
				return fault("touch")
			}
			seen[t.ID] = true
		}
	default:
		return fault("kind")
	}
	if in.Modifiers < 0 || in.Modifiers > 15 {
		return fault("modifiers")
	}
	return nil
}

// inputQueue is bounded: full means ErrBusy.
type inputQueue struct {
	wake chan struct{} // capacity 1

	mu   sync.Mutex // guards list
	list []Input
}

func newInputQueue() *inputQueue { return &inputQueue{wake: make(chan struct{}, 1)} }

func (q *inputQueue) put(in Input) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.list); n > 0 && merge(&q.list[n-1], in) {
		return nil
	}
	if len(q.list) >= maxInput {
		return ErrBusy
	}
	q.list = append(q.list, in)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// take removes the first input.
func (q *inputQueue) take() (Input, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.list) == 0 {
		q.list = nil // the array behind it may be long
		return Input{}, false
	}
	in := q.list[0]
	q.list = q.list[1:]
	return in, true
}

// merge puts next into last if nothing between them would be lost: a move to another place, a turn of the wheel at the same place.
func merge(last *Input, next Input) bool {
	if last.Kind != next.Kind || last.Modifiers != next.Modifiers || last.Buttons != next.Buttons {
		return false
	}
	switch {
	case next.Kind == InputMouse && last.Type == "move" && next.Type == "move":
		*last = next
	case next.Kind == InputWheel && last.X == next.X && last.Y == next.Y:
		next.DX += last.DX
		next.DY += last.DY
		*last = next
	default:
		return false
	}
	return true
}

// runInput sends the inputs to Chrome in order. It never waits for a dialog: Chrome acknowledges nothing while one is open.
func (p *Page) runInput() {
	h := hand{p: p, flight: make(chan struct{}, maxInFlight)}
	for {
		in, ok := p.input.take()
		if !ok {
			select {
			case <-p.input.wake:
				continue
			case <-p.ctx.Done():
				return
			}
		}
		if p.nav.held() || p.dialogIsOpen() {
			continue
		}
		if !h.act(in) {
			return
		}
	}
}
