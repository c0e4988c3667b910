package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"binnacle/audit"
	"binnacle/objects"
)

var update = flag.Bool("update", false, "write the golden files")

// TestMain checks that the tests leave no goroutine of this package behind.
func TestMain(m *testing.M) {
	if dir := os.Getenv("AUDIT_TEST_WRITER"); dir != "" {
		writeUntilKilled(dir)
		return
	}
	code := m.Run()
	if code == 0 && leaked() {
		code = 1
	}
	os.Exit(code)
}

func leaked() bool {
	deadline := time.After(2 * time.Second)
	for {
		buf := make([]byte, 1<<20)
		stacks := string(buf[:runtime.Stack(buf, true)])
		if n := strings.Count(stacks, "binnacle/audit.(*"); n == 0 {
			return false
		}
		select {
		case <-deadline:
			fmt.Fprintln(os.Stderr, "goroutines left behind:\n", stacks)
			return true
		default:
			runtime.Gosched()
		}
	}
}

// The session that most tests write.
const sessionID = "01m819ejerabcdefghjkmnpqrs"

func opened() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC) }

func header(id string) audit.Header {
	return audit.Header{Session: id, Call: "call-1", CallTitle: "Account opening", Preset: "p1", PresetName: "Application",
		Address: "https://bank.example/apply", Opened: opened(), Chrome: "156.0.1", Agent: "1.0.0",
		Clients: []audit.ClientRef{{ID: "client 7", Participant: "p_2", Name: "Chris Customer"}}}
}

func adviser() *audit.Person { return &audit.Person{ID: "p_1", Name: "Ada Adviser"} }

func customer() *audit.Person {
	return &audit.Person{ID: "p_2", Name: "Chris Customer", Client: "client 7"}
}

// formRecord is one interaction as a session reports it.
func formRecord(n int) audit.Record {
	length := n % 30
	return audit.Record{Kind: audit.KindForm, Turn: 1, By: customer(), Cause: audit.CauseUser, Input: int64(n), Action: audit.ActionTextEntered,
		Page:    &audit.Page{Address: "https://bank.example/apply", Title: "Apply – step 1"},
		Frame:   &audit.Frame{Address: "https://bank.example/apply", Title: "Apply – step 1", Main: true},
		Element: &audit.Element{Name: "Annual income", ID: "income", Field: "income", Type: "text", Role: "textbox", Form: "apply"},
		Length:  &length, Time: opened().Add(time.Duration(n) * time.Millisecond)}
}

func openDir(t testing.TB) (string, *objects.Dir) {
	t.Helper()
	dir := t.TempDir()
	return dir, reopenDir(t, dir)
}

func reopenDir(t testing.TB, dir string) *objects.Dir {
	t.Helper()
	store, err := objects.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// config is small segments and quick retries, in a folder of the test's own.
func config(t testing.TB, store objects.Store) audit.Config {
	return audit.Config{Dir: filepath.Join(t.TempDir(), "journal"), Store: store, Node: "node-1",
		RetryMin: time.Millisecond, RetryMax: 20 * time.Millisecond}
}

func openLog(t testing.TB, cfg audit.Config) *audit.Log {
	t.Helper()
	l, err := audit.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLog(t, l) })
	return l
}

// closeLog closes without waiting for the archive.
func closeLog(t testing.TB, l *audit.Log) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = l.Close(ctx)
}

func begin(t testing.TB, l *audit.Log, id string) *audit.Journal {
	t.Helper()
	j, err := l.Begin(context.Background(), header(id))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func appendForms(t testing.TB, j *audit.Journal, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		if err := j.Append(context.Background(), formRecord(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func seal(t testing.TB, j *audit.Journal) {
	t.Helper()
	if err := j.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, l *audit.Log) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := l.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// records collects a session's records and checks that their numbers have no gap.
func records(t testing.TB, l *audit.Log, id string) []audit.Record {
	t.Helper()
	var got []audit.Record
	for rec, err := range l.Records(context.Background(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Seq != uint64(len(got)+1) {
			t.Fatalf("record %d follows %d", rec.Seq, len(got))
		}
		got = append(got, rec)
	}
	return got
}

func verify(t testing.TB, store objects.Store) audit.Report {
	t.Helper()
	report, err := audit.Verify(context.Background(), store, audit.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func mustVerify(t testing.TB, store objects.Store, sessions, recs int) audit.Report {
	t.Helper()
	report := verify(t, store)
	if !report.OK() || report.Sessions != sessions || report.Records != recs {
		t.Fatalf("want %d sessions with %d records and no fault:\n%s\n%v", sessions, recs, report.Summary(), report.Faults)
	}
	return report
}

func keys(t testing.TB, store objects.Store, prefix string) []string {
	t.Helper()
	var got []string
	for info, err := range store.List(context.Background(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Key)
	}
	return got
}

// journals returns the journal files in a folder.
func journals(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.journal"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
