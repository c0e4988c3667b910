package session

// gate holds what people may see only after the evidence before it is on disk. It keeps the oldest that waits, so that it
// gets through however much follows, and the newest: newest wins in between.
type gate[T any] struct {
	held, next         T
	heldNeed, nextNeed uint64
	full               int // 0, 1: held, 2: held and next
}

// put takes v, which may pass once need records are on disk.
func (g *gate[T]) put(v T, need uint64) {
	if g.full == 0 {
		g.held, g.heldNeed, g.full = v, need, 1
		return
	}
	g.next, g.nextNeed, g.full = v, need, 2
}

// take returns the newest that may pass with durable records on disk.
func (g *gate[T]) take(durable uint64) (v T, ok bool) {
	var zero T
	if g.full > 0 && g.heldNeed <= durable {
		v, ok = g.held, true
		g.held, g.heldNeed, g.next = g.next, g.nextNeed, zero
		g.full--
		if g.full > 0 && g.heldNeed <= durable {
			v = g.held
			g.held, g.full = zero, 0
		}
	}
	return v, ok
}
