package session

import (
	"fmt"
	"time"

	"binnacle/stream"
)

// nextDeadline is when tick has something to do, or zero.
func (s *session) nextDeadline() time.Time {
	if s.rules == nil {
		return time.Time{}
	}
	end, idle := s.born.Add(s.limits.Absolute), s.active.Add(s.limits.Idle)
	if !s.warned.limit {
		end = end.Add(-s.limits.AbsoluteWarning)
	}
	if !s.warned.idle {
		idle = idle.Add(-s.limits.IdleWarning)
	}
	next := end
	for _, t := range []time.Time{idle, s.rules.Next(), s.marks.Next(), s.emptyEnd()} {
		if !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	return next
}

func (s *session) emptyEnd() time.Time {
	if since := s.rules.EmptySince(); !since.IsZero() {
		return since.Add(s.limits.Empty)
	}
	return time.Time{}
}

// tick does what the time of day asks for: places that are given up, marks that fade, warnings, ends.
func (s *session) tick(now time.Time) {
	if s.rules == nil {
		return
	}
	s.marks.Expire(now)
	s.apply(s.rules.Tick(now), "disconnected")
	if end := s.emptyEnd(); !end.IsZero() && !now.Before(end) {
		s.stop(&ending{code: "idle", reason: "nobody was there any more", text: "Co-browsing ended: nobody was there any more."})
		return
	}
	l := s.limits
	switch end := s.born.Add(l.Absolute); {
	case !now.Before(end):
		s.stop(&ending{code: "limit", reason: "time limit", text: "Co-browsing ended: it reached its time limit of " + inWords(l.Absolute) + "."})
		return
	case !s.warned.limit && !now.Before(end.Add(-l.AbsoluteWarning)):
		s.warned.limit = true
		s.notice(stream.Notice{Code: "limit_warning", Level: "warning", Text: "Co-browsing ends in " + inWords(l.AbsoluteWarning) + ": it has reached its time limit."}, "")
	}
	switch end := s.active.Add(l.Idle); {
	case !now.Before(end):
		s.stop(&ending{code: "idle", reason: "idle", text: "Co-browsing ended: nobody used the page for " + inWords(l.Idle) + "."})
	case now.Before(end.Add(-l.IdleWarning)):
		s.warned.idle = false
	case !s.warned.idle:
		s.warned.idle = true
		s.notice(stream.Notice{Code: "idle_warning", Level: "warning", Text: "Nobody uses the page. Co-browsing ends in " + inWords(l.IdleWarning) + "."}, "")
	}
}

// inWords says a duration as people do.
func inWords(d time.Duration) string {
	n, unit := int(d.Round(time.Second)/time.Second), "second"
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		n, unit = int(d/time.Hour), "hour"
	case d >= time.Minute:
		n, unit = int(d.Round(time.Minute)/time.Minute), "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}
