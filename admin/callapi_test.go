package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"binnacle/renderer"
	"binnacle/stream"
)

func TestHostProductBringsPeopleIntoACall(t *testing.T) {
	w := newWorld(t)
	call, adviser, _ := w.addCall(t)
	var guest struct {
		ID, Colour string
		Admitted   bool
	}
	w.ask(t, "POST", "/api/v1/calls/"+call+"/participants", map[string]any{"name": "Gus Guest", "admitted": false}).into(t, 201, &guest)
	if guest.Admitted || guest.Colour == "" {
		t.Errorf("guest = %+v, want one who waits", guest)
	}
	at := "/api/v1/calls/" + call + "/participants/" + guest.ID
	credential := w.join(t, call, guest.ID)
	w.ask(t, "GET", "/c/"+call+"/presets", nil, as(credential)).fails(t, 403, "not_admitted")
	w.ask(t, "PATCH", at, map[string]any{"admitted": true}).into(t, 200, &guest)
	if !guest.Admitted {
		t.Error("the guest still waits")
	}
	p := w.addPreset(t, "Apply", "https://example.com/apply")
	var menu struct{ Presets []map[string]string }
	w.ask(t, "GET", "/c/"+call+"/presets", nil, as(credential)).into(t, 200, &menu)
	if got := fmt.Sprint(menu.Presets); got != fmt.Sprintf("[map[address:https://example.com/apply id:%s name:Apply]]", p.ID) {
		t.Errorf("menu = %s", got)
	}
	w.ask(t, "DELETE", at, nil).into(t, 204, nil)
	w.ask(t, "GET", "/c/"+call+"/presets", nil, as(credential)).fails(t, 401, "credential")
	var shown struct {
		Title        string
		Participants []struct{ ID, Name, Client string }
	}
	w.ask(t, "GET", "/api/v1/calls/"+call, nil).into(t, 200, &shown)
	if shown.Title != "Mortgage advice" || len(shown.Participants) != 2 || shown.Participants[0].ID != adviser || shown.Participants[1].Client != "C-1001" {
		t.Errorf("call = %+v", shown)
	}
}

func TestJoinLinkWorksOnce(t *testing.T) {
	w := newWorld(t)
	call, adviser, _ := w.addCall(t)
	var link struct{ URL string }
	w.ask(t, "POST", "/api/v1/calls/"+call+"/participants/"+adviser+"/join-link", nil).into(t, 201, &link)
	_, token, _ := strings.Cut(link.URL, "#t=")
	var joined struct {
		Credential  string
		Participant struct{ ID, Name, Colour string }
		Call        struct{ ID, Title string }
	}
	w.ask(t, "POST", "/join", map[string]any{"token": token}, as("")).into(t, 200, &joined)
	if joined.Participant.Name != "Ada Adviser" || joined.Participant.ID != adviser || joined.Call.ID != call || joined.Call.Title != "Mortgage advice" {
		t.Errorf("joined = %+v", joined)
	}
	w.ask(t, "POST", "/join", map[string]any{"token": token}, as("")).fails(t, 410, "token_used")
	w.ask(t, "POST", "/join", map[string]any{"token": strings.Repeat("x", 43)}, as("")).fails(t, 401, "token_invalid")
	w.ask(t, "POST", "/join", map[string]any{}, as("")).fails(t, 422, "invalid")
	for _, secret := range []string{token, joined.Credential, "Ada Adviser", "Mortgage advice"} {
		if strings.Contains(w.output.String(), secret) {
			t.Errorf("the server's log has %q", secret)
		}
	}
}

func TestCredentialOpensOnlyItsOwnCall(t *testing.T) {
	w := newWorld(t)
	call, adviser, _ := w.addCall(t)
	credential := w.join(t, call, adviser)
	other, _, _ := w.addCall(t)
	w.ask(t, "GET", "/c/"+other+"/presets", nil, as(credential)).fails(t, 403, "other_call")
	w.ask(t, "GET", "/c/"+call+"/presets", nil, as("")).fails(t, 401, "credential_missing")
	w.ask(t, "GET", "/c/"+call+"/presets", nil).fails(t, 401, "credential")
	w.ask(t, "GET", "/api/v1/calls/"+call, nil, as(credential)).fails(t, 401, "key_invalid")
}

func TestParticipantStartsASessionAndTheHostProductStopsIt(t *testing.T) {
	w := newWorld(t)
	call, adviser, customer := w.addCall(t)
	p := w.addPreset(t, "Apply", "https://example.com/apply")
	credential := w.join(t, call, customer)
	watching := w.open(t, "/c/"+call+"/ws", credential)
	watching.wait(t, "call")
	var started struct{ Session stream.SessionRef }
	w.ask(t, "POST", "/c/"+call+"/session", map[string]any{"preset": p.ID}, as(credential)).into(t, 201, &started)
	if started.Session.Path != "/s/"+started.Session.ID+"/" || started.Session.StartedBy != customer || started.Session.Preset != "Apply" {
		t.Errorf("session = %+v", started.Session)
	}
	var found struct{ Session *stream.SessionRef }
	w.ask(t, "GET", "/api/v1/calls/"+call, nil).into(t, 200, &found)
	if found.Session == nil || *found.Session != started.Session {
		t.Errorf("the call's session = %+v, want %+v", found.Session, started.Session)
	}
	inside := w.open(t, started.Session.Path+"ws", credential)
	if state := inside.wait(t, "state"); state["navigator"] != customer {
		t.Errorf("navigator = %v, want the customer", state["navigator"])
	}
	w.ask(t, "POST", "/api/v1/calls/"+call+"/session", map[string]any{"preset": p.ID, "by": adviser}).fails(t, 409, "session_running")
	var state struct{ Phase, Navigator, PresetName string }
	w.ask(t, "GET", "/api/v1/sessions/"+started.Session.ID, nil).into(t, 200, &state)
	if state.Phase != "live" || state.Navigator != customer || state.PresetName != "Apply" {
		t.Errorf("state = %+v", state)
	}
	w.ask(t, "DELETE", "/api/v1/calls/"+call+"/session?by="+adviser, nil).into(t, 204, nil)
	inside.wait(t, "ended")
	w.ask(t, "GET", "/api/v1/calls/"+call, nil).into(t, 200, &found)
	if found.Session != nil {
		t.Errorf("the call's session = %+v after its end", found.Session)
	}
	w.ask(t, "GET", "/api/v1/sessions/"+started.Session.ID, nil).fails(t, 404, "session_unknown")
	w.ask(t, "DELETE", "/api/v1/calls/"+call+"/session", nil).fails(t, 404, "session_unknown")
}

func TestEachReasonWhyAPageDoesNotStartHasItsCode(t *testing.T) {
	w := newWorld(t)
	call, adviser, _ := w.addCall(t)
	p := w.addPreset(t, "Apply", "https://example.com/apply")
	start := map[string]any{"preset": p.ID, "by": adviser}
	for _, c := range []struct {
		cause  error
		status int
		code   string
	}{
		{renderer.ErrNotHTTPS, 422, "not_https"},
		{renderer.ErrUnreachable, 502, "unreachable"},
		{renderer.ErrCertificate, 502, "certificate"},
		{renderer.ErrBlocked, 422, "redirect_blocked"},
		{renderer.ErrNoTag, 422, "no_tag"},
		{renderer.ErrOldTag, 422, "old_tag"},
		{renderer.ErrHTTPStatus, 502, "http_status"},
	} {
		w.pages.fail = fmt.Errorf("open page: %w", c.cause)
		if f := w.ask(t, "POST", "/api/v1/calls/"+call+"/session", start).fails(t, c.status, c.code); f.Error.Hint == "" {
			t.Errorf("%s: no hint", c.code)
		}
	}
	w.ask(t, "POST", "/api/v1/calls/"+call+"/session", map[string]any{"preset": "x", "by": adviser}).fails(t, 404, "preset_unknown")
	w.ask(t, "POST", "/api/v1/calls/"+call+"/session", map[string]any{"preset": p.ID, "by": "x"}).fails(t, 403, "not_admitted")
	f := w.ask(t, "POST", "/api/v1/calls/"+call+"/session", map[string]any{}).fails(t, 422, "invalid")
	if f.fieldCodes() != "preset:missing by:missing" {
		t.Errorf("fields = %s", f.fieldCodes())
	}
}

func TestAllFaultsOfACallAreToldAtOnce(t *testing.T) {
	w := newWorld(t)
	f := w.ask(t, "POST", "/api/v1/calls", map[string]any{"participants": []map[string]any{{"name": ""}, {"name": "Carla"}, {"name": "a\u202eb"}}}).fails(t, 422, "invalid")
	if got := f.fieldCodes(); got != "participants[0].name:missing participants[2].name:bad_value" {
		t.Errorf("fields = %s", got)
	}
	f = w.ask(t, "POST", "/api/v1/calls", `{"title":"x","participants":[{"name":"Carla","role":"boss"}]}`).fails(t, 422, "invalid")
	if got := f.fieldCodes(); got != "participants:wrong_type" || !strings.Contains(f.Error.Fields[0].Message, "role") {
		t.Errorf("fields = %s %+v", got, f.Error.Fields)
	}
	w.ask(t, "POST", "/api/v1/calls", map[string]any{"participants": []map[string]any{{"name": "Carla", "client": "nobody"}}}).fails(t, 404, "client_unknown")
	w.ask(t, "GET", "/api/v1/calls/nothing", nil).fails(t, 404, "call_unknown")
	call, adviser, _ := w.addCall(t)
	at := "/api/v1/calls/" + call + "/participants/"
	w.ask(t, "PATCH", at+adviser, map[string]any{}).fails(t, 422, "invalid")
	w.ask(t, "PATCH", at+"x", map[string]any{"admitted": true}).fails(t, 404, "participant_unknown")
	w.ask(t, "POST", at+"x/join-link", nil).fails(t, 404, "participant_unknown")
}

func TestSocketIsOnlyForPagesOfOurs(t *testing.T) {
	w := newWorld(t)
	call, _, _ := w.addCall(t)
	w.ask(t, "GET", "/c/"+call+"/ws", nil, as("")).fails(t, 426, "not_a_socket")
	w.ask(t, "GET", "/s/x/ws", nil, as("")).fails(t, 426, "not_a_socket")
	upgrade := []func(*http.Request){with("Connection", "Upgrade"), with("Upgrade", "websocket"), with("Sec-WebSocket-Version", "13"), with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")}
	for _, from := range []string{"", "https://evil.example", "null"} {
		got := w.raw(t, "GET", "/c/"+call+"/ws", append(upgrade, with("Origin", from))...)
		if got.status != 403 {
			t.Errorf("socket for a page of %q: status %d, want 403", from, got.status)
		}
	}
}

func TestRefusedSocketAnswersLikeEverythingElse(t *testing.T) {
	w := newWorld(t)
	call, _, _ := w.addCall(t)
	at := "/c/" + call + "/ws"
	upgrade := func(from string) func(*http.Request) {
		return func(r *http.Request) {
			for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": from} {
				r.Header.Set(name, value)
			}
		}
	}
	w.ask(t, "GET", at, nil, upgrade("https://evil.example")).fails(t, 403, "origin")
	if err := w.hub.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{at, "/s/x/ws"} {
		if f := w.ask(t, "GET", path, nil, upgrade(publicURL)).fails(t, 503, "draining"); f.Error.Hint == "" {
			t.Errorf("%s: no hint", path)
		}
	}
}

func TestClientsAreFoundByNameEMailAndID(t *testing.T) {
	w := newWorld(t)
	for i, name := range []string{"Carla Customer", "Otto Other", "Maria Müller"} {
		w.ask(t, "POST", "/api/v1/clients", map[string]any{"id": fmt.Sprintf("C-%d/x", i), "name": name, "email": fmt.Sprintf("person%d@example.com", i)}).into(t, 201, nil)
	}
	for query, want := range map[string]string{"carla": "C-0/x", "PERSON1@": "C-1/x", "c-2": "C-2/x", "m%C3%BCller": "C-2/x", "": "C-0/x C-2/x C-1/x", "nobody": ""} {
		var list struct{ Items []struct{ ID string } }
		w.ask(t, "GET", "/api/v1/clients?query="+query, nil).into(t, 200, &list)
		var ids []string
		for _, c := range list.Items {
			ids = append(ids, c.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("search %q = %q, want %q", query, got, want)
		}
	}
	var c struct{ ID, Name, Email string }
	w.ask(t, "GET", "/api/v1/clients/C-0%2Fx", nil).into(t, 200, &c)
	if c.ID != "C-0/x" || c.Name != "Carla Customer" {
		t.Errorf("client = %+v", c)
	}
	w.ask(t, "PUT", "/api/v1/clients/C-0%2Fx", map[string]any{"name": "Carla Married"}).into(t, 200, &c)
	if c.Name != "Carla Married" || c.Email != "" {
		t.Errorf("client = %+v, want it replaced", c)
	}
	w.ask(t, "POST", "/api/v1/clients", map[string]any{"name": "New"}).into(t, 201, &c)
	if len(c.ID) != 26 {
		t.Errorf("id = %q, want one of ours", c.ID)
	}
	w.ask(t, "POST", "/api/v1/clients", map[string]any{"id": "C-0/x", "name": "Carla"}).fails(t, 409, "client_exists")
	w.ask(t, "GET", "/api/v1/clients/nobody", nil).fails(t, 404, "client_unknown")
	f := w.ask(t, "POST", "/api/v1/clients", map[string]any{"id": " x", "name": "", "email": "nowhere"}).fails(t, 422, "invalid")
	if got := f.fieldCodes(); got != "name:missing id:out_of_range email:bad_value" {
		t.Errorf("fields = %s", got)
	}
}
