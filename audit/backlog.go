package audit

import "time"

// Backlog is what is not in the archive yet.
type Backlog struct {
	Journals   int       // sessions with something that waits
	Objects    int       // headers, pointers, segments, closing objects that wait
	Running    int       // journals that are written
	Failed     int       // of these, the ones that take nothing any more
	Unreadable int       // journals set aside at the last Open
	Oldest     time.Time // since when something waits without progress; zero when nothing does
	Problem    string    // why, for one of them; empty when nothing failed
}

// Backlog returns what waits, for readiness checks and metrics.
func (l *Log) Backlog() Backlog {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := Backlog{Running: len(l.live), Unreadable: l.lost}
	for _, j := range l.live {
		if j.Err() != nil {
			b.Failed++
		}
	}
	for _, s := range l.ships {
		missing, since, problem := s.standing()
		if missing == 0 {
			continue
		}
		b.Journals++
		b.Objects += missing
		if b.Oldest.IsZero() || since.Before(b.Oldest) {
			b.Oldest, b.Problem = since, problem
		}
	}
	return b
}
