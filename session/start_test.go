package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/gorilla/websocket"

	"binnacle/renderer"
	"binnacle/session"
	"binnacle/stream"
)

func TestStartSaysWhatIsWrong(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	ben := h.watches("Ben")
	await(ben, "call", any1[stream.Call])
	for cause, want := range map[error]struct {
		code   string
		status int
	}{
		renderer.ErrNotHTTPS: {"not_https", 422}, renderer.ErrUnreachable: {"unreachable", 502}, renderer.ErrCertificate: {"certificate", 502},
		renderer.ErrBlocked: {"redirect_blocked", 422}, renderer.ErrNoTag: {"no_tag", 422}, renderer.ErrOldTag: {"old_tag", 422},
		renderer.ErrHTTPStatus: {"http_status", 502}, renderer.ErrNoChrome: {"chrome_failed", 500}, errors.New("secret internals"): {"internal", 500},
	} {
		h.browser.set(fmt.Errorf("open page: %w", cause), nil)
		_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "open-account")
		var e *session.Error
		if !errors.As(err, &e) || e.Code != want.code || e.Status != want.status || e.Message == "" || e.Hint == "" {
			t.Errorf("%v: %+v, want %+v", cause, err, want)
		}
		n := ben.notice("start_failed")
		if n.Level != "error" || n.Text != "Ada could not start co-browsing Open an account: "+err.Error() {
			t.Errorf("notice = %+v", n)
		}
	}
	h.browser.set(nil, nil)
	_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "nothing")
	wantCode(t, err, "preset_unknown")
	h.starts("Ada")
	_, err = h.hub.Start(t.Context(), h.call.ID, h.people["Ben"].ID, "open-account")
	wantCode(t, err, "session_running")
	ben.notice("session_started")
}

func TestStartIsSeenByAllAtOnce(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	ben := h.watches("Ben")
	holds := make(chan struct{})
	h.browser.set(nil, holds)
	started := make(chan error, 1)
	var ref session.SessionRef
	go func() {
		var err error
		ref, err = h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "open-account")
		started <- err
	}()
	c := await(ben, "starting", func(c stream.Call) bool { return c.Session != nil })
	if c.Session.Phase != session.PhaseStarting || c.Session.Preset != "Open an account" || c.Session.StartedBy != h.people["Ada"].ID {
		t.Errorf("session = %+v", c.Session)
	}
	h.session = *c.Session
	early := h.joins("Ben") // who comes while the page loads waits with it
	if early.state.Phase != session.PhaseStarting {
		t.Errorf("phase = %s", early.state.Phase)
	}
	early.send(stream.TakeOver{}) // too early to count
	close(holds)
	if err := got(t, started, "start"); err != nil || ref.ID != c.Session.ID || ref.Path != "/s/"+ref.ID+"/" || ref.Phase != session.PhaseLive {
		t.Errorf("start = %+v, %v", ref, err)
	}
	early.sees("live", func(s stream.State) bool { return s.Phase == session.PhaseLive && s.Navigator == h.people["Ada"].ID })
	info, err := h.hub.State(t.Context(), ref.ID)
	if err != nil || info.Phase != session.PhaseLive || info.Navigator != h.people["Ada"].ID || info.Turn != 1 {
		t.Errorf("info = %+v, %v", info, err)
	}
}

func TestStarterWhoGoesAwayIsNoError(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	ada := h.watches("Ada")
	await(ada, "call", any1[stream.Call])
	holds := make(chan struct{})
	h.browser.set(renderer.ErrNoTag, holds)
	ctx, leave := context.WithCancel(t.Context())
	started := make(chan error, 1)
	go func() {
		_, err := h.hub.Start(ctx, h.call.ID, h.people["Ada"].ID, "open-account")
		started <- err
	}()
	await(ada, "starting", func(c stream.Call) bool { return c.Session != nil })
	if ref := h.hub.Running(h.call.ID); ref == nil || ref.Phase != session.PhaseStarting || ref.StartedBy != h.people["Ada"].ID {
		t.Errorf("running = %+v", ref)
	}
	leave()
	if err := got(t, started, "start"); !errors.Is(err, context.Canceled) {
		t.Errorf("start = %v, want that the caller went away", err)
	}
	_, err := h.hub.Start(ctx, h.call.ID, h.people["Ada"].ID, "open-account") // gone before it began
	if err == nil {
		t.Error("a caller who had gone started something")
	}
	close(holds)
	if n := ada.notice("start_failed"); n.Text != "Ada could not start co-browsing Open an account: The page does not carry the co-browsing script tag." {
		t.Errorf("notice = %+v", n) // she got no answer
	}
	if ref := h.hub.Running(h.call.ID); ref != nil {
		t.Errorf("running = %+v", ref)
	}
	if said := h.said.String(); contains(said, "level=ERROR") || contains(said, "level=WARN") {
		t.Errorf("the log complains:\n%s", said)
	}
}

func TestSocketIsRefusedInTheFormOfAllErrors(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	if err := h.hub.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/c/" + h.call.ID + "/ws", "/s/" + session.NewID() + "/ws"} {
		_, res, err := websocket.DefaultDialer.Dial("ws"+h.server.URL[len("http"):]+path, http.Header{"Origin": {origin}})
		if err == nil {
			t.Fatal("a closed hub takes sockets")
		}
		var body struct{ Error map[string]string }
		if err := json.NewDecoder(res.Body).Decode(&body); err != nil || res.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("answer %d, %v", res.StatusCode, err)
		}
		if e := body.Error; e["code"] != "draining" || e["message"] == "" || e["hint"] == "" {
			t.Errorf("error = %v", e)
		}
	}
}

func TestStopWhileThePageLoads(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	h.browser.set(nil, make(chan struct{})) // for ever
	started := make(chan error, 1)
	go func() {
		_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "open-account")
		started <- err
	}()
	ada := h.watches("Ada")
	await(ada, "starting", func(c stream.Call) bool { return c.Session != nil })
	if err := h.hub.Stop(t.Context(), h.call.ID, h.people["Ada"].ID); err != nil {
		t.Errorf("stop: %v", err)
	}
	wantCode(t, got(t, started, "start"), "stopped")
	wantCode(t, h.hub.Stop(t.Context(), h.call.ID, ""), "session_unknown")
}

func TestServerHasRoomForSoMany(t *testing.T) {
	h := newHouse(t, session.Limits{MaxSessions: 1}, "Ada")
	h.starts("Ada")
	if r := h.hub.Ready(); r.Accepting || r.Free != 0 || r.Sessions != 1 {
		t.Errorf("readiness = %+v", r)
	}
	other, err := h.hub.CreateCall(t.Context(), session.NewCall{Participants: []session.NewParticipant{{Name: "Dan", Admitted: true}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.hub.Start(t.Context(), other.ID, other.Participants[0].ID, "open-account")
	wantCode(t, err, "no_capacity")
	if err := h.hub.Stop(t.Context(), h.call.ID, ""); err != nil {
		t.Fatal(err)
	}
	if r := h.hub.Ready(); !r.Accepting || r.Free != 1 {
		t.Errorf("readiness = %+v", r)
	}
}

func TestNoEvidenceNoSession(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	h.log.breaks(errors.New("no folder"))
	_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "open-account")
	wantCode(t, err, "evidence_unavailable")
	if p := got(t, h.browser.pages, "page"); !p.closed {
		t.Error("the page was left open")
	}
}

func TestDrainEndsSessionsAndTakesNoMore(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	_, v := h.together("Ada")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := h.hub.Drain(ctx); err != nil {
		t.Errorf("drain: %v", err)
	}
	v[0].notice("draining")
	if e := v[0].end(); e.Code != "drained" {
		t.Errorf("end = %+v", e)
	}
	_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Ada"].ID, "open-account")
	wantCode(t, err, "draining")
	if info, err := h.evidence.Session(t.Context(), h.session.ID); err != nil || info.Closed == nil {
		t.Errorf("the journal is not closed: %+v, %v", info, err)
	}
	if r := h.hub.Ready(); r.Accepting || r.Sessions != 0 {
		t.Errorf("readiness = %+v", r)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	call := h.watches("Ada")
	_, v := h.together("Ada")
	for range 2 {
		if err := h.hub.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if e := v[0].end(); e.Code != "drained" {
		t.Errorf("end = %+v", e)
	}
	<-v[0].ended
	<-call.ended
}

func TestMissingConfigurationIsToldAtOnce(t *testing.T) {
	_, err := session.NewHub(session.Config{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"Renderer", "Log", "Presets", "Store"} {
		if !contains(err.Error(), want) {
			t.Errorf("error %q does not name %s", err, want)
		}
	}
}
