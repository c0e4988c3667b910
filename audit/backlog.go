package audit

import "time"

// Backlog is what is not in the archive yet.
type Backlog struct {
	Journals   int       // sessions with something that waits
	Objects    int       // headers, pointers, segments, closing objects that wait
	Running    int       // journals that are written
	Failed     int       // journals that take nothing any more, also closed ones: the next Open seals them
	Unreadable int       // journals set aside at the last Open
	Oldest     time.Time // since when something waits without progress; zero when nothing does
	Problem    string    // why, for one of them; empty when nothing failed
}

// Backlog returns what waits, for readiness checks and metrics.
func (l *Log) Backlog() Backlog {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := Backlog{Running: len(l.live), Unreadable: l.lost}
	for path, s := range l.ships {
		j := l.live[path]
		if j != nil && j.Err() != nil || j == nil && s.book().end == nil {
			b.Failed++
		}
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
