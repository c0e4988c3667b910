package admin

import (
	"errors"
	"net/http"
	"strings"

	"binnacle/session"
)

// clientAnswer is a client as the API shows it.
type clientAnswer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

func showClient(c session.Client) clientAnswer {
	return clientAnswer{ID: c.ID, Name: c.Name, Email: c.Email}
}

// sortKey orders clients as the hub does: by name, then id.
func (c clientAnswer) sortKey() string { return strings.ToLower(c.Name) + "\x00" + c.ID }

// listClients answers GET /clients?query=.
func (s *Server) listClients(w http.ResponseWriter, r *http.Request) error {
	p, err := readPage(r)
	if err != nil {
		return err
	}
	query := r.URL.Query().Get("query")
	if len(query) > 256 {
		return &invalid{faults: []FieldFault{{Field: "query", Code: "out_of_range", Message: "must have at most 256 bytes"}}}
	}
	found, err := s.cfg.Hub.Clients(r.Context(), query)
	if err != nil {
		return err
	}
	shown := make([]clientAnswer, 0, len(found))
	for _, c := range found {
		shown = append(shown, showClient(c))
	}
	writeJSON(w, http.StatusOK, cut(shown, p, clientAnswer.sortKey))
	return nil
}

// addClient answers POST /clients: a new client, with the id that the host product uses, or one of ours.
func (s *Server) addClient(w http.ResponseWriter, r *http.Request) error {
	var body clientAnswer
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	wanted, err := tidyClient(body)
	if err != nil {
		return err
	}
	id, err := s.once(r, body, func() (string, error) {
		if wanted.ID == "" {
			wanted.ID = newID()
		} else if _, err := s.cfg.Hub.Client(r.Context(), wanted.ID); err == nil {
			return "", problem(http.StatusConflict, "client_exists", "A client with this id exists already.", "Change it with PUT.")
		} else if known := (*session.Error)(nil); !errors.As(err, &known) {
			return "", err
		}
		made, err := s.cfg.Hub.PutClient(r.Context(), wanted)
		return made.ID, err
	})
	if err != nil {
		return err
	}
	return s.answerClient(w, r, http.StatusCreated, id)
}

// getClient answers GET /clients/{client}.
func (s *Server) getClient(w http.ResponseWriter, r *http.Request) error {
	return s.answerClient(w, r, http.StatusOK, r.PathValue("client"))
}

// putClient answers PUT /clients/{client}: it makes or replaces the client, so it may be sent again.
func (s *Server) putClient(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	wanted, err := tidyClient(clientAnswer{ID: r.PathValue("client"), Name: body.Name, Email: body.Email})
	if err != nil {
		return err
	}
	made, err := s.cfg.Hub.PutClient(r.Context(), wanted)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, showClient(made))
	return nil
}

func (s *Server) answerClient(w http.ResponseWriter, r *http.Request, status int, id string) error {
	found, err := s.cfg.Hub.Client(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, status, showClient(found))
	return nil
}

// tidyClient validates a client. All faults are told at once.
func tidyClient(c clientAnswer) (session.Client, error) {
	faults := &invalid{}
	tidy := session.Client{ID: c.ID, Name: tidyName(c.Name, faults), Email: strings.TrimSpace(c.Email)}
	if len(c.ID) > session.MaxClientBytes || c.ID != strings.TrimSpace(c.ID) {
		faults.add("id", "out_of_range", "must have at most 120 bytes and no space around it")
	}
	before, after, ok := strings.Cut(tidy.Email, "@")
	if tidy.Email != "" && (!ok || before == "" || after == "" || len(tidy.Email) > session.MaxEmailBytes || strings.ContainsAny(tidy.Email, " \t\r\n")) {
		faults.add("email", "bad_value", "must be an e-mail address")
	}
	return tidy, faults.err()
}
