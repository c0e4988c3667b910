package main_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"binnacle/admin"
)

// TestMakeDemoPrintsFourLinks runs what the README says, from the repository's root.
func TestMakeDemoPrintsFourLinks(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready.json")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out := &lockedBuffer{}
	demo := exec.CommandContext(ctx, "make", "--no-print-directory", "demo", "DEMO_FLAGS=--data-dir "+t.TempDir()+" --profile-dir "+profileDir(t)+" --ready-file "+ready)
	demo.Dir = filepath.Join("..", "..")
	demo.Stdout, demo.Stderr = out, out
	demo.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = demo.Wait(); close(ended) }() // waited for below
	defer func() {
		_ = syscall.Kill(-demo.Process.Pid, syscall.SIGTERM)
		<-ended
	}()
	var l links
	deadline := time.After(4 * time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for l.API == "" || !strings.Contains(out.String(), l.Compliance) {
		select {
		case <-ended:
			t.Fatalf("make demo ended:\n%s", out)
		case <-deadline:
			t.Fatalf("make demo is not ready:\n%s", out)
		case <-tick.C:
			if b, err := os.ReadFile(ready); err == nil {
				_ = json.Unmarshal(b, &l)
			}
		}
	}
	for name, link := range map[string]string{"adviser": l.Adviser, "customer": l.Customer, "settings": l.Settings, "compliance": l.Compliance} {
		if !strings.Contains(out.String(), link) {
			t.Errorf("the link for the %s, %q, is not printed:\n%s", name, link, out)
		}
		page, _, _ := strings.Cut(link, "#")
		resp, err := http.Get(page)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s answered %s", page, resp.Status)
		}
	}
	if l.APIKey == "" || l.DataDir == "" || l.Archive == "" {
		t.Errorf("the ready file lacks something: %+v", l)
	}
}

// TestDemoChecksItsPresets: the settings page shows for each page of the bank what is wrong with it, if something is.
func TestDemoChecksItsPresets(t *testing.T) {
	s := startDemo(t, t.TempDir(), nil, "--api-origin", "https://Console.example:443/", "--trusted-proxy", "127.0.0.1")
	type preset struct {
		Name  string
		Check *struct {
			OK     bool
			Faults []struct{ Code string }
		}
	}
	var list struct{ Items []preset }
	s.waitFor("the checks", patience, func() bool {
		list.Items = nil
		s.api("GET", "/presets?limit=500", nil, &list)
		return len(list.Items) > 5 && !slices.ContainsFunc(list.Items, func(p preset) bool { return p.Check == nil })
	})
	want := map[string]string{"Open a current account": "", "Will not start: no script tag": "no_tag", "Will not start: plain http address": "not_https", "Will not start: unknown host": "unreachable"}
	for _, p := range list.Items {
		code, known := want[p.Name]
		if !known {
			continue
		}
		delete(want, p.Name)
		if p.Check.OK != (code == "") || code != "" && p.Check.Faults[0].Code != code {
			t.Errorf("%s: check = %+v, want %q", p.Name, *p.Check, code)
		}
	}
	for name := range want {
		t.Errorf("no preset %q", name)
	}

	ask := func(method, path, body string, headers map[string]string) *http.Response {
		t.Helper()
		req, err := http.NewRequest(method, strings.TrimSuffix(s.API, "/api/v1")+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range headers {
			req.Header.Set(name, value)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	const console = "https://console.example" // as browsers send it
	if resp := ask("OPTIONS", "/api/v1/presets", "", map[string]string{"Origin": console, "Access-Control-Request-Method": "GET"}); resp.Header.Get("Access-Control-Allow-Origin") != console {
		t.Errorf("the page of --api-origin got %s, %v", resp.Status, resp.Header)
	}
	join := func(from string) int {
		return ask("POST", "/join", `{"token":"nothing"}`, map[string]string{"Content-Type": "application/json", "X-Forwarded-For": from}).StatusCode
	}
	for range admin.JoinBurst + 20 {
		join("192.0.2.1")
	}
	if one, other := join("192.0.2.1"), join("192.0.2.2"); one != http.StatusTooManyRequests || other != http.StatusUnauthorized {
		t.Errorf("behind --trusted-proxy one guesser got %d and somebody else %d, want 429 and 401", one, other)
	}
}
