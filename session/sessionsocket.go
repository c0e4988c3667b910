package session

import (
	"context"
	"net/http"

	"binnacle/stream"
)

// ServeSession is the socket of a session, for participants who are admitted to the call that owns it. It blocks until the
// socket has ended.
func (h *Hub) ServeSession(w http.ResponseWriter, r *http.Request, sessionID string) {
	peer, c, who, done := h.accept(w, r)
	if peer == nil {
		return
	}
	defer done()
	h.mu.Lock()
	s := h.sessions[sessionID]
	h.mu.Unlock()
	switch {
	case who.ID == "" || s != nil && s.callID != c.ID:
		h.refuse(r.Context(), peer, errCredential())
		return
	case !who.Admitted:
		h.refuse(r.Context(), peer, &Error{Code: "not_admitted", Message: "You are not admitted to this call yet.", Hint: "Wait until you are let in."})
		return
	case s == nil:
		h.refuse(r.Context(), peer, errUnknownSession())
		return
	}
	k := &socket{peer: peer, who: who}
	if !s.do(func() { s.join(k) }) {
		h.refuse(r.Context(), peer, errUnknownSession())
		return
	}
	// A session that ends says so itself to those it knows; the others, whose joining it did not get to, are told here.
	defer context.AfterFunc(s.ctx, func() { peer.Close(s.final.Load().message) })()
	h.recheck(s, k)
	err := peer.Run(r.Context(), func(m stream.ClientMessage) error {
		s.do(func() { s.handleMessage(k, m) })
		return nil
	})
	if err != nil {
		h.log.Debug("session socket ended", "session", s.id, "participant", who.ID, "error", err)
	}
	s.do(func() { s.socketGone(k) })
}

// recheck takes the participant out again who was removed between the look at the call and the joining.
func (h *Hub) recheck(s *session, k *socket) {
	ctx, cancel := context.WithTimeout(h.ctx, storeTime)
	defer cancel()
	c, err := h.Call(ctx, s.callID)
	if err != nil {
		return
	}
	if p, ok := c.Participant(k.who.ID); !ok || !p.Admitted {
		h.expel(s.callID, k.who.ID)
	}
}

// ref tells the call where the session is.
func (s *session) ref() SessionRef {
	return SessionRef{ID: s.id, Path: "/s/" + s.id + "/", Phase: s.shown.Load().Phase, Preset: s.preset.Name, StartedBy: s.starter.ID}
}
