package session

import (
	"errors"
	"time"

	"binnacle/audit"
	"binnacle/stream"
)

// mark adds to a participant's stroke and shows it to the others; who draws sees their own at once.
func (s *session) mark(k *socket, m stream.Mark) {
	if s.rules == nil || s.phase == PhaseFrozen {
		return
	}
	now := time.Now()
	more, err := s.marks.Add(k.who.ID, k.who.Colour, m, now)
	if e := new(Error); errors.As(err, &e) {
		k.peer.Send(stream.Failure{Code: e.Code, Message: e.Message, Hint: e.Hint})
		return
	}
	s.active = now
	s.each(k.who.ID, func(p *stream.Peer) { p.Send(more) })
}

// clearMarksBy removes all marks at a participant's wish, which is recorded.
func (s *session) clearMarksBy(k *socket) {
	if s.rules == nil || s.phase == PhaseFrozen {
		return
	}
	if !s.clearMarks(k.who.ID) {
		return
	}
	s.record(audit.Record{Kind: audit.KindMarksCleared, By: person(k.who)}, nil)
	s.notice(stream.Notice{Code: "marks_cleared", Level: "info", Participant: k.who.ID, Text: k.who.Name + " cleared the marks"}, "")
}

// clearMarks removes all marks for all; by is "" when the page did it. It tells whether there were any.
func (s *session) clearMarks(by string) bool {
	if !s.marks.Clear() {
		return false
	}
	s.each("", func(p *stream.Peer) { p.Send(stream.MarksCleared{Participant: by}) })
	return true
}

// point moves or hides a participant's laser pointer for the others.
func (s *session) point(k *socket, m stream.Pointer) {
	if s.rules == nil || s.phase == PhaseFrozen {
		return
	}
	l := stream.Laser{Participant: k.who.ID, X: m.X, Y: m.Y, On: m.On}
	if m.On {
		s.lasers[k.who.ID] = l
	} else {
		delete(s.lasers, k.who.ID)
	}
	s.each(k.who.ID, func(p *stream.Peer) { p.SetLaser(l) })
}

func (s *session) hideLaser(id string) {
	if _, on := s.lasers[id]; on {
		delete(s.lasers, id)
		s.each("", func(p *stream.Peer) { p.SetLaser(stream.Laser{Participant: id}) })
	}
}
