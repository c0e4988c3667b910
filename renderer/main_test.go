package renderer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain fails when the tests leave a goroutine, a Chrome process or a profile folder.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if left := leftovers(); left != "" {
			fmt.Fprintln(os.Stderr, "left behind:", left)
			code = 1
		}
	}
	os.Exit(code)
}

// chromeBinary is the headless shell under test; "" is the system's.
func chromeBinary() string { return os.Getenv("BINNACLE_CHROME") }

// leftovers waits a moment for what is ending.
func leftovers() string {
	deadline := time.Now().Add(5 * time.Second)
	for {
		left := append(chromesBelow(os.Getpid()), goroutines()...)
		if len(left) == 0 || time.Now().After(deadline) {
			return strings.Join(left, "\n")
		}
		<-time.After(20 * time.Millisecond)
	}
}

func goroutines() []string {
	buf := make([]byte, 1<<20)
	var left []string
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "binnacle/renderer.") || strings.Contains(g, "chromedp") {
			left = append(left, g)
		}
	}
	return left
}

// chromesBelow lists living Chrome processes that descend from pid.
func chromesBelow(pid int) []string {
	var left []string
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range tasks {
		b, _ := os.ReadFile(name)
		for _, f := range strings.Fields(string(b)) {
			child, _ := strconv.Atoi(f)
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", child))
			if strings.Contains(string(line), "chrom") {
				left = append(left, f+" "+strings.ReplaceAll(string(line), "\x00", " "))
			}
			left = append(left, chromesBelow(child)...)
		}
	}
	return left
}
