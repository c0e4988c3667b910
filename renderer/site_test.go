package renderer_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"log"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"binnacle/renderer"
)

const (
	tagVersion   = "1.0.0"
	tagIntegrity = "sha384-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	tagLine      = `<script src="https://a.test/tag/1.0.0/binnacle.js" integrity="` + tagIntegrity + `" crossorigin="anonymous" async></script>`
)

// site is a few TLS pages under names that end in .test, reached through Config.Resolve and a pinned certificate.
type site struct {
	cert    *x509.Certificate
	resolve map[string]string
	mux     *http.ServeMux
}

// newSite serves under every *.test name; bad.test has a certificate that is not pinned, gone.test refuses connections.
func newSite(t testing.TB) *site {
	s := &site{mux: http.NewServeMux()}
	good, pinned := s.serve(t)
	bad, _ := s.serve(t)
	s.cert = pinned
	s.resolve = map[string]string{"a.test:443": good, "b.test:443": good, "c.test:443": good, "bad.test:443": bad, "gone.test:443": "127.0.0.1:1"}
	s.mux.HandleFunc("/tag/", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Type", "text/javascript") })
	return s
}

func (s *site) serve(t testing.TB) (addr string, cert *x509.Certificate) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"*.test"}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	must(t, err)
	cert, err = x509.ParseCertificate(der)
	must(t, err)
	srv := httptest.NewUnstartedServer(s.mux)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String(), cert
}

// page serves HTML with the script tag.
func (s *site) page(path, html string) { s.bare(path, tagLine+html) }

// bare serves HTML as it is.
func (s *site) bare(path, html string) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html>", html)
	})
}

func (s *site) handle(path string, h http.HandlerFunc) { s.mux.HandleFunc(path, h) }

// renderer is one that trusts the site.
func (s *site) renderer(t testing.TB) *renderer.Renderer {
	r, err := renderer.New(renderer.Config{Dir: profiles(t), Resolve: maps.Clone(s.resolve), TrustCerts: []*x509.Certificate{s.cert}})
	must(t, err)
	return r
}

// profiles is a folder that Chrome's user can enter; t.TempDir is not. It must be empty at the end.
func profiles(t testing.TB) string {
	dir, err := os.MkdirTemp("", "binnacle-test-")
	must(t, err)
	must(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() {
		left, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(left) > 0 {
			t.Errorf("profile folder still holds %v", left)
		}
		os.RemoveAll(dir)
	})
	return dir
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// guest is a page under test with its events collected.
type guest struct {
	*renderer.Page
	t      testing.TB
	stamps renderer.Stamps

	mu     sync.Mutex
	events []renderer.EventBody
	wake   chan struct{}
	refuse error // acknowledge form events with it
	done   chan struct{}
}

func (s *site) options(address string) renderer.Options {
	return renderer.Options{Address: address, TagVersions: map[string]string{tagVersion: tagIntegrity}}
}

// open opens a page and collects its events until the test ends.
func (s *site) open(t testing.TB, o renderer.Options) *guest {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	defer cancel()
	p, err := s.renderer(t).Open(ctx, o)
	must(t, err)
	g := &guest{Page: p, t: t, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go g.collect()
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		<-g.done
	})
	return g
}

func (g *guest) collect() {
	defer close(g.done)
	for ev := range g.Events() {
		g.mu.Lock()
		g.events = append(g.events, ev.Body)
		refuse := g.refuse
		g.mu.Unlock()
		ev.Ack(refuse)
		select {
		case g.wake <- struct{}{}:
		default:
		}
	}
}

// seen returns the events so far.
func (g *guest) seen() []renderer.EventBody {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]renderer.EventBody(nil), g.events...)
}

// await waits for an event of the type that fits; it looks at those that came before, too.
func await[E renderer.EventBody](g *guest, what string, fits func(E) bool) E {
	g.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		for _, b := range g.seen() {
			if e, ok := b.(E); ok && fits(e) {
				return e
			}
		}
		select {
		case <-g.wake:
		case <-g.done:
			for _, b := range g.seen() {
				if e, ok := b.(E); ok && fits(e) {
					return e
				}
			}
			g.t.Fatalf("page ended before %s; events: %+v", what, g.seen())
		case <-timeout:
			g.t.Fatalf("no %s within 10 s; events: %+v", what, g.seen())
		}
	}
}

// in sends an input with the next stamp, and returns the stamp.
func (g *guest) in(in renderer.Input) int64 {
	g.t.Helper()
	in.Time = g.stamps.Next(time.Now())
	deadline := time.Now().Add(10 * time.Second)
	for err := g.Input(in); err != nil; err = g.Input(in) {
		if err != renderer.ErrBusy || time.Now().After(deadline) {
			g.t.Fatalf("input %+v: %v", in, err)
		}
		<-time.After(time.Millisecond)
	}
	return in.Time
}

// click presses and releases the left button.
func (g *guest) click(x, y float64) int64 {
	g.t.Helper()
	g.in(renderer.Input{Kind: renderer.InputMouse, Type: "move", X: x, Y: y})
	g.in(renderer.Input{Kind: renderer.InputMouse, Type: "down", X: x, Y: y, Button: "left", Buttons: 1, Clicks: 1})
	return g.in(renderer.Input{Kind: renderer.InputMouse, Type: "up", X: x, Y: y, Button: "left", Clicks: 1})
}

// key presses and releases a key.
func (g *guest) key(key, code string, modifiers int) int64 {
	g.t.Helper()
	stamp := g.in(renderer.Input{Kind: renderer.InputKey, Type: "down", Key: key, Code: code, Modifiers: modifiers})
	g.in(renderer.Input{Kind: renderer.InputKey, Type: "up", Key: key, Code: code, Modifiers: modifiers})
	return stamp
}

// picture waits for a frame that fits.
func (g *guest) picture(what string, fits func(renderer.Frame, image.Image) bool) renderer.Frame {
	g.t.Helper()
	timeout := time.After(10 * time.Second)
	n := 0
	for {
		select {
		case f, ok := <-g.Frames():
			if !ok {
				g.t.Fatalf("page ended before a frame showed %s", what)
			}
			n++
			img, format, err := image.Decode(bytes.NewReader(f.Data))
			if err != nil || format != f.Format || img.Bounds().Dx() != f.Width || img.Bounds().Dy() != f.Height {
				g.t.Fatalf("frame is not what it says: %v, %s %s, %v %dx%d", err, format, f.Format, img.Bounds(), f.Width, f.Height)
			}
			if fits(f, img) {
				return f
			}
		case <-timeout:
			g.t.Fatalf("no frame showed %s within 10 s; %d frames came", what, n)
		}
	}
}

// titled waits until the page's own state, which test pages put into the title of an in-page navigation, is as wanted.
// Test pages tell what happened to them with location.hash, which arrives as Navigated.
func (g *guest) told(hash string) renderer.Navigated {
	g.t.Helper()
	return await(g, "word "+hash+" from the page", func(n renderer.Navigated) bool {
		return n.InPage && len(n.Checkpoint) >= len(hash) && n.Checkpoint[len(n.Checkpoint)-len(hash):] == hash
	})
}
