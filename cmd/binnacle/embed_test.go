package main_test

import (
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestOnlyConfiguredCallProductsFrameTheViewer: a call product on another origin embeds the viewer and is told when a session
// begins and ends; a stranger's page gets an empty frame.
func TestOnlyConfiguredCallProductsFrameTheViewer(t *testing.T) {
	var body string // of the product's page; set before anybody asks
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, body)
	})
	product, stranger := httptest.NewServer(serve), httptest.NewServer(serve)
	defer product.Close()
	defer stranger.Close()
	// By name, so that it is another site than the server's address.
	_, port, err := net.SplitHostPort(strings.TrimPrefix(product.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	productURL := "http://localhost:" + port

	s := startDemo(t, t.TempDir(), nil, "--frame-ancestors", productURL)
	call := s.newCall("Embedded", person{"Ada Byron", ""})
	_, token, _ := strings.Cut(call.link("Ada Byron"), "#t=")
	body = `<!doctype html><title>A call product</title><script src="` + s.origin() + `/assets/embed.js"></script>
<style>binnacle-embed { display: block; width: 1200px; height: 800px }</style><p role="status" id="told"></p>
<binnacle-embed src="` + s.origin() + `/view" token="` + html.EscapeString(token) + `"></binnacle-embed>
<script>for (const e of ["session-started", "session-ended", "navigator-changed", "error"])
	document.querySelector("binnacle-embed").addEventListener("binnacle-" + e, ev => document.getElementById("told").textContent += e + ":" + (ev.detail.preset ?? ev.detail.code ?? "") + " ");</script>`

	browser := openBrowser(t)
	ada := browser.open("ada", productURL)
	ada.until("Ada in the call", func() (bool, error) {
		status, raw := s.api("POST", "/calls/"+call.id+"/session", map[string]string{"preset": s.preset("Open a current account").ID, "by": call.ids["Ada Byron"]}, nil)
		return status == http.StatusCreated, fmt.Errorf("start: %d %s", status, raw)
	})
	ada.hears("session-started:Open a current account")
	if status, raw := s.api("DELETE", "/calls/"+call.id+"/session", nil, nil); status >= 300 {
		t.Fatalf("stop: %d %s", status, raw)
	}
	ada.hears("session-ended:stopped")

	other := browser.open("stranger", stranger.URL)
	other.until("the frame's refusal", func() (bool, error) {
		tree, err := chromedp.Call(other.ctx, page.GetFrameTree, cdp.Empty{})
		if err != nil || len(tree.FrameTree.ChildFrames) == 0 {
			return false, err
		}
		return strings.HasPrefix(tree.FrameTree.ChildFrames[0].Frame.URL, "chrome-error:"), fmt.Errorf("the frame shows %s", tree.FrameTree.ChildFrames[0].Frame.URL)
	})
	if said, _ := eval[[]string](other, "window.__said"); len(said) > 0 {
		t.Errorf("a stranger's page was told %q", said)
	}
	resp, err := http.Get(s.origin() + "/view")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors "+productURL) || strings.Contains(csp, "unsafe") {
		t.Errorf("policy of the viewer: %s", csp)
	}
	for _, path := range []string{"/call", "/settings", "/compliance"} {
		resp, err := http.Get(s.origin() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || resp.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s may be framed: %s, X-Frame-Options %q", path, csp, resp.Header.Get("X-Frame-Options"))
		}
	}
}
