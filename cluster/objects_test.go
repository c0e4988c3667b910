package cluster_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/cluster"
	"binnacle/internal/s3test"
	"binnacle/objects"
)

var update = flag.Bool("update", false, "write the golden files")

func TestTwoNodesShareTheDirectory(t *testing.T) {
	server := s3test.Start(t)
	store, err := objects.Open(t.Context(), server.Location("cluster"),
		objects.Credentials{AccessKey: server.AccessKey, SecretKey: server.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	a, b := cluster.NewObjects(store), cluster.NewObjects(store)
	e := mustClaim(t, a, "a")
	if _, err := b.Claim(t.Context(), entry("b")); !errors.Is(err, cluster.ErrTaken) {
		t.Errorf("claim by b: %v, want ErrTaken", err)
	}
	if got, err := b.Lookup(t.Context(), "s1"); err != nil || got != e {
		t.Errorf("b finds %+v, %v, want %+v", got, err, e)
	}
	if err := a.Release(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	mustClaim(t, b, "b")
}

// The other node's clock says nothing: only how long this node has seen the entry unchanged.
func TestExpiryBeginsAtTheFirstSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openDir(t)
		a, b := cluster.NewObjects(store), cluster.NewObjects(store)
		mustClaim(t, a, "a")
		<-time.After(10 * ttl)
		if _, err := b.Claim(t.Context(), entry("b")); !errors.Is(err, cluster.ErrTaken) {
			t.Errorf("claim at first sight: %v, want ErrTaken", err)
		}
		<-time.After(ttl)
		if e := mustClaim(t, b, "b"); e.Epoch != 2 {
			t.Errorf("epoch = %d, want 2", e.Epoch)
		}
	})
}

// noDelete is a store whose process dies before it deletes.
type noDelete struct{ objects.Store }

func (noDelete) Delete(context.Context, string) error { return errors.New("died") }

func TestHalfReleasedSessionStaysOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openDir(t)
		a := cluster.NewObjects(noDelete{store})
		e := mustClaim(t, a, "a")
		if err := a.Release(t.Context(), e); err == nil {
			t.Error("release: no error")
		}
		b := cluster.NewObjects(store)
		for range 2 {
			if _, err := b.Claim(t.Context(), entry("b")); !errors.Is(err, cluster.ErrTaken) {
				t.Errorf("claim: %v, want ErrTaken", err)
			}
			<-time.After(2 * ttl)
		}
		if _, err := b.Lookup(t.Context(), "s1"); !errors.Is(err, cluster.ErrUnknown) {
			t.Errorf("lookup: %v, want ErrUnknown", err)
		}
		if _, err := a.Renew(t.Context(), e); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("renew: %v, want ErrLost", err)
		}
		if err := b.Release(t.Context(), e); err != nil {
			t.Errorf("second release: %v", err)
		}
		mustClaim(t, b, "b")
	})
}

func TestObjectFormatIsKept(t *testing.T) {
	store := openDir(t)
	mustClaim(t, cluster.NewObjects(store), "a")
	got, _, err := store.Get(t.Context(), "directory/s1.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "entry.json")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("entry = %s, want %s", got, want)
	}
}

func FuzzLookup(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "entry.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add([]byte(`{"v":2}`))
	f.Add([]byte(`{"v":1,"session":"s1","node":"a","epoch":1,"ttl_ms":99999999999999}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := cluster.NewObjects(oneObject{body: b}).Lookup(t.Context(), "s1")
		if err == nil && (e.Session != "s1" || e.Node == "" || e.Epoch == 0 || e.TTL <= 0) {
			t.Errorf("%q was read as %+v", b, e)
		}
	})
}

// oneObject is a store in which every key has the same body.
type oneObject struct {
	objects.Store
	body []byte
}

func (o oneObject) Get(context.Context, string) ([]byte, string, error) { return o.body, "tag", nil }
