package stream

import (
	"fmt"
	"time"

	"golang.org/x/time/rate"
)

// rates are one participant's token buckets. Owned by the reader.
type rates struct {
	moves, inputs, marks, pointers, controls, acks, pings, bytes *rate.Limiter
}

func newRates() *rates {
	return &rates{
		moves:    rate.NewLimiter(MovesPerSecond, MovesBurst),
		inputs:   rate.NewLimiter(InputsPerSecond, InputsBurst),
		marks:    rate.NewLimiter(MarksPerSecond, MarksBurst),
		pointers: rate.NewLimiter(PointersPerSecond, PointersBurst),
		controls: rate.NewLimiter(ControlsPerSecond, ControlsBurst),
		acks:     rate.NewLimiter(AcksPerSecond, AcksBurst),
		pings:    rate.NewLimiter(PingsPerSecond, PingsBurst),
		bytes:    rate.NewLimiter(BytesPerSecond, BytesBurst),
	}
}

// size counts the bytes of a message before it is decoded.
func (r *rates) size(now time.Time, n int) error {
	if r.bytes.AllowN(now, n) {
		return nil
	}
	return tooFast("bytes", BytesPerSecond)
}

// allow counts the message. It is false for one over its rate that the next one replaces, and faults for any other.
func (r *rates) allow(now time.Time, m ClientMessage) (bool, error) {
	switch m := m.(type) {
	case Input:
		if m.Type == "move" {
			return r.moves.AllowN(now, 1), nil
		}
		return count(r.inputs, now, "inputs")
	case Pointer:
		return r.pointers.AllowN(now, 1), nil
	case Mark:
		return count(r.marks, now, "marks")
	case Ack:
		return count(r.acks, now, "acks")
	}
	return count(r.controls, now, "messages of this type")
}

func count(l *rate.Limiter, now time.Time, what string) (bool, error) {
	if l.AllowN(now, 1) {
		return true, nil
	}
	return false, tooFast(what, int(l.Limit()))
}

func tooFast(what string, perSecond int) *Fault {
	return &Fault{Code: CodeTooFast, Message: fmt.Sprintf("more than %d %s a second", perSecond, what)}
}
