package session_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/objects"
	"binnacle/session"
)

// tokens counts what the store keeps of join tokens.
func (h *house) tokens() int {
	h.t.Helper()
	n := 0
	for _, err := range h.store.List(h.t.Context(), "join/") {
		if err != nil {
			h.t.Fatal(err)
		}
		n++
	}
	return n
}

func TestOldTokensAreRemoved(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		token := func(ttl time.Duration) string {
			token, _, err := h.hub.JoinToken(t.Context(), h.call.ID, h.people["Ada"].ID, ttl)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		join := func(token, code string) {
			t.Helper()
			if _, _, err := h.hub.Join(t.Context(), token); code != "" {
				wantCode(t, err, code)
			} else if err != nil {
				t.Errorf("join: %v", err)
			}
		}
		if _, err := h.store.PutIfAbsent(t.Context(), "join/strange.json", []byte("{")); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		at := func(d time.Duration) {
			<-time.After(time.Until(start.Add(d)))
			synctest.Wait()
		}
		used, unused, long := token(0), token(0), token(24*time.Hour)
		join(used, "")
		join(long, "")
		at(10*time.Minute - 2*time.Second)
		join(used, "token_used")
		at(23 * time.Hour)
		join(used, "token_expired")
		join(unused, "token_expired")
		join(long, "token_used") // looked through many times by now
		at(26 * time.Hour)
		join(used, "token_invalid")
		join(unused, "token_invalid")
		join(long, "token_expired")
		if n := h.tokens(); n != 3 {
			t.Errorf("%d objects of tokens, want those of the long one and the strange one", n)
		}
		at(50 * time.Hour)
		join(long, "token_invalid")
		if n := h.tokens(); n != 1 {
			t.Errorf("%d objects of tokens, want the strange one", n)
		}
		if n := countOf(h.said.String(), "object is damaged"); n != 1 {
			t.Errorf("the damaged object was told %d times", n)
		}
	})
}

func TestTokensAreRemovedSoManyAtATime(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		old := fmt.Appendf(nil, `{"call":"c","participant":"p","expires":%q}`, time.Now().Add(-48*time.Hour).Format(time.RFC3339))
		const count = session.MaxSweep * 3 / 4 // each is read and removed: two steps
		for i := range count {
			if _, err := h.store.PutIfAbsent(t.Context(), fmt.Sprintf("join/%03d.json", i), old); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(time.Hour)
		synctest.Wait()
		if n := h.tokens(); n != count-(session.MaxSweep-count) {
			t.Errorf("%d tokens after the first look, want %d", n, count-(session.MaxSweep-count))
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if n := h.tokens(); n != 0 {
			t.Errorf("%d tokens after the second look", n)
		}
	})
}

// tornStore cannot list for a while.
type tornStore struct {
	objects.Store
	torn atomic.Bool
}

func (s *tornStore) List(ctx context.Context, prefix string) iter.Seq2[objects.Info, error] {
	if !s.torn.Load() {
		return s.Store.List(ctx, prefix)
	}
	return func(yield func(objects.Info, error) bool) { yield(objects.Info{}, errors.New("cable pulled")) }
}

func TestTokensAreRemovedLaterWhenTheStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, err := objects.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		store := &tornStore{Store: dir}
		store.torn.Store(true)
		if _, err := dir.PutIfAbsent(t.Context(), "join/a.json", []byte(`{"expires":"1999-01-01T00:00:00Z"}`)); err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, store: dir, said: &safeBuffer{}}
		h.hub = bareHub(t, store, h.said)
		synctest.Wait()
		if h.tokens() != 1 || countOf(h.said.String(), "cable pulled") != 1 {
			t.Errorf("the failure is not in the log:\n%s", h.said)
		}
		store.torn.Store(false)
		<-time.After(time.Hour)
		synctest.Wait()
		if n := h.tokens(); n != 0 {
			t.Errorf("%d tokens are left", n)
		}
		if err := h.hub.Close(); err != nil {
			t.Error(err)
		}
	})
}
