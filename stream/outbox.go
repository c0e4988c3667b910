package stream

import (
	"slices"
	"sync"
)

// outbox is what waits for one participant, and nothing more than that: one bounded queue where nothing is lost, and slots where the
// newest wins. It is the only state of a peer that several goroutines share.
type outbox struct {
	wake chan struct{} // capacity 1: there may be something to do

	mu       sync.Mutex
	control  []ServerMessage // at most ControlQueue
	cursor   *Cursor
	lasers   []Laser // at most MaxLasers, one per participant
	snapshot *Snapshot
	picture  *Picture
	pong     *string
	flight   [MaxPicturesInFlight]uint64 // sent and not acknowledged, oldest first
	flying   int
	rested   bool // the last large message was a snapshot: a picture goes first

	ending  bool // no more is taken; what waits is still sent, then final and the close frame
	stopped bool // the socket is gone
	final   ServerMessage
	code    int // of the close frame, 0 once it was given out
	cause   error
}

// item is one thing to write. Exactly one field is set; all empty: nothing to do now.
type item struct {
	message  ServerMessage
	snapshot *Snapshot
	picture  *Picture
	pong     *string
	code     int  // a close frame
	stop     bool // there will never be more
}

func newOutbox() *outbox {
	return &outbox{wake: make(chan struct{}, 1), control: make([]ServerMessage, 0, 16)}
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// put changes the outbox unless it is ending, and wakes the writer.
func (o *outbox) put(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ending {
		change()
		o.signal()
	}
}

// send queues a control message; false: the queue was full, and the participant must be cut off.
func (o *outbox) send(m ServerMessage) (fits bool) {
	fits = true
	o.put(func() {
		if fits = len(o.control) < ControlQueue; fits {
			o.control = append(o.control, m)
		}
	})
	return fits
}

func (o *outbox) setLaser(l Laser) {
	o.put(func() {
		i := slices.IndexFunc(o.lasers, func(have Laser) bool { return have.Participant == l.Participant })
		switch {
		case i >= 0:
			o.lasers[i] = l
		case len(o.lasers) < MaxLasers:
			o.lasers = append(o.lasers, l)
		}
	})
}

// ack takes the picture out of flight, and those sent before it.
func (o *outbox) ack(seq uint64) {
	o.put(func() {
		for i := o.flying - 1; i >= 0; i-- {
			if o.flight[i] == seq {
				o.flying = copy(o.flight[:], o.flight[i+1:o.flying])
				return
			}
		}
	})
}

// end begins the end: the first call decides how. What waits in the queue is still sent unless drop.
func (o *outbox) end(cause error, final ServerMessage, code int, drop bool) (first bool) {
	o.put(func() {
		first, o.ending = true, true
		o.cause, o.final, o.code = cause, final, code
		o.cursor, o.lasers, o.snapshot, o.picture, o.pong = nil, nil, nil, nil, nil
		if drop {
			o.control = nil
		}
	})
	return first
}

// stop tells the writer that the socket is gone; cause counts if nothing ended the peer before.
func (o *outbox) stop(cause error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ending {
		o.ending, o.cause = true, cause
	}
	o.stopped = true
	o.control, o.cursor, o.lasers, o.snapshot, o.picture, o.pong, o.final = nil, nil, nil, nil, nil, nil, nil
	o.signal()
}

func (o *outbox) isEnding() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ending
}

func (o *outbox) why() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cause
}

// next takes out what is written next: control first, then cursor and lasers, then snapshot and picture in turn, so that a page that
// changes all the time cannot keep either away from a slow participant.
func (o *outbox) next() item {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.stopped {
		return item{stop: true}
	}
	if o.pong != nil {
		pong := o.pong
		o.pong = nil
		return item{pong: pong}
	}
	if len(o.control) > 0 {
		m := o.control[0]
		o.control = slices.Delete(o.control, 0, 1)
		return item{message: m}
	}
	if o.ending {
		return o.last()
	}
	if o.cursor != nil {
		m := *o.cursor
		o.cursor = nil
		return item{message: m}
	}
	if len(o.lasers) > 0 {
		m := o.lasers[0]
		o.lasers = slices.Delete(o.lasers, 0, 1)
		return item{message: m}
	}
	pictureNow := o.picture != nil && o.flying < MaxPicturesInFlight
	if s := o.snapshot; s != nil && (!o.rested || !pictureNow) {
		o.snapshot, o.rested = nil, true
		return item{snapshot: s}
	}
	if p := o.picture; pictureNow {
		o.picture, o.rested = nil, false
		o.flight[o.flying] = p.Seq
		o.flying++
		return item{picture: p}
	}
	return item{}
}

// last gives out the final message, then the close frame, then the end.
func (o *outbox) last() item {
	if m := o.final; m != nil {
		o.final = nil
		return item{message: m}
	}
	if code := o.code; code != 0 {
		o.code = 0
		return item{code: code}
	}
	return item{stop: true}
}
