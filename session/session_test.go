package session_test

import (
	"errors"
	"testing"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/session"
	"binnacle/stream"
)

func TestObserverCannotType(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	ada, ben := v[0], v[1]
	ben.key(1, "x")
	ben.send(stream.Input{Turn: 1, Kind: "mouse", Type: "down", X: 5, Y: 5, Button: "left", Buttons: 1, Clicks: 1})
	ben.send(stream.Input{Turn: 1, Kind: "text", Text: "hello"})
	ben.send(stream.Go{Where: "back"})
	ben.send(stream.Mark{ID: "a", Points: [][2]float64{{1, 2}}, Done: true}) // once Ada has this, the others were looked at
	await(ada, "stroke", any1[stream.Stroke])
	none(t, page.inputs, "observer's input")
	none(t, page.went, "observer's way back")
	ada.key(1, "y")
	if in := got(t, page.inputs, "navigator's input"); in.Text != "y" || in.Time == 0 {
		t.Errorf("page got %+v, want the navigator's y with a time", in)
	}
}

func TestTakeOverTellsEveryone(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben", "Cleo")
	page, v := h.together("Ada", "Ben", "Cleo")
	v[1].send(stream.TakeOver{})
	for _, one := range v {
		s := one.seesNavigator(v[1].id)
		if s.Turn != 2 {
			t.Errorf("turn = %d, want 2", s.Turn)
		}
		if n := one.notice("navigator"); n.Text != "Ben is now the navigator" || n.Participant != v[1].id {
			t.Errorf("notice = %+v", n)
		}
	}
	v[1].key(2, "b")
	if in := got(t, page.inputs, "input"); in.Text != "b" {
		t.Errorf("page got %q, want b", in.Text)
	}
	r := h.log.await(t, audit.KindTookOver)
	if r.By.Name != "Ben" || r.Turn != 2 || r.Detail["from"] != v[0].id {
		t.Errorf("record = %+v", r)
	}
}

func TestTakeOverIsOnDiskBeforeAnybodySeesIt(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	h.log.hold()
	v[1].send(stream.TakeOver{})
	v[1].key(2, "early")
	v[1].send(stream.Mark{ID: "a", Points: [][2]float64{{1, 2}}}) // marks wait for no disk: the take-over was looked at
	await(v[0], "stroke", any1[stream.Stroke])
	v[0].key(1, "late")
	if v[0].state.Navigator != v[0].id {
		t.Error("the new navigator was shown before the record was on disk")
	}
	v[0].send(stream.Mark{ID: "a", Points: [][2]float64{{1, 2}}})
	await(v[1], "stroke", any1[stream.Stroke])
	none(t, page.inputs, "input between the turns")
	h.log.release()
	v[0].seesNavigator(v[1].id)
	v[1].seesNavigator(v[1].id)
	v[1].key(2, "now")
	if in := got(t, page.inputs, "input"); in.Text != "now" {
		t.Errorf("page got %q, want now", in.Text)
	}
}

func TestOldTurnInputIsDropped(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	v[1].send(stream.TakeOver{})
	v[0].seesNavigator(v[1].id)
	v[0].send(stream.TakeOver{})
	v[0].seesNavigator(v[0].id)
	v[0].key(1, "old") // hers, but of another turn
	v[0].key(3, "new")
	if in := got(t, page.inputs, "input"); in.Text != "new" {
		t.Errorf("page got %q, want new", in.Text)
	}
}

func TestLateJoinerSeesThePictureAtOnce(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada")
	page.says(renderer.Navigated{Address: "https://bank.example/apply", Title: "Apply", Checkpoint: "https://bank.example/apply?from=call"})
	v[0].sees("title", func(s stream.State) bool { return s.Title == "Apply" })
	page.shows("first")
	v[0].ack(v[0].picture())
	page.shows("second")
	v[0].ack(v[0].picture())
	page.snapshots <- renderer.Snapshot{Seq: 7, Whole: true, Title: "Apply"}
	await(v[0], "snapshot", any1[stream.Snapshot])
	v[0].send(stream.Mark{ID: "a", Points: [][2]float64{{1, 2}, {3, 4}}, Done: true})
	v[0].send(stream.Pointer{X: 9, Y: 9, On: true})
	v[0].send(stream.Input{Turn: 1, Kind: "mouse", Type: "move", X: 11, Y: 12})
	got(t, page.inputs, "move")

	late := h.connects("Ben")
	if p := late.picture(); string(p.Data) != "second" || p.Seq != 2 || p.Epoch != 1 {
		t.Errorf("picture %q, seq %d, epoch %d; want second, 2, 1", p.Data, p.Seq, p.Epoch)
	}
	s := late.sees("state", any1)
	if s.You != late.id || s.Navigator != v[0].id || s.Title != "Apply" || len(s.Participants) != 2 {
		t.Errorf("state = %+v", s)
	}
	if len(s.Strokes) != 1 || len(s.Strokes[0].Points) != 2 || s.Strokes[0].ID != v[0].id+".a" {
		t.Errorf("strokes = %+v", s.Strokes)
	}
	if c := await(late, "cursor", any1[stream.Cursor]); c != (stream.Cursor{X: 11, Y: 12, On: true}) {
		t.Errorf("cursor = %+v", c)
	}
	if l := await(late, "laser", any1[stream.Laser]); l.X != 9 || !l.On {
		t.Errorf("laser = %+v", l)
	}
	await(late, "snapshot", any1[stream.Snapshot])
	if r := h.log.ofKind(audit.KindJoined); len(r) != 2 || r[1].By.Name != "Ben" {
		t.Errorf("joined records = %+v", r)
	}
}

func TestStopByObserverEndsForAll(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben", "Cleo")
	call := h.watches("Cleo")
	_, v := h.together("Ada", "Ben", "Cleo")
	await(call, "session", func(c stream.Call) bool { return c.Session != nil && c.Session.Phase == session.PhaseLive })
	v[1].send(stream.Stop{})
	for _, one := range v {
		if e := one.end(); e.Code != "stopped" || e.By != v[1].id || e.Text != "Ben stopped co-browsing" {
			t.Errorf("end = %+v", e)
		}
		<-one.ended
	}
	await(call, "no session", func(c stream.Call) bool { return c.Session == nil })
	r := h.log.await(t, audit.KindStopped)
	if r.By.Name != "Ben" || r.Detail["reason"] != "stopped" {
		t.Errorf("record = %+v", r)
	}
	records := h.log.records()
	if last := records[len(records)-1]; last.Kind != audit.KindStopped {
		t.Errorf("last record is %s", last.Kind)
	}
	h.starts("Ben") // and there is room for the next
}

func TestReconnectKeepsTheNavigator(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	v[0].close()
	s := v[1].sees("Ada away", func(s stream.State) bool { return !s.Participants[0].Connected })
	if s.Navigator != v[0].id {
		t.Errorf("navigator = %q, want Ada still", s.Navigator)
	}
	back := h.joins("Ada")
	v[1].sees("Ada back", func(s stream.State) bool { return s.Participants[0].Connected })
	back.key(1, "z")
	if in := got(t, page.inputs, "input"); in.Text != "z" {
		t.Errorf("page got %q", in.Text)
	}
	if n := len(h.log.ofKind(audit.KindJoined)); n != 2 {
		t.Errorf("%d joined records, want 2: coming back is no joining", n)
	}
}

func TestNewestSocketWins(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	again := h.joins("Ada")
	if e := v[0].end(); e.Code != "replaced" {
		t.Errorf("end = %+v", e)
	}
	again.key(1, "n")
	got(t, page.inputs, "input of the newer socket")
}

func TestNavigatorLeavesAndNobodyNavigates(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	v[0].send(stream.Leave{})
	if e := v[0].end(); e.Code != "left" {
		t.Errorf("end = %+v", e)
	}
	s := v[1].seesNavigator("")
	if len(s.Participants) != 1 {
		t.Errorf("participants = %+v", s.Participants)
	}
	if n := v[1].notice("left"); n.Text != "Ada left" {
		t.Errorf("notice = %+v", n)
	}
	v[1].notice("no_navigator")
	v[1].key(1, "no")
	v[1].send(stream.TakeOver{})
	v[1].seesNavigator(v[1].id)
	v[1].key(2, "yes")
	if in := got(t, page.inputs, "input"); in.Text != "yes" {
		t.Errorf("page got %q", in.Text)
	}
	h.log.await(t, audit.KindNoNavigator)
}

func TestJournalFailureFreezesInput(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	h.log.breaks(errors.New("disk full"))
	if err := got(t, page.says(renderer.FormEvent{Action: "checked"}), "acknowledgement"); err == nil {
		t.Error("a form event was acknowledged without evidence")
	}
	for _, one := range v {
		one.sees("frozen", func(s stream.State) bool { return s.Phase == session.PhaseFrozen && s.Navigator == "" })
		if n := one.notice("frozen"); n.Level != "error" {
			t.Errorf("notice = %+v", n)
		}
	}
	page.shows("after")
	v[0].key(1, "x")
	v[1].send(stream.TakeOver{})
	if err := got(t, page.says(renderer.FormEvent{Action: "submitted"}), "acknowledgement"); err == nil {
		t.Error("a form event was acknowledged in a frozen session")
	}
	if r := h.hub.Ready(); r.Accepting || len(r.Problems) != 1 {
		t.Errorf("readiness = %+v", r)
	}
	other, err := h.hub.CreateCall(t.Context(), session.NewCall{Participants: []session.NewParticipant{{Name: "Dan", Admitted: true}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.hub.Start(t.Context(), other.ID, other.Participants[0].ID, "open-account")
	wantCode(t, err, "evidence_unavailable")
	v[1].send(stream.Stop{})
	if e := v[0].end(); e.Code != "stopped" {
		t.Errorf("end = %+v", e)
	}
	none(t, page.inputs, "input of a frozen session")
	none(t, v[0].pictures, "picture of a frozen session")
}

func TestOtherSessionsGoOnWhenOneIsFrozen(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	g := newHouse(t, session.Limits{}, "Ada")
	other, w := g.together("Ada")
	g.log.breaks(errors.New("disk full"))
	<-other.says(renderer.FormEvent{Action: "checked"})
	w[0].notice("frozen")
	v[0].key(1, "x")
	got(t, page.inputs, "input of the other session")
}

func TestEvidenceComesBeforeThePicture(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	h.log.hold()
	acked := page.says(renderer.FormEvent{Action: "checked", Element: renderer.Element{Name: "I agree"}})
	page.shows("ticked")
	v[0].send(stream.ClearMarks{})
	v[0].key(1, "k")
	got(t, page.inputs, "input")
	none(t, acked, "acknowledgement")
	none(t, v[0].pictures, "picture before its evidence")
	h.log.release()
	if err := got(t, acked, "acknowledgement"); err != nil {
		t.Errorf("acknowledged with %v", err)
	}
	if p := v[0].picture(); string(p.Data) != "ticked" {
		t.Errorf("picture = %q", p.Data)
	}
}

func TestCrashedChromeComesBack(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	page.shows("before")
	for _, one := range v {
		one.ack(one.picture())
	}
	page.says(renderer.Navigated{Address: "https://bank.example/step2", Title: "Step 2", Checkpoint: "https://bank.example/step2?id=5"})
	page.crash()
	for _, one := range v {
		one.notice("recovering")
	}
	again := got(t, h.browser.pages, "new page")
	if again.opts.Address != "https://bank.example/step2?id=5" || again.opts.Scope != renderer.ScopeOrigin {
		t.Errorf("opened %+v, want the last GET", again.opts)
	}
	again.shows("after")
	for _, one := range v {
		one.notice("recovered")
		if p := one.picture(); string(p.Data) != "after" || p.Seq != 2 {
			t.Errorf("picture %q, seq %d; want after, 2", p.Data, p.Seq)
		}
	}
	v[0].key(1, "x")
	got(t, again.inputs, "input")
	if r := h.log.await(t, audit.KindRecovered); r.Page.Address != "https://bank.example/step2" {
		t.Errorf("record = %+v", r)
	}
}

func TestCrashDoesNotNarrowThePrefix(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	if _, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "below-apply"); err != nil {
		t.Fatal(err)
	}
	page := got(t, h.browser.pages, "page")
	if page.opts.Address != "https://bank.example/apply" || page.opts.Resume != "" {
		t.Errorf("opened %+v", page.opts)
	}
	<-page.says(renderer.Navigated{Address: "https://bank.example/apply/2", Checkpoint: "https://bank.example/apply/2?id=5"})
	page.crash()
	again := got(t, h.browser.pages, "new page")
	if again.opts.Address != "https://bank.example/apply" || again.opts.Resume != "https://bank.example/apply/2?id=5" {
		t.Errorf("opened %+v, want the preset's address and the last GET", again.opts)
	}
}

func TestChromeThatCrashesTooOftenEndsTheSession(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	for range session.MaxRecoveries {
		page.crash()
		page = got(t, h.browser.pages, "new page")
		v[0].notice("recovered")
	}
	page.crash()
	if e := v[0].end(); e.Code != "crashed" {
		t.Errorf("end = %+v", e)
	}
	h.log.await(t, audit.KindStopped)
}

func TestPanicEndsOneSessionOnly(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	page, v := h.together("Ada")
	page.panics = true
	v[0].key(1, "x")
	if e := v[0].end(); e.Code != "crashed" {
		t.Errorf("end = %+v", e)
	}
	if r := h.log.await(t, audit.KindStopped); r.Detail["reason"] != "internal error" {
		t.Errorf("record = %+v", r)
	}
	h.starts("Ada")
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	var e *session.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("error = %v, want code %s", err, code)
	}
}
