package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/audit"
	"binnacle/internal/s3test"
	"binnacle/objects"
)

func TestClientFindsTheirSessions(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	var want []string
	for i, client := range []string{"client 7", "client 8", "client 7", "client 7"} {
		h := header(fmt.Sprintf("session-%d", i))
		h.Opened = opened().AddDate(0, 0, i)
		h.Clients = []audit.ClientRef{{ID: client, Participant: "p_2", Name: "Chris"}}
		j, err := l.Begin(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		appendForms(t, j, 0, i+1)
		if client == "client 7" {
			want = append([]string{h.Session}, want...)
		}
		if i != 3 { // the last one runs
			seal(t, j)
		}
	}
	check := func(when string) {
		t.Helper()
		got, err := l.Sessions(t.Context(), "client 7")
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d sessions, %v, want %d", when, len(got), err, len(want))
		}
		for i, s := range got {
			if s.ID != want[i] || (s.Closed == nil) != (i == 0) || s.Records == 0 || s.CallTitle != "Account opening" || s.PresetName != "Application" {
				t.Errorf("%s: session %d = %+v, want %s", when, i, s, want[i])
			}
			if len(s.Participants) != 1 || s.Participants[0] != *customer() || len(s.Clients) != 1 || s.Clients[0].ID != "client 7" {
				t.Errorf("%s: session %d has participants %v, clients %v", when, i, s.Participants, s.Clients)
			}
		}
		if got[0].Date != "2026-11-25" {
			t.Errorf("%s: date = %s", when, got[0].Date)
		}
	}
	check("before archiving is through")
	flush(t, l)
	check("after")
	if got, err := l.Sessions(t.Context(), "nobody"); err != nil || len(got) != 0 {
		t.Errorf("an unknown client: %v, %v", got, err)
	}
}

func TestClientWhoJoinsLaterIsFoundToo(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	for range 2 {
		if err := j.AddClient(t.Context(), audit.ClientRef{ID: "late", Participant: "p_3", Name: "Lee"}); err != nil {
			t.Fatal(err)
		}
	}
	flush(t, l)
	if got, err := l.Sessions(t.Context(), "late"); err != nil || len(got) != 1 || got[0].ID != sessionID {
		t.Errorf("sessions = %+v, %v", got, err)
	}
	if got := keys(t, store, "v1/clients/late/"); len(got) != 1 {
		t.Errorf("pointers = %q", got)
	}
	seal(t, j)
	flush(t, l)
	mustVerify(t, store, 1, 0)
}

func TestOtherServerReadsWhatIsArchived(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 2000
	writer, reader := openLog(t, cfg), openLog(t, config(t, store))
	j := begin(t, writer, sessionID)
	appendForms(t, j, 0, 7)
	flush(t, writer)
	info, err := reader.Session(t.Context(), sessionID)
	if err != nil || info.Closed != nil || info.Records != 6 || len(info.Participants) != 1 {
		t.Errorf("running: %+v, %v, want 6 archived records", info, err)
	}
	if got := records(t, reader, sessionID); len(got) != 6 {
		t.Errorf("running: %d records, want 6", len(got))
	}
	seal(t, j)
	flush(t, writer)
	if info, err := reader.Session(t.Context(), sessionID); err != nil || info.Closed == nil || info.Records != 7 {
		t.Errorf("closed: %+v, %v", info, err)
	}
	if got := records(t, reader, sessionID); len(got) != 7 {
		t.Errorf("closed: %d records, want 7", len(got))
	}
}

func TestUnknownSession(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	for _, id := range []string{"nobody", sessionID, "", "../../etc", strings.Repeat("x", 100)} {
		if _, err := l.Session(t.Context(), id); !errors.Is(err, audit.ErrUnknown) {
			t.Errorf("session %q: %v, want ErrUnknown", id, err)
		}
		n := 0
		for _, err := range l.Records(t.Context(), id) {
			n++
			if !errors.Is(err, audit.ErrUnknown) {
				t.Errorf("records of %q: %v, want ErrUnknown", id, err)
			}
		}
		if n != 1 {
			t.Errorf("records of %q: %d rounds, want the error", id, n)
		}
	}
}

// A reader sees whole prefixes: never a gap, never less than was acknowledged before it looked.
func TestReadersSeeEachRecordOnceWhileTheSessionRuns(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 3000
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	const n = 300
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for seen := 0; ctx.Err() == nil; {
				got := records(t, l, sessionID)
				if len(got) < seen {
					t.Errorf("%d records after %d", len(got), seen)
				}
				seen = len(got)
			}
		})
	}
	for i := range n {
		appendForms(t, j, i, i+1)
		if i%100 == 0 {
			if got := records(t, l, sessionID); len(got) != i+1 {
				t.Errorf("%d records can be read, %d were acknowledged", len(got), i+1)
			}
		}
	}
	seal(t, j)
	flush(t, l)
	cancel()
	wg.Wait()
	if got := records(t, l, sessionID); len(got) != n {
		t.Errorf("%d records, want %d", len(got), n)
	}
}

func TestReadingStopsWhenTold(t *testing.T) {
	m := archive(t)
	l := openLog(t, config(t, m))
	n := 0
	for range l.Records(t.Context(), closedID) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d records", n)
	}
	delete(m, segmentKey(closedID, 2))
	m[segmentKey(closedID, 2)] = []byte("garbage")
	var last error
	for _, err := range l.Records(t.Context(), closedID) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), segmentKey(closedID, 2)) {
		t.Errorf("reading garbage: %v, want the segment's name", last)
	}
}

func TestLaterEpochContinuesTheSession(t *testing.T) {
	_, store := openDir(t)
	first, second := openLog(t, config(t, store)), openLog(t, config(t, store))
	j := begin(t, first, sessionID)
	appendForms(t, j, 0, 3)
	seal(t, j)
	flush(t, first)
	h := header(sessionID)
	h.Epoch = 2
	j, err := second.Begin(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	appendForms(t, j, 3, 5)
	read := func() (got []string) {
		for rec, err := range second.Records(t.Context(), sessionID) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d/%d", rec.Epoch, rec.Seq))
		}
		return got
	}
	want := "[1/1 1/2 1/3 2/1 2/2]"
	if got := fmt.Sprint(read()); got != want {
		t.Errorf("while it runs: %s, want %s", got, want)
	}
	seal(t, j)
	flush(t, second)
	if got := fmt.Sprint(read()); got != want {
		t.Errorf("from the archive: %s, want %s", got, want)
	}
	mustVerify(t, store, 1, 5)
}

// The same through a real S3 server: a session is written, the store is killed in between, and everything gets there.
func TestArchiveInObjectStorage(t *testing.T) {
	server := s3test.Start(t)
	store, err := objects.Open(t.Context(), server.Location("bank/archive"),
		objects.Credentials{AccessKey: server.AccessKey, SecretKey: server.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 3000
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 20)
	flush(t, l)
	server.Kill()
	appendForms(t, j, 20, 60)
	seal(t, j)
	server.Restart()
	flush(t, l)
	mustVerify(t, store, 1, 60)
	if got := records(t, l, sessionID); len(got) != 60 {
		t.Errorf("%d records, want 60", len(got))
	}
	if left := journals(t, cfg.Dir); len(left) != 0 {
		t.Errorf("journals left: %q", left)
	}
	if report, err := audit.Verify(t.Context(), store, audit.VerifyOptions{Client: "client 7"}); err != nil || report.Sessions != 1 || !report.OK() {
		t.Errorf("the client's sessions: %s, %v", report.Summary(), err)
	}
}

func TestCloseWaitsForTheArchive(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	l, err := audit.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 5)
	j.Enqueue(formRecord(5), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = j.Close(ctx) // asked for, not waited for
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range 2 {
		if err := l.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	mustVerify(t, store, 1, 6)
	if _, err := l.Begin(t.Context(), header("s2")); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("begin after close: %v, want ErrClosed", err)
	}
}
