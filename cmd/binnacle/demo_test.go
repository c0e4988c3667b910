package main_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMakeDemoPrintsFourLinks runs what the README says, from the repository's root.
func TestMakeDemoPrintsFourLinks(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready.json")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out := &lockedBuffer{}
	demo := exec.CommandContext(ctx, "make", "--no-print-directory", "demo", "DEMO_FLAGS=--data-dir "+t.TempDir()+" --ready-file "+ready)
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
