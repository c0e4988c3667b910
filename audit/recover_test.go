package audit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"binnacle/audit"
)

// leaveJournal writes a journal of n records that nobody closes, and returns its file.
func leaveJournal(t *testing.T, cfg audit.Config, n int) string {
	t.Helper()
	l := openLog(t, cfg)
	appendForms(t, begin(t, l, sessionID), 0, n)
	closeLog(t, l)
	left := journals(t, cfg.Dir)
	if len(left) != 1 {
		t.Fatalf("journals left: %q", left)
	}
	return left[0]
}

func TestInterruptedSessionIsSealedAtTheNextStart(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	leaveJournal(t, cfg, 5)
	l := openLog(t, cfg)
	check := func(when string) {
		t.Helper()
		got := records(t, l, sessionID)
		last := got[len(got)-1]
		if len(got) != 6 || last.Kind != audit.KindInterrupted || last.Turn != 1 || last.Detail["reason"] == "" || last.Detail["torn_bytes"] != "" {
			t.Errorf("%s: %d records, the last %+v", when, len(got), last)
		}
		info, err := l.Session(t.Context(), sessionID)
		if err != nil || !info.Interrupted || info.Closed == nil || info.Records != 6 {
			t.Errorf("%s: %+v, %v", when, info, err)
		}
	}
	check("right after the start")
	flush(t, l)
	check("from the archive")
	report := mustVerify(t, store, 1, 6)
	if len(report.Interrupted) != 1 || !strings.Contains(report.Summary(), "1 interrupted") {
		t.Errorf("report: %s", report.Summary())
	}
	closeLog(t, l)
	flush(t, openLog(t, cfg))
	mustVerify(t, store, 1, 6)
}

func TestSealedJournalIsNotInterrupted(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, &brokenStore{Store: store})
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 5)
	seal(t, j)
	closeLog(t, l)
	cfg.Store = store
	flush(t, openLog(t, cfg))
	if report := mustVerify(t, store, 1, 5); len(report.Interrupted) != 0 {
		t.Errorf("report: %s", report.Summary())
	}
}

func TestTornTailIsCutAndSaysSo(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	file := leaveJournal(t, cfg, 5)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, info.Size()-10); err != nil {
		t.Fatal(err)
	}
	l := openLog(t, cfg)
	got := records(t, l, sessionID)
	last := got[len(got)-1]
	if len(got) != 5 || last.Kind != audit.KindInterrupted || last.Detail["torn_bytes"] == "" {
		t.Errorf("%d records, the last %+v", len(got), last)
	}
	flush(t, l)
	mustVerify(t, store, 1, 5)
}

func TestJournalCutAtEveryByteIsRecovered(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	l := openLog(t, cfg)
	j, err := l.Begin(t.Context(), audit.Header{Session: "s", Opened: opened()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := j.Append(t.Context(), audit.Record{Kind: audit.KindJoined, Time: opened()}); err != nil {
			t.Fatal(err)
		}
	}
	closeLog(t, l)
	file := journals(t, cfg.Dir)[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := make([]int, len(whole)+1) // records of the journal cut at each byte
	var wg sync.WaitGroup
	const workers = 4
	for w := range workers {
		wg.Go(func() {
			for size := w; size <= len(whole); size += workers {
				found[size] = recoverBytes(t, filepath.Base(file), whole[:size])
			}
		})
	}
	wg.Wait()
	if !slices.IsSorted(found) || found[len(whole)] != 3 {
		t.Errorf("records by size of the cut journal: %v, want never less, in the end 2 and the interruption", found)
	}
}

// recoverBytes opens a log that finds a journal with these bytes, archives and verifies it, and returns its records.
func recoverBytes(t *testing.T, name string, journal []byte) int {
	_, store := openDir(t)
	cfg := config(t, store)
	err := os.MkdirAll(cfg.Dir, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(cfg.Dir, name), journal, 0o600)
	}
	l, openErr := audit.Open(t.Context(), cfg)
	if err := errors.Join(err, openErr); err != nil {
		t.Error(err)
		return 0
	}
	err = l.Flush(t.Context())
	closeLog(t, l)
	report, verifyErr := audit.Verify(t.Context(), store, audit.VerifyOptions{})
	if err := errors.Join(err, verifyErr); err != nil || !report.OK() || len(report.Open) > 0 {
		t.Errorf("cut at byte %d: %v, %s", len(journal), err, report.Summary())
	}
	return report.Records
}

func TestGarbageAtTheEndIsCut(t *testing.T) {
	for name, garbage := range map[string]string{"zeros": strings.Repeat("\x00", 5000), "text": "hello", "huge length": "\xff\xff\xff\xff1234R{}"} {
		t.Run(name, func(t *testing.T) {
			_, store := openDir(t)
			cfg := config(t, store)
			file := leaveJournal(t, cfg, 3)
			f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.WriteString(garbage)
			if err := errors.Join(err, f.Close()); err != nil {
				t.Fatal(err)
			}
			l := openLog(t, cfg)
			flush(t, l)
			got := records(t, l, sessionID)
			if last := got[len(got)-1]; len(got) != 4 || last.Detail["torn_bytes"] != fmt.Sprint(len(garbage)) {
				t.Errorf("%d records, the last %+v", len(got), last)
			}
			mustVerify(t, store, 1, 4)
		})
	}
}

func TestUnreadableJournalIsKeptAside(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	file := leaveJournal(t, cfg, 3)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[20] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	l := openLog(t, cfg)
	if got, err := os.ReadFile(file + ".unreadable"); err != nil || string(got) != string(b) {
		t.Errorf("kept aside: %d bytes, %v", len(got), err)
	}
	if b := l.Backlog(); b.Unreadable != 1 || b.Journals != 0 {
		t.Errorf("backlog = %+v", b)
	}
	begin(t, l, sessionID)
}

func TestTwoProcessesCannotShareAFolder(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	l := openLog(t, cfg)
	_, err := audit.Open(t.Context(), cfg)
	if !errors.Is(err, audit.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint("pid ", os.Getpid())) {
		t.Errorf("second open: %v, want ErrLocked with the pid", err)
	}
	closeLog(t, l)
	openLog(t, cfg)
}

func TestOpenTellsAllFaultsAtOnce(t *testing.T) {
	_, err := audit.Open(t.Context(), audit.Config{SegmentMaxBytes: 1 << 30, Uploads: -1})
	for _, want := range []string{"folder", "store", "segment size", "negative"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not speak of %q: %v", want, err)
		}
	}
}
