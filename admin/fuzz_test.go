package admin_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"binnacle/admin"
)

// FuzzBodies sends anything to the routes that read a body: the answer is always JSON and never an internal error.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"name":"Apply","address":"https://example.com/","scope":"prefix","width":1280,"height":800,"scale":1}`,
		`{"title":"Advice","participants":[{"name":"Ada","client":"C-1","admitted":false}]}`, `{"id":"C-1","name":"Carla","email":"a@b"}`,
		`{"name":"k","scopes":["calls:read"]}`, `{"token":"xxxxxxxxxxxxxxxxxxxxxxxxxxxx"}`, `{"preset":"p","by":"q"}`, `{"admitted":true}`,
		`{}`, `[]`, `null`, `{"name":null}`, `{"participants":[[[]]]}`, "{\"name\":\"\xff\"}", `{"name":"a","name":7,"NAME":1}`, `{"scale":1e999}`,
	} {
		for route := range uint8(10) {
			f.Add(seed, route)
		}
	}
	routes := [][2]string{
		{"POST", "/api/v1/presets"}, {"PUT", "/api/v1/presets/x"}, {"POST", "/api/v1/clients"}, {"PUT", "/api/v1/clients/x"}, {"POST", "/api/v1/calls"},
		{"POST", "/api/v1/calls/x/participants"}, {"PATCH", "/api/v1/calls/x/participants/y"}, {"POST", "/api/v1/calls/x/session"}, {"POST", "/api/v1/keys"}, {"POST", "/join"},
	}
	w := newWorld(f)
	w.fill(f, admin.MaxPresets, admin.MaxKeys) // so that no preset is stored, and no page in the world is checked
	f.Fuzz(func(t *testing.T, body string, which uint8) {
		route := routes[int(which)%len(routes)]
		req := httptest.NewRequest(route[0], route[1], strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		as(w.key)(req)
		got := httptest.NewRecorder()
		w.server.ServeHTTP(got, req)
		if got.Code >= 500 || !json.Valid(got.Body.Bytes()) {
			t.Errorf("%s %s %q: status %d: %s", route[0], route[1], body, got.Code, got.Body)
		}
	})
}
