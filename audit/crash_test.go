package audit_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"binnacle/audit"
	"binnacle/objects"
)

const crashRounds, crashWriters, crashSessions = 20, 8, 2

// writeUntilKilled is the process that TestKilledWriterLosesNothingAcknowledged kills: it opens the log in dir, begins new
// sessions, and prints each record once it is acknowledged.
func writeUntilKilled(dir string) {
	store, err := objects.OpenDir(filepath.Join(dir, "archive"))
	if err != nil {
		panic(err)
	}
	l, err := audit.Open(context.Background(), audit.Config{Dir: filepath.Join(dir, "journal"), Store: store,
		SegmentMaxBytes: 20_000, RetryMin: time.Millisecond})
	if err != nil {
		panic(err)
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for s := range crashSessions {
		h := header(fmt.Sprintf("round-%s-%d", os.Getenv("AUDIT_TEST_ROUND"), s))
		h.Clients = []audit.ClientRef{{ID: "client", Participant: "p_2", Name: "Chris"}}
		j, err := l.Begin(context.Background(), h)
		if err != nil {
			panic(err)
		}
		for w := range crashWriters {
			wg.Go(func() {
				for n := w; ; n += crashWriters {
					if err := j.Append(context.Background(), formRecord(n)); err != nil {
						panic(err)
					}
					out.Lock()
					fmt.Println(h.Session, n)
					out.Unlock()
				}
			})
		}
	}
	wg.Wait()
}

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acked := map[string]map[int64]bool{}
	for round := range crashRounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "AUDIT_TEST_WRITER="+dir, fmt.Sprintf("AUDIT_TEST_ROUND=%02d", round))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		killAt := 1 + rand.N(400)
		for n := 0; lines.Scan(); n++ {
			var session string
			var input int64
			if _, err := fmt.Sscan(lines.Text(), &session, &input); err != nil {
				continue // the last line may be cut
			}
			if acked[session] == nil {
				acked[session] = map[int64]bool{}
			}
			acked[session][input] = true
			if n == killAt {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait()
	}

	store := reopenDir(t, filepath.Join(dir, "archive"))
	l := openLog(t, audit.Config{Dir: filepath.Join(dir, "journal"), Store: store})
	flush(t, l)
	if left := journals(t, filepath.Join(dir, "journal")); len(left) != 0 {
		t.Errorf("journals left: %q", left)
	}
	total := 0
	for session, inputs := range acked {
		recs := records(t, l, session)
		total += len(recs)
		for _, rec := range recs {
			delete(inputs, rec.Input)
		}
		if len(inputs) > 0 {
			t.Errorf("session %s lost %d acknowledged records", session, len(inputs))
		}
		if last := recs[len(recs)-1]; last.Kind != audit.KindInterrupted {
			t.Errorf("session %s ends with %q, want %q", session, last.Kind, audit.KindInterrupted)
		}
		if info, err := l.Session(t.Context(), session); err != nil || !info.Interrupted || info.Closed == nil {
			t.Errorf("session %s: %+v, %v", session, info, err)
		}
	}
	report := verify(t, store)
	if !report.OK() || len(report.Open) != 0 || report.Records < total || len(report.Interrupted) < len(acked) {
		t.Errorf("%d records of %d sessions: %s", total, len(acked), report.Summary())
	}
	t.Logf("%d rounds: %s", crashRounds, report.Summary())
}
