package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/session"
	"binnacle/stream"
)

func contains(s, part string) bool { return strings.Contains(s, part) }
func countOf(s, part string) int   { return strings.Count(s, part) }

// typed is a form event that the input with that stamp caused.
func typed(key string, secret bool, input int64) renderer.FormEvent {
	n := 3
	return renderer.FormEvent{Action: "text_entered", Partial: true, Input: input, Length: &n, Element: renderer.Element{Name: key, Key: key, Secret: secret},
		Page: renderer.FrameInfo{Address: "https://bank.example/apply", Title: "Apply", Main: true}, Frame: renderer.FrameInfo{Address: "https://bank.example/apply", Main: true}}
}

func TestFormEventBelongsToWhoeverCausedIt(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	v[0].key(1, "a")
	first := got(t, page.inputs, "input")
	v[1].send(stream.TakeOver{})
	v[1].seesNavigator(v[1].id)
	got(t, page.inputs, "release of her key")
	v[1].key(2, "b")
	second := got(t, page.inputs, "input")
	for _, input := range []int64{second.Time, first.Time, 0, 12345} {
		if err := got(t, page.says(typed("Name", false, input)), "acknowledgement"); err != nil {
			t.Errorf("acknowledged with %v", err)
		}
	}
	forms := h.log.ofKind(audit.KindForm)
	if len(forms) != 4 {
		t.Fatalf("%d form records", len(forms))
	}
	if f := forms[0]; f.By.Name != "Ben" || f.Turn != 2 || f.Cause != audit.CauseUser || f.Input != second.Time || *f.Length != 3 {
		t.Errorf("Ben's record = %+v", f)
	}
	if f := forms[1]; f.By.Name != "Ada" || f.Turn != 1 || f.Cause != audit.CauseUser {
		t.Errorf("Ada's record = %+v", f)
	}
	for _, f := range forms[2:] {
		if f.By != nil || f.Cause != audit.CauseScript || f.Turn != 2 || f.Input != 0 {
			t.Errorf("script's record = %+v", f)
		}
	}
}

func TestPasswordRepetitionIsRecordedOnce(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	says := func(f renderer.FormEvent) {
		t.Helper()
		v[0].key(1, "k")
		f.Input = got(t, page.inputs, "input").Time
		if err := got(t, page.says(f), "acknowledgement"); err != nil {
			t.Errorf("acknowledged with %v", err)
		}
	}
	for range 9 {
		says(typed("Password", true, 0))
		// A meter that the page's script moves with each key must not give the length away.
		<-page.says(renderer.FormEvent{Action: "value_chosen", Element: renderer.Element{Name: "Strength", Key: "meter"}})
	}
	done := typed("Password", true, 0)
	done.Partial = false
	says(done)
	secrets := func() (found []audit.Record) {
		for _, r := range h.log.ofKind(audit.KindForm) {
			if r.Element.Secret {
				found = append(found, r)
			}
		}
		return found
	}
	if s := secrets(); len(s) != 2 || !s[0].Partial || s[1].Partial {
		t.Errorf("%d records of the password: %+v", len(s), s)
	}
	for _, s := range secrets() {
		if s.Length != nil {
			t.Error("the password's length is in the log")
		}
	}
	says(typed("Name", false, 0))
	says(typed("Password", true, 0)) // another visit is another record
	if s := secrets(); len(s) != 3 {
		t.Errorf("%d records of the password, want 3", len(s))
	}
	cleared := typed("Password", true, 0)
	cleared.Action = "cleared"
	says(cleared)
	says(typed("Password", true, 0)) // the log ends with what is true
	if s := secrets(); len(s) != 5 {
		t.Errorf("%d records of the password, want 5", len(s))
	}
}

func TestDialogIsAnsweredByTheNavigator(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	page.says(renderer.DialogOpened{ID: 4, Type: "prompt", Message: "Your name?", Origin: "https://bank.example"})
	for _, one := range v {
		one.sees("dialog", func(s stream.State) bool {
			return s.Dialog != nil && s.Dialog.ID == 4 && s.Dialog.Message == "Your name?"
		})
		one.notice("dialog")
	}
	v[0].key(1, "x") // the page stands still
	v[1].send(stream.Answer{Dialog: 4, Accept: true, Text: "Ben"})
	v[1].send(stream.Mark{ID: "a", Points: [][2]float64{{1, 2}}, Done: true})
	await(v[0], "stroke", any1[stream.Stroke])
	v[0].send(stream.Answer{Dialog: 4, Accept: true, Text: "Äda"})
	if a := got(t, page.answers, "answer"); a != "Äda" {
		t.Errorf("page got %q", a)
	}
	r := h.log.await(t, audit.KindDialog)
	if r.By.Name != "Ada" || r.Detail["answer"] != "accepted" || *r.Length != 3 {
		t.Errorf("record = %+v", r)
	}
	page.says(renderer.DialogClosed{ID: 4, Accepted: true})
	v[1].sees("no dialog", func(s stream.State) bool { return s.Dialog == nil })
	none(t, page.inputs, "input while the dialog was open")
	if h.log.await(t, audit.KindDialogOpened).Message != "Your name?" {
		t.Error("the dialog's message is not in the log")
	}
}

func TestBlockedNavigationIsToldAndRecorded(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	for reason, want := range map[string]string{"off_preset": "Blocked: the page tried to leave the allowed address (example.com)",
		"no_tag": "Blocked: the page led to a page without the co-browsing script tag (example.com)"} {
		<-page.says(renderer.Blocked{Address: "https://example.com/x", Reason: reason})
		if n := v[0].notice("blocked"); n.Text != want || n.Level != "warning" {
			t.Errorf("notice = %+v", n)
		}
	}
	if r := h.log.ofKind(audit.KindBlocked); len(r) != 2 || r[0].Page.Address != "https://example.com/x" || r[0].Detail["reason"] == "" {
		t.Errorf("records = %+v", r)
	}
}

func TestMarksGoWithThePage(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	draw := func() {
		t.Helper()
		v[1].send(stream.Mark{ID: session.NewID(), Points: [][2]float64{{1, 2}}, Done: true})
		if s := await(v[0], "stroke", any1[stream.Stroke]); s.Participant != v[1].id || s.Colour != h.people["Ben"].Colour {
			t.Errorf("stroke = %+v", s)
		}
	}
	draw()
	<-page.says(renderer.Navigated{Address: "https://bank.example/apply", InPage: true})
	s := v[0].sees("address", func(s stream.State) bool { return len(s.Strokes) == 1 })
	if s.Address != "https://bank.example/apply" {
		t.Errorf("address = %s", s.Address)
	}
	<-page.says(renderer.Navigated{Address: "https://bank.example/next", Title: "Next"})
	if m := await(v[0], "marks cleared", any1[stream.MarksCleared]); m.Participant != "" {
		t.Errorf("cleared by %q", m.Participant)
	}
	v[0].notice("marks_cleared")
	draw()
	v[0].send(stream.ClearMarks{})
	if m := await(v[1], "marks cleared", func(m stream.MarksCleared) bool { return m.Participant != "" }); m.Participant != v[0].id {
		t.Errorf("cleared by %q", m.Participant)
	}
	if r := h.log.await(t, audit.KindMarksCleared); r.By.Name != "Ada" {
		t.Errorf("record = %+v", r)
	}
}

func TestTheWholeLogIsTrueAndSecret(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	if _, err := h.hub.PutClient(t.Context(), session.Client{ID: "cust-7", Name: "Ben B."}); err != nil {
		t.Fatal(err)
	}
	ben, err := h.hub.AddParticipant(t.Context(), h.call.ID, session.NewParticipant{Name: "Ben", Client: "cust-7", Admitted: true})
	if err != nil {
		t.Fatal(err)
	}
	h.people["Ben"] = ben
	page, v := h.together("Ada", "Ben")
	v[0].key(1, "typed-secret")
	v[0].send(stream.Input{Turn: 1, Kind: "text", Text: "typed-secret"})
	got(t, page.inputs, "input")
	<-page.says(typed("Name", false, got(t, page.inputs, "input").Time))
	<-page.says(renderer.Navigated{Address: "https://bank.example/done", Title: "title-secret", Checkpoint: "https://bank.example/done?q=query-secret"})
	page.crash()
	v[0].notice("recovered")
	v[1].send(stream.Stop{})
	v[0].end()
	if err := h.hub.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := h.evidence.Flush(ctx); err != nil {
		t.Fatalf("flush: %v", err)
	}
	report, err := audit.Verify(ctx, h.archive, audit.VerifyOptions{})
	if err != nil || !report.OK() {
		t.Errorf("verify: %v, %s", err, report.Summary())
	}
	var kinds []string
	var all strings.Builder
	for r, err := range h.evidence.Records(ctx, h.session.ID) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, string(r.Kind))
		fmt.Fprintf(&all, "%+v", r)
		if r.Kind == audit.KindOpened && (r.By.Name != "Ada" || r.Page.Address != "https://bank.example/apply" || r.Detail["sandbox"] != "on" || r.Epoch != 1 || r.Turn != 1) {
			t.Errorf("opened = %+v", r)
		}
	}
	if got, want := strings.Join(kinds, " "), "opened joined joined form navigated recovered stopped"; got != want {
		t.Errorf("records: %s, want %s", got, want)
	}
	if contains(all.String(), "typed-secret") || contains(all.String(), "query-secret") {
		t.Error("the log has what must not be in it")
	}
	for _, secret := range []string{"typed-secret", "query-secret", "title-secret", "from=call"} {
		if contains(h.said.String(), secret) {
			t.Errorf("the server's own log has %q", secret)
		}
	}
	found, err := h.evidence.Sessions(ctx, "cust-7")
	if err != nil || len(found) != 1 || found[0].ID != h.session.ID {
		t.Errorf("sessions of the client: %+v, %v", found, err)
	}
}
