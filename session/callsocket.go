package session

import (
	"context"
	"errors"
	"net/http"

	"binnacle/stream"
)

// errUnexpected ends a call socket that says anything.
var errUnexpected = errors.New("a call socket only listens")

// ServeCall is the socket of a call: it sends the whole state of the call at once and after each change, until the
// participant leaves, is removed, or the hub is closed. It blocks until the socket has ended.
func (h *Hub) ServeCall(w http.ResponseWriter, r *http.Request, callID string) {
	peer, c, who, done := h.accept(w, r)
	if peer == nil {
		return
	}
	defer done()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	if who.ID == "" || c.ID != callID {
		h.refuse(ctx, peer, errCredential())
		return
	}
	h.watch(callID, who.ID, peer)
	defer h.unwatch(callID, who.ID, peer)
	err := peer.Run(ctx, func(stream.ClientMessage) error { return errUnexpected })
	if err != nil {
		h.log.Debug("call socket ended", "call", callID, "participant", who.ID, "error", err)
	}
}

// accept makes a socket of the request and finds out who it is. who is zero when the credential does not count. done must be
// called if peer is not nil.
func (h *Hub) accept(w http.ResponseWriter, r *http.Request) (peer *stream.Peer, c Call, who Participant, done func()) {
	if !h.enter() {
		e := errDraining()
		stream.Refuse(w, e.Status, e.Code, e.Message, e.Hint)
		return nil, c, who, nil
	}
	peer, err := stream.Accept(w, r, stream.Config{Origins: h.cfg.Origins, Logger: h.log})
	if err != nil {
		h.log.Debug("socket refused", "error", err)
		h.wg.Done()
		return nil, c, who, nil
	}
	ctx, cancel := context.WithTimeout(h.ctx, storeTime)
	defer cancel()
	c, who, err = h.authenticate(ctx, peer.Hello().Credential)
	if err != nil {
		if !isPublic(err) {
			h.log.Error("credential cannot be checked", "error", err)
		}
		c, who = Call{}, Participant{}
	}
	return peer, c, who, h.wg.Done
}

// refuse ends a socket that was just accepted, with words.
func (h *Hub) refuse(ctx context.Context, peer *stream.Peer, e *Error) {
	peer.Close(stream.Failure{Code: e.Code, Message: e.Message, Hint: e.Hint})
	_ = peer.Run(ctx, func(stream.ClientMessage) error { return nil }) // only to say it
}

// watch makes the peer the participant's call socket; an older one is told that it was replaced.
func (h *Hub) watch(callID, participantID string, peer *stream.Peer) {
	h.mu.Lock()
	if h.watchers[callID] == nil {
		h.watchers[callID] = map[string]*stream.Peer{}
	}
	old := h.watchers[callID][participantID]
	h.watchers[callID][participantID] = peer
	h.mu.Unlock()
	if old != nil {
		old.Close(stream.Ended{Code: "replaced", By: participantID, Text: "You opened the call somewhere else."})
	}
	if h.ctx.Err() != nil {
		peer.Close(nil) // Close looked before it was here
	}
	h.callChanged(callID)
}

func (h *Hub) unwatch(callID, participantID string, peer *stream.Peer) {
	h.mu.Lock()
	if h.watchers[callID][participantID] == peer {
		delete(h.watchers[callID], participantID)
		if len(h.watchers[callID]) == 0 {
			delete(h.watchers, callID)
		}
	}
	h.mu.Unlock()
	h.callChanged(callID)
}

// callNotice is something to say on a call's sockets, to everyone who is admitted, but one.
type callNotice struct {
	except string
	stream.Notice
}

// maxCallNotices is how many may wait for one call; a call has one session at a time.
const maxCallNotices = 16

// callChanged has the sockets of a call told its state, and the notices after it. It never blocks; several changes at once
// are told once.
func (h *Hub) callChanged(callID string, notices ...callNotice) {
	h.mu.Lock()
	if waiting := h.changed[callID]; len(waiting)+len(notices) <= maxCallNotices {
		h.changed[callID] = append(waiting, notices...)
	}
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// run tells calls their states, one after another, so that the last that a socket gets is the newest.
func (h *Hub) run() {
	for {
		select {
		case <-h.wake:
		case <-h.ctx.Done():
			return
		}
		h.mu.Lock()
		changed := h.changed
		h.changed = map[string][]callNotice{}
		h.mu.Unlock()
		for id, notices := range changed {
			h.tellCall(id, notices)
		}
	}
}

func (h *Hub) tellCall(id string, notices []callNotice) {
	h.mu.Lock()
	watched := len(h.watchers[id]) > 0
	h.mu.Unlock()
	if !watched {
		return
	}
	ctx, cancel := context.WithTimeout(h.ctx, storeTime)
	defer cancel()
	c, err := h.Call(ctx, id)
	if err != nil {
		if h.ctx.Err() == nil {
			h.log.Error("call cannot be told", "call", id, "error", err)
		}
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	state := stream.Call{ID: id, Title: c.Title, Participants: []stream.Participant{}}
	for _, p := range c.Participants {
		state.Participants = append(state.Participants, stream.Participant{ID: p.ID, Name: p.Name, Colour: p.Colour, Connected: h.watchers[id][p.ID] != nil})
	}
	if s := h.byCall[id]; s != nil {
		ref := s.ref()
		state.Session = &ref
	}
	for pid, peer := range h.watchers[id] {
		p, ok := c.Participant(pid)
		switch {
		case !ok:
			peer.Close(stream.Ended{Code: "removed", By: pid, Text: "You are not part of this call any more."})
		case !p.Admitted: // learns that there is waiting, and nothing more
			peer.Send(stream.Call{ID: id, You: pid, Participants: []stream.Participant{{ID: p.ID, Name: p.Name, Colour: p.Colour, Connected: true}}})
		default:
			mine := state
			mine.You, mine.Admitted = pid, true
			peer.Send(mine)
			for _, n := range notices {
				if n.except != pid {
					peer.Send(n.Notice)
				}
			}
		}
	}
}
