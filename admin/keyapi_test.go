package admin_test

import (
	"strings"
	"testing"
	"time"

	"binnacle/admin"
)

func TestAKeyOpensOnlyWhatItsScopesName(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ method, path, scope, body string }{
		{"GET", "/presets", admin.ScopePresetsRead, ""},
		{"POST", "/presets", admin.ScopePresetsWrite, "{}"},
		{"GET", "/presets/x", admin.ScopePresetsRead, ""},
		{"PUT", "/presets/x", admin.ScopePresetsWrite, "{}"},
		{"DELETE", "/presets/x", admin.ScopePresetsWrite, ""},
		{"POST", "/presets/x/check", admin.ScopePresetsWrite, ""},
		{"POST", "/check", admin.ScopePresetsWrite, `{"address":""}`},
		{"GET", "/script-tag", admin.ScopePresetsRead, ""},
		{"GET", "/clients", admin.ScopeRecordsRead, ""},
		{"POST", "/clients", admin.ScopeClientsWrite, "{}"},
		{"GET", "/clients/x", admin.ScopeRecordsRead, ""},
		{"PUT", "/clients/x", admin.ScopeClientsWrite, "{}"},
		{"GET", "/clients/x/activities", admin.ScopeRecordsRead, ""},
		{"POST", "/calls", admin.ScopeCallsWrite, "{}"},
		{"GET", "/calls/x", admin.ScopeCallsRead, ""},
		{"POST", "/calls/x/participants", admin.ScopeCallsWrite, "{}"},
		{"PATCH", "/calls/x/participants/y", admin.ScopeCallsWrite, "{}"},
		{"DELETE", "/calls/x/participants/y", admin.ScopeCallsWrite, ""},
		{"POST", "/calls/x/participants/y/join-link", admin.ScopeCallsWrite, ""},
		{"POST", "/calls/x/session", admin.ScopeCallsWrite, "{}"},
		{"DELETE", "/calls/x/session", admin.ScopeCallsWrite, ""},
		{"GET", "/sessions/x", admin.ScopeCallsRead, ""},
		{"GET", "/records/x", admin.ScopeRecordsRead, ""},
		{"GET", "/records/x/timeline", admin.ScopeRecordsRead, ""},
		{"GET", "/records/x/log", admin.ScopeRecordsRead, ""},
		{"GET", "/keys", admin.ScopeKeysWrite, ""},
		{"POST", "/keys", admin.ScopeKeysWrite, "{}"},
		{"DELETE", "/keys/x", admin.ScopeKeysWrite, ""},
	} {
		var others []string
		for _, scope := range admin.Scopes() {
			if scope != c.scope {
				others = append(others, scope)
			}
		}
		_, without, err := w.settings.CreateKey(t.Context(), "without "+c.scope, others)
		if err != nil {
			t.Fatal(err)
		}
		_, only, err := w.settings.CreateKey(t.Context(), "only "+c.scope, []string{c.scope})
		if err != nil {
			t.Fatal(err)
		}
		var body any
		if c.body != "" {
			body = c.body
		}
		if f := w.ask(t, c.method, "/api/v1"+c.path, body, as(without)).fails(t, 403, "scope_missing"); !strings.Contains(f.Error.Message, c.scope) {
			t.Errorf("%s %s: %q does not name the scope %s", c.method, c.path, f.Error.Message, c.scope)
		}
		if got := w.ask(t, c.method, "/api/v1"+c.path, body, as(only)); got.status == 401 || got.status == 403 {
			t.Errorf("%s %s with %s: status %d", c.method, c.path, c.scope, got.status)
		}
	}
}

func TestRequestWithoutAValidKeyIsRefused(t *testing.T) {
	w := newWorld(t)
	if got := w.ask(t, "GET", "/api/v1/presets", nil, as("")); got.header.Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
	w.ask(t, "GET", "/api/v1/presets", nil, as("")).fails(t, 401, "key_missing")
	w.ask(t, "GET", "/api/v1/presets", nil, with("Authorization", "Basic "+w.key)).fails(t, 401, "key_missing")
	for _, wrong := range []string{"x", "bnk_", "bnk_" + strings.Repeat("a", 52), strings.ToUpper(w.key), w.key + "a", w.key[:len(w.key)-1]} {
		w.ask(t, "GET", "/api/v1/presets", nil, as(wrong)).fails(t, 401, "key_invalid")
	}
}

func TestKeyIsToldOnceAndKeptAsAHash(t *testing.T) {
	w := newWorld(t)
	var made struct {
		ID, Key string
		Scopes  []string
	}
	w.ask(t, "POST", "/api/v1/keys", map[string]any{"name": "Call product", "scopes": []string{"calls:write", "calls:read", "calls:read"}}).into(t, 201, &made)
	if !strings.HasPrefix(made.Key, admin.KeyPrefix) || len(made.Key) != 56 || strings.Join(made.Scopes, " ") != "calls:read calls:write" {
		t.Errorf("key = %+v", made)
	}
	w.ask(t, "GET", "/api/v1/calls/x", nil, as(made.Key)).fails(t, 404, "call_unknown")
	data, _, err := settingsStore(w).Get(t.Context(), admin.SettingsKey)
	if err != nil || strings.Contains(string(data), made.Key) || strings.Contains(string(data), w.key) {
		t.Errorf("the key is in the settings (%v)", err)
	}
	var list struct{ Items []admin.Key }
	got := w.ask(t, "GET", "/api/v1/keys", nil).into(t, 200, &list)
	if strings.Contains(string(got.body), "hash") || strings.Contains(string(got.body), made.Key) || len(list.Items) != 2 {
		t.Errorf("keys = %s", got.body)
	}
	for _, k := range list.Items {
		if k.LastUsed != time.Now().UTC().Format(time.DateOnly) {
			t.Errorf("key %s was used last on %q, want today", k.Name, k.LastUsed)
		}
	}
	w.ask(t, "DELETE", "/api/v1/keys/"+made.ID, nil).into(t, 204, nil)
	w.ask(t, "GET", "/api/v1/calls/x", nil, as(made.Key)).fails(t, 401, "key_invalid")
	w.ask(t, "DELETE", "/api/v1/keys/"+made.ID, nil).fails(t, 404, "not_found")
	if strings.Contains(w.output.String(), made.Key) || strings.Contains(w.output.String(), w.key) {
		t.Error("a key is in the server's log")
	}
}

func TestNobodyGivesAwayMoreThanTheyHave(t *testing.T) {
	w := newWorld(t)
	_, limited, err := w.settings.CreateKey(t.Context(), "limited", []string{admin.ScopeKeysWrite, admin.ScopeCallsRead})
	if err != nil {
		t.Fatal(err)
	}
	w.ask(t, "POST", "/api/v1/keys", map[string]any{"name": "more", "scopes": []string{"calls:read", "records:read"}}, as(limited)).fails(t, 403, "scope_missing")
	w.ask(t, "POST", "/api/v1/keys", map[string]any{"name": "same", "scopes": []string{"calls:read"}}, as(limited)).into(t, 201, nil)
	f := w.ask(t, "POST", "/api/v1/keys", map[string]any{"name": "", "scopes": []string{"calls:all"}}).fails(t, 422, "invalid")
	if f.fieldCodes() != "name:missing scopes:bad_value" {
		t.Errorf("fields = %s", f.fieldCodes())
	}
}

func TestOperatorBringsTheFirstKey(t *testing.T) {
	w := newWorld(t)
	secret := admin.KeyPrefix + strings.Repeat("q", 51) + "a"
	for range 2 {
		if err := w.settings.EnsureKey(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	w.ask(t, "GET", "/api/v1/keys", nil, as(secret)).into(t, 200, nil)
	if keys, err := w.settings.Keys(t.Context()); err != nil || len(keys) != 2 {
		t.Errorf("%d keys, %v: want the test's and the operator's", len(keys), err)
	}
	if err := w.settings.EnsureKey(t.Context(), "short"); err == nil || strings.Contains(err.Error(), "short") {
		t.Errorf("error of a bad key = %v", err)
	}
}

func TestWrongKeysAreLimitedButTheRightOneAlwaysPasses(t *testing.T) {
	w := newWorld(t)
	for range admin.BadKeyBurst {
		w.ask(t, "GET", "/api/v1/presets", nil, as("bnk_wrong")).fails(t, 401, "key_invalid")
	}
	got := w.ask(t, "GET", "/api/v1/presets", nil, as("bnk_wrong"))
	got.fails(t, 429, "too_many_requests")
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.ask(t, "GET", "/api/v1/presets", nil).into(t, 200, nil)
}
