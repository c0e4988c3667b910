package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"binnacle/admin"
	"binnacle/audit"
	"binnacle/objects"
	"binnacle/session"
	"binnacle/web/tag"
)

// world is a whole server: real storage, real hub, real evidence. Only Chrome is not there: see page_test.go.
type world struct {
	url      string // where it listens
	server   *admin.Server
	settings *admin.Settings
	hub      *session.Hub
	log      *audit.Log
	store    objects.Store
	pages    *pages
	key      string // with all scopes
	output   *output
	client   *http.Client
	router   routers.Router  // of openapi.json
	mu       sync.Mutex      // guards worked
	worked   map[string]bool // operations that were answered without an error
}

// publicURL is the server's address as browsers would see it.
const publicURL = "https://cobrowse.example.com"

// newWorld starts a server. Change may change its configuration.
func newWorld(t testing.TB, change ...func(*admin.Config)) *world {
	t.Helper()
	store, err := objects.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{store: store, pages: &pages{}, output: &output{}, worked: map[string]bool{},
		client: &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	logger := slog.New(slog.NewTextHandler(w.output, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.settings = admin.NewSettings(objects.Sub(store, "settings"))
	if _, w.key, err = w.settings.CreateKey(t.Context(), "test", admin.Scopes()); err != nil {
		t.Fatal(err)
	}
	w.log, err = audit.Open(t.Context(), audit.Config{Dir: t.TempDir(), Store: objects.Sub(store, "archive"), Node: "test", Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	w.hub, err = session.NewHub(session.Config{Renderer: w.pages, Log: session.Evidence(w.log), Presets: w.settings, Store: objects.Sub(store, "session"),
		Origins: []string{publicURL}, TagVersions: tag.Supported(), TagVersion: "1.0.0", Node: "test", Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	cfg := admin.Config{PublicURL: publicURL, Settings: w.settings, Hub: w.hub, Records: w.log, Store: objects.Sub(store, "requests"), Assets: assets(), Logger: logger}
	if w.router, err = legacy.NewRouter(description(t)); err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(&cfg)
	}
	if w.server, err = admin.New(cfg); err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(w.server)
	w.url = listener.URL
	t.Cleanup(func() {
		if err := w.hub.Close(); err != nil {
			t.Error(err)
		}
		w.client.CloseIdleConnections()
		listener.Close()
		if err := w.log.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return w
}

// assets is the smallest set of pages.
func assets() fs.FS {
	files := fstest.MapFS{
		"viewer.js":          {Data: []byte("export const a = 1;\n")},
		"viewer.0123abcd.js": {Data: []byte("export const b = 1;\n")},
		"embed.js":           {Data: []byte("void 0;\n")},
		"base.css":           {Data: []byte("body { margin: 0 }\n")},
		"notes.unknown":      {Data: []byte("not served")},
	}
	for _, name := range []string{"index", "call", "view", "settings", "compliance"} {
		files[name+".html"] = &fstest.MapFile{Data: []byte("<!doctype html><title>" + name + "</title>")}
	}
	return files
}

// output collects the server's log.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// with sets a header of a request.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// as sends another API key or credential; "" sends none.
func as(token string) func(*http.Request) {
	if token == "" {
		return func(r *http.Request) { r.Header.Del("Authorization") }
	}
	return with("Authorization", "Bearer "+token)
}

// ask sends a request with the world's API key. A body that is no string is sent as JSON. Whatever comes back must be as
// openapi.json says; what the server accepted must be too.
func (w *world) ask(t *testing.T, method, path string, body any, opts ...func(*http.Request)) answer {
	t.Helper()
	sent, ok := body.(string)
	if !ok && body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = string(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, opt := range opts {
		opt(req)
	}
	res, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s %s: read answer: %w", method, path, err))
	}
	got := answer{res.StatusCode, res.Header, data}
	if id := described(t, w.router, req, sent, got); got.status < 400 {
		w.mu.Lock()
		w.worked[id] = true
		w.mu.Unlock()
	}
	return got
}

// raw sends a request as it is, and looks at nothing.
func (w *world) raw(t *testing.T, method, path string, opts ...func(*http.Request)) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, opt := range opts {
		opt(req)
	}
	res, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, data}
}

// into decodes the answer, which must have the status.
func (a answer) into(t *testing.T, status int, target any) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status = %d, want %d: %s", a.status, status, a.body)
	}
	if target != nil {
		if err := json.Unmarshal(a.body, target); err != nil {
			t.Fatalf("answer %s: %v", a.body, err)
		}
	}
	return a
}

// failure is the body of an error.
type failure struct {
	Error struct {
		Code, Message, Hint, Request string
		Fields                       []admin.FieldFault
	}
}

// fails checks that the answer is an error with the code, in words that say what to do.
func (a answer) fails(t *testing.T, status int, code string) failure {
	t.Helper()
	var f failure
	a.into(t, status, &f)
	if f.Error.Code != code || f.Error.Message == "" || f.Error.Request == "" || f.Error.Request != a.header.Get("X-Request-Id") {
		t.Fatalf("error = %s, want code %s with a message and the request's id", a.body, code)
	}
	return f
}

// fieldCodes lists the faults of a failure as "field:code".
func (f failure) fieldCodes() string {
	var all []string
	for _, fault := range f.Error.Fields {
		all = append(all, fault.Field+":"+fault.Code)
	}
	return strings.Join(all, " ")
}

// addPreset stores a preset without checking it.
func (w *world) addPreset(t *testing.T, name, address string) admin.Preset {
	t.Helper()
	p, err := w.settings.Add(t.Context(), admin.PresetFields{Name: name, Address: address})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// addCall makes a call with an adviser and a customer, who is a client, and lets the customer wait if so wanted.
func (w *world) addCall(t *testing.T) (call, adviser, customer string) {
	t.Helper()
	w.ask(t, "PUT", "/api/v1/clients/C-1001", map[string]any{"name": "Carla Customer", "email": "carla@example.com"}).into(t, 200, nil)
	var made struct {
		ID           string
		Participants []struct{ ID string }
	}
	w.ask(t, "POST", "/api/v1/calls", map[string]any{"title": "Mortgage advice", "participants": []map[string]any{
		{"name": "Ada Adviser"}, {"name": "Carla Customer", "client": "C-1001"},
	}}).into(t, 201, &made)
	return made.ID, made.Participants[0].ID, made.Participants[1].ID
}

// join takes a participant through their link and returns the credential.
func (w *world) join(t *testing.T, call, participant string) string {
	t.Helper()
	var link struct{ URL string }
	w.ask(t, "POST", "/api/v1/calls/"+call+"/participants/"+participant+"/join-link", nil).into(t, 201, &link)
	_, token, ok := strings.Cut(link.URL, publicURL+"/call#t=")
	if !ok {
		t.Fatalf("join link = %q, want the token in the fragment", link.URL)
	}
	var joined struct{ Credential string }
	w.ask(t, "POST", "/join", map[string]any{"token": token}, as("")).into(t, 200, &joined)
	return joined.Credential
}

var _ session.Renderer = (*pages)(nil)
var _ admin.Hub = (*session.Hub)(nil)
var _ admin.Records = (*audit.Log)(nil)
var _ session.Presets = (*admin.Settings)(nil)
