package session_test

import (
	"errors"
	"testing"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/session"
	"binnacle/stream"
)

// holdsDown lets the navigator of turn 1 press Shift, the left button and a finger, and returns when the page has them.
func holdsDown(t *testing.T, p *page, v *viewer) {
	t.Helper()
	v.send(stream.Input{Turn: 1, Kind: "key", Type: "down", Key: "Shift", Code: "ShiftLeft", Location: 1, Mods: 8})
	v.send(stream.Input{Turn: 1, Kind: "key", Type: "down", Key: "A", Code: "KeyA", Mods: 8})
	v.send(stream.Input{Turn: 1, Kind: "key", Type: "up", Key: "a", Code: "KeyA"})
	v.send(stream.Input{Turn: 1, Kind: "mouse", Type: "down", X: 5, Y: 5, Button: "left", Buttons: 1, Clicks: 1})
	v.send(stream.Input{Turn: 1, Kind: "mouse", Type: "down", X: 5, Y: 5, Button: "right", Buttons: 3, Clicks: 1})
	v.send(stream.Input{Turn: 1, Kind: "mouse", Type: "move", X: 9, Y: 9, Buttons: 3})
	v.send(stream.Input{Turn: 1, Kind: "touch", Type: "start", Touches: []stream.Touch{{ID: 1, X: 3, Y: 3}}})
	for range 7 {
		got(t, p.inputs, "what is pressed")
	}
}

// letsGo checks that the page gets an end for each of them, in the reverse order, and returns the first one's time.
func letsGo(t *testing.T, p *page) int64 {
	t.Helper()
	first, last := int64(0), int64(0)
	for _, want := range []renderer.Input{
		{Kind: renderer.InputTouch, Type: "cancel"},
		{Kind: renderer.InputMouse, Type: "up", X: -1, Y: -1, Button: "right", Buttons: 1, Modifiers: 8}, // off the page: no click
		{Kind: renderer.InputMouse, Type: "up", X: -1, Y: -1, Button: "left", Modifiers: 8},
		{Kind: renderer.InputKey, Type: "up", Key: "Shift", Code: "ShiftLeft", Location: 1},
	} {
		in := got(t, p.inputs, "release")
		if in.Time <= last {
			t.Errorf("time %d after %d", in.Time, last)
		}
		last = in.Time
		if first == 0 {
			first = in.Time
		}
		in.Time = 0
		if in.Kind != want.Kind || in.Type != want.Type || in.X != want.X || in.Y != want.Y || in.Button != want.Button || in.Buttons != want.Buttons ||
			in.Modifiers != want.Modifiers || in.Key != want.Key || in.Code != want.Code || in.Location != want.Location || len(in.Touches) != 0 {
			t.Errorf("page got %+v, want %+v", in, want)
		}
	}
	return first
}

func TestTakeOverReleasesWhatTheOldNavigatorHolds(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	holdsDown(t, page, v[0])
	v[1].send(stream.TakeOver{})
	stamp := letsGo(t, page)
	v[1].seesNavigator(v[1].id)
	v[1].key(2, "b")
	if in := got(t, page.inputs, "input"); in.Text != "b" || in.Time <= stamp {
		t.Errorf("page got %+v, want the new navigator's b, and nothing twice", in)
	}
	if err := got(t, page.says(renderer.FormEvent{Action: "checked", Input: stamp}), "acknowledgement"); err != nil {
		t.Fatal(err)
	}
	if r := h.log.await(t, audit.KindForm); r.By == nil || r.By.Name != "Ada" || r.Turn != 1 || r.Input != stamp || r.Cause != audit.CauseUser {
		t.Errorf("record = %+v, by %+v; want Ada in turn 1", r, r.By)
	}
}

func TestWhoeverGoesHoldsNothing(t *testing.T) {
	for name, goes := range map[string]func(h *house, v []*viewer){
		"leaves":          func(_ *house, v []*viewer) { v[0].send(stream.Leave{}) },
		"is disconnected": func(_ *house, v []*viewer) { v[0].close() },
		"opens it again":  func(h *house, _ []*viewer) { h.joins("Ada") },
		"is removed": func(h *house, _ []*viewer) {
			if err := h.hub.RemoveParticipant(h.t.Context(), h.call.ID, h.people["Ada"].ID); err != nil {
				h.t.Error(err)
			}
		},
		"is frozen": func(h *house, v []*viewer) {
			h.log.breaks(errors.New("disk full"))
			v[1].send(stream.TakeOver{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, session.Limits{}, "Ada", "Ben")
			page, v := h.together("Ada", "Ben")
			holdsDown(t, page, v[0])
			goes(h, v)
			letsGo(t, page)
		})
	}
}

func TestReleasedKeysAreNotReleasedAgain(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	for _, in := range []stream.Input{
		{Kind: "key", Type: "down", Key: "A", Code: "KeyA", Mods: 8}, {Kind: "key", Type: "up", Key: "a", Code: "KeyA"},
		{Kind: "mouse", Type: "down", Button: "left", Buttons: 1}, {Kind: "mouse", Type: "up", Button: "left"},
		{Kind: "mouse", Type: "down", Button: "left", Buttons: 1}, {Kind: "mouse", Type: "move"}, // the up was lost on the way
		{Kind: "touch", Type: "start", Touches: []stream.Touch{{ID: 1}}}, {Kind: "touch", Type: "end"},
	} {
		in.Turn = 1
		v[0].send(in)
		got(t, page.inputs, "input")
	}
	v[1].send(stream.TakeOver{})
	v[1].seesNavigator(v[1].id)
	v[1].key(2, "b")
	if in := got(t, page.inputs, "input"); in.Text != "b" {
		t.Errorf("page got %+v, want b", in)
	}
}

func TestReleaseWaitsForTheDialogAndTheBusyPage(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	holdsDown(t, page, v[0])
	<-page.says(renderer.DialogOpened{ID: 1, Type: "alert", Message: "Stop"})
	v[1].send(stream.TakeOver{})
	v[1].seesNavigator(v[1].id)
	none(t, page.inputs, "release into a dialog")
	page.busy.Store(true)
	<-page.says(renderer.DialogClosed{ID: 1})
	v[1].sees("no dialog", func(s stream.State) bool { return s.Dialog == nil })
	v[1].key(2, "lost")
	if f := v[1].failure(); f.Code != "busy" {
		t.Errorf("failure = %+v", f)
	}
	none(t, page.inputs, "input into a busy page")
	page.busy.Store(false)
	v[1].key(2, "b")
	letsGo(t, page)
	if in := got(t, page.inputs, "input"); in.Text != "b" {
		t.Errorf("page got %+v, want b", in)
	}
}

func TestOnlySoManyKeysAreHeld(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	page, v := h.together("Ada", "Ben")
	const most = 32
	for i := range most + 10 {
		v[0].send(stream.Input{Turn: 1, Kind: "key", Type: "down", Key: "F", Code: "F" + string(rune('A'+i))})
		got(t, page.inputs, "key")
	}
	v[1].send(stream.TakeOver{})
	v[1].seesNavigator(v[1].id)
	v[1].key(2, "b")
	ups := 0
	for got(t, page.inputs, "input").Type == "up" {
		ups++
	}
	if ups != most {
		t.Errorf("%d keys were released, want %d", ups, most)
	}
}
