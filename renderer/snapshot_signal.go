package renderer

import "sync"

// newestSignal is a signal of which any number are as good as one. The zero value is ready.
type newestSignal struct {
	once sync.Once
	ch   chan struct{}
}

func (s *newestSignal) wait() <-chan struct{} {
	s.once.Do(func() { s.ch = make(chan struct{}, 1) })
	return s.ch
}

func (s *newestSignal) set() {
	s.wait()
	select {
	case s.ch <- struct{}{}:
	default:
	}
}
