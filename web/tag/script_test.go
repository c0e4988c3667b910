package tag_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"binnacle/web/tag"
)

// report is the script of a test page: it plays the agent of a session and writes what it sees into the page.
const report = `'use strict';
addEventListener('load', () => {
  const api = window.binnacle, heard = [], r = {};
  r.type = typeof api;
  r.mark = document.documentElement.getAttribute('data-binnacle') || '';
  r.ready = readies;
  r.errors = errors;
  r.requests = performance.getEntriesByType('resource').map((e) => new URL(e.name).pathname);
  r.stored = localStorage.length + sessionStorage.length + document.cookie.length;
  if (api && api.addEventListener) {
    r.version = api.version;
    r.before = api.active;
    r.frozen = Object.isFrozen(api);
    r.keys = Object.keys(api);
    try { window.binnacle = 1; } catch { r.locked = true; }
    const hear = (e) => heard.push(e.type + ' ' + JSON.stringify(e.detail) + ' ' + api.active);
    for (const type of ['navigator', 'end', 'other']) api.addEventListener(type, hear);
    const say = (detail) => document.dispatchEvent(new CustomEvent('binnacle:session', { detail }));
    say('{"active":true}');
    r.during = api.active;
    say('{"active":true,"event":"navigator","detail":{"you":true}}');
    for (const wrong of ['', 'nonsense', 'null', '7', undefined, {}]) say(wrong);
    r.afterNonsense = api.active;
    say('{"active":true,"event":"other"}');
    say('{"active":false,"event":"end"}');
    api.removeEventListener('end', hear);
    say('{"active":false,"event":"end"}');
    r.after = api.active;
  }
  r.heard = heard;
  r.errors = errors;
  const out = document.createElement('pre');
  out.id = 'out';
  out.textContent = JSON.stringify(r);
  document.body.append(out);
});`

const watch = `let errors = 0, readies = 0;
addEventListener('error', () => { errors++; });
document.addEventListener('binnacle:ready', (e) => { readies += e.detail === '1.0.0' ? 1 : 100; });`

type seen struct {
	Type, Mark, Version                  string
	Ready, Errors, Stored                int
	Frozen, Locked                       bool
	Before, During, AfterNonsense, After bool
	Keys, Heard, Requests                []string
}

func TestScriptWorksInChrome(t *testing.T) {
	chrome := newBrowser(t)
	line := tag.Line("", tag.Versions()[0])
	head := `<!doctype html><html lang="en"><head><title>Test</title><script src="/watch.js"></script>`
	for name, page := range map[string]string{
		"in the head":                 head + line + `<script src="/report.js"></script></head><body></body>`,
		"in the body":                 head + `<script src="/report.js"></script></head><body><p>Hello</p>` + line + `</body>`,
		"at once":                     head + strings.Replace(line, " async", "", 1) + `<script src="/report.js"></script></head><body></body>`,
		"twice":                       head + line + `<script src="/report.js"></script></head><body>` + line + `</body>`,
		"beside an element of its id": head + `<script src="/report.js"></script></head><body><p id="binnacle">` + line + `</p></body>`,
	} {
		got := chrome.open(t, page)
		if got.Type != "object" || got.Mark != "1.0.0" || got.Version != "1.0.0" || !got.Frozen || !got.Locked || got.Ready != 1 || got.Errors != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Before || !got.During || !got.AfterNonsense || got.After {
			t.Errorf("%s: active was %v, %v, %v, %v", name, got.Before, got.During, got.AfterNonsense, got.After)
		}
		if want := `navigator {"you":true} true; end null false`; strings.Join(got.Heard, "; ") != want {
			t.Errorf("%s: events were %q, want %q", name, got.Heard, want)
		}
		if want := "version active addEventListener removeEventListener"; strings.Join(got.Keys, " ") != want {
			t.Errorf("%s: the global has %v", name, got.Keys)
		}
		if got.Stored != 0 {
			t.Errorf("%s: something was stored", name)
		}
		for _, path := range got.Requests {
			if path != "/watch.js" && path != "/report.js" && path != "/tag/1.0.0/binnacle.js" {
				t.Errorf("%s: %s was requested", name, path)
			}
		}
	}
}

func TestScriptLeavesAPagesOwnGlobalAlone(t *testing.T) {
	chrome := newBrowser(t)
	got := chrome.open(t, `<!doctype html><html lang="en"><head><title>Test</title><script src="/watch.js"></script><script src="/own.js"></script>`+
		tag.Line("", tag.Versions()[0])+`<script src="/report.js"></script></head><body></body>`)
	if got.Type != "string" || got.Mark != "1.0.0" || got.Errors != 0 {
		t.Errorf("%+v", got)
	}
}

// browser opens test pages, which come with a strict policy, in a Chrome of their own.
type browser struct {
	exec string
	pin  string
	page *atomic.Pointer[string]
	url  string
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	chrome, err := exec.LookPath("chromium-headless-shell")
	if err != nil {
		t.Skip("chromium-headless-shell is not installed")
	}
	page := new(atomic.Pointer[string])
	scripts := map[string]string{"/watch.js": watch, "/report.js": report, "/own.js": "var binnacle = 'mine';", tag.Versions()[0].Path: string(tag.Versions()[0].Source)}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'")
		if source, ok := scripts[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/javascript")
			w.Write([]byte(source))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(*page.Load()))
	}))
	t.Cleanup(server.Close)
	pin := sha256.Sum256(server.Certificate().RawSubjectPublicKeyInfo)
	return browser{exec: chrome, pin: base64.StdEncoding.EncodeToString(pin[:]), page: page, url: server.URL}
}

// open shows a page and returns what its report says.
func (b browser) open(t *testing.T, page string) seen {
	t.Helper()
	b.page.Store(&page)
	profile, err := os.MkdirTemp("", "binnacle-tag-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.exec, "--headless", "--disable-gpu", "--no-first-run", "--user-data-dir="+profile,
		"--ignore-certificate-errors-spki-list="+b.pin, "--dump-dom", b.url+"/page")
	cmd.Dir, cmd.Env = profile, []string{"HOME=" + profile, "TMPDIR=" + profile, "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = unprivileged(t, profile)
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var complaints strings.Builder
	cmd.Stderr = &complaints
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("run Chrome: %v\n%s", err, complaints.String())
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // helpers that outlive it by a moment
	out := regexp.MustCompile(`(?s)<pre id="out">(.*?)</pre>`).FindSubmatch(dom)
	if out == nil {
		t.Fatalf("no report in the page:\n%s\n%s", dom, complaints.String())
	}
	var got seen
	if err := json.Unmarshal([]byte(html.UnescapeString(string(out[1]))), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// unprivileged is the account for Chrome when the tests run as root: its sandbox stays on.
func unprivileged(t *testing.T, profile string) *syscall.Credential {
	t.Helper()
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(profile, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
