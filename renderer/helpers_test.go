package renderer_test

import (
	"crypto/x509"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"binnacle/renderer"
)

func certs(s *site) []*x509.Certificate { return []*x509.Certificate{s.cert} }

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	must(t, err)
	return n
}

func procPath(pid int, name string) string { return "/proc/" + itoa(pid) + "/" + name }

// alive tells whether a process runs; a zombie that nobody waited for does not.
func alive(pid int) bool {
	b, err := os.ReadFile(procPath(pid, "stat"))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

// count counts the events of a type.
func count[E renderer.EventBody](g *guest) int {
	n := 0
	for _, b := range g.seen() {
		if _, ok := b.(E); ok {
			n++
		}
	}
	return n
}

// hang answers never; it closes asked at the first request.
func hang(asked chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}
}
