package audit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"binnacle/audit"
	"binnacle/objects"
)

// brokenFiles is the operating system's files with a budget: after it, writes or syncs fail.
type brokenFiles struct {
	audit.OSFiles
	writes  atomic.Int64 // that succeed yet; negative: all
	syncs   atomic.Int64
	short   bool // a failing write leaves half of its bytes, and says so
	mu      sync.Mutex
	retried []string // what was tried on a file after it had failed
}

func newBrokenFiles() *brokenFiles {
	b := &brokenFiles{}
	b.writes.Store(-1)
	b.syncs.Store(-1)
	return b
}

func (b *brokenFiles) Create(name string) (audit.JournalFile, error) {
	f, err := b.OSFiles.Create(name)
	return &brokenFile{JournalFile: f, b: b}, err
}

func (b *brokenFiles) Edit(name string) (audit.JournalFile, error) {
	f, err := b.OSFiles.Edit(name)
	return &brokenFile{JournalFile: f, b: b}, err
}

// spend takes one from the budget and says whether there was one.
func spend(budget *atomic.Int64) bool { return budget.Load() < 0 || budget.Add(-1) >= 0 }

type brokenFile struct {
	audit.JournalFile
	b      *brokenFiles
	failed bool
}

func (f *brokenFile) note(what string) {
	f.b.mu.Lock()
	defer f.b.mu.Unlock()
	if f.failed {
		f.b.retried = append(f.b.retried, what)
	}
}

func (f *brokenFile) WriteAt(p []byte, off int64) (int, error) {
	f.note("write")
	if spend(&f.b.writes) {
		return f.JournalFile.WriteAt(p, off)
	}
	f.failed = true
	f.b.writes.Store(0)
	if f.b.short {
		return f.JournalFile.WriteAt(p[:len(p)/2], off)
	}
	return 0, syscall.ENOSPC
}

func (f *brokenFile) Sync() error {
	f.note("sync")
	if spend(&f.b.syncs) {
		return f.JournalFile.Sync()
	}
	f.failed = true
	f.b.syncs.Store(0)
	return syscall.EIO
}

func TestFullDiskFailsTheJournalAndKeepsWhatWasAcknowledged(t *testing.T) {
	for _, kind := range []string{"no space", "short write", "failed sync"} {
		for after := range 12 {
			t.Run(fmt.Sprintf("%s after %d", kind, after), func(t *testing.T) {
				_, store := openDir(t)
				files := newBrokenFiles()
				files.short = kind == "short write"
				cfg := config(t, store)
				cfg.SegmentMaxBytes = 2000
				broken := cfg.WithFiles(files)
				l := openLog(t, broken)
				budget := &files.writes
				if kind == "failed sync" {
					budget = &files.syncs
				}
				budget.Store(int64(after))
				j, err := l.Begin(t.Context(), header(sessionID))
				if after == 0 {
					if !errors.Is(err, audit.ErrJournal) || len(journals(t, cfg.Dir)) != 0 {
						t.Fatalf("begin: %v, want ErrJournal; journals %q", err, journals(t, cfg.Dir))
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				acked := 0
				for ; err == nil; acked++ {
					err = j.Append(t.Context(), formRecord(acked))
				}
				acked--
				if !errors.Is(err, audit.ErrJournal) || acked != after-1 {
					t.Fatalf("after %d records: %v, want ErrJournal after %d", acked, err, after-1)
				}
				<-j.Failed()
				budget.Store(-1) // the disk is well again, and the journal does not care
				for range 3 {
					if again := j.Append(t.Context(), formRecord(0)); again == nil || again.Error() != err.Error() {
						t.Errorf("later append: %v, want %v", again, err)
					}
				}
				if again := j.AddClient(t.Context(), audit.ClientRef{ID: "x"}); !errors.Is(again, audit.ErrJournal) {
					t.Errorf("later client: %v, want ErrJournal", again)
				}
				if got := records(t, l, sessionID); len(got) != acked {
					t.Errorf("%d records can be read, want %d", len(got), acked)
				}
				if b := l.Backlog(); b.Failed != 1 || b.Running != 1 {
					t.Errorf("backlog = %+v", b)
				}
				if err := j.Close(t.Context()); !errors.Is(err, audit.ErrJournal) {
					t.Errorf("close: %v, want ErrJournal", err)
				}
				closeLog(t, l)
				if len(files.retried) > 0 {
					t.Errorf("the failed file was used again: %q", files.retried)
				}

				next := openLog(t, cfg)
				got := records(t, next, sessionID)
				if len(got) < acked+1 || got[len(got)-1].Kind != audit.KindInterrupted {
					t.Errorf("%d records after the next start, the last %q; acknowledged were %d", len(got), got[len(got)-1].Kind, acked)
				}
				flush(t, next)
				mustVerify(t, store, 1, len(got))
			})
		}
	}
}

func TestFullDiskAtTheNextStartChangesNothing(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	file := leaveJournal(t, cfg, 4)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files := newBrokenFiles()
	files.writes.Store(0)
	if _, err := audit.Open(t.Context(), cfg.WithFiles(files)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("open: %v, want ENOSPC", err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the journal was changed: %v", err)
	}
	l := openLog(t, cfg)
	flush(t, l)
	mustVerify(t, store, 1, 5)
}

// gateFiles holds every sync back until it is let through.
type gateFiles struct {
	audit.OSFiles
	closed atomic.Bool
	gate   chan struct{}
}

func (g *gateFiles) Create(name string) (audit.JournalFile, error) {
	f, err := g.OSFiles.Create(name)
	return gateFile{f, g}, err
}

type gateFile struct {
	audit.JournalFile
	g *gateFiles
}

func (f gateFile) Sync() error {
	if f.g.closed.Load() {
		<-f.g.gate
	}
	return f.JournalFile.Sync()
}

func TestFullQueueFailsTheJournalInOrder(t *testing.T) {
	_, store := openDir(t)
	gate := &gateFiles{gate: make(chan struct{})}
	l := openLog(t, config(t, store).WithFiles(gate))
	j := begin(t, l, sessionID)
	gate.closed.Store(true)
	const n = audit.MaxQueued + 2000
	type result struct {
		i   int
		err error
	}
	results := make(chan result, n)
	for i := range n {
		j.Enqueue(formRecord(i), func(err error) { results <- result{i, err} })
	}
	<-j.Failed()
	if err := j.Err(); !errors.Is(err, audit.ErrFull) || !errors.Is(err, audit.ErrJournal) {
		t.Errorf("err = %v, want ErrFull", err)
	}
	gate.closed.Store(false)
	close(gate.gate)
	acked := 0
	for want := range n {
		r := <-results
		if r.i != want {
			t.Fatalf("done of record %d came in place of %d", r.i, want)
		}
		switch {
		case r.err == nil && acked == r.i:
			acked++
		case r.err == nil:
			t.Fatalf("record %d was taken after one was refused", r.i)
		case !errors.Is(r.err, audit.ErrFull):
			t.Fatalf("record %d: %v, want ErrFull", r.i, r.err)
		}
	}
	if acked < audit.MaxQueued {
		t.Errorf("%d records were taken, want %d at least", acked, audit.MaxQueued)
	}
	if err := j.Close(t.Context()); !errors.Is(err, audit.ErrFull) {
		t.Errorf("close: %v, want ErrFull", err)
	}
	flush(t, l)
	report := mustVerify(t, store, 1, acked)
	if len(report.Failed) != 1 {
		t.Errorf("report: %s", report.Summary())
	}
	if info, err := l.Session(t.Context(), sessionID); err != nil || !info.Failed {
		t.Errorf("session: %+v, %v", info, err)
	}
}

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
