package audit_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/audit"
)

func TestRecordsComeBackAsTheyWereWritten(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 3)
	check := func(when string) {
		t.Helper()
		got := records(t, l, sessionID)
		if len(got) != 3 {
			t.Fatalf("%s: %d records, want 3", when, len(got))
		}
		want := formRecord(1)
		g := got[1]
		if g.V != 1 || g.Session != sessionID || g.Epoch != 1 || g.Kind != want.Kind || *g.Length != *want.Length ||
			!reflect.DeepEqual(g.By, want.By) || !reflect.DeepEqual(g.Element, want.Element) || !reflect.DeepEqual(g.Frame, want.Frame) ||
			!g.Time.Equal(want.Time.Truncate(time.Microsecond)) || g.Time.Location() != time.UTC {
			t.Errorf("%s: record = %+v, want %+v", when, g, want)
		}
		if strings.Trim(got[0].Prev, "0") != "" || got[1].Prev == got[2].Prev {
			t.Errorf("%s: prev = %s, %s, %s", when, got[0].Prev, got[1].Prev, got[2].Prev)
		}
	}
	check("while the session runs")
	seal(t, j)
	check("after it was closed")
	flush(t, l)
	check("from the archive")
	if left := journals(t, cfg.Dir); len(left) != 0 {
		t.Errorf("journals left: %q", left)
	}
	mustVerify(t, store, 1, 3)
}

func TestDoneIsCalledInOrder(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	const n = 2000
	got := make(chan int, n)
	for i := range n {
		j.Enqueue(formRecord(i), func(err error) {
			if err != nil {
				t.Errorf("record %d: %v", i, err)
			}
			got <- i
		})
	}
	j.Enqueue(formRecord(n), nil)
	for want := range n {
		if i := <-got; i != want {
			t.Fatalf("done of record %d came in place of %d", i, want)
		}
	}
	seal(t, j)
	if recs := records(t, l, sessionID); len(recs) != n+1 || recs[n-1].Input != n-1 {
		t.Errorf("%d records", len(recs))
	}
}

func TestManyWritersShareOneJournal(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	var wg sync.WaitGroup
	for w := range 20 {
		wg.Go(func() { appendForms(t, j, w*50, (w+1)*50) })
	}
	wg.Wait()
	seal(t, j)
	flush(t, l)
	mustVerify(t, store, 1, 1000)
}

func TestClosedJournalTakesNothing(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	seal(t, j)
	seal(t, j)
	if err := j.Append(t.Context(), formRecord(0)); !errors.Is(err, audit.ErrClosed) || !errors.Is(err, audit.ErrJournal) {
		t.Errorf("append: %v, want ErrClosed and ErrJournal", err)
	}
	if err := j.AddClient(t.Context(), audit.ClientRef{ID: "x"}); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("add client: %v, want ErrClosed", err)
	}
	select {
	case <-j.Failed():
		t.Error("a closed journal is no failed one")
	default:
	}
}

func TestSessionWithoutRecordsIsALogToo(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	seal(t, begin(t, l, sessionID))
	flush(t, l)
	mustVerify(t, store, 1, 0)
	if got := records(t, l, sessionID); len(got) != 0 {
		t.Errorf("%d records", len(got))
	}
}

func TestSessionCannotBeginTwice(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	begin(t, l, sessionID)
	if _, err := l.Begin(t.Context(), header(sessionID)); !errors.Is(err, audit.ErrExists) {
		t.Errorf("second begin: %v, want ErrExists", err)
	}
}

func TestBeginRefusesBadHeaders(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	for _, id := range []string{"", "../x", "a b", strings.Repeat("x", 65), "a.b"} {
		if _, err := l.Begin(t.Context(), header(id)); err == nil {
			t.Errorf("session id %q was taken", id)
		}
	}
	h := header("s")
	h.Clients = make([]audit.ClientRef, audit.MaxClients+1)
	if _, err := l.Begin(t.Context(), h); err == nil {
		t.Error("too many clients were taken")
	}
}

func TestClientLimits(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	for i := range audit.MaxClients - 1 {
		if err := j.AddClient(t.Context(), audit.ClientRef{ID: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.AddClient(t.Context(), audit.ClientRef{ID: "one more"}); !errors.Is(err, audit.ErrTooMany) {
		t.Errorf("client over the limit: %v, want ErrTooMany", err)
	}
	if err := j.AddClient(t.Context(), audit.ClientRef{ID: "0"}); err != nil {
		t.Errorf("a client that takes part already: %v", err)
	}
	if err := j.AddClient(t.Context(), audit.ClientRef{}); err == nil {
		t.Error("a client without id was taken")
	}
	appendForms(t, j, 0, 1)
}

func TestOverlongTextsAreCutAndSaySo(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	long := strings.Repeat("ä", 5000)
	rec := formRecord(0)
	rec.Page.Title, rec.Message, rec.Element.Name, rec.By.Name = long, long, long, long
	rec.Options = make([]string, audit.MaxOptions+1)
	rec.Detail = map[string]string{"reason": long, "short": "kept"}
	if err := j.Append(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	got := records(t, l, sessionID)[0]
	for name, c := range map[string]struct {
		got   string
		chars int
	}{
		"title":   {got.Page.Title, audit.MaxTitleChars},
		"message": {got.Message, audit.MaxMessageChars},
		"name":    {got.Element.Name, audit.MaxNameChars},
		"person":  {got.By.Name, audit.MaxNameChars},
		"detail":  {got.Detail["reason"], audit.MaxMessageChars},
	} {
		if n := len([]rune(c.got)); n != c.chars || !strings.HasSuffix(c.got, "ä…") {
			t.Errorf("%s has %d characters, want %d with … at the end", name, n, c.chars)
		}
	}
	if want := "by.name detail.reason element.name message options page.title"; got.Detail["cut"] != want || got.Detail["short"] != "kept" {
		t.Errorf("detail = %.100q, want cut = %q", got.Detail, want)
	}
	if len(got.Options) != audit.MaxOptions {
		t.Errorf("%d options, want %d", len(got.Options), audit.MaxOptions)
	}
	if len(rec.Page.Title) != len(long) {
		t.Error("the caller's record was changed")
	}
}

func TestHugeRecordsFitAndAreNeverLost(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	j := begin(t, l, sessionID)
	rec := formRecord(0)
	rec.Detail = map[string]string{}
	for i := range 2 * audit.MaxDetails {
		rec.Detail[fmt.Sprint(i)] = strings.Repeat("\x01", 5000)
	}
	for range 5000 {
		rec.Options = append(rec.Options, strings.Repeat("\x01\xff", 5000))
		rec.Files = append(rec.Files, audit.File{Name: strings.Repeat("\"", 5000), SHA256: strings.Repeat("a", 64)})
	}
	if err := j.Append(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	seal(t, j)
	flush(t, l)
	got := records(t, l, sessionID)
	line, err := got[0].Line()
	if err != nil || len(line) > audit.MaxRecordBytes || got[0].Detail["cut"] == "" {
		t.Errorf("line of %d bytes, cut = %q, %v", len(line), got[0].Detail["cut"], err)
	}
	mustVerify(t, store, 1, 1)
}

func TestSegmentsAreCutBySize(t *testing.T) {
	_, store := openDir(t)
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 4000
	l := openLog(t, cfg)
	j := begin(t, l, sessionID)
	appendForms(t, j, 0, 50)
	flush(t, l)
	while := len(keys(t, store, "v1/sessions/"))
	if while < 5 {
		t.Errorf("%d objects while the session runs, want the header and some segments", while)
	}
	report := verify(t, store)
	if !report.OK() || len(report.Open) != 1 {
		t.Errorf("while the session runs: %s", report.Summary())
	}
	if got := records(t, l, sessionID); len(got) != 50 {
		t.Errorf("%d records, want 50", len(got))
	}
	seal(t, j)
	flush(t, l)
	mustVerify(t, store, 1, 50)
}

func TestSegmentsAreCutByAge(t *testing.T) {
	dir, journalDir := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := reopenDir(t, dir)
		l := openLog(t, audit.Config{Dir: journalDir, Store: store})
		j := begin(t, l, sessionID)
		appendForms(t, j, 0, 3)
		<-time.After(audit.DefaultSegmentAge - time.Second)
		synctest.Wait()
		flush(t, l)
		if got := keys(t, store, "v1/sessions/"); len(got) != 1 {
			t.Errorf("before the age: %q, want the header only", got)
		}
		<-time.After(2 * time.Second)
		synctest.Wait()
		flush(t, l)
		if report := verify(t, store); !report.OK() || report.Segments != 1 || report.Records != 3 {
			t.Errorf("after the age: %s", report.Summary())
		}
		<-time.After(10 * audit.DefaultSegmentAge)
		appendForms(t, j, 3, 4)
		seal(t, j)
		flush(t, l)
		if report := mustVerify(t, store, 1, 4); report.Segments != 2 {
			t.Errorf("%d segments, want 2", report.Segments)
		}
	})
}

func TestAnEndedContextEndsTheWaiting(t *testing.T) {
	_, store := openDir(t)
	l := openLog(t, config(t, store))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Begin(ctx, header("s")); !errors.Is(err, context.Canceled) {
		t.Errorf("begin: %v, want context.Canceled", err)
	}
}
