package renderer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"binnacle/renderer"
)

// button is a page's button that covers the viewport.
func button(script string) string {
	return `<button style="position:fixed;inset:0;width:100%;background:#00f" onclick="` + script + `">x</button>`
}

func TestNavigationOffThePresetIsBlocked(t *testing.T) {
	s := newSite(t)
	s.bare("b.test/", "other origin")
	s.handle("a.test/redirect", redirect("https://b.test/?q=1"))
	s.handle("a.test/hop", redirect("/redirect"))
	s.handle("a.test/plain", redirect("http://a.test/"))
	s.page("a.test/inside", "inside")
	s.handle("a.test/file", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Disposition", "attachment") })
	s.handle("a.test/broken", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	tests := []struct {
		name, html, reason, address string
	}{
		{"link", `<a href="https://b.test/x?q=1#f" style="position:fixed;inset:0">x</a>`, "off_preset", "https://b.test/x"},
		{"script", button("location='https://b.test/y'"), "off_preset", "https://b.test/y"},
		{"redirect", button("location='/redirect'"), "off_preset", "https://b.test/"},
		{"second redirect", button("location='/hop'"), "off_preset", "https://b.test/"},
		{"redirect to plain http", button("location='/plain'"), "not_https", "http://a.test/"},
		{"form", `<form method=post action="https://b.test/z">` + button("") + `</form>`, "off_preset", "https://b.test/z"},
		{"meta refresh", `<body onclick="document.head.innerHTML+='<meta http-equiv=refresh content=0;url=https://b.test/m>'">` + button(""), "off_preset", "https://b.test/m"},
		{"frame that breaks out", `<iframe style="position:fixed;inset:0;width:100%;height:100%" srcdoc="<button style='position:fixed;inset:0' onclick=&quot;top.location='https://b.test/f'&quot;>x"></iframe>`, "off_preset", "https://b.test/f"},
		{"plain http", button("location='http://a.test/'"), "not_https", "http://a.test/"},
		{"mail", `<a href="mailto:anna@bank.example" style="position:fixed;inset:0">x</a>`, "other_scheme", "mailto:"},
		{"new window elsewhere", button("window.open('https://b.test/w?q=1')"), "new_window", "https://b.test/w"},
		{"link to a new window elsewhere", `<a target=_blank href="https://b.test/w" style="position:fixed;inset:0">x</a>`, "new_window", "https://b.test/w"},
		{"empty new window", button("window.open('about:blank').document.write('x')"), "new_window", "about:blank"},
		{"form to a new window", `<form method=post target=_blank action="/inside">` + button("") + `</form>`, "new_window", "https://a.test/inside"},
		{"download", button("location='/file?q=1'"), "download", "https://a.test/file"},
		{"download link", `<a download href="/file" style="position:fixed;inset:0">x</a>`, "download", "https://a.test/file"},
		{"blank", button("location='about:blank'"), "other_scheme", "about:blank"},
		{"blob", button("location=window.URL.createObjectURL(new Blob(['x'],{type:'text/html'}))"), "other_scheme", "blob:"},
		{"connection that breaks", button("location='/broken'"), "unreachable", "https://a.test/broken"},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := fmt.Sprintf("/start%d", i)
			s.page("a.test"+path, test.html+`<script>addEventListener('keydown',()=>location.hash='alive')</script>`)
			g := s.open(t, s.options("https://a.test"+path))
			g.click(640, 400)
			b := await(g, "Blocked", func(renderer.Blocked) bool { return true })
			if b.Reason != test.reason || b.Address != test.address {
				t.Errorf("blocked = %+v, want %s %s", b, test.reason, test.address)
			}
			// The page is still there, or back, and takes input.
			deadline := time.Now().Add(10 * time.Second)
			for !came(g, "#alive") && time.Now().Before(deadline) {
				g.key("Tab", "Tab", 0)
				<-time.After(50 * time.Millisecond)
			}
			n := g.told("#alive")
			if n.Address != "https://a.test"+path {
				t.Errorf("page is at %s", n.Address)
			}
			if c := count[renderer.Blocked](g); c != 1 {
				t.Errorf("%d Blocked: %+v", c, g.seen())
			}
		})
	}
}

func came(g *guest, hash string) bool {
	for _, b := range g.seen() {
		if n, ok := b.(renderer.Navigated); ok && strings.HasSuffix(n.Checkpoint, hash) {
			return true
		}
	}
	return false
}

func TestNavigationInsideThePresetIsTold(t *testing.T) {
	s := newSite(t)
	s.page("/", `<title>One</title>`+button("location='/two?a=1'"))
	s.page("/two", `<title>Two</title><form method=post action="/posted?b=2">`+button("")+`</form>`)
	s.page("/posted", `<title>Posted</title>`+button("history.pushState(1,'','/pushed')"))
	g := s.open(t, s.options("https://a.test/"))
	g.click(640, 400)
	two := await(g, "page two", func(n renderer.Navigated) bool { return n.Title == "Two" })
	if two.Address != "https://a.test/two" || two.Checkpoint != "https://a.test/two?a=1" || two.InPage || two.TagVersion != tagVersion {
		t.Errorf("navigated = %+v", two)
	}
	g.click(640, 400)
	posted := await(g, "the posted page", func(n renderer.Navigated) bool { return n.Title == "Posted" })
	if posted.Address != "https://a.test/posted" || posted.Checkpoint != "https://a.test/two?a=1" {
		t.Errorf("navigated = %+v, want the checkpoint of the last GET", posted)
	}
	g.click(640, 400)
	pushed := await(g, "pushState", func(n renderer.Navigated) bool { return n.InPage })
	if pushed.Address != "https://a.test/pushed" || pushed.Checkpoint != "https://a.test/two?a=1" {
		t.Errorf("navigated = %+v", pushed)
	}
	if n := count[renderer.Blocked](g); n != 0 {
		t.Errorf("%d Blocked", n)
	}
}

func TestBackForwardAndReload(t *testing.T) {
	s := newSite(t)
	var posts int
	s.page("/", `<title>One</title>`+button("location='/two'"))
	s.page("/two", `<title>Two</title><form method=post action="/post">`+button("")+`</form>`)
	s.handle("/post", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			posts++
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, tagLine, "<title>Post</title>")
	})
	g := s.open(t, s.options("https://a.test/"))
	titles := func(want ...string) {
		t.Helper()
		await(g, strings.Join(want, " "), func(renderer.Navigated) bool {
			var got []string
			for _, b := range g.seen() {
				if n, ok := b.(renderer.Navigated); ok {
					got = append(got, n.Title)
				}
			}
			return strings.Join(got, " ") == strings.Join(want, " ")
		})
	}
	if err := g.Go("sideways"); err == nil {
		t.Error("an unknown way is taken")
	}
	must(t, g.Go("back")) // nowhere: not to the blank page that Chrome starts with
	g.click(640, 400)
	titles("One", "Two")
	must(t, g.Go("back"))
	titles("One", "Two", "One")
	must(t, g.Go("forward"))
	titles("One", "Two", "One", "Two")
	must(t, g.Go("reload"))
	titles("One", "Two", "One", "Two", "Two")
	g.click(640, 400)
	titles("One", "Two", "One", "Two", "Two", "Post")
	must(t, g.Go("reload")) // never posts again
	titles("One", "Two", "One", "Two", "Two", "Post", "Two")
	if posts != 1 {
		t.Errorf("the form was posted %d times", posts)
	}
}

func TestPageWithoutTagNeverShows(t *testing.T) {
	s := newSite(t)
	red := `<body style="background:#f00"><script>addEventListener('mousemove',()=>fetch('/moved'))</script>`
	s.page("/", `<title>Home</title>`+button("location='/bare'"))
	s.bare("/bare", red)
	s.bare("/old", red+`<script src="/tag/0.1.0/binnacle.js" integrity="x"></script>`)
	s.handle("/missing", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(404)
		fmt.Fprint(w, "<!doctype html>", red)
	})
	s.page("/push", `<title>Push</title>`+button("document.body.style.background='#f00';this.remove();history.pushState(1,'','/elsewhere')"))
	s.handle("/moved", func(w http.ResponseWriter, r *http.Request) { t.Error("input went into a page that is not confirmed") })
	for _, test := range []struct{ to, reason string }{{"/bare", "no_tag"}, {"/old", "old_tag"}, {"/missing", "http_status"}} {
		t.Run(test.reason, func(t *testing.T) {
			path := "/to" + test.reason
			s.page(path, `<title>Home</title>`+button("location='"+test.to+"'"))
			g := s.open(t, s.options("https://a.test"+path))
			stop := make(chan struct{})
			red := make(chan int, 1)
			go func() {
				n := 0
				for {
					select {
					case f, ok := <-g.Frames():
						if !ok {
							red <- n
							return
						}
						if img := decode(t, f); near(img, 5, 5, 255, 0, 0) {
							n++
						}
					case <-stop:
						red <- n
						return
					}
				}
			}()
			g.click(640, 400)
			b := await(g, "Blocked", func(renderer.Blocked) bool { return true })
			if b.Reason != test.reason || b.Address != "https://a.test"+test.to {
				t.Errorf("blocked = %+v", b)
			}
			for i := range 40 {
				g.in(renderer.Input{Kind: renderer.InputMouse, Type: "move", X: float64(100 + i), Y: 5})
				<-time.After(5 * time.Millisecond)
			}
			await(g, "the page before", func(n renderer.Navigated) bool {
				return n.Title == "Home" && count[renderer.Navigated](g) == 2
			})
			close(stop)
			if n := <-red; n != 0 {
				t.Errorf("%d frames show the page", n)
			}
		})
	}
}

func TestAddressThatScriptSetsOutsideThePresetIsLeft(t *testing.T) {
	s := newSite(t)
	s.page("/app/", `<title>App</title>`+button("history.pushState(1,'','/admin')"))
	s.page("/app/replace", `<title>Replace</title>`+button("history.replaceState(1,'','/admin')"))
	for path, want := range map[string]string{"/app/": "App", "/app/replace": "Replace"} {
		o := s.options("https://a.test" + path)
		o.Scope = renderer.ScopePrefix
		if path == "/app/replace" {
			o.Scope = renderer.ScopeExact
		}
		g := s.open(t, o)
		g.click(640, 400)
		b := await(g, "Blocked", func(renderer.Blocked) bool { return true })
		if b.Reason != "off_preset" || b.Address != "https://a.test/admin" {
			t.Errorf("blocked = %+v", b)
		}
		await(g, "the page before", func(n renderer.Navigated) bool {
			return n.Title == want && !n.InPage && count[renderer.Navigated](g) == 2 && n.Address == "https://a.test"+path
		})
	}
}

func TestNewWindowInsideThePresetOpensInThePage(t *testing.T) {
	s := newSite(t)
	s.page("/", `<title>Home</title>`+button("w=window.open('/two?x=1#f')"))
	s.page("/two", `<title>Two</title>`)
	g := s.open(t, s.options("https://a.test/"))
	g.click(640, 400)
	n := await(g, "page two", func(n renderer.Navigated) bool { return n.Title == "Two" })
	if n.Checkpoint != "https://a.test/two?x=1#f" {
		t.Errorf("navigated = %+v", n)
	}
	if n := count[renderer.Blocked](g); n != 0 {
		t.Errorf("blocked: %+v", g.seen())
	}
}

func TestFramesMayGoAnywhere(t *testing.T) {
	s := newSite(t)
	s.page("a.test/", `<iframe src="https://b.test/one" style="position:fixed;inset:0;width:100%;height:100%"></iframe>`)
	s.bare("b.test/one", button("location='https://c.test/two'"))
	s.bare("c.test/two", `<body style="background:#0f0">`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("the first frame", isColour(0, 0, 255))
	g.click(600, 300)
	g.picture("the second frame", isColour(0, 255, 0))
	if n := count[renderer.Blocked](g); n != 0 {
		t.Errorf("blocked: %+v", g.seen())
	}
}

func TestDownloadAndEmptyAnswerKeepThePage(t *testing.T) {
	s := newSite(t)
	s.page("/", button("location='/204'")+`<script>n=0;addEventListener('click',()=>setTimeout(()=>document.querySelector('button').style.background='#0f0',200))</script>`)
	s.handle("/204", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	g := s.open(t, s.options("https://a.test/"))
	g.click(600, 300)
	g.picture("what the page did after the empty answer", isColour(0, 255, 0))
}
