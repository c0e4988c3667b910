package admin_test

import (
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"
	"testing/fstest"

	"binnacle/admin"
	"binnacle/web/tag"
)

func TestPagesAndAssetsAreServed(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]struct{ kind, cache, text string }{
		"/":                          {"text/html; charset=utf-8", "no-cache", "<title>index</title>"},
		"/call":                      {"text/html; charset=utf-8", "no-cache", "<title>call</title>"},
		"/view":                      {"text/html; charset=utf-8", "no-cache", "<title>view</title>"},
		"/settings":                  {"text/html; charset=utf-8", "no-cache", "<title>settings</title>"},
		"/compliance":                {"text/html; charset=utf-8", "no-cache", "<title>compliance</title>"},
		"/assets/viewer.js":          {"text/javascript; charset=utf-8", "no-cache", "const a"},
		"/assets/viewer.0123abcd.js": {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "const b"},
		"/assets/base.css":           {"text/css; charset=utf-8", "no-cache", "margin"},
	} {
		got := w.ask(t, "GET", path, nil, as("")).into(t, 200, nil)
		if got.header.Get("Content-Type") != want.kind || got.header.Get("Cache-Control") != want.cache || !strings.Contains(string(got.body), want.text) {
			t.Errorf("%s: %v %s", path, got.header, got.body)
		}
		again := w.ask(t, "GET", path, nil, as(""), with("If-None-Match", got.header.Get("ETag")))
		if again.status != 304 || len(again.body) != 0 {
			t.Errorf("%s again: status %d, want 304", path, again.status)
		}
	}
	for _, path := range []string{"/assets/", "/assets/call.html", "/assets/nothing.js", "/assets/notes.unknown", "/assets/..%2fadmin.go", "/call.html", "/view/", "/tag/", "/tag/9.9.9/binnacle.js", "/tag/1.0.0/other.js"} {
		w.raw(t, "GET", path).fails(t, 404, "not_found")
	}
	if got := w.raw(t, "GET", "/assets/embed.js"); got.status != 200 || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("embed.js: %d %v: want every call product to load it", got.status, got.header)
	}
	if got := w.raw(t, "HEAD", "/call"); got.status != 200 || len(got.body) != 0 {
		t.Errorf("HEAD: %d %s", got.status, got.body)
	}
}

func TestScriptTagIsServedForEverAsItsIntegritySays(t *testing.T) {
	w := newWorld(t)
	for _, v := range tag.Versions() {
		got := w.ask(t, "GET", v.Path, nil, as("")).into(t, 200, nil)
		sum := sha512.Sum384(got.body)
		if "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) != v.Integrity || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s does not fit its integrity, or may change: %v", v.Path, got.header)
		}
	}
}

func TestServerDoesNotStartWithoutItsPages(t *testing.T) {
	newWorld(t, func(c *admin.Config) {
		without := *c
		without.Assets = fstest.MapFS{"call.html": {Data: []byte("x")}}
		if _, err := admin.New(without); err == nil || !strings.Contains(err.Error(), ".html is missing") {
			t.Errorf("error = %v, want the missing page named", err)
		}
	})
}
