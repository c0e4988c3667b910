package session

import (
	"context"
	"slices"
	"time"

	"binnacle/audit"
	"binnacle/stream"
)

// socket is a participant's connection to the session: the newest of theirs.
type socket struct {
	peer     *stream.Peer
	who      Participant
	welcomed bool // owned by run: their joining is on disk, they may see
}

// settling is how long those who are in the call join a new session without a word.
const settling = 3 * time.Second

func person(p Participant) *audit.Person {
	if p.ID == "" {
		return nil
	}
	return &audit.Person{ID: p.ID, Name: p.Name, Client: p.Client}
}

// join takes a socket in. An older one of the same participant is told that it was replaced.
func (s *session) join(k *socket) {
	id := k.who.ID
	if old := s.sockets[id]; old != nil {
		old.peer.Close(stream.Ended{Code: "replaced", By: id, Text: "You opened co-browsing somewhere else."})
	}
	if s.rules == nil {
		s.sockets[id] = k
		k.welcomed = true
		s.waiting = append(slices.DeleteFunc(s.waiting, func(w string) bool { return w == id }), id)
		s.tell()
		return
	}
	s.enter(k)
}

// enter makes the socket's participant part of the session and shows them all that there is, once that is on disk.
func (s *session) enter(k *socket) {
	changes, err := s.rules.Join(k.who.ID, k.who.Admitted, time.Now())
	if err != nil {
		delete(s.sockets, k.who.ID)
		k.peer.Close(stream.Failure{Code: "not_admitted", Message: "You are not admitted to this call yet."})
		return
	}
	s.sockets[k.who.ID] = k
	for _, c := range changes {
		if c.Kind == ChangeJoined {
			s.record(audit.Record{Kind: audit.KindJoined, By: person(k.who)}, nil)
			s.addClient(k.who)
		}
	}
	quiet := s.expected(k.who.ID)
	s.after(func(err error) { k.welcomed = k.welcomed || err == nil })
	s.tell()
	s.after(func(err error) {
		if err == nil {
			s.showAll(k)
		}
	})
	for _, c := range changes {
		if c.Kind == ChangeJoined && !quiet {
			s.notice(stream.Notice{Code: "joined", Level: "info", Participant: k.who.ID, Text: k.who.Name + " joined"}, k.who.ID)
		}
	}
}

// expected tells whether it is no news that the participant comes: they were in the call, admitted, when the session was
// started, come for the first time, and no later than settling after it became live. At the start everybody who is in the
// call joins within a second or two, and to read out each to all is noise; the log has all of them. Who is added to the call
// or admitted since, comes late, or comes back after having left is told.
func (s *session) expected(id string) bool {
	awaited := s.awaited[id]
	delete(s.awaited, id)
	return awaited && time.Since(s.born) <= settling
}

// showAll brings a newcomer to where everybody is; the state went before.
func (s *session) showAll(k *socket) {
	if s.picture != nil {
		k.peer.SetPicture(s.picture)
	}
	if s.meaning != nil {
		k.peer.SetSnapshot(*s.meaning)
	}
	for _, l := range s.lasers {
		k.peer.SetLaser(l)
	}
	if s.cursor.On && s.rules.Navigator() != k.who.ID {
		k.peer.SetCursor(s.cursor)
	}
}

// socketGone says that a socket ended. The participant keeps the place for a while, and so does the socket: it knows them.
func (s *session) socketGone(k *socket) {
	id := k.who.ID
	if s.sockets[id] != k {
		return
	}
	if s.rules == nil {
		delete(s.sockets, id)
		s.tell()
		return
	}
	s.hideLaser(id)
	s.apply(s.rules.Away(id, time.Now()), "")
}

// depart takes a participant out; last is what their socket is told.
func (s *session) depart(id, reason string, last stream.ServerMessage) {
	k := s.sockets[id]
	if k == nil {
		return
	}
	k.peer.Close(last)
	if s.rules == nil {
		delete(s.sockets, id)
		s.tell()
		return
	}
	s.apply(s.rules.Leave(id, time.Now()), reason)
}

// takeOver makes a participant the navigator: on disk first, then told to all, then their input counts.
func (s *session) takeOver(k *socket) {
	if s.rules == nil || s.phase == PhaseFrozen {
		return
	}
	changes, err := s.rules.TakeOver(k.who.ID)
	if err != nil || len(changes) == 0 {
		return
	}
	s.active = time.Now()
	s.apply(changes, "")
}

// apply records changes of who is in and who navigates, and tells everyone once they are on disk.
func (s *session) apply(changes []Change, reason string) {
	if len(changes) == 0 {
		return
	}
	var notices []stream.Notice
	for _, c := range changes {
		who := s.known(c.Participant)
		switch c.Kind {
		case ChangeLeft:
			s.hideLaser(c.Participant)
			s.record(audit.Record{Kind: audit.KindLeft, By: person(who), Detail: map[string]string{"reason": reason}}, nil)
			notices = append(notices, stream.Notice{Code: "left", Level: "info", Participant: who.ID, Text: who.Name + " left"})
		case ChangeNavigator:
			detail := map[string]string{"from": c.From}
			if c.From == "" {
				detail = nil
			}
			s.record(audit.Record{Kind: audit.KindTookOver, By: person(who), Detail: detail}, nil)
			turn := s.rules.Turn()
			s.after(func(err error) {
				if err == nil {
					s.steers = turn
				}
			})
			s.after(func(error) { s.hideCursor() })
			notices = append(notices, stream.Notice{Code: "navigator", Level: "info", Participant: who.ID, Text: who.Name + " is now the navigator"})
		case ChangeNoNavigator:
			s.record(audit.Record{Kind: audit.KindNoNavigator, By: person(who)}, nil)
			s.after(func(error) { s.hideCursor() })
			notices = append(notices, stream.Notice{Code: "no_navigator", Level: "warning", Participant: who.ID,
				Text: who.Name + " is gone. Nobody is the navigator: anyone can take over."})
		}
	}
	for _, c := range changes {
		if in, _ := s.rules.In(c.Participant); !in {
			delete(s.sockets, c.Participant)
		}
	}
	s.tell()
	for _, n := range notices {
		s.notice(n, "")
	}
}

// known is the participant with that id, as far as the session has met them.
func (s *session) known(id string) Participant {
	if k := s.sockets[id]; k != nil {
		return k.who
	}
	if id == s.starter.ID {
		return s.starter
	}
	return Participant{ID: id}
}

// tell sends the whole state of now to everyone, once it is on disk.
func (s *session) tell() {
	state := s.state()
	s.after(func(err error) {
		if err == nil {
			s.show(state, s.sockets)
		}
	})
}

// show publishes a state.
func (s *session) show(state stream.State, to map[string]*socket) {
	s.shown.Store(&Info{ID: s.id, Call: s.callID, Preset: s.preset.ID, PresetName: s.preset.Name, Phase: s.phase, Epoch: state.Epoch, Turn: state.Turn,
		Navigator: state.Navigator, StartedBy: s.starter.ID, Address: state.Address, Title: state.Title, Participants: state.Participants, EndsAt: state.EndsAt})
	for id, k := range to {
		if k.welcomed {
			mine := state
			mine.You = id
			k.peer.Send(mine)
		}
	}
}

// notice says something to everyone but one, once all before it is on disk.
func (s *session) notice(n stream.Notice, except string) {
	s.after(func(err error) {
		if err == nil {
			s.each(except, func(p *stream.Peer) { p.Send(n) })
		}
	})
}

// each calls f for everyone who may see, but one.
func (s *session) each(except string, f func(*stream.Peer)) {
	for id, k := range s.sockets {
		if id != except && k.welcomed {
			f(k.peer)
		}
	}
}

// state is the whole state of now, for nobody in particular.
func (s *session) state() stream.State {
	st := stream.State{Session: s.id, Epoch: s.epoch, Phase: s.phase, Participants: []stream.Participant{}, Preset: s.preset.Name, Address: s.address, Title: s.pageTitle,
		Width: s.preset.Width, Height: s.preset.Height, Strokes: s.marks.Strokes(), Dialog: s.dialog.shown()}
	if s.page != nil {
		st.Width, st.Height, _ = s.page.Size()
	}
	if s.rules == nil {
		for _, id := range s.waiting {
			if k := s.sockets[id]; k != nil {
				st.Participants = append(st.Participants, stream.Participant{ID: id, Name: k.who.Name, Colour: k.who.Colour, Connected: true})
			}
		}
		return st
	}
	st.Turn, st.Navigator, st.EndsAt = s.rules.Turn(), s.rules.Navigator(), s.born.Add(s.limits.Absolute).UnixMilli()
	for _, id := range s.rules.Participants() {
		who := s.known(id)
		_, connected := s.rules.In(id)
		role := "observer"
		if id == st.Navigator {
			role = "navigator"
		}
		st.Participants = append(st.Participants, stream.Participant{ID: id, Name: who.Name, Colour: who.Colour, Role: role, Connected: connected})
	}
	return st
}

// addClient notes in the archive that a client took part, so that staff find the session by the client.
func (s *session) addClient(p Participant) {
	if p.Client == "" {
		return
	}
	ref := audit.ClientRef{ID: p.Client, Participant: p.ID, Name: p.Name}
	journal := s.ledger.journal
	select {
	case s.errands <- func(ctx context.Context) error { return journal.AddClient(ctx, ref) }:
	default:
		s.log.Error("client could not be noted", "participant", p.ID, "error", "too many errands wait")
	}
}
