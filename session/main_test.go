package session_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails when a test leaves a goroutine of ours behind.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		deadline := time.Now().Add(5 * time.Second)
		left := leftovers()
		for len(left) > 0 && time.Now().Before(deadline) {
			runtime.Gosched()
			left = leftovers()
		}
		if len(left) > 0 {
			fmt.Printf("FAIL: %d goroutines are left:\n%s\n", len(left), strings.Join(left, "\n\n"))
			code = 1
		}
	}
	os.Exit(code)
}

func leftovers() []string {
	buf := make([]byte, 1<<20)
	var left []string
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "binnacle/") && !strings.Contains(g, "session_test.TestMain") {
			left = append(left, g)
		}
	}
	return left
}
