package admin_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestMain fails the run when a goroutine of ours outlives it.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := goroutines(); code == 0 && left != "" {
		fmt.Fprintln(os.Stderr, "goroutines are left:\n"+left)
		code = 1
	}
	os.Exit(code)
}

// goroutines returns the stacks of goroutines that this module started and that do not end within two seconds.
func goroutines() string {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var left string
	for range 200 {
		left = ""
		stacks := make([]byte, 1<<20)
		for _, stack := range bytes.Split(stacks[:runtime.Stack(stacks, true)], []byte("\n\n")) {
			if bytes.Contains(stack, []byte("created by binnacle/")) || bytes.Contains(stack, []byte("created by net/http.(*Server)")) {
				left += string(stack) + "\n\n"
			}
		}
		if left == "" {
			break
		}
		<-tick.C
	}
	return left
}
