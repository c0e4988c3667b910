package objects_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"binnacle/internal/s3test"
	"binnacle/objects"
)

// eachStore runs f over every kind of store, empty.
func eachStore(t *testing.T, f func(t *testing.T, s objects.Store)) {
	t.Run("Dir", func(t *testing.T) { f(t, openDir(t, t.TempDir())) })
	t.Run("S3", func(t *testing.T) { f(t, openS3(t, s3test.Start(t), "")) })
	t.Run("Sub", func(t *testing.T) { f(t, objects.Sub(openDir(t, t.TempDir()), "part/of/it")) })
}

func openDir(t *testing.T, dir string) *objects.Dir {
	t.Helper()
	d, err := objects.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func openS3(t *testing.T, server *s3test.Server, prefix string) *objects.S3 {
	t.Helper()
	return openS3At(t, server, server.Endpoint, prefix)
}

func openS3At(t *testing.T, server *s3test.Server, endpoint, prefix string) *objects.S3 {
	t.Helper()
	s, err := objects.OpenS3(t.Context(), objects.S3Config{Endpoint: endpoint, Bucket: server.Bucket, Prefix: prefix,
		Region: server.Region, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Attempts: 40})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func keys(t *testing.T, s objects.Store, prefix string) []string {
	t.Helper()
	var got []string
	for info, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Key)
	}
	return got
}

func mustPut(t *testing.T, s objects.Store, key, body string) string {
	t.Helper()
	tag, err := s.PutIfAbsent(t.Context(), key, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return tag
}

func TestPutIfAbsentWritesOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		tag := mustPut(t, s, "a/b.json", "one")
		if _, err := s.PutIfAbsent(t.Context(), "a/b.json", []byte("two")); !errors.Is(err, objects.ErrExists) {
			t.Errorf("second put: %v, want ErrExists", err)
		}
		if _, err := s.PutIfAbsent(t.Context(), "a/b.json", []byte("one")); !errors.Is(err, objects.ErrExists) {
			t.Errorf("second put of the same bytes: %v, want ErrExists", err)
		}
		body, gotTag, err := s.Get(t.Context(), "a/b.json")
		if err != nil || string(body) != "one" || gotTag != tag {
			t.Errorf("get = %q, %q, %v, want one, %q", body, gotTag, err, tag)
		}
	})
}

func TestPutIfMatchReplacesTheVersionItNames(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		old := mustPut(t, s, "k", "one")
		tag, err := s.PutIfMatch(t.Context(), "k", []byte("two"), old)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.PutIfMatch(t.Context(), "k", []byte("three"), old); !errors.Is(err, objects.ErrChanged) {
			t.Errorf("put with the old tag: %v, want ErrChanged", err)
		}
		if _, err := s.PutIfMatch(t.Context(), "none", []byte("x"), old); !errors.Is(err, objects.ErrNotFound) {
			t.Errorf("put over nothing: %v, want ErrNotFound", err)
		}
		body, got, err := s.Get(t.Context(), "k")
		if err != nil || string(body) != "two" || got != tag {
			t.Errorf("get = %q, %q, %v, want two, %q", body, got, err, tag)
		}
	})
}

func TestGetAndDeleteOfNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		if _, _, err := s.Get(t.Context(), "none/at/all"); !errors.Is(err, objects.ErrNotFound) {
			t.Errorf("get: %v, want ErrNotFound", err)
		}
		if err := s.Delete(t.Context(), "none/at/all"); err != nil {
			t.Errorf("delete: %v", err)
		}
		mustPut(t, s, "k/l", "x")
		if _, _, err := s.Get(t.Context(), "k"); !errors.Is(err, objects.ErrNotFound) {
			t.Errorf("get of a folder: %v, want ErrNotFound", err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "k/l"); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
		if _, _, err := s.Get(t.Context(), "k/l"); !errors.Is(err, objects.ErrNotFound) {
			t.Errorf("get after delete: %v, want ErrNotFound", err)
		}
		mustPut(t, s, "k/l", "again")
	})
}

func TestListIsInByteOrder(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		all := []string{"a-b/x", "a.txt", "a/b/1", "a/b/2", "a/b-c", "a/c", "a0", "b/z", "Z"}
		for _, k := range all {
			mustPut(t, s, k, "x")
		}
		slices.Sort(all)
		if got := keys(t, s, ""); !slices.Equal(got, all) {
			t.Errorf("all = %q, want %q", got, all)
		}
		for prefix, want := range map[string][]string{
			"a/":    {"a/b-c", "a/b/1", "a/b/2", "a/c"},
			"a/b":   {"a/b-c", "a/b/1", "a/b/2"},
			"a/b/1": {"a/b/1"},
			"a":     all[1 : len(all)-1],
			"c":     nil,
			"c/d/":  nil,
		} {
			if got := keys(t, s, prefix); !slices.Equal(got, want) {
				t.Errorf("prefix %q = %q, want %q", prefix, got, want)
			}
		}
	})
}

func TestListTellsSizesAndStopsWhenTold(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		mustPut(t, s, "a", "12345")
		mustPut(t, s, "b", "")
		n := 0
		for info, err := range s.List(t.Context(), "") {
			if err != nil || info.Key != "a" || info.Size != 5 {
				t.Errorf("first = %+v, %v", info, err)
			}
			n++
			break
		}
		if n != 1 {
			t.Errorf("%d rounds", n)
		}
	})
}

func TestListOfManyPages(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		const n = 1100 // S3 pages have 1,000
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := w; i < n; i += 8 {
					if _, err := s.PutIfAbsent(t.Context(), fmt.Sprintf("p/%05d", i), []byte("x")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := keys(t, s, "p/"); len(got) != n || !slices.IsSorted(got) {
			t.Errorf("%d keys, sorted %v", len(got), slices.IsSorted(got))
		}
	})
}

func TestBadKeysAreRefused(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		bad := []string{"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a b", "ä", "a\x00", "a\\b", "a%b", "~tmp/x", "~lock",
			strings.Repeat("a/", objects.MaxKeyBytes/2) + "a", strings.Repeat("a", objects.MaxPartBytes+1)}
		for _, k := range bad {
			_, err1 := s.PutIfAbsent(t.Context(), k, nil)
			_, err2 := s.PutIfMatch(t.Context(), k, nil, "x")
			_, _, err3 := s.Get(t.Context(), k)
			err4 := s.Delete(t.Context(), k)
			for i, err := range []error{err1, err2, err3, err4} {
				if !errors.Is(err, objects.ErrBadKey) {
					t.Errorf("key %.20q, call %d: %v, want ErrBadKey", k, i, err)
				}
			}
		}
		for _, p := range []string{"/", "a//", "../", "a b"} {
			for _, err := range s.List(t.Context(), p) {
				if !errors.Is(err, objects.ErrBadKey) {
					t.Errorf("prefix %q: %v, want ErrBadKey", p, err)
				}
			}
		}
	})
}

func TestEveryAllowedLetterWorks(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		key := "AZaz09!-_.*'()=@+,/..a/b.."
		mustPut(t, s, key, "x")
		if body, _, err := s.Get(t.Context(), key); err != nil || string(body) != "x" {
			t.Errorf("get = %q, %v", body, err)
		}
		if got := keys(t, s, "AZ"); !slices.Equal(got, []string{key}) {
			t.Errorf("list = %q", got)
		}
	})
}

func TestLimits(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		if _, ok := s.(*objects.Dir); !ok && testing.Short() {
			t.Skip("64 MiB through every store")
		}
		body := make([]byte, objects.MaxObjectBytes+1)
		if _, err := s.PutIfAbsent(t.Context(), "k", body); !errors.Is(err, objects.ErrTooLarge) {
			t.Errorf("put: %v, want ErrTooLarge", err)
		}
		if _, err := s.PutIfMatch(t.Context(), "k", body, "x"); !errors.Is(err, objects.ErrTooLarge) {
			t.Errorf("replace: %v, want ErrTooLarge", err)
		}
		_, _ = rand.Read(body[:1<<20])
		if _, err := s.PutIfAbsent(t.Context(), "k", body[:objects.MaxObjectBytes]); err != nil {
			t.Fatalf("put of the largest object: %v", err)
		}
		if got, _, err := s.Get(t.Context(), "k"); err != nil || !bytes.Equal(got, body[:objects.MaxObjectBytes]) {
			t.Errorf("get of the largest object: %d bytes, %v", len(got), err)
		}
	})
}

func TestOneOfManyClaimantsWins(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		for round := range 10 {
			key := fmt.Sprintf("claims/%d", round)
			winners := race(t, 16, func(i int) error {
				_, err := s.PutIfAbsent(t.Context(), key, fmt.Appendf(nil, "claimant %d", i))
				return err
			}, objects.ErrExists)
			body, tag, err := s.Get(t.Context(), key)
			if err != nil || len(winners) != 1 || string(body) != fmt.Sprintf("claimant %d", winners[0]) {
				t.Fatalf("round %d: winners %v, object %q, %v", round, winners, body, err)
			}
			winners = race(t, 16, func(i int) error {
				_, err := s.PutIfMatch(t.Context(), key, fmt.Appendf(nil, "next %d", i), tag)
				return err
			}, objects.ErrChanged)
			body, _, err = s.Get(t.Context(), key)
			if err != nil || len(winners) != 1 || string(body) != fmt.Sprintf("next %d", winners[0]) {
				t.Fatalf("round %d: swap winners %v, object %q, %v", round, winners, body, err)
			}
		}
	})
}

// race calls f n times at once and returns who succeeded; losers must get lost.
func race(t *testing.T, n int, f func(i int) error, lost error) []int {
	t.Helper()
	var mu sync.Mutex
	var winners []int
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				winners = append(winners, i)
			} else if !errors.Is(err, lost) {
				t.Errorf("claimant %d: %v, want %v", i, err, lost)
			}
		})
	}
	close(start)
	wg.Wait()
	return winners
}

func TestCountersLoseNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		mustPut(t, s, "count", "")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for done := 0; done < 5; {
					body, tag, err := s.Get(t.Context(), "count")
					if err != nil {
						t.Error(err)
						return
					}
					_, err = s.PutIfMatch(t.Context(), "count", append(body, 'x'), tag)
					if err == nil {
						done++
					} else if !errors.Is(err, objects.ErrChanged) {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if body, _, err := s.Get(t.Context(), "count"); err != nil || len(body) != 40 {
			t.Errorf("count = %d, %v, want 40", len(body), err)
		}
	})
}

func TestSelfTestPassesAndLeavesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		if err := objects.SelfTest(t.Context(), s); err != nil {
			t.Error(err)
		}
		if got := keys(t, s, ""); len(got) != 0 {
			t.Errorf("left behind: %q", got)
		}
	})
}

func TestAnEndedContextEndsTheCall(t *testing.T) {
	eachStore(t, func(t *testing.T, s objects.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.PutIfAbsent(ctx, "k", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v, want context.Canceled", err)
		}
		if _, _, err := s.Get(ctx, "k"); !errors.Is(err, context.Canceled) {
			t.Errorf("get: %v, want context.Canceled", err)
		}
		for _, err := range s.List(ctx, "") {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("list: %v, want context.Canceled", err)
			}
		}
	})
}
