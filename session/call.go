package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"binnacle/objects"
)

// Call is a call of the host product: its participants, and whom it lets in. It is one versioned object in the store.
type Call struct {
	ID           string        `json:"id"`
	Title        string        `json:"title"`
	Created      time.Time     `json:"created"`
	Participants []Participant `json:"participants"`
	Colours      int           `json:"colours"` // how many were given out
}

// Participant is a person in a call.
type Participant struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Client   string    `json:"client,omitempty"` // client id, when the person is one
	Admitted bool      `json:"admitted"`         // until then there is nothing but waiting
	Colour   string    `json:"colour"`           // #rrggbb
	Added    time.Time `json:"added"`
}

// NewCall is what CreateCall takes.
type NewCall struct {
	Title        string
	Participants []NewParticipant
}

// NewParticipant is what AddParticipant takes.
type NewParticipant struct {
	Name     string
	Client   string // of a client that PutClient made, or ""
	Admitted bool
}

// Participant returns the participant with that id.
func (c Call) Participant(id string) (Participant, bool) {
	i := slices.IndexFunc(c.Participants, func(p Participant) bool { return p.ID == id })
	if i < 0 {
		return Participant{}, false
	}
	return c.Participants[i], true
}

func callKey(id string) string { return "calls/" + id + ".json" }

func errUnknownCall() *Error {
	return &Error{Code: "call_unknown", Status: http.StatusNotFound, Message: "There is no such call."}
}

func errUnknownParticipant() *Error {
	return &Error{Code: "participant_unknown", Status: http.StatusNotFound, Message: "There is no such participant in the call."}
}

// CreateCall makes a call with its first participants.
func (h *Hub) CreateCall(ctx context.Context, n NewCall) (Call, error) {
	title, err := cleanName("title", n.Title, MaxTitleRunes, true)
	if err != nil {
		return Call{}, err
	}
	c := Call{ID: NewID(), Title: title, Created: time.Now().UTC(), Participants: []Participant{}}
	for _, p := range n.Participants {
		if _, err := h.seat(ctx, &c, p); err != nil {
			return Call{}, err
		}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return Call{}, fmt.Errorf("create call: %w", err)
	}
	if _, err := h.cfg.Store.PutIfAbsent(ctx, callKey(c.ID), body); err != nil {
		return Call{}, fmt.Errorf("create call: %w", err)
	}
	return c, nil
}

// Call returns a call, or an *Error with code call_unknown.
func (h *Hub) Call(ctx context.Context, id string) (Call, error) {
	c, _, err := h.loadCall(ctx, id)
	return c, err
}

// AddParticipant adds a person to a call.
func (h *Hub) AddParticipant(ctx context.Context, callID string, n NewParticipant) (Participant, error) {
	var added Participant
	err := h.changeCall(ctx, callID, func(c *Call) (err error) {
		added, err = h.seat(ctx, c, n)
		return err
	})
	return added, err
}

// Admit lets a participant in, or back out to wait: then the session is over for them.
func (h *Hub) Admit(ctx context.Context, callID, participantID string, admitted bool) (Participant, error) {
	var changed Participant
	err := h.changeCall(ctx, callID, func(c *Call) error {
		for i := range c.Participants {
			if c.Participants[i].ID == participantID {
				c.Participants[i].Admitted = admitted
				changed = c.Participants[i]
				return nil
			}
		}
		return errUnknownParticipant()
	})
	if err == nil && !admitted {
		h.expel(callID, participantID)
	}
	return changed, err
}

// RemoveParticipant takes a person out of the call: their credentials stop working, their sockets are closed.
func (h *Hub) RemoveParticipant(ctx context.Context, callID, participantID string) error {
	err := h.changeCall(ctx, callID, func(c *Call) error {
		if _, ok := c.Participant(participantID); !ok {
			return errUnknownParticipant()
		}
		c.Participants = slices.DeleteFunc(c.Participants, func(p Participant) bool { return p.ID == participantID })
		return nil
	})
	if err == nil {
		h.expel(callID, participantID)
	}
	return err
}

// seat adds a participant with a colour of their own to c.
func (h *Hub) seat(ctx context.Context, c *Call, n NewParticipant) (Participant, error) {
	if len(c.Participants) >= MaxParticipants {
		return Participant{}, &Error{Code: "call_full", Status: http.StatusConflict, Message: fmt.Sprintf("A call has at most %d participants.", MaxParticipants)}
	}
	name, err := cleanName("name", n.Name, MaxNameRunes, false)
	if err != nil {
		return Participant{}, err
	}
	if n.Client != "" {
		if _, err := h.Client(ctx, n.Client); err != nil {
			return Participant{}, err
		}
	}
	p := Participant{ID: NewID(), Name: name, Client: n.Client, Admitted: n.Admitted, Added: time.Now().UTC()}
	p.Colour, c.Colours = freeColour(c.Participants, c.Colours)
	c.Participants = append(c.Participants, p)
	return p, nil
}

func (h *Hub) loadCall(ctx context.Context, id string) (Call, string, error) {
	if !validID(id) {
		return Call{}, "", errUnknownCall()
	}
	body, etag, err := h.cfg.Store.Get(ctx, callKey(id))
	if errors.Is(err, objects.ErrNotFound) {
		return Call{}, "", errUnknownCall()
	}
	if err != nil {
		return Call{}, "", fmt.Errorf("load call %s: %w", id, err)
	}
	var c Call
	if err := json.Unmarshal(body, &c); err != nil {
		return Call{}, "", fmt.Errorf("load call %s: %w", id, err)
	}
	return c, etag, nil
}

// changeCall applies change to the newest version of the call, again when somebody else was faster, and tells the call.
func (h *Hub) changeCall(ctx context.Context, id string, change func(*Call) error) error {
	for {
		c, etag, err := h.loadCall(ctx, id)
		if err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("change call %s: %w", id, err)
		}
		_, err = h.cfg.Store.PutIfMatch(ctx, callKey(id), body, etag)
		switch {
		case err == nil:
			h.callChanged(id)
			return nil
		case !errors.Is(err, objects.ErrChanged) || ctx.Err() != nil:
			return fmt.Errorf("change call %s: %w", id, err)
		}
	}
}
