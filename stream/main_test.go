package stream_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails when a goroutine of this package outlives the tests.
func TestMain(m *testing.M) {
	if url := os.Getenv(viewersOf); url != "" {
		view(url)
		return
	}
	code := m.Run()
	if left := ours(10 * time.Second); code == 0 && left != "" {
		fmt.Fprintln(os.Stderr, "goroutines are left behind:\n"+left)
		code = 1
	}
	os.Exit(code)
}

// ours returns the goroutines that run our code or hold a socket, once they had time to end.
func ours(patience time.Duration) string {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		buf := make([]byte, 1<<20)
		var left []string
		for i, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if i > 0 && (strings.Contains(stack, "binnacle/stream") || strings.Contains(stack, "internal/poll")) {
				left = append(left, stack)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return strings.Join(left, "\n\n")
		}
	}
}
