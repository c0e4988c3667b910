package admin

import (
	"fmt"
	"net/http"
	"time"

	"binnacle/session"
)

// newParticipant is how a request names a participant.
type newParticipant struct {
	Name     string `json:"name"`
	Client   string `json:"client"`
	Admitted *bool  `json:"admitted"` // default true: the host product has let them into its call
}

func (n newParticipant) tidy(prefix string, faults *invalid) session.NewParticipant {
	own := &invalid{}
	tidy := session.NewParticipant{Name: tidyName(n.Name, own), Client: n.Client, Admitted: n.Admitted == nil || *n.Admitted}
	for _, f := range own.faults {
		faults.add(prefix+f.Field, f.Code, f.Message)
	}
	return tidy
}

// callAnswer is a call as the API shows it.
type callAnswer struct {
	ID           string              `json:"id"`
	Title        string              `json:"title"`
	Created      time.Time           `json:"created"`
	Participants []participantAnswer `json:"participants"`
	Session      *session.SessionRef `json:"session"` // null: none runs
}

type participantAnswer struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Client   string    `json:"client"`
	Admitted bool      `json:"admitted"`
	Colour   string    `json:"colour"`
	Added    time.Time `json:"added"`
}

// showCall adds the session that runs in the call, whoever started it: so the host product finds it.
func (s *Server) showCall(c session.Call) callAnswer {
	shown := callAnswer{ID: c.ID, Title: c.Title, Created: c.Created.UTC(), Participants: []participantAnswer{}, Session: s.cfg.Hub.Running(c.ID)}
	for _, p := range c.Participants {
		shown.Participants = append(shown.Participants, showParticipant(p))
	}
	return shown
}

func showParticipant(p session.Participant) participantAnswer {
	return participantAnswer{ID: p.ID, Name: p.Name, Client: p.Client, Admitted: p.Admitted, Colour: p.Colour, Added: p.Added.UTC()}
}

// addCall answers POST /calls.
func (s *Server) addCall(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Title        string           `json:"title"`
		Participants []newParticipant `json:"participants"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	faults := &invalid{}
	wanted := session.NewCall{Title: body.Title}
	if len(body.Participants) > session.MaxParticipants {
		faults.add("participants", "out_of_range", fmt.Sprintf("must be at most %d", session.MaxParticipants))
	} else {
		for i, p := range body.Participants {
			wanted.Participants = append(wanted.Participants, p.tidy(fmt.Sprintf("participants[%d].", i), faults))
		}
	}
	if err := faults.err(); err != nil {
		return err
	}
	id, err := s.once(r, body, func() (string, error) {
		made, err := s.cfg.Hub.CreateCall(r.Context(), wanted)
		return made.ID, err
	})
	if err != nil {
		return err
	}
	call, err := s.cfg.Hub.Call(r.Context(), id)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/calls/"+id)
	writeJSON(w, http.StatusCreated, s.showCall(call))
	return nil
}

// getCall answers GET /calls/{call}.
func (s *Server) getCall(w http.ResponseWriter, r *http.Request) error {
	call, err := s.cfg.Hub.Call(r.Context(), r.PathValue("call"))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, s.showCall(call))
	return nil
}

// addParticipant answers POST /calls/{call}/participants.
func (s *Server) addParticipant(w http.ResponseWriter, r *http.Request) error {
	var body newParticipant
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	faults := &invalid{}
	wanted := body.tidy("", faults)
	if err := faults.err(); err != nil {
		return err
	}
	callID := r.PathValue("call")
	id, err := s.once(r, body, func() (string, error) {
		added, err := s.cfg.Hub.AddParticipant(r.Context(), callID, wanted)
		return added.ID, err
	})
	if err != nil {
		return err
	}
	call, err := s.cfg.Hub.Call(r.Context(), callID)
	if err != nil {
		return err
	}
	added, ok := call.Participant(id)
	if !ok {
		return unknown("participant")
	}
	writeJSON(w, http.StatusCreated, showParticipant(added))
	return nil
}

// admitParticipant answers PATCH /calls/{call}/participants/{participant}.
func (s *Server) admitParticipant(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Admitted *bool `json:"admitted"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if body.Admitted == nil {
		return &invalid{faults: []FieldFault{{Field: "admitted", Code: "missing", Message: "must be true or false"}}}
	}
	changed, err := s.cfg.Hub.Admit(r.Context(), r.PathValue("call"), r.PathValue("participant"), *body.Admitted)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, showParticipant(changed))
	return nil
}

// removeParticipant answers DELETE /calls/{call}/participants/{participant}.
func (s *Server) removeParticipant(w http.ResponseWriter, r *http.Request) error {
	if err := s.cfg.Hub.RemoveParticipant(r.Context(), r.PathValue("call"), r.PathValue("participant")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// joinLink answers POST /calls/{call}/participants/{participant}/join-link. The token is in the fragment: no server and no
// proxy on the way sees it.
func (s *Server) joinLink(w http.ResponseWriter, r *http.Request) error {
	token, expires, err := s.cfg.Hub.JoinToken(r.Context(), r.PathValue("call"), r.PathValue("participant"), 0)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, struct {
		URL     string    `json:"url"`
		Expires time.Time `json:"expires"`
	}{s.public + "/call#t=" + token, expires.UTC()})
	return nil
}
