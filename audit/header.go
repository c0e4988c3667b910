package audit

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Header says what a session's log is about, before its first record. Its JSON is header.json in the archive.
type Header struct {
	Session    string      `json:"session"` // session id: letters, digits, "-" and "_", at most 64
	Epoch      uint32      `json:"epoch"`   // of the owner that writes the log; zero becomes 1
	Call       string      `json:"call"`
	CallTitle  string      `json:"call_title,omitempty"`
	Preset     string      `json:"preset"`
	PresetName string      `json:"preset_name,omitempty"`
	Address    string      `json:"address"`            // where the session began, without query and fragment
	Opened     time.Time   `json:"opened"`             // zero becomes now
	Insecure   bool        `json:"insecure,omitempty"` // the browser ran without its sandbox
	Chrome     string      `json:"chrome,omitempty"`   // its version
	Agent      string      `json:"agent,omitempty"`    // version of the program in the page
	Node       string      `json:"node,omitempty"`     // which server
	Clients    []ClientRef `json:"clients,omitempty"`  // who takes part from the beginning
}

// ClientRef names a client of the host product and the participant that they are in this session.
type ClientRef struct {
	ID          string `json:"id"`          // client id
	Participant string `json:"participant"` // participant id
	Name        string `json:"name"`        // the participant's name
}

// headerObject is header.json.
type headerObject struct {
	V int `json:"v"`
	Header
}

// prepare checks a header and fills what is left open.
func (h Header) prepare(node string, insecure bool, now time.Time) (Header, error) {
	var faults []error
	if !validSession(h.Session) {
		faults = append(faults, fmt.Errorf("session id %q is not 1 to 64 letters, digits, hyphens and underscores", h.Session))
	}
	if len(h.Clients) > MaxClients {
		faults = append(faults, fmt.Errorf("%d clients, more than %d", len(h.Clients), MaxClients))
	}
	if h.Epoch == 0 {
		h.Epoch = 1
	}
	if h.Opened.IsZero() {
		h.Opened = now
	}
	h.Opened = instant(h.Opened)
	if h.Node == "" {
		h.Node = node
	}
	h.Insecure = h.Insecure || insecure
	c := &clipper{divisor: 1}
	for _, s := range []*string{&h.Call, &h.CallTitle, &h.Preset, &h.PresetName, &h.Chrome, &h.Agent, &h.Node} {
		c.text("", s, MaxNameChars)
	}
	c.text("", &h.Address, MaxAddressChars)
	var clients []ClientRef
	for _, ref := range h.Clients {
		ref, err := ref.prepare()
		if err != nil {
			faults = append(faults, err)
		}
		clients = addClient(clients, ref)
	}
	h.Clients = clients
	return h, errors.Join(faults...)
}

func (r ClientRef) prepare() (ClientRef, error) {
	if r.ID == "" || len(r.ID) > MaxNameChars {
		return r, fmt.Errorf("client id %.40q is not 1 to %d bytes long", r.ID, MaxNameChars)
	}
	r.ID = strings.ToValidUTF8(r.ID, "�")
	c := &clipper{divisor: 1}
	c.text("", &r.Participant, MaxNameChars)
	c.text("", &r.Name, MaxNameChars)
	return r, nil
}

// addClient appends ref unless its client is in the list: one pointer per client and session.
func addClient(list []ClientRef, ref ClientRef) []ClientRef {
	for _, have := range list {
		if have.ID == ref.ID {
			return list
		}
	}
	return append(list, ref)
}

func validSession(id string) bool {
	return id != "" && len(id) <= 64 && validWord(id)
}

func validWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
