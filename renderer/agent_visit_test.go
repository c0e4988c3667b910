package renderer_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/renderer"
)

// visitTag is the script tag that the pages of these tests carry.
const visitTag = `<script src="/tag/1.0.0/binnacle.js" integrity="sha384-test" async></script>`

// visit is a person at a page: looks for things by role and name in the snapshot, and uses mouse and keyboard.
type visit struct {
	t      *testing.T
	page   *renderer.Page
	stamps renderer.Stamps

	mu     sync.Mutex
	forms  []renderer.FormEvent
	other  []renderer.EventBody
	last   renderer.Snapshot
	posts  []string // requests that reached the server with a body or a query: path and body
	raw    strings.Builder
	hold   func(renderer.Event) bool // true: the event is not acknowledged by the visit
	change chan struct{}
}

// visitPages opens the address among pages ("a.test/form" → HTML). Every document gets the script tag. Hosts a.test, b.test, c.test.
func visitPages(t *testing.T, address string, pages map[string]string) *visit {
	t.Helper()
	v := &visit{t: t, change: make(chan struct{})}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		if r.Method != http.MethodGet || strings.HasPrefix(r.URL.Path, "/sent") {
			v.note(func() { v.posts = append(v.posts, r.URL.Path+" "+string(body)) })
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		html, ok := pages[r.Host+r.URL.Path]
		if !ok && r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/sent") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "<!doctype html><html lang=en><meta charset=utf-8>"+visitTag+html)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	to := srv.Listener.Addr().String()
	r, err := renderer.New(renderer.Config{
		Exec: chromeBinary(), Dir: profiles(t), Resolve: map[string]string{"a.test:443": to, "b.test:443": to, "c.test:443": to},
		TrustCerts: []*x509.Certificate{srv.Certificate()},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	v.page, err = r.Open(ctx, renderer.Options{Address: "https://" + address, Width: 1200, Height: 900, TagVersions: map[string]string{"1.0.0": "sha384-test"}})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(v.runEvents)
	wg.Go(v.runSnapshots)
	wg.Go(func() {
		for range v.page.Frames() {
		}
	})
	t.Cleanup(func() {
		if err := v.page.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		wg.Wait()
	})
	return v
}

func (v *visit) note(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f()
	close(v.change)
	v.change = make(chan struct{})
}

func (v *visit) runEvents() {
	for ev := range v.page.Events() {
		held := false
		v.note(func() {
			switch b := ev.Body.(type) {
			case renderer.FormEvent:
				v.forms = append(v.forms, b)
			default:
				v.other = append(v.other, b)
			}
			fmt.Fprintf(&v.raw, "%+v\n", ev.Body)
			held = v.hold != nil && v.hold(ev)
		})
		if !held {
			ev.Ack(nil)
		}
	}
}

func (v *visit) runSnapshots() {
	for s := range v.page.Snapshots() {
		text, err := json.Marshal(s)
		if err != nil {
			v.t.Error(err)
		}
		v.note(func() {
			v.last = s
			v.raw.Write(text)
		})
	}
}

// until waits until ok holds; it is called with the lock held.
func (v *visit) until(what string, ok func() bool) {
	v.t.Helper()
	limit := time.After(15 * time.Second)
	for {
		v.mu.Lock()
		done, change := ok(), v.change
		v.mu.Unlock()
		if done {
			return
		}
		select {
		case <-change:
		case <-limit:
			v.mu.Lock()
			defer v.mu.Unlock()
			v.t.Fatalf("waited in vain for %s\nforms: %s\nother: %+v\nsnapshot: %s", what, tellForms(v.forms), v.other, tellNode(v.last.Root, 0))
		}
	}
}

// form waits for a form event and takes it out of the list.
func (v *visit) form(what string, is func(renderer.FormEvent) bool) (found renderer.FormEvent) {
	v.t.Helper()
	v.until(what, func() bool {
		for i, e := range v.forms {
			if is(e) {
				found = e
				v.forms = append(v.forms[:i:i], v.forms[i+1:]...)
				return true
			}
		}
		return false
	})
	return found
}

// did waits for an event with that action on the element of that id.
func (v *visit) did(action, id string) renderer.FormEvent {
	v.t.Helper()
	return v.form(action+" on #"+id, func(e renderer.FormEvent) bool { return e.Action == action && e.Element.ID == id && !e.Partial })
}

// see waits until the snapshot has a node that fits.
func (v *visit) see(what string, is func(*renderer.Node) bool) (found *renderer.Node) {
	v.t.Helper()
	v.until(what, func() bool {
		found = findNode(v.last.Root, is)
		return found != nil
	})
	return found
}

func (v *visit) node(role, name string) *renderer.Node {
	v.t.Helper()
	return v.see(role+" "+name, func(n *renderer.Node) bool { return n.Role == role && n.Name == name && n.Box != nil })
}

func (v *visit) text(part string) {
	v.t.Helper()
	v.see("text "+part, func(n *renderer.Node) bool { return strings.Contains(n.Name, part) })
}

func (v *visit) put(in renderer.Input) int64 {
	v.t.Helper()
	in.Time = v.stamps.Next(time.Now())
	if err := v.page.Input(in); err != nil {
		v.t.Fatal(err)
	}
	return in.Time
}

// click clicks the middle of a node's box; the pages of these tests do not scroll. It returns the time of the release.
func (v *visit) click(role, name string) int64 {
	v.t.Helper()
	return v.clickNode(v.node(role, name))
}

func (v *visit) clickNode(n *renderer.Node) int64 {
	v.t.Helper()
	return v.clickAt(n.Box[0]+n.Box[2]/2, n.Box[1]+n.Box[3]/2)
}

func (v *visit) clickAt(x, y float64) int64 {
	v.t.Helper()
	m := renderer.Input{Kind: renderer.InputMouse, X: x, Y: y}
	m.Type = "move"
	v.put(m)
	m.Type, m.Button, m.Buttons, m.Clicks = "down", "left", 1, 1
	v.put(m)
	m.Type, m.Buttons = "up", 0
	return v.put(m)
}

// key presses and releases a key; it returns the time of the press.
func (v *visit) key(key, code string) int64 {
	v.t.Helper()
	down := v.put(renderer.Input{Kind: renderer.InputKey, Type: "down", Key: key, Code: code})
	v.put(renderer.Input{Kind: renderer.InputKey, Type: "up", Key: key, Code: code})
	return down
}

// keys types lower-case letters and digits, and returns the time of the last press.
func (v *visit) keys(text string) (last int64) {
	v.t.Helper()
	for _, r := range text {
		code := "Key" + strings.ToUpper(string(r))
		if r >= '0' && r <= '9' {
			code = "Digit" + string(r)
		}
		last = v.key(string(r), code)
	}
	return last
}

func findNode(n *renderer.Node, is func(*renderer.Node) bool) *renderer.Node {
	if n == nil {
		return nil
	}
	if is(n) {
		return n
	}
	for _, c := range n.Children {
		if found := findNode(c, is); found != nil {
			return found
		}
	}
	return nil
}

func tellNode(n *renderer.Node, depth int) string {
	if n == nil || depth > 30 {
		return ""
	}
	s := fmt.Sprintf("\n%s%s %q", strings.Repeat("  ", depth), n.Role, n.Name)
	if n.Value != "" {
		s += fmt.Sprintf(" = %q", n.Value)
	}
	for _, c := range n.Children {
		s += tellNode(c, depth+1)
	}
	return s
}

func tellForms(events []renderer.FormEvent) string {
	var s strings.Builder
	for _, e := range events {
		fmt.Fprintf(&s, "\n  %s partial=%v input=%d #%s %q options=%q", e.Action, e.Partial, e.Input, e.Element.ID, e.Element.Name, e.Options)
	}
	return s.String()
}
