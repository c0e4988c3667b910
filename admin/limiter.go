package admin

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// MaxLimitedAddresses is how many addresses a limiter remembers; the one that was quiet longest is forgotten first.
const MaxLimitedAddresses = 4096

// limiter allows each address a rate of something. An IPv6 network of 64 bits counts as one address: it is one customer.
type limiter struct {
	every rate.Limit
	burst int

	mu     sync.Mutex // guards the two below
	known  map[netip.Prefix]*list.Element
	recent *list.List // of *limited; the one used last is in front
}

type limited struct {
	who    netip.Prefix
	bucket *rate.Limiter
}

func newLimiter(every rate.Limit, burst int) *limiter {
	return &limiter{every: every, burst: burst, known: map[netip.Prefix]*list.Element{}, recent: list.New()}
}

// allow takes one; false means that the address had too many.
func (l *limiter) allow(addr netip.Addr, now time.Time) bool {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	who, err := addr.Prefix(bits)
	if err != nil { // no address at all: they all share one bucket
		who = netip.Prefix{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.known[who]
	if !ok {
		if l.recent.Len() >= MaxLimitedAddresses {
			last := l.recent.Back()
			delete(l.known, l.recent.Remove(last).(*limited).who)
		}
		at = l.recent.PushFront(&limited{who: who, bucket: rate.NewLimiter(l.every, l.burst)})
		l.known[who] = at
	}
	l.recent.MoveToFront(at)
	return at.Value.(*limited).bucket.AllowN(now, 1)
}
