package session

import (
	"errors"
	"time"

	"binnacle/renderer"
	"binnacle/stream"
)

// handleMessage does what a participant asks for, if the rules allow it. What does not count is dropped; an error of one is
// no error for others.
func (s *session) handleMessage(k *socket, m stream.ClientMessage) {
	if s.sockets[k.who.ID] != k {
		return // replaced, or gone
	}
	switch m := m.(type) {
	case stream.Input:
		s.input(k, m)
	case stream.TakeOver:
		s.takeOver(k)
	case stream.Stop:
		s.stopBy(k.who)
	case stream.Leave:
		s.depart(k.who.ID, "left", stream.Ended{Code: "left", By: k.who.ID, Text: "You left co-browsing."})
	case stream.Mark:
		s.mark(k, m)
	case stream.ClearMarks:
		s.clearMarksBy(k)
	case stream.Pointer:
		s.point(k, m)
	case stream.Answer:
		s.answer(k, m)
	case stream.Go:
		s.goTo(k, m)
	}
}

func (s *session) stopBy(who Participant) {
	e := &ending{code: "stopped", reason: "stopped", by: who, text: who.Name + " stopped co-browsing"}
	if who.ID == "" {
		e.reason, e.text = "stopped by the host", "Co-browsing was stopped"
	}
	s.stop(e)
}

// input forwards the navigator's act, stamped with a time that only this input has: with it the page tells what it caused.
func (s *session) input(k *socket, m stream.Input) {
	if s.rules == nil || s.phase != PhaseLive || s.dialog != nil || s.page == nil || s.steers != m.Turn || !s.rules.Accepts(k.who.ID, m.Turn) {
		s.dropped++
		return
	}
	if !s.letGo() { // what the navigator before held down is up before this goes down
		s.busy(k, m)
		return
	}
	now := time.Now()
	in := renderer.Input{Time: s.stamps.Next(now), Kind: renderer.InputKind(m.Kind), Type: m.Type, X: m.X, Y: m.Y, Button: m.Button, Buttons: m.Buttons,
		Clicks: m.Clicks, DX: m.DX, DY: m.DY, Modifiers: m.Mods, Key: m.Key, Code: m.Code, Location: m.Location, Repeat: m.Repeat, Text: m.Text,
		SelStart: m.SelStart, SelEnd: m.SelEnd}
	for _, t := range m.Touches {
		in.Touches = append(in.Touches, renderer.Touch{ID: t.ID, X: t.X, Y: t.Y})
	}
	s.authors.add(in.Time, person(k.who), m.Turn) // before: the page may answer at once
	switch err := s.page.Input(in); {
	case err == nil:
		s.active = now
		s.held.note(k, m.Turn, in)
	case errors.Is(err, renderer.ErrBusy):
		s.busy(k, m)
		return
	default:
		s.dropped++
		return
	}
	if m.Kind == "mouse" {
		s.cursor = stream.Cursor{X: m.X, Y: m.Y, On: true}
		s.each(k.who.ID, func(p *stream.Peer) { p.SetCursor(s.cursor) })
	}
}

// busy drops an input that the page does not take, and says so now and then.
func (s *session) busy(k *socket, m stream.Input) {
	s.dropped++
	if now := time.Now(); m.Type != "move" && now.Sub(s.busyTold) > time.Second {
		s.busyTold = now
		k.peer.Send(stream.Failure{Code: "busy", Message: "The page is busy: what you just did was not taken.", Hint: "Try again in a moment."})
	}
}

// hideCursor takes the navigator's cursor away: nobody navigates, or somebody else.
func (s *session) hideCursor() {
	if s.cursor.On {
		s.cursor = stream.Cursor{}
		s.each("", func(p *stream.Peer) { p.SetCursor(s.cursor) })
	}
}

// navigates tells whether the participant may operate the page now.
func (s *session) navigates(k *socket) bool {
	return s.rules != nil && s.phase == PhaseLive && s.page != nil && s.steers == s.rules.Turn() && s.rules.Accepts(k.who.ID, s.rules.Turn())
}

// goTo moves through the page's history for the navigator.
func (s *session) goTo(k *socket, m stream.Go) {
	if !s.navigates(k) || s.dialog != nil {
		s.dropped++
		return
	}
	s.active = time.Now()
	if err := s.page.Go(m.Where); err != nil {
		k.peer.Send(stream.Failure{Code: "busy", Message: "The page cannot go there now."})
	}
}
