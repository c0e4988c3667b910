package objects_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"binnacle/objects"
)

func TestDirKeepsObjectsAsPlainFiles(t *testing.T) {
	dir := t.TempDir()
	mustPut(t, openDir(t, dir), "v1/a.json", "{}")
	if b, err := os.ReadFile(filepath.Join(dir, "v1", "a.json")); err != nil || string(b) != "{}" {
		t.Errorf("file = %q, %v", b, err)
	}
	if body, _, err := openDir(t, dir).Get(t.Context(), "v1/a.json"); err != nil || string(body) != "{}" {
		t.Errorf("after opening again: %q, %v", body, err)
	}
}

func TestDirHidesTemporaryFilesAndRemovesStaleOnes(t *testing.T) {
	dir := t.TempDir()
	s := openDir(t, dir)
	mustPut(t, s, "first", "x")
	fresh, stale := filepath.Join(dir, "~tmp", "fresh"), filepath.Join(dir, "~tmp", "stale")
	for _, f := range []string{fresh, stale} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(stale, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	mustPut(t, s, "k", "x")
	if got := keys(t, s, ""); !slices.Equal(got, []string{"first", "k"}) {
		t.Errorf("list = %q", got)
	}
	openDir(t, dir)
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("the fresh temporary file is gone: %v", err)
	}
	if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the stale temporary file is there: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "~tmp"))
	if err != nil || len(left) != 1 {
		t.Errorf("temporary files left: %v, %v", left, err)
	}
}

func TestReadingWritesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "k"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openDir(t, dir)
	if got := keys(t, s, ""); !slices.Equal(got, []string{"k"}) {
		t.Errorf("list = %q", got)
	}
	if _, _, err := s.Get(t.Context(), "k"); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("folder = %v, %v, want what was there", left, err)
	}
}

func TestDirRefusesFilesOverTheLimit(t *testing.T) {
	dir := t.TempDir()
	s := openDir(t, dir)
	f := filepath.Join(dir, "big")
	if err := os.WriteFile(f, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(f, objects.MaxObjectBytes+1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get(t.Context(), "big"); !errors.Is(err, objects.ErrTooLarge) {
		t.Errorf("get: %v, want ErrTooLarge", err)
	}
}

func TestDirRefusesKeysInsideOthers(t *testing.T) {
	s := openDir(t, t.TempDir())
	mustPut(t, s, "a/b", "x")
	for _, k := range []string{"a", "a/b/c", "a/b/c/d"} {
		if _, err := s.PutIfAbsent(t.Context(), k, nil); !errors.Is(err, objects.ErrBadKey) {
			t.Errorf("put %s: %v, want ErrBadKey", k, err)
		}
	}
	if _, _, err := s.Get(t.Context(), "a/b/c"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("get below an object: %v, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), "a/b/c"); err != nil {
		t.Errorf("delete below an object: %v", err)
	}
	if err := s.Delete(t.Context(), "a"); err != nil {
		t.Errorf("delete of a folder: %v", err)
	}
	if body, _, err := s.Get(t.Context(), "a/b"); err != nil || string(body) != "x" {
		t.Errorf("get = %q, %v", body, err)
	}
}

func TestDirDoesNotFollowLinksOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "f"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openDir(t, dir)
	for name, target := range map[string]string{"folder": outside, "file": filepath.Join(outside, "f")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []string{"file", "folder/f"} {
		if body, _, err := s.Get(t.Context(), k); err == nil {
			t.Errorf("get %s = %q", k, body)
		}
	}
	if got := keys(t, s, ""); len(got) != 0 {
		t.Errorf("list = %q", got)
	}
}

// In processes of their own, because locks and links must hold there too. The test runs itself with the folder in the
// environment.
func TestDirIsSafeBetweenProcesses(t *testing.T) {
	const processes, rounds = 4, 25
	if dir := os.Getenv("OBJECTS_TEST_DIR"); dir != "" {
		claimAndCount(t, dir, rounds)
		return
	}
	dir := t.TempDir()
	s := openDir(t, dir)
	mustPut(t, s, "count", "")
	var children []*exec.Cmd
	var outs []*bufio.Scanner
	for range processes {
		cmd := exec.Command(os.Args[0], "-test.run=^TestDirIsSafeBetweenProcesses$")
		cmd.Env = append(os.Environ(), "OBJECTS_TEST_DIR="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		children, outs = append(children, cmd), append(outs, bufio.NewScanner(out))
	}
	won := map[string]int{}
	for i, cmd := range children {
		for outs[i].Scan() {
			var key string
			if n, _ := fmt.Sscanf(outs[i].Text(), "won %s", &key); n == 1 {
				won[key]++
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	if len(won) != rounds {
		t.Errorf("%d keys were won, want %d", len(won), rounds)
	}
	for key, n := range won {
		if n != 1 {
			t.Errorf("%s was won %d times", key, n)
		}
	}
	if body, _, err := s.Get(t.Context(), "count"); err != nil || len(body) != processes*rounds {
		t.Errorf("count = %d, %v, want %d", len(body), err, processes*rounds)
	}
}

func claimAndCount(t *testing.T, dir string, rounds int) {
	s := openDir(t, dir)
	for i := range rounds {
		key := fmt.Sprintf("claims/%d", i)
		_, err := s.PutIfAbsent(t.Context(), key, fmt.Append(nil, os.Getpid()))
		if err == nil {
			fmt.Println("won", key)
		} else if !errors.Is(err, objects.ErrExists) {
			t.Fatal(err)
		}
		for counted := false; !counted; {
			body, tag, err := s.Get(t.Context(), "count")
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.PutIfMatch(t.Context(), "count", append(body, 'x'), tag)
			if err != nil && !errors.Is(err, objects.ErrChanged) {
				t.Fatal(err)
			}
			counted = err == nil
		}
	}
}
