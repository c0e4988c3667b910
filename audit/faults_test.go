package audit_test

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"binnacle/audit"
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
				if b := l.Backlog(); b.Failed != 1 {
					t.Errorf("backlog after close = %+v, want the failed journal in it", b)
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
