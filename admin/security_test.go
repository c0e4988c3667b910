package admin_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"binnacle/admin"
	"binnacle/audit"
	"binnacle/session"
)

func TestOnlyConfiguredCallProductsFrameTheViewer(t *testing.T) {
	alone := newWorld(t)
	shared := newWorld(t, func(c *admin.Config) {
		c.FrameAncestors = []string{"https://calls.example.com", "https://Other.example:8443/"}
	})
	for _, path := range []string{"/", "/call", "/settings", "/compliance", "/api/v1/presets", "/assets/viewer.js", "/nothing", "/healthz"} {
		for _, w := range []*world{alone, shared} {
			h := w.raw(t, "GET", path).header
			if csp := h.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors 'none'") || h.Get("X-Frame-Options") != "DENY" {
				t.Errorf("%s: policy %q, X-Frame-Options %q", path, csp, h.Get("X-Frame-Options"))
			}
		}
	}
	h := alone.raw(t, "GET", "/view").header
	if !strings.HasSuffix(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("X-Frame-Options") != "DENY" {
		t.Errorf("viewer that nobody may frame: %v", h)
	}
	h = shared.raw(t, "GET", "/view").header
	if csp := h.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors https://calls.example.com https://other.example:8443") || h.Get("X-Frame-Options") != "" {
		t.Errorf("viewer that two may frame: policy %q, X-Frame-Options %q", csp, h.Get("X-Frame-Options"))
	}
	if h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Error("a call product that isolates itself cannot frame the viewer")
	}
	var config struct{ FrameParents []string }
	shared.ask(t, "GET", "/config.json", nil, as("")).into(t, 200, &config)
	if got := strings.Join(config.FrameParents, " "); got != "https://calls.example.com https://other.example:8443" {
		t.Errorf("frame parents = %q", got)
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/view", "/api/v1/presets", "/tag/1.0.0/binnacle.js", "/nothing", "/readyz"} {
		h := w.raw(t, "GET", path).header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s = %q, want %q", path, name, h.Get(name), want)
			}
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; style-src 'self'; ") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if !strings.Contains(csp, "connect-src 'self' wss://cobrowse.example.com;") {
			t.Errorf("%s: policy %q does not let the page open its sockets", path, csp)
		}
		if h.Get("Permissions-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	if h := newWorld(t, func(c *admin.Config) { c.PublicURL = "http://127.0.0.1:8080" }).raw(t, "GET", "/").header; h.Get("Strict-Transport-Security") != "" ||
		!strings.Contains(h.Get("Content-Security-Policy"), " ws://127.0.0.1:8080;") {
		t.Errorf("on plain http: %v", h)
	}
}

func TestPagesOfOthersCannotJoinOrStart(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.Origins = []string{"https://calls.example.com"} })
	for _, path := range []string{"/join", "/c/x/session"} {
		for _, from := range []string{"https://evil.example", "null", "", "https://cobrowse.example.com.evil.example", "http://cobrowse.example.com", "https://calls.example.com:444"} {
			w.ask(t, "POST", path, map[string]any{}, as(""), with("Origin", from)).fails(t, 403, "origin_refused")
		}
		for _, from := range []string{publicURL, "https://calls.example.com"} {
			if got := w.ask(t, "POST", path, map[string]any{}, as(""), with("Origin", from)); got.status == 403 {
				t.Errorf("%s for a page of %s: %s", path, from, got.body)
			}
		}
	}
}

func TestOtherOriginsReadOnlyTheScriptTag(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/api/v1/presets", "/config.json", "/assets/viewer.js", "/api/openapi.json", "/join"} {
		if got := w.raw(t, "GET", path, with("Origin", "https://evil.example")).header; got.Get("Access-Control-Allow-Origin") != "" || got.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, got)
		}
	}
	got := w.raw(t, "GET", "/tag/1.0.0/binnacle.js", with("Origin", "https://bank.example"))
	if got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("script tag: %d %v", got.status, got.header)
	}
}

func TestConfiguredOriginsUseTheAPIFromABrowser(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.APIOrigins = []string{"https://console.example.com"} })
	preflight := with("Access-Control-Request-Method", "PUT")
	got := w.raw(t, "OPTIONS", "/api/v1/presets/x", preflight, with("Origin", "https://console.example.com"))
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "https://console.example.com" || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "If-Match") {
		t.Errorf("preflight: %d %v", got.status, got.header)
	}
	got = w.ask(t, "GET", "/api/v1/presets", nil, with("Origin", "https://console.example.com"))
	if got.header.Get("Access-Control-Allow-Origin") != "https://console.example.com" || !slices.Contains(got.header.Values("Vary"), "Origin") {
		t.Errorf("request: %v", got.header)
	}
	for _, path := range []string{"/api/v1/presets", "/join"} {
		got = w.raw(t, "OPTIONS", path, preflight, with("Origin", "https://evil.example"))
		if got.status != 405 || got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("preflight of another: %d %v", got.status, got.header)
		}
	}
}

func TestCallProductWithTheViewerInItsOwnPageMayJoin(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.Origins = []string{"https://calls.example.com"} })
	for _, path := range []string{"/join", "/c/x/presets", "/assets/viewer.js"} {
		got := w.raw(t, "OPTIONS", path, with("Access-Control-Request-Method", "POST"), with("Origin", "https://calls.example.com"))
		if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "https://calls.example.com" {
			t.Errorf("preflight of %s: %d %v", path, got.status, got.header)
		}
		got = w.raw(t, "GET", path, with("Origin", "https://evil.example"))
		if got.header.Get("Access-Control-Allow-Origin") != "" || got.header.Get("Vary") != "Origin" {
			t.Errorf("%s for another page: %v", path, got.header)
		}
	}
	if got := w.raw(t, "GET", "/api/v1/presets", with("Origin", "https://calls.example.com")); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a call product's page may use the API")
	}
}

func TestEveryErrorIsJSON(t *testing.T) {
	w := newWorld(t)
	w.ask(t, "GET", "/nothing", nil).fails(t, 404, "not_found")
	w.ask(t, "GET", "/api/v1/nothing", nil).fails(t, 404, "not_found")
	w.ask(t, "GET", "/assets/", nil).fails(t, 404, "not_found")
	got := w.ask(t, "PATCH", "/api/v1/presets", map[string]any{})
	got.fails(t, 405, "method_not_allowed")
	if got.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("Allow = %q", got.header.Get("Allow"))
	}
	w.ask(t, "GET", "/join", nil).fails(t, 405, "method_not_allowed")
	w.ask(t, "POST", "/api/v1/presets", "{}", with("Content-Type", "text/plain")).fails(t, 415, "not_json")
	w.ask(t, "POST", "/api/v1/presets", "{}", with("Content-Type", "application/x-www-form-urlencoded")).fails(t, 415, "not_json")
	for _, body := range []string{"", "{", "[]", "null", `"x"`, "{} {}", "{\"name\":\"x\"} trailing", strings.Repeat("[", 20000)} {
		w.ask(t, "POST", "/api/v1/presets", body, with("Content-Type", "application/json")).fails(t, 400, "bad_json")
	}
	w.ask(t, "POST", "/api/v1/presets", `{"name":"`+strings.Repeat("x", admin.MaxBodyBytes)+`"}`).fails(t, 413, "too_large")
}

func TestPanicEndsOneRequestOnly(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.Hub = broken{c.Hub} })
	f := w.ask(t, "GET", "/api/v1/calls/x", nil).fails(t, 500, "internal")
	if !strings.Contains(f.Error.Hint, f.Error.Request) || strings.Contains(f.Error.Message, "hull breach") {
		t.Errorf("error = %+v, want the request's id and nothing of the cause", f.Error)
	}
	if log := w.output.String(); !strings.Contains(log, "hull breach") || !strings.Contains(log, f.Error.Request) {
		t.Error("the server's log does not tell the cause with the request's id")
	}
	w.ask(t, "GET", "/api/v1/presets", nil).into(t, 200, nil)
}

// broken is a hub with a programmer's mistake.
type broken struct{ admin.Hub }

// Call panics.
func (broken) Call(context.Context, string) (session.Call, error) { panic("hull breach") }

func TestServersLogHasNoQueriesTokensOrNames(t *testing.T) {
	w := newWorld(t)
	w.ask(t, "GET", "/api/v1/clients?query=geheim", nil).into(t, 200, nil)
	w.ask(t, "GET", "/api/v1/clients/geheim%40example.com", nil).fails(t, 404, "client_unknown")
	w.ask(t, "GET", "/geheim", nil).fails(t, 404, "not_found")
	w.ask(t, "PUT", "/api/v1/clients/x", map[string]any{"name": "geheim", "email": "geheim@example.com"}).into(t, 200, nil)
	w.ask(t, "GET", "/api/v1/presets", nil, with("X-Request-Id", "geheim")).into(t, 200, nil)
	w.ask(t, "POST", "/join", map[string]any{"token": "geheim-geheim-geheim-geheim"}, as("")).fails(t, 401, "token_invalid")
	log := w.output.String()
	if strings.Contains(log, "geheim") {
		t.Errorf("log:\n%s", log)
	}
	if !strings.Contains(log, `route="GET /api/v1/clients/{client}" status=404`) || strings.Count(log, "msg=request") < 6 {
		t.Errorf("log:\n%s\nwant each request with its route and status", log)
	}
}

func TestAttemptsToJoinAreLimitedPerAddress(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	try := func(from string) answer {
		return w.ask(t, "POST", "/join", map[string]any{"token": strings.Repeat("x", 43)}, as(""), with("X-Forwarded-For", from))
	}
	for range admin.JoinBurst {
		try("192.0.2.1").fails(t, 401, "token_invalid")
	}
	try("192.0.2.1").fails(t, 429, "too_many_requests")
	try("203.0.113.9, 192.0.2.1").fails(t, 429, "too_many_requests") // what a client writes itself counts for nothing
	try("192.0.2.1, 127.0.0.1").fails(t, 429, "too_many_requests")
	try("192.0.2.2").fails(t, 401, "token_invalid")
	for range admin.JoinBurst {
		try("2001:db8:1:2::1")
	}
	try("2001:db8:1:2:ffff::7").fails(t, 429, "too_many_requests") // one customer's network
	try("2001:db8:1:3::1").fails(t, 401, "token_invalid")
}

func TestLimitsRememberABoundedNumberOfAddresses(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	try := func(from string) int {
		req := httptest.NewRequest("POST", "/join", strings.NewReader("{}"))
		req.RemoteAddr = "127.0.0.1:1"
		req.Header.Set("X-Forwarded-For", from)
		got := httptest.NewRecorder()
		w.server.ServeHTTP(got, req)
		return got.Code
	}
	for range admin.JoinBurst {
		try("192.0.2.1")
	}
	if got := try("192.0.2.1"); got != http.StatusTooManyRequests {
		t.Fatalf("status = %d, want 429", got)
	}
	for i := range admin.MaxLimitedAddresses {
		try(fmt.Sprintf("10.0.%d.%d", i/256, i%256))
	}
	if got := try("192.0.2.1"); got == http.StatusTooManyRequests {
		t.Error("the address that was quiet longest is still remembered")
	}
}

func TestForwardedAddressCountsOnlyFromTheOperatorsProxies(t *testing.T) {
	w := newWorld(t)
	for i := range admin.JoinBurst {
		w.ask(t, "POST", "/join", map[string]any{"token": strings.Repeat("x", 43)}, as(""), with("X-Forwarded-For", net.IPv4(192, 0, 2, byte(i)).String()))
	}
	w.ask(t, "POST", "/join", map[string]any{"token": strings.Repeat("x", 43)}, as(""), with("X-Forwarded-For", "192.0.2.99")).fails(t, 429, "too_many_requests")
}

func TestConfigurationTellsAllFaultsAtOnce(t *testing.T) {
	_, err := admin.New(admin.Config{PublicURL: "cobrowse.example.com", FrameAncestors: []string{"https://*.example.com"}, Origins: []string{"https://a.example/path"}, APIOrigins: []string{"https://a.example; script-src *"}})
	for _, part := range []string{"public URL", "frame ancestors", "origins", "API origins", "settings", "hub", "records", "store", "assets"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error = %v, want it to name %s", err, part)
		}
	}
}

// stuck is evidence that the archive does not take.
type stuck struct{ inner }

// Backlog says so.
func (stuck) Backlog() audit.Backlog {
	return audit.Backlog{Journals: 1, Objects: 3, Oldest: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Problem: "put s3://geheim"}
}

func TestArchiveThatIsStuckIsSaidWithoutItsAddress(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.Records = stuck{c.Records} })
	var ready struct {
		Accepting bool
		Archive   struct {
			Objects int
			Oldest  string
		}
		Problems []string
	}
	got := w.ask(t, "GET", "/readyz", nil, as("")).into(t, 200, &ready)
	if !ready.Accepting || ready.Archive.Objects != 3 || ready.Archive.Oldest != "2026-11-22T09:00:00Z" || len(ready.Problems) != 1 {
		t.Errorf("ready = %s", got.body)
	}
	if strings.Contains(string(got.body), "geheim") {
		t.Errorf("everybody may read where the archive is: %s", got.body)
	}
}

func TestProbesSayWhetherNewSessionsMayCome(t *testing.T) {
	w := newWorld(t)
	w.ask(t, "GET", "/healthz", nil, as("")).into(t, 200, nil)
	var ready struct {
		Accepting bool
		Free      int
		Problems  []string
	}
	w.ask(t, "GET", "/readyz", nil, as("")).into(t, 200, &ready)
	if !ready.Accepting || ready.Free == 0 || len(ready.Problems) != 0 {
		t.Errorf("ready = %+v", ready)
	}
	if err := w.hub.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.ask(t, "GET", "/readyz", nil, as("")).into(t, http.StatusServiceUnavailable, &ready)
	if ready.Accepting || len(ready.Problems) == 0 {
		t.Errorf("ready while draining = %+v", ready)
	}
}
