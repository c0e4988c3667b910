package renderer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"binnacle/renderer"
)

func TestSelfTestProvesTheSandbox(t *testing.T) {
	r, err := renderer.New(renderer.Config{Exec: chromeBinary(), Dir: profiles(t)})
	must(t, err)
	rep, err := r.SelfTest(t.Context())
	must(t, err)
	if !rep.Sandbox || rep.Seccomp != 2 || rep.Root || !strings.Contains(rep.Chrome, "Chrome/") {
		t.Errorf("report = %+v", rep)
	}
}

func TestSelfTestRefusesAChromeWithoutSandbox(t *testing.T) {
	// A Chrome whose sandbox is off though the configuration wants it on: its flags are on the command line only if allowed, so
	// the allowed one must report it as off.
	r, err := renderer.New(renderer.Config{Exec: chromeBinary(), Dir: profiles(t), InsecureNoSandbox: true})
	must(t, err)
	rep, err := r.SelfTest(t.Context())
	must(t, err)
	if rep.Sandbox || rep.Seccomp == 2 {
		t.Errorf("report = %+v, want no sandbox", rep)
	}
}

func TestChromeIsNeverRoot(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root starts Chrome as another user")
	}
	s := newSite(t)
	s.page("/", "x")
	g := s.open(t, s.options("https://a.test/"))
	pids := append(descendants(g.PID()), g.PID())
	if len(pids) < 3 {
		t.Fatalf("only %d processes: %v", len(pids), pids)
	}
	for _, pid := range pids {
		if status(t, pid, "Uid") != "65534\t65534\t65534\t65534" {
			t.Errorf("process %d has uids %q", pid, status(t, pid, "Uid"))
		}
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(g.PID()) + "/environ")
	must(t, err)
	if strings.Contains(string(env), "BINNACLE_TEST_SECRET") {
		t.Error("Chrome has our environment")
	}
	cmd, err := os.ReadFile("/proc/" + strconv.Itoa(g.PID()) + "/cmdline")
	must(t, err)
	if strings.Contains(string(cmd), "no-sandbox") || strings.Contains(string(cmd), "disable-popup-blocking") || strings.Contains(string(cmd), "ipc-flooding") {
		t.Errorf("command line is %q", cmd)
	}
}

func TestConfigTellsAllFaultsAtOnce(t *testing.T) {
	_, err := renderer.New(renderer.Config{Resolve: map[string]string{"nohost": "127.0.0.1:1", "a.test:443": "b.test:1"}})
	if err == nil || !strings.Contains(err.Error(), "nohost") || !strings.Contains(err.Error(), "b.test") {
		t.Errorf("error = %v", err)
	}
	_, err = renderer.New(renderer.Config{Exec: "/nonexistent"})
	if !errors.Is(err, renderer.ErrNoChrome) || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("error = %v, want how to install", err)
	}
	script := filepath.Join(t.TempDir(), "chrome")
	must(t, os.WriteFile(script, []byte("#!/bin/sh\nexec chrome"), 0o755))
	if _, err = renderer.New(renderer.Config{Exec: script}); !errors.Is(err, renderer.ErrNoChrome) || !strings.Contains(err.Error(), "script") {
		t.Errorf("error = %v, want that it is a script", err)
	}
}

func TestChromeThatDoesNotStartSaysWhy(t *testing.T) {
	broken := filepath.Join(profiles(t), "chrome")
	sleep, err := os.ReadFile("/bin/cat")
	must(t, err)
	must(t, os.WriteFile(broken, sleep, 0o755))
	t.Cleanup(func() { os.Remove(broken) })
	r, err := renderer.New(renderer.Config{Dir: profiles(t), Exec: broken})
	must(t, err)
	if _, err = r.SelfTest(t.Context()); err == nil || !strings.Contains(err.Error(), "unrecognized option") {
		t.Errorf("error = %v, want what the program printed", err)
	}
}

// descendants lists the living processes below pid.
func descendants(pid int) []int {
	var pids []int
	tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, name := range tasks {
		b, _ := os.ReadFile(name)
		for _, f := range strings.Fields(string(b)) {
			child, _ := strconv.Atoi(f)
			pids = append(append(pids, child), descendants(child)...)
		}
	}
	return pids
}

func status(t *testing.T, pid int, field string) string {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	must(t, err)
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, field+":"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
