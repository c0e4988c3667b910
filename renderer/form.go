package renderer

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of what an agent may say. The agent keeps far below them; they hold if it were to be wrong.
const (
	MaxAgentMessageBytes = 64 << 10 // one message
	MaxAgentOptions      = 51       // chosen options: 50 and a last one that counts the rest
	MaxAgentFiles        = 51       // chosen files, likewise
	maxAgentName         = 300      // characters of a name, label, id, option or file name
	maxAgentText         = 600      // characters of a validation message
	maxAgentAddress      = 4000     // bytes of an address
)

// The kinds of agent messages.
const (
	agentForm  = "form"  // a form interaction
	agentDirty = "dirty" // the page may look or mean something else now
	agentHost  = "host"  // an element that may have a closed shadow root
)

// formData is the action of a form whose data was collected: by form.submit(), which tells nothing else, or by new FormData.
const formData = "formdata"

// formActions are the words of audit.Action, which this package must not import.
const formActions = " text_entered cleared checked unchecked option_chosen value_chosen file_chosen pressed submitted rejected reset formdata "

// agentMessage is what agent.js sends; the letters are its.
type agentMessage struct {
	Kind    string        `json:"k"`
	Action  string        `json:"a"`
	Partial bool          `json:"p"`
	Input   int64         `json:"c"`
	Element agentElement  `json:"e"`
	By      *agentElement `json:"b"` // the button of a submit
	Address string        `json:"u"`
	Title   string        `json:"w"`
	Length  *int          `json:"n"`
	Options []string      `json:"o"`
	Files   []agentFile   `json:"f"`
	Message string        `json:"m"`
}

type agentElement struct {
	Number int64  `json:"k"`
	ID     string `json:"i"`
	Field  string `json:"n"`
	Type   string `json:"t"`
	Role   string `json:"r"`
	Label  string `json:"l"`
	Own    string `json:"a"` // its own attributes or text, if Chrome cannot tell the accessible name
	Form   string `json:"f"`
	Secret bool   `json:"s"`
	Hidden bool   `json:"x"` // what names it may be masked
}

type agentFile struct {
	Name  string `json:"n"`
	Bytes int64  `json:"b"`
}

// decodeAgentMessage reads one message and refuses what no agent says. Strings are cut to their limits; of a secret control
// nothing but the fact remains, whatever the message says.
func decodeAgentMessage(payload string) (*agentMessage, error) {
	if len(payload) > MaxAgentMessageBytes {
		return nil, fmt.Errorf("agent message is longer than %d bytes", MaxAgentMessageBytes)
	}
	m := new(agentMessage)
	d := json.NewDecoder(strings.NewReader(payload))
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("agent message is not valid") // the JSON error would quote the page
	}
	switch m.Kind {
	case agentDirty:
		return &agentMessage{Kind: agentDirty}, nil
	case agentHost, agentForm:
	default:
		return nil, fmt.Errorf("agent message is of an unknown kind")
	}
	if m.Element.Number <= 0 || m.Input < 0 {
		return nil, fmt.Errorf("agent message has no element or a bad input time")
	}
	if m.Kind == agentHost {
		return &agentMessage{Kind: agentHost, Element: agentElement{Number: m.Element.Number}}, nil
	}
	if m.Action == "" || strings.Contains(m.Action, " ") || !strings.Contains(formActions, " "+m.Action+" ") {
		return nil, fmt.Errorf("agent message has an unknown action")
	}
	if len(m.Options) > MaxAgentOptions || len(m.Files) > MaxAgentFiles || (m.Length != nil && *m.Length < 0) {
		return nil, fmt.Errorf("agent message is out of bounds")
	}
	m.tidy()
	return m, nil
}

func (m *agentMessage) tidy() {
	m.Element.tidy()
	if m.By != nil {
		m.By.tidy()
	}
	if len(m.Address) > maxAgentAddress {
		m.Address = strings.ToValidUTF8(m.Address[:maxAgentAddress], "")
	}
	m.Title, m.Message = shorten(m.Title, maxAgentName), shorten(m.Message, maxAgentText)
	if m.Element.Secret {
		m.Length, m.Options, m.Files = nil, nil, nil
	}
	for i := range m.Options {
		m.Options[i] = shorten(m.Options[i], maxAgentName)
	}
	for i := range m.Files {
		m.Files[i].Name = shorten(m.Files[i].Name, maxAgentName)
		m.Files[i].Bytes = max(m.Files[i].Bytes, 0)
	}
}

func (e *agentElement) tidy() {
	for _, s := range []*string{&e.ID, &e.Field, &e.Type, &e.Role, &e.Label, &e.Own, &e.Form} {
		*s = shorten(*s, maxAgentName)
	}
}

// shorten cuts to n characters, and marks the cut.
func shorten(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}
