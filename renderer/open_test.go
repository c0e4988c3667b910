package renderer_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"binnacle/renderer"
)

func TestOpenShowsThePage(t *testing.T) {
	s := newSite(t)
	s.page("/", `<title>Home</title><body style="background:#00f">`)
	g := s.open(t, s.options("https://a.test/?secret=1"))
	n := await(g, "Navigated", func(n renderer.Navigated) bool { return true })
	want := renderer.Navigated{Address: "https://a.test/", Title: "Home", Checkpoint: "https://a.test/?secret=1", TagVersion: tagVersion}
	if n != want {
		t.Errorf("navigated = %+v, want %+v", n, want)
	}
	f := g.picture("blue", isColour(0, 0, 255))
	if f.Format != "png" || f.Width != 1280 || f.Height != 800 || f.Scale != 1 {
		t.Errorf("frame = %s %dx%d scale %g", f.Format, f.Width, f.Height, f.Scale)
	}
	if d := time.Since(f.Taken); d < 0 || d > time.Minute {
		t.Errorf("frame taken %v ago", d)
	}
	if !strings.Contains(g.Version(), "HeadlessChrome/") {
		t.Errorf("version = %q", g.Version())
	}
}

func TestOpenTellsWhyItCannot(t *testing.T) {
	s := newSite(t)
	s.page("/", "home")
	s.bare("/bare", "no tag")
	s.bare("/old", `<script src="https://x.test/tag/0.9.0/binnacle.js" integrity="sha384-B"></script>`)
	s.bare("/changed", `<script src="https://x.test/tag/1.0.0/binnacle.js" integrity="sha384-C"></script>`)
	s.handle("/missing", func(w http.ResponseWriter, r *http.Request) { http.Error(w, tagLine, http.StatusNotFound) })
	s.handle("/broken", func(w http.ResponseWriter, r *http.Request) { http.Error(w, tagLine, http.StatusInternalServerError) })
	s.handle("/locked", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		http.Error(w, tagLine, http.StatusUnauthorized)
	})
	s.handle("/away", redirect("https://b.test/?q=1"))
	s.handle("/plain", redirect("http://a.test/"))
	s.handle("/loop", redirect("/loop"))
	s.handle("/file", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Disposition", "attachment") })
	s.page("/script-away", `<script>location = "https://b.test/"</script>`)
	s.handle("/hangs", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	tests := []struct {
		name, address string
		want          error
		says          string
	}{
		{"plain http", "http://a.test/", renderer.ErrNotHTTPS, ""},
		{"unknown host", "https://unknown.test/", renderer.ErrUnreachable, "NAME_NOT_RESOLVED"},
		{"refused connection", "https://gone.test/", renderer.ErrUnreachable, "CONNECTION_REFUSED"},
		{"certificate that is not pinned", "https://bad.test/", renderer.ErrCertificate, "AUTHORITY_INVALID"},
		{"redirect to another origin", "https://a.test/away", renderer.ErrBlocked, "https://b.test"},
		{"redirect to plain http", "https://a.test/plain", renderer.ErrBlocked, "http://a.test"},
		{"redirect without end", "https://a.test/loop", renderer.ErrUnreachable, "TOO_MANY_REDIRECTS"},
		{"script that leaves at once", "https://a.test/script-away", renderer.ErrBlocked, "https://b.test"},
		{"not found", "https://a.test/missing", renderer.ErrHTTPStatus, "404"},
		{"server error", "https://a.test/broken", renderer.ErrHTTPStatus, "500"},
		{"HTTP authentication", "https://a.test/locked", renderer.ErrHTTPStatus, "401"},
		{"download", "https://a.test/file", renderer.ErrUnreachable, "download"},
		{"no tag", "https://a.test/bare", renderer.ErrNoTag, ""},
		{"old tag", "https://a.test/old", renderer.ErrOldTag, "0.9.0"},
		{"changed tag", "https://a.test/changed", renderer.ErrOldTag, "integrity"},
		{"no answer", "https://a.test/hangs", renderer.ErrUnreachable, "deadline"},
	}
	r := s.renderer(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if test.name == "no answer" {
				ctx, cancel = context.WithTimeout(t.Context(), 1500*time.Millisecond)
				defer cancel()
			}
			p, err := r.Open(ctx, s.options(test.address))
			if err == nil {
				p.Close()
			}
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "q=1") {
				t.Errorf("open = %v, want %v that says %q", err, test.want, test.says)
			}
		})
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}
