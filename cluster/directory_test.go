package cluster_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/cluster"
	"binnacle/objects"
)

const ttl = 10 * time.Second

// eachDirectory runs f over every kind of directory, in a bubble whose clock stands still while anything runs.
func eachDirectory(t *testing.T, f func(t *testing.T, d cluster.Directory)) {
	t.Run("Local", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(t, cluster.NewLocal()) })
	})
	t.Run("Objects", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(t, cluster.NewObjects(openDir(t))) })
	})
}

func openDir(t *testing.T) *objects.Dir {
	t.Helper()
	d, err := objects.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func entry(node string) cluster.Entry {
	return cluster.Entry{Session: "s1", Node: node, URL: "https://" + node + ".example", TTL: ttl}
}

func mustClaim(t *testing.T, d cluster.Directory, node string) cluster.Entry {
	t.Helper()
	e, err := d.Claim(t.Context(), entry(node))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestClaimedSessionIsFound(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		if _, err := d.Lookup(t.Context(), "s1"); !errors.Is(err, cluster.ErrUnknown) {
			t.Errorf("before: %v, want ErrUnknown", err)
		}
		e := mustClaim(t, d, "a")
		if e.Epoch != 1 || e.Node != "a" {
			t.Errorf("claimed %+v", e)
		}
		if got, err := d.Lookup(t.Context(), "s1"); err != nil || got != e {
			t.Errorf("found %+v, %v, want %+v", got, err, e)
		}
	})
}

func TestTakenSessionCannotBeClaimed(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		mustClaim(t, d, "a")
		for _, node := range []string{"b", "a"} {
			if _, err := d.Claim(t.Context(), entry(node)); !errors.Is(err, cluster.ErrTaken) {
				t.Errorf("claim for %s: %v, want ErrTaken", node, err)
			}
		}
	})
}

func TestReleasedSessionIsGone(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		e := mustClaim(t, d, "a")
		for range 2 {
			if err := d.Release(t.Context(), e); err != nil {
				t.Errorf("release: %v", err)
			}
		}
		if _, err := d.Lookup(t.Context(), "s1"); !errors.Is(err, cluster.ErrUnknown) {
			t.Errorf("lookup: %v, want ErrUnknown", err)
		}
		if _, err := d.Renew(t.Context(), e); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("renew: %v, want ErrLost", err)
		}
		mustClaim(t, d, "b")
	})
}

func TestRenewedEntryHolds(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		e := mustClaim(t, d, "a")
		for range 5 {
			_, err := d.Claim(t.Context(), entry("b"))
			if !errors.Is(err, cluster.ErrTaken) {
				t.Fatalf("claim of a renewed session: %v, want ErrTaken", err)
			}
			<-time.After(ttl * 3 / 4)
			beat := e.Beat
			if e, err = d.Renew(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if e.Beat != beat+1 || e.Epoch != 1 {
				t.Errorf("renewed %+v", e)
			}
		}
	})
}

func TestExpiredSessionIsTakenOverInTheNextEpoch(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		old := mustClaim(t, d, "a")
		if _, err := d.Claim(t.Context(), entry("b")); !errors.Is(err, cluster.ErrTaken) {
			t.Errorf("claim before it expired: %v, want ErrTaken", err)
		}
		<-time.After(ttl)
		e := mustClaim(t, d, "b")
		if e.Epoch != 2 {
			t.Errorf("epoch = %d, want 2", e.Epoch)
		}
		if _, err := d.Renew(t.Context(), old); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("renew by the old owner: %v, want ErrLost", err)
		}
		if err := d.Release(t.Context(), old); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("release by the old owner: %v, want ErrLost", err)
		}
		if got, err := d.Lookup(t.Context(), "s1"); err != nil || got != e {
			t.Errorf("found %+v, %v, want %+v", got, err, e)
		}
	})
}

// A node that comes back with its old name is not the old owner.
func TestSameNodeInAnOldEpochIsFencedOff(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		old := mustClaim(t, d, "a")
		_, _ = d.Claim(t.Context(), entry("a"))
		<-time.After(ttl)
		mustClaim(t, d, "a")
		if _, err := d.Renew(t.Context(), old); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("renew in the old epoch: %v, want ErrLost", err)
		}
	})
}

func TestOneOfManyNodesWins(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		for epoch := uint32(1); epoch <= 3; epoch++ {
			_, _ = d.Claim(t.Context(), entry("watcher")) // the first sight of the entry, from epoch 2 on
			<-time.After(ttl)
			if epoch == 1 {
				e, err := d.Lookup(t.Context(), "s1")
				if err != nil || d.Release(t.Context(), e) != nil {
					t.Fatal(err)
				}
			}
			var mu sync.Mutex
			var won []cluster.Entry
			var wg sync.WaitGroup
			for i := range 16 {
				wg.Go(func() {
					e, err := d.Claim(t.Context(), entry(fmt.Sprintf("n%d", i)))
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won = append(won, e)
					} else if !errors.Is(err, cluster.ErrTaken) {
						t.Errorf("node %d: %v, want ErrTaken", i, err)
					}
				})
			}
			wg.Wait()
			if len(won) != 1 || won[0].Epoch != epoch {
				t.Fatalf("epoch %d: winners %+v", epoch, won)
			}
		}
	})
}

func TestClaimNeedsNames(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d cluster.Directory) {
		for _, e := range []cluster.Entry{{Session: "s1"}, {Node: "a"}} {
			if _, err := d.Claim(t.Context(), e); err == nil {
				t.Errorf("%+v was claimed", e)
			}
		}
	})
}
