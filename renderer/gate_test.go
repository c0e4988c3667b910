package renderer_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"binnacle/renderer"
)

// slowJournal opens a page whose form events are acknowledged only when release is called.
func (s *site) slowJournal(t *testing.T, o renderer.Options) (p *renderer.Page, release func(error)) {
	t.Helper()
	p, err := s.renderer(t).Open(t.Context(), o)
	must(t, err)
	var mu sync.Mutex
	var waiting []func(error)
	open := false
	var how error
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ev := range p.Events() {
			mu.Lock()
			if _, form := ev.Body.(renderer.FormEvent); form && !open {
				waiting = append(waiting, ev.Ack)
			} else {
				ev.Ack(how)
			}
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		must(t, p.Close())
		<-done
	})
	return p, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		open, how = true, err
		for _, ack := range waiting {
			ack(err)
		}
	}
}

func TestNothingLeavesBeforeTheEventIsOnDisk(t *testing.T) {
	tests := map[string]string{
		"fetch":    `fetch('/sink',{method:'POST',body:'x'})`,
		"XHR":      `x=new XMLHttpRequest;x.open('POST','/sink');x.send('x')`,
		"sync XHR": `x=new XMLHttpRequest;x.open('POST','/sink',false);x.send('x')`,
		"beacon":   `navigator.sendBeacon('/sink','x')`,
		"link":     `location='/sink'`,
		"frame":    `f.src='/sink'`,
		"worker":   `w.postMessage('go')`,
		"form":     `document.forms[0].submit()`,
	}
	for name, script := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			arrived := make(chan time.Time, 10)
			s.handle("/sink", func(w http.ResponseWriter, r *http.Request) { arrived <- time.Now() })
			s.handle("/worker.js", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/javascript")
				w.Write([]byte(`onmessage=()=>fetch('/sink',{method:'POST',body:'x'})`))
			})
			s.page("/", `<iframe id=f></iframe><form method=post action="/sink"></form>`+button(script)+`<script>w=new Worker('/worker.js')</script>`)
			p, release := s.slowJournal(t, s.options("https://a.test/"))
			var stamps renderer.Stamps
			for _, kind := range []string{"down", "up"} {
				must(t, p.Input(renderer.Input{Time: stamps.Next(time.Now()), Kind: renderer.InputMouse, Type: kind, X: 600, Y: 300, Button: "left", Clicks: 1}))
			}
			select {
			case <-arrived:
				t.Error("the request left before the event was acknowledged")
			case <-time.After(900 * time.Millisecond):
			}
			release(nil)
			select {
			case <-arrived:
			case <-time.After(5 * time.Second):
				t.Error("the request did not leave after the event was acknowledged")
			}
		})
	}
}

func TestNothingLeavesWhenTheJournalIsBroken(t *testing.T) {
	s := newSite(t)
	arrived := make(chan struct{}, 10)
	s.handle("/sink", func(w http.ResponseWriter, r *http.Request) { arrived <- struct{}{} })
	s.page("/", button(`fetch('/sink').catch(()=>location.hash='failed')`))
	p, release := s.slowJournal(t, s.options("https://a.test/"))
	var stamps renderer.Stamps
	click := func() {
		for _, kind := range []string{"down", "up"} {
			must(t, p.Input(renderer.Input{Time: stamps.Next(time.Now()), Kind: renderer.InputMouse, Type: kind, X: 600, Y: 300, Button: "left", Clicks: 1}))
		}
	}
	click()
	release(errors.New("disk full"))
	click()
	select {
	case <-arrived:
		t.Error("a request left though its event is not on disk")
	case <-time.After(time.Second):
	}
}

func TestBadCertificatesOfPartsAreNotThePages(t *testing.T) {
	s := newSite(t)
	s.page("/", `<iframe src="https://bad.test/"></iframe><img src="https://bad.test/x"><script src="https://bad.test/y"></script>`+button("location='https://bad.test/'"))
	s.page("/two", button("f.src='https://bad.test/';setTimeout(()=>location.hash='alive',300)")+`<iframe id=f></iframe>`)
	o := s.options("https://a.test/")
	g := s.open(t, o)
	g.picture("the whole page", isColour(0, 0, 255))
	g.click(600, 300)
	await(g, "Blocked", func(b renderer.Blocked) bool { return b.Reason == "off_preset" })
	g = s.open(t, s.options("https://a.test/two"))
	g.click(600, 300)
	g.told("#alive")
	if n := count[renderer.Blocked](g); n != 0 {
		t.Errorf("blocked: %+v", g.seen())
	}
}

func TestBadCertificateLaterKeepsThePage(t *testing.T) {
	s := newSite(t)
	// The preset's own server changes to a certificate that is not pinned.
	s.resolve["turn.test:443"] = s.resolve["a.test:443"]
	s.page("/", button("location='https://turn.test:8443/'")+`<script>onkeydown=()=>location.hash='alive'</script>`)
	g := s.open(t, s.options("https://turn.test/"))
	g.click(600, 300)
	if b := await(g, "Blocked", func(renderer.Blocked) bool { return true }); b.Reason != "off_preset" {
		t.Errorf("blocked = %+v", b) // another port is another origin
	}
	g.key("a", "KeyA", 0)
	g.told("#alive")
}

func TestServiceWorkersAreBypassed(t *testing.T) {
	s := newSite(t)
	s.handle("/sw.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Write([]byte(`oninstall=()=>skipWaiting();onactivate=e=>e.waitUntil(clients.claim());onfetch=e=>{if(e.request.url.endsWith('/api'))e.respondWith(new Response('worker'))}`))
	})
	s.handle("/api", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("server")) })
	s.page("/", `<script>navigator.serviceWorker.register('/sw.js').then(()=>navigator.serviceWorker.ready).then(()=>fetch('/api')).then(r=>r.text()).then(t=>location.hash=t,e=>location.hash='error')</script>`)
	g := s.open(t, s.options("https://a.test/"))
	g.told("#server")
}

func TestABlockedNavigationComesAfterWhatCausedIt(t *testing.T) {
	s := newSite(t)
	s.page("/", button("location='https://b.test/'"))
	g := s.open(t, s.options("https://a.test/"))
	at := g.click(600, 300)
	await(g, "Blocked", func(b renderer.Blocked) bool { return b.Reason == "off_preset" })
	for _, body := range g.seen() {
		switch body := body.(type) {
		case renderer.Blocked:
			t.Fatal("the navigation was blocked before anybody pressed the button")
		case renderer.FormEvent:
			if body.Action == "pressed" && body.Input >= at {
				return
			}
		}
	}
}
