package session

import (
	"binnacle/audit"
	"binnacle/renderer"
)

// handleForm records a form interaction under the name of whoever caused it: the participant whose input's time it carries,
// whoever navigates by now.
func (s *session) handleForm(f renderer.FormEvent, ack func(error)) {
	rec := audit.Record{Kind: audit.KindForm, Cause: audit.CauseScript, Action: audit.Action(f.Action), Partial: f.Partial,
		Page: &audit.Page{Address: f.Page.Address, Title: f.Page.Title}, Frame: &audit.Frame{Address: f.Frame.Address, Title: f.Frame.Title, Main: f.Frame.Main},
		Element: &audit.Element{Name: f.Element.Name, Label: f.Element.Label, ID: f.Element.ID, Field: f.Element.Field, Type: f.Element.Type,
			Role: f.Element.Role, Form: f.Element.Form, Secret: f.Element.Secret},
		Length: f.Length, Options: f.Options, Message: f.Message}
	for _, file := range f.Files {
		rec.Files = append(rec.Files, audit.File{Name: file.Name, Bytes: file.Bytes})
	}
	if f.Submitter != "" {
		rec.Detail = map[string]string{"submitter": f.Submitter}
	}
	if f.Element.Secret {
		rec.Length = nil // the page's half promises it; the log must not depend on that
	}
	if who, ok := s.authors.find(f.Input); ok {
		rec.Cause, rec.By, rec.Turn, rec.Input = audit.CauseUser, who.by, who.turn, f.Input
	}
	if s.secrets.repeated(f, rec) {
		s.ledger.after(ack) // it is on disk when the first of its kind is
		return
	}
	s.record(rec, ack)
}

// secretTyping is what was recorded of a secret control while a participant stays in it. One record per key would tell how
// long a password is, so what repeats is not recorded again.
type secretTyping struct {
	key, by string
	turn    uint64
	seen    map[secretAct]bool
}

type secretAct struct {
	action  audit.Action
	partial bool
	message string
}

// repeated tells whether the log has said this already.
func (t *secretTyping) repeated(f renderer.FormEvent, rec audit.Record) bool {
	if rec.By == nil {
		return false // a script's doing has no keys to count, and ends nobody's typing
	}
	if !f.Element.Secret {
		*t = secretTyping{}
		return false
	}
	if t.seen == nil || t.key != f.Element.Key || t.by != rec.By.ID || t.turn != rec.Turn {
		*t = secretTyping{key: f.Element.Key, by: rec.By.ID, turn: rec.Turn, seen: map[secretAct]bool{}}
	}
	act := secretAct{rec.Action, rec.Partial, rec.Message}
	if t.seen[act] {
		return true
	}
	switch rec.Action { // the log must end with what is true in the end
	case audit.ActionCleared:
		t.forget(audit.ActionTextEntered)
	case audit.ActionTextEntered:
		t.forget(audit.ActionCleared)
	}
	if len(t.seen) < 64 { // messages of the page; more than that are recorded each
		t.seen[act] = true
	}
	return false
}

func (t *secretTyping) forget(a audit.Action) {
	for act := range t.seen {
		if act.action == a {
			delete(t.seen, act)
		}
	}
}
