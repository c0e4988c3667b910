package objects_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"binnacle/internal/s3test"
	"binnacle/objects"
)

func TestS3PrefixesDoNotMix(t *testing.T) {
	server := s3test.Start(t)
	a, b := openS3(t, server, "a"), openS3(t, server, "b/c")
	mustPut(t, a, "k", "in a")
	if _, _, err := b.Get(t.Context(), "k"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("get in b: %v, want ErrNotFound", err)
	}
	mustPut(t, b, "k", "in b")
	if got := keys(t, a, ""); len(got) != 1 {
		t.Errorf("list of a = %q", got)
	}
	if file, err := os.ReadFile(filepath.Join(server.Dir, server.Bucket, "b", "c", "k")); err != nil || string(file) != "in b" {
		t.Errorf("file = %q, %v", file, err)
	}
}

func TestS3RefusesObjectsOverTheLimit(t *testing.T) {
	server := s3test.Start(t)
	s := openS3(t, server, "")
	mustPut(t, s, "big", "x")
	if err := os.Truncate(filepath.Join(server.Dir, server.Bucket, "big"), objects.MaxObjectBytes+1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get(t.Context(), "big"); !errors.Is(err, objects.ErrTooLarge) {
		t.Errorf("get: %v, want ErrTooLarge", err)
	}
}

func TestEmptyObjectsDoNotDisturbTheNextCall(t *testing.T) {
	s := openS3(t, s3test.Start(t), "")
	for i := range 30 {
		mustPut(t, s, fmt.Sprintf("k/%02d", i), "")
		if got := keys(t, s, "k/"); len(got) != i+1 {
			t.Fatalf("%d keys, want %d", len(got), i+1)
		}
	}
}

// A network that loses: requests cut half-way, and answers lost after the store did the work.
func TestLostAnswersWriteEveryKeyOnce(t *testing.T) {
	server := s3test.Start(t)
	proxy := startProxy(t, server.Endpoint)
	direct, flaky := openS3(t, server, ""), openS3At(t, server, proxy.addr, "")
	proxy.lossy.Store(true)
	const n = 120
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := w; i < n; i += 8 {
				key := fmt.Sprintf("seg/%04d", i)
				tag, err := flaky.PutIfAbsent(t.Context(), key, []byte(strings.Repeat(key, 50)))
				if err != nil {
					t.Errorf("put %s: %v", key, err)
					continue
				}
				if _, err := flaky.PutIfMatch(t.Context(), key, []byte(key), tag); err != nil {
					t.Errorf("replace %s: %v", key, err)
				}
				if body, _, err := flaky.Get(t.Context(), key); err != nil || string(body) != key {
					t.Errorf("get %s = %.20q, %v", key, body, err)
				}
				if _, err := flaky.PutIfAbsent(t.Context(), key, []byte(key)); !errors.Is(err, objects.ErrExists) {
					t.Errorf("second put of %s: %v, want ErrExists", key, err)
				}
			}
		})
	}
	wg.Wait()
	if got := keys(t, direct, "seg/"); len(got) != n {
		t.Errorf("%d keys, want %d", len(got), n)
	}
	if got := keys(t, flaky, "seg/"); len(got) != n {
		t.Errorf("%d keys through the lossy network, want %d", len(got), n)
	}
	if proxy.lost.Load() == 0 {
		t.Error("the network lost nothing: this test proves nothing")
	}
}

func TestLostAnswersLeaveOneWinner(t *testing.T) {
	server := s3test.Start(t)
	proxy := startProxy(t, server.Endpoint)
	direct, flaky := openS3(t, server, ""), openS3At(t, server, proxy.addr, "")
	proxy.lossy.Store(true)
	for round := range 8 {
		key := fmt.Sprintf("claim/%d", round)
		same := []byte("the same body from all") // so only the put's own mark can tell who won
		winners := race(t, 16, func(int) error {
			_, err := flaky.PutIfAbsent(t.Context(), key, same)
			return err
		}, objects.ErrExists)
		if _, _, err := direct.Get(t.Context(), key); err != nil || len(winners) != 1 {
			t.Errorf("round %d: winners %v, %v", round, winners, err)
		}
	}
}

func TestS3SurvivesAKilledStore(t *testing.T) {
	server := s3test.Start(t)
	s := openS3(t, server, "")
	mustPut(t, s, "before", "x")
	begun, rest := make(chan struct{}), make(chan error, 1)
	go func() {
		var once sync.Once
		for i := range 200 {
			if _, err := s.PutIfAbsent(t.Context(), fmt.Sprintf("k/%03d", i), []byte("x")); err != nil {
				rest <- err
				return
			}
			if i == 50 {
				once.Do(func() { close(begun) })
			}
		}
		rest <- nil
	}()
	<-begun
	server.Restart()
	if err := <-rest; err != nil {
		t.Fatal(err)
	}
	if got := keys(t, s, "k/"); len(got) != 200 {
		t.Errorf("%d keys, want 200", len(got))
	}
}

func TestS3GivesUpOnADeadStore(t *testing.T) {
	server := s3test.Start(t)
	s, err := objects.OpenS3(t.Context(), objects.S3Config{Endpoint: server.Endpoint, Bucket: server.Bucket,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, Attempts: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	server.Kill()
	if _, err := s.PutIfAbsent(t.Context(), "k", nil); err == nil || !strings.Contains(err.Error(), "after 2 attempts") {
		t.Errorf("put: %v", err)
	}
	if err := objects.SelfTest(t.Context(), s); !errors.Is(err, objects.ErrUnfit) {
		t.Errorf("self-test: %v, want ErrUnfit", err)
	}
}

// proxy passes TCP connections on; when lossy, it cuts some requests and swallows some answers.
type proxy struct {
	addr  string
	lossy atomic.Bool
	lost  atomic.Int64
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String()}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			wg.Go(func() {
				p.pass(c, target)
				mu.Lock()
				delete(open, c)
				mu.Unlock()
			})
		}
	})
	return p
}

func (p *proxy) pass(c net.Conn, target string) {
	defer c.Close()
	s, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer s.Close()
	requests, answers := int64(1<<40), int64(1<<40)
	if p.lossy.Load() {
		switch rand.N(6) {
		case 0: // cut in the middle of some request
			requests = 200 + rand.N(int64(3000))
		case 1, 2: // swallow some answer, or the end of it
			answers = rand.N(int64(600))
		}
	}
	up := make(chan struct{})
	go func() {
		defer close(up)
		if n, _ := io.CopyN(s, c, requests); n == requests {
			p.lost.Add(1)
			c.Close()
		}
		s.(*net.TCPConn).CloseWrite()
	}()
	if n, _ := io.CopyN(c, s, answers); n == answers {
		p.lost.Add(1)
	}
	c.Close()
	s.Close()
	<-up
}
