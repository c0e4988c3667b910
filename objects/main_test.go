package objects_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain checks that the tests leave no goroutine of this package or of an HTTP connection behind.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && leaked() {
		code = 1
	}
	os.Exit(code)
}

func leaked() bool {
	deadline := time.After(5 * time.Second)
	for {
		buf := make([]byte, 1<<20)
		stacks := string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "binnacle/objects.(*") && !strings.Contains(stacks, "net/http.(*persistConn)") {
			return false
		}
		select {
		case <-deadline:
			fmt.Fprintln(os.Stderr, "goroutines left behind:\n", stacks)
			return true
		default:
			runtime.Gosched()
		}
	}
}
