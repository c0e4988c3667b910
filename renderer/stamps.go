package renderer

import (
	"sync"
	"time"
)

// Stamps gives the times of inputs: Unix milliseconds, each greater than the one before. The zero value is ready; methods may be
// called from any goroutine.
type Stamps struct {
	mu   sync.Mutex
	last int64
}

// Next is now, or one more than the last stamp if that is later: it runs ahead of the clock while inputs come faster than one per
// millisecond.
func (s *Stamps) Next(now time.Time) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last+1, now.UnixMilli())
	return s.last
}
