// Package main_test drives the real binary as people do: in their browsers, over HTTP, from the shell.
package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// binary is the product, built once with the race detector. Set by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "binnacle-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "binnacle")
	build := exec.Command("go", "build", "-race", "-o", binary, ".")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the product:", err)
		return 1
	}
	return m.Run()
}

// chromeBinary is the headless shell that tests use as participants' browser.
func chromeBinary(t *testing.T) string {
	t.Helper()
	if b := os.Getenv("BINNACLE_CHROME"); b != "" {
		return b
	}
	return "/usr/lib/chromium/chromium-headless-shell"
}

// saveForPeople keeps a picture when BINNACLE_SCREENSHOTS names a folder, so that a person can look at what a test saw.
func saveForPeople(t *testing.T, name string, png []byte) {
	t.Helper()
	dir := os.Getenv("BINNACLE_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o644); err != nil {
		t.Logf("save %s: %v", name, err)
	}
}

// eventually waits for ok; what names the thing for the failure.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("waited %s for %s", patience, what)
		case <-tick.C:
		}
	}
}
