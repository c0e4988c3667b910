package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// links is what `binnacle demo --ready-file` writes.
type links struct {
	Adviser    string `json:"adviser"`
	Customer   string `json:"customer"`
	Settings   string `json:"settings"`
	Compliance string `json:"compliance"`
	API        string `json:"api"`
	APIKey     string `json:"api_key"`
	DataDir    string `json:"data_dir"`
	Archive    string `json:"archive"`
}

// server is a running `binnacle demo`, the real binary in a process of its own.
type server struct {
	links
	t        *testing.T
	profiles string // folder of the profiles of its Chromes
	cmd      *exec.Cmd
	done     chan struct{} // closed when the process has ended
	out      *lockedBuffer
}

// startDemo runs the demo on a data folder and waits until it is ready. The test's end stops it.
func startDemo(t *testing.T, dataDir string, environ []string, flags ...string) *server {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready.json")
	profiles := profileDir(t)
	args := append([]string{"demo", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--profile-dir", profiles, "--ready-file", ready}, flags...)
	s := &server{t: t, profiles: profiles, cmd: exec.Command(binary, args...), done: make(chan struct{}), out: &lockedBuffer{}}
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	s.cmd.Env = append(os.Environ(), environ...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start the demo: %v", err)
	}
	go func() { _ = s.cmd.Wait(); close(s.done) }() // its end is waited for in stop
	t.Cleanup(s.stop)
	s.waitFor("the ready file", time.Minute, func() bool {
		b, err := os.ReadFile(ready)
		return err == nil && json.Unmarshal(b, &s.links) == nil
	})
	return s
}

// profileDir is a folder for the profiles of a server's Chromes, which run as another user.
func profileDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "binnacle-profiles-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s *server) waitFor(what string, patience time.Duration, ok func() bool) {
	s.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-s.done:
			s.t.Fatalf("the server ended while waiting for %s; it said:\n%s", what, s.out)
		case <-deadline:
			s.t.Fatalf("waited %s for %s; the server said:\n%s", patience, what, s.out)
		case <-tick.C:
		}
	}
}

// stop ends the server as an operator would, and checks that it leaves nothing behind.
func (s *server) stop() {
	select {
	case <-s.done:
		return
	default:
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(40 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.done
		s.t.Errorf("the server did not end by itself; it said:\n%s", s.out)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Errorf("the server ended with code %d; it said:\n%s", code, s.out)
	}
	if left := s.chromes(); len(left) > 0 {
		s.t.Errorf("the server left %d processes of Chrome behind: %v", len(left), left)
	}
	if left, err := os.ReadDir(s.profiles); err != nil || len(left) > 0 {
		s.t.Errorf("the server left profile folders behind: %v (%v)", left, err)
	}
}

// kill ends the server as a crash would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// api calls the JSON API; into may be nil. It returns the status and the raw answer.
func (s *server) api(method, path string, body, into any) (int, []byte) {
	s.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.API+path, in)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.APIKey)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if into != nil && resp.StatusCode < 300 {
		if err := json.Unmarshal(raw, into); err != nil {
			s.t.Fatalf("%s %s answered %s: %v", method, path, raw, err)
		}
	}
	return resp.StatusCode, raw
}

// lockedBuffer is what a process wrote so far.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// chromes lists the processes of the server's Chromes.
func (s *server) chromes() []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		var pid int
		if _, err := fmt.Sscan(e.Name(), &pid); err != nil {
			continue
		}
		cmdline, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if strings.Contains(string(cmdline), "--user-data-dir="+s.profiles) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// browserProcess is the main process of the server's only Chrome.
func (s *server) browserProcess() int {
	s.t.Helper()
	for _, pid := range s.chromes() {
		cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if !strings.Contains(string(cmdline), "--type=") && strings.Contains(string(cmdline), "--remote-debugging-pipe") {
			return pid
		}
	}
	s.t.Fatal("no Chrome runs")
	return 0
}
