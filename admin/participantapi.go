package admin

import (
	"net/http"
	"strings"
	"time"

	"binnacle/session"
)

// join answers POST /join: the token of a link becomes a credential, once.
func (s *Server) join(w http.ResponseWriter, r *http.Request) error {
	if !s.joins.allow(remote(r, s.proxies), time.Now()) {
		return tooMany("There were too many attempts to join from this address.")
	}
	var body struct {
		Token string `json:"token"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	faults := &invalid{}
	need(faults, "token", body.Token, "must be the token of a join link")
	if err := faults.err(); err != nil {
		return err
	}
	credential, joined, err := s.cfg.Hub.Join(r.Context(), body.Token)
	if err != nil {
		return err
	}
	type person struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Colour string `json:"colour"`
	}
	type call struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	writeJSON(w, http.StatusOK, struct {
		Credential  string    `json:"credential"`
		Expires     time.Time `json:"expires"`
		Participant person    `json:"participant"`
		Call        call      `json:"call"`
	}{credential, joined.Expires.UTC(), person{joined.Participant.ID, joined.Participant.Name, joined.Participant.Colour}, call{joined.CallID, joined.Title}})
	return nil
}

// participant finds out who sent a request to a call's address.
func (s *Server) participant(r *http.Request) (string, error) {
	credential := bearer(r)
	if credential == "" {
		return "", problem(http.StatusUnauthorized, "credential_missing", "You have not joined this call.", "Open your link to the call.")
	}
	call, id, err := s.cfg.Hub.Authenticate(credential)
	if err != nil {
		return "", err
	}
	if call != r.PathValue("call") {
		return "", problem(http.StatusForbidden, "other_call", "You joined another call.", "Open your link to this call.")
	}
	return id, nil
}

// callPresets answers GET /c/{call}/presets: what the menu of an admitted participant shows.
func (s *Server) callPresets(w http.ResponseWriter, r *http.Request) error {
	id, err := s.participant(r)
	if err != nil {
		return err
	}
	call, err := s.cfg.Hub.Call(r.Context(), r.PathValue("call"))
	if err != nil {
		return err
	}
	if who, ok := call.Participant(id); !ok || !who.Admitted {
		return notAdmitted()
	}
	presets, err := s.cfg.Settings.Presets(r.Context())
	if err != nil {
		return err
	}
	type item struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Address string `json:"address"`
	}
	items := make([]item, 0, len(presets))
	for _, p := range presets {
		items = append(items, item{p.ID, p.Name, p.Address})
	}
	writeJSON(w, http.StatusOK, struct {
		Presets []item `json:"presets"`
	}{items})
	return nil
}

func notAdmitted() *session.Error {
	return problem(http.StatusForbidden, "not_admitted", "You are not admitted to this call yet.", "Wait until somebody lets you in.")
}

// callStart answers POST /c/{call}/session: the sender starts a session and navigates first.
func (s *Server) callStart(w http.ResponseWriter, r *http.Request) error {
	id, err := s.participant(r)
	if err != nil {
		return err
	}
	var body struct {
		Preset string `json:"preset"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	faults := &invalid{}
	need(faults, "preset", body.Preset, "must be the id of a preset")
	if err := faults.err(); err != nil {
		return err
	}
	return s.start(w, r, r.PathValue("call"), id, body.Preset)
}

// callSocket answers GET /c/{call}/ws. The credential comes in the first message; the hub checks the origin.
func (s *Server) callSocket(w http.ResponseWriter, r *http.Request) error {
	if err := wantsSocket(w, r); err != nil {
		return err
	}
	s.cfg.Hub.ServeCall(w, r, r.PathValue("call"))
	return nil
}

// sessionSocket answers GET /s/{session}/ws.
func (s *Server) sessionSocket(w http.ResponseWriter, r *http.Request) error {
	if err := wantsSocket(w, r); err != nil {
		return err
	}
	s.cfg.Hub.ServeSession(w, r, r.PathValue("session"))
	return nil
}

// wantsSocket refuses plain requests for a socket's address.
func wantsSocket(w http.ResponseWriter, r *http.Request) error {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return nil
	}
	w.Header().Set("Upgrade", "websocket")
	return problem(http.StatusUpgradeRequired, "not_a_socket", "This address is for a WebSocket.", "Open it as one; docs/PROTOCOL.md says what is spoken.")
}
