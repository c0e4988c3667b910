package admin_test

import (
	"testing"

	"binnacle/admin"
	"binnacle/stream"
)

// TestEveryRouteWorksAsDescribed goes the way of an integrator, an admin, two participants and compliance staff, as docs/API.md
// tells it. Each answer is compared with openapi.json on the way; at the end no operation may be left out.
func TestEveryRouteWorksAsDescribed(t *testing.T) {
	w := newCheckedWorld(t)
	v1 := "/api/v1"

	var key struct{ ID, Key string }
	w.ask(t, "POST", v1+"/keys", map[string]any{"name": "Call product", "scopes": admin.Scopes()}).into(t, 201, &key)
	w.ask(t, "GET", v1+"/keys", nil).into(t, 200, nil)

	var preset admin.Preset
	w.ask(t, "POST", v1+"/check", map[string]any{"address": "https://example.com/apply", "scope": "origin"}).into(t, 200, nil)
	w.ask(t, "POST", v1+"/presets", map[string]any{"name": "Apply", "address": "https://example.com/apply", "scope": "origin"}, with("Idempotency-Key", "1")).into(t, 201, &preset)
	w.ask(t, "GET", v1+"/presets", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/presets/"+preset.ID, nil).into(t, 200, nil)
	w.ask(t, "PUT", v1+"/presets/"+preset.ID, map[string]any{"name": "Apply", "address": "https://example.com/apply", "width": 1280, "height": 800, "scale": 1.5}, with("If-Match", `"1"`)).into(t, 200, nil)
	w.ask(t, "POST", v1+"/presets/"+preset.ID+"/check", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/script-tag", nil).into(t, 200, nil)

	w.ask(t, "POST", v1+"/clients", map[string]any{"id": "C-1001", "name": "Carla Customer", "email": "carla@example.com"}).into(t, 201, nil)
	w.ask(t, "GET", v1+"/clients?query=carla", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/clients/C-1001", nil).into(t, 200, nil)
	call, adviser, customer := w.addCall(t) // POST /calls, PUT /clients/{client}
	w.ask(t, "GET", v1+"/calls/"+call, nil).into(t, 200, nil)
	var guest struct{ ID string }
	w.ask(t, "POST", v1+"/calls/"+call+"/participants", map[string]any{"name": "Gus Guest", "admitted": false}).into(t, 201, &guest)
	w.ask(t, "PATCH", v1+"/calls/"+call+"/participants/"+guest.ID, map[string]any{"admitted": true}).into(t, 200, nil)
	w.ask(t, "DELETE", v1+"/calls/"+call+"/participants/"+guest.ID, nil).into(t, 204, nil)

	credential := w.join(t, call, customer) // join-link, POST /join
	w.open(t, "/c/"+call+"/ws", credential).wait(t, "call")
	w.ask(t, "GET", "/c/"+call+"/presets", nil, as(credential)).into(t, 200, nil)
	var started struct{ Session stream.SessionRef }
	w.ask(t, "POST", "/c/"+call+"/session", map[string]any{"preset": preset.ID}, as(credential)).into(t, 201, &started)
	w.open(t, started.Session.Path+"ws", credential).wait(t, "state")
	w.ask(t, "GET", v1+"/sessions/"+started.Session.ID, nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/records/"+started.Session.ID, nil).into(t, 200, nil)
	w.ask(t, "DELETE", v1+"/calls/"+call+"/session", nil).into(t, 204, nil)
	w.ask(t, "POST", v1+"/calls/"+call+"/session", map[string]any{"preset": preset.ID, "by": adviser}).into(t, 201, nil)
	w.ask(t, "DELETE", v1+"/calls/"+call+"/session?by="+adviser, nil).into(t, 204, nil)

	w.ask(t, "GET", v1+"/clients/C-1001/activities", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/records/"+started.Session.ID, nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/records/"+started.Session.ID+"/timeline?limit=3", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/records/"+started.Session.ID+"/log?format=jsonl", nil).into(t, 200, nil)
	w.ask(t, "GET", v1+"/records/"+started.Session.ID+"/log?format=csv", nil).into(t, 200, nil)

	w.ask(t, "DELETE", v1+"/presets/"+preset.ID, nil).into(t, 204, nil)
	w.ask(t, "DELETE", v1+"/keys/"+key.ID, nil).into(t, 204, nil)
	for _, path := range []string{"/", "/call", "/view", "/settings", "/compliance", "/assets/viewer.js", "/tag/1.0.0/binnacle.js", "/config.json", "/api/openapi.json", "/healthz", "/readyz"} {
		w.ask(t, "GET", path, nil, as("")).into(t, 200, nil)
	}

	for path, item := range description(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if !w.worked[operation.OperationID] && operation.Responses.Status(101) == nil {
				t.Errorf("%s %s was not tried", method, path)
			}
		}
	}
}
