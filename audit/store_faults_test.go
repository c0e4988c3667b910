package audit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"binnacle/audit"
	"binnacle/objects"
)

// brokenStore is a store that is down, or loses answers, or does both sides of that, until told otherwise.
type brokenStore struct {
	objects.Store
	up    atomic.Bool
	lossy atomic.Bool
	lost  atomic.Int64
}

var errDown = errors.New("the store does not answer")

func (b *brokenStore) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	if !b.up.Load() {
		return "", errDown
	}
	if b.lossy.Load() && rand.N(6) == 0 {
		return "", errDown // before it was written
	}
	tag, err := b.Store.PutIfAbsent(ctx, key, body)
	if b.lossy.Load() && rand.N(3) == 0 {
		b.lost.Add(1)
		return "", errDown // after it was written
	}
	return tag, err
}

func (b *brokenStore) Get(ctx context.Context, key string) ([]byte, string, error) {
	if !b.up.Load() || b.lossy.Load() && rand.N(3) == 0 {
		return nil, "", errDown
	}
	return b.Store.Get(ctx, key)
}

func (b *brokenStore) List(ctx context.Context, prefix string) iter.Seq2[objects.Info, error] {
	if !b.up.Load() {
		return func(yield func(objects.Info, error) bool) { yield(objects.Info{}, errDown) }
	}
	return b.Store.List(ctx, prefix)
}

func TestStoreThatIsDownIsWaitedFor(t *testing.T) {
	_, dir := openDir(t)
	store := &brokenStore{Store: dir}
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 10)
	seal(t, j)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("flush: %v, want context.Canceled", err)
	}
	if got := records(t, l, sessionID); len(got) != 10 {
		t.Errorf("%d records while the store is down, want 10", len(got))
	}
	if b := l.Backlog(); b.Journals != 1 || b.Objects != 4 || b.Oldest.IsZero() {
		t.Errorf("backlog = %+v, want header, pointer, segment, closing object", b)
	}
	store.up.Store(true)
	flush(t, l)
	if b := l.Backlog(); b != (audit.Backlog{}) {
		t.Errorf("backlog afterwards = %+v", b)
	}
	mustVerify(t, dir, 1, 10)
}

func TestStoreThatLosesAnswersHasEverythingOnce(t *testing.T) {
	_, dir := openDir(t)
	store := &brokenStore{Store: dir}
	store.up.Store(true)
	store.lossy.Store(true)
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 1000
	l := openLog(t, cfg)
	const sessions, recs = 4, 60
	for s := range sessions {
		j := begin(t, l, fmt.Sprintf("session-%d", s))
		appendForms(t, j, 0, recs)
		seal(t, j)
	}
	flush(t, l)
	report := mustVerify(t, dir, sessions, sessions*recs)
	if got := len(keys(t, dir, "v1/sessions/")); got != report.Segments+2*sessions {
		t.Errorf("%d objects, want %d segments and two for each session", got, report.Segments)
	}
	if store.lost.Load() == 0 {
		t.Error("the store lost no answer: this test proves nothing")
	}
	if left := journals(t, cfg.Dir); len(left) != 0 {
		t.Errorf("journals left: %q", left)
	}
}

func TestForeignObjectIsReportedAndNeverReplaced(t *testing.T) {
	_, store := openDir(t)
	key := "v1/sessions/2026/11/22/" + sessionID + "/segment-0001-000001.jsonl.zst"
	if _, err := store.PutIfAbsent(t.Context(), key, []byte("somebody else's")); err != nil {
		t.Fatal(err)
	}
	cfg := config(t, store)
	warned := make(warnings, 1)
	cfg.Logger = slog.New(warned)
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 3)
	seal(t, j)
	<-warned
	if b := l.Backlog(); !strings.Contains(b.Problem, key) {
		t.Errorf("backlog = %+v, want the key in it", b)
	}
	if body, _, err := store.Get(t.Context(), key); err != nil || string(body) != "somebody else's" {
		t.Errorf("object = %q, %v", body, err)
	}
	if got := journals(t, cfg.Dir); len(got) != 1 {
		t.Errorf("journals = %q, want it kept", got)
	}
}

// warnings is a log handler that tells of the first warning.
type warnings chan struct{}

func (w warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (w warnings) WithAttrs([]slog.Attr) slog.Handler           { return w }
func (w warnings) WithGroup(string) slog.Handler                { return w }
func (w warnings) Handle(context.Context, slog.Record) error {
	select {
	case w <- struct{}{}:
	default:
	}
	return nil
}

func TestUploadGoesOnAfterACrashBetweenObjects(t *testing.T) {
	for stop := range 8 {
		_, dir := openDir(t)
		cfg := config(t, nil)
		cfg.SegmentMaxBytes = 1000
		limited := &limitedStore{Store: dir, left: stop, refused: make(chan struct{})}
		cfg.Store = limited
		l := openLog(t, cfg)
		j := begin(t, l, sessionID)
		appendForms(t, j, 0, 5)
		seal(t, j)
		<-limited.refused
		closeLog(t, l)
		cfg.Store = dir
		flush(t, openLog(t, cfg))
		if report := mustVerify(t, dir, 1, 5); len(report.Interrupted) != 0 || report.Segments < 5 {
			t.Errorf("after %d objects: %s", stop, report.Summary())
		}
	}
}

// limitedStore takes some objects and then none.
type limitedStore struct {
	objects.Store
	mu      sync.Mutex
	left    int
	refused chan struct{}
	once    sync.Once
}

func (s *limitedStore) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 {
		s.once.Do(func() { close(s.refused) })
		return "", errDown
	}
	s.left--
	return s.Store.PutIfAbsent(ctx, key, body)
}
