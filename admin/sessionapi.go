package admin

import (
	"net/http"

	"binnacle/session"
)

// sessionAnswer tells where a session is.
type sessionAnswer struct {
	Session session.SessionRef `json:"session"`
}

// startSession answers POST /calls/{call}/session: the host product starts it in the name of a participant.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Preset string `json:"preset"`
		By     string `json:"by"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	faults := &invalid{}
	need(faults, "preset", body.Preset, "must be the id of a preset")
	need(faults, "by", body.By, "must be the id of the participant who starts")
	if err := faults.err(); err != nil {
		return err
	}
	return s.start(w, r, r.PathValue("call"), body.By, body.Preset)
}

// start blocks until the page is shown or the reason why not is known.
func (s *Server) start(w http.ResponseWriter, r *http.Request, call, by, preset string) error {
	ref, err := s.cfg.Hub.Start(r.Context(), call, by, preset)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/sessions/"+ref.ID)
	writeJSON(w, http.StatusCreated, sessionAnswer{ref})
	return nil
}

// stopSession answers DELETE /calls/{call}/session. ?by= names the participant in whose name; without it the log says that
// the host product stopped it.
func (s *Server) stopSession(w http.ResponseWriter, r *http.Request) error {
	if err := s.cfg.Hub.Stop(r.Context(), r.PathValue("call"), r.URL.Query().Get("by")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// getSession answers GET /sessions/{session}.
func (s *Server) getSession(w http.ResponseWriter, r *http.Request) error {
	info, err := s.cfg.Hub.State(r.Context(), r.PathValue("session"))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, info)
	return nil
}

// need notes a field that must not be empty.
func need(faults *invalid, field, value, message string) {
	if value == "" {
		faults.add(field, "missing", message)
	}
}
