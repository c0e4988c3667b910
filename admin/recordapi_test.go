package admin_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"binnacle/admin"
	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/stream"
)

// record plays a session in which the customer takes part and the page does things, and stops it.
func (w *world) record(t *testing.T) (session, customer string) {
	t.Helper()
	call, adviser, customer := w.addCall(t)
	p := w.addPreset(t, "Apply "+call, "https://example.com/apply?token=geheim")
	credential := w.join(t, call, customer)
	var started struct{ Session stream.SessionRef }
	w.ask(t, "POST", "/api/v1/calls/"+call+"/session", map[string]any{"preset": p.ID, "by": adviser}).into(t, 201, &started)
	w.open(t, started.Session.Path+"ws", credential).wait(t, "state")
	for i, name := range []string{"Given name", "=HYPERLINK(\"https://evil.example\")", "Terms"} {
		length := 4 + i
		<-w.pages.last.send(renderer.FormEvent{Action: string(audit.ActionTextEntered), Page: renderer.FrameInfo{Address: "https://example.com/apply", Title: "Open an account", Main: true},
			Frame: renderer.FrameInfo{Address: "https://example.com/apply", Main: true}, Element: renderer.Element{Name: name, Type: "text", Key: fmt.Sprint(i)}, Length: &length})
	}
	w.ask(t, "DELETE", "/api/v1/calls/"+call+"/session?by="+customer, nil).into(t, 204, nil)
	return started.Session.ID, customer
}

func TestComplianceGoesFromAClientToTheLog(t *testing.T) {
	w := newWorld(t)
	session, customer := w.record(t)
	second, _ := w.record(t)

	var found struct{ Items []struct{ ID string } }
	w.ask(t, "GET", "/api/v1/clients?query=carla@example.com", nil).into(t, 200, &found)
	var activities struct {
		Items []struct {
			Session string
			Call    struct{ Title string }
			Preset  struct{ Name, Address string }
		}
		Next string
	}
	path := "/api/v1/clients/" + found.Items[0].ID + "/activities"
	w.ask(t, "GET", path, nil).into(t, 200, &activities)
	if len(activities.Items) != 2 || activities.Items[0].Session != second || activities.Items[1].Session != session {
		t.Fatalf("activities = %+v, want both sessions, newest first", activities.Items)
	}
	if a := activities.Items[1]; a.Call.Title != "Mortgage advice" || a.Preset.Address != "https://example.com/apply" {
		t.Errorf("activity = %+v, want the call and the page without its query", a)
	}
	w.ask(t, "GET", path+"?limit=1", nil).into(t, 200, &activities)
	w.ask(t, "GET", path+"?limit=1&after="+activities.Next, nil).into(t, 200, &activities)
	if len(activities.Items) != 1 || activities.Items[0].Session != session || activities.Next != "" {
		t.Errorf("second page = %+v, want the older session alone", activities)
	}

	var record struct {
		Records      int
		Kinds        map[string]int
		Actions      map[string]int
		Participants []audit.Person
		ClosedBy     *audit.Person
		Closed       *string
		Interrupted  bool
	}
	got := w.ask(t, "GET", "/api/v1/records/"+session, nil).into(t, 200, &record)
	if record.Kinds["form"] != 3 || record.Actions["text_entered"] != 3 || record.Kinds["opened"] != 1 || record.Kinds["stopped"] != 1 {
		t.Errorf("record = %s", got.body)
	}
	if record.ClosedBy == nil || record.ClosedBy.ID != customer || record.ClosedBy.Client != "C-1001" || record.Closed == nil || record.Interrupted {
		t.Errorf("record = %s, want it closed by the customer", got.body)
	}
	w.ask(t, "GET", "/api/v1/records/nothing", nil).fails(t, 404, "not_found")
	w.ask(t, "GET", "/api/v1/records/..%2F..%2Fkeys", nil).fails(t, 404, "not_found")
	w.ask(t, "GET", "/api/v1/clients/nobody/activities", nil).fails(t, 404, "client_unknown")
}

func TestTimelineHasEveryLineOnce(t *testing.T) {
	w := newWorld(t)
	session, _ := w.record(t)
	var seqs []uint64
	for after := ""; ; {
		var part struct {
			Items []audit.Record
			Next  string
		}
		w.ask(t, "GET", "/api/v1/records/"+session+"/timeline?limit=2&after="+after, nil).into(t, 200, &part)
		for _, rec := range part.Items {
			seqs = append(seqs, rec.Seq)
		}
		if after = part.Next; after == "" {
			break
		}
	}
	for i, seq := range seqs {
		if seq != uint64(i+1) {
			t.Fatalf("lines = %v, want 1, 2, 3 …", seqs)
		}
	}
	if len(seqs) < 6 {
		t.Errorf("%d lines, want all of them", len(seqs))
	}
	for _, query := range []string{"after=x", "limit=0", "after=-1"} {
		w.ask(t, "GET", "/api/v1/records/"+session+"/timeline?"+query, nil).fails(t, 422, "invalid")
	}
	w.ask(t, "GET", "/api/v1/records/nothing/timeline", nil).fails(t, 404, "not_found")
}

func TestLogIsDownloadedAsJSONLinesAndCSV(t *testing.T) {
	w := newWorld(t)
	session, _ := w.record(t)
	got := w.ask(t, "GET", "/api/v1/records/"+session+"/log", nil).into(t, 200, nil)
	if cd := got.header.Get("Content-Disposition"); !strings.HasPrefix(cd, `attachment; filename="cobrowse-2`) || !strings.HasSuffix(cd, session+`.jsonl"`) {
		t.Errorf("Content-Disposition = %q", cd)
	}
	lines := 0
	for in := bufio.NewScanner(bytes.NewReader(got.body)); in.Scan(); lines++ {
		var rec audit.Record
		if err := json.Unmarshal(in.Bytes(), &rec); err != nil || rec.Session != session || rec.Seq != uint64(lines+1) {
			t.Fatalf("line %d = %s (%v)", lines+1, in.Bytes(), err)
		}
	}
	got = w.ask(t, "GET", "/api/v1/records/"+session+"/log?format=csv", nil).into(t, 200, nil)
	if kind := got.header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Errorf("Content-Type = %q", kind)
	}
	if strings.Contains(string(got.body), ",=") || strings.Contains(string(got.body), `"=`) || strings.Contains(string(got.body), "\n=") {
		t.Errorf("a cell begins a formula:\n%s", got.body)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(got.body, []byte("\ufeff"))))
	in.LazyQuotes, in.FieldsPerRecord = true, -1
	if rows, err := in.ReadAll(); err != nil || len(rows) < 4 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	w.ask(t, "GET", "/api/v1/records/"+session+"/log?format=xml", nil).fails(t, 422, "invalid")
	w.ask(t, "GET", "/api/v1/records/nothing/log", nil).fails(t, 404, "not_found")
	if strings.Contains(w.output.String(), "geheim") || strings.Contains(w.output.String(), "Given name") {
		t.Error("the server's log tells what the page was about")
	}
}

// inner lets torn have a method of the interface's own name.
type inner = admin.Records

// torn is evidence that cannot be read to its end.
type torn struct {
	inner
	lines int // that can be read
}

// Records yields the lines, then the error.
func (r *torn) Records(_ context.Context, id string) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for i := range r.lines {
			if !yield(audit.Record{V: 1, Session: id, Seq: uint64(i + 1), Message: strings.Repeat("x", 8192)}, nil) {
				return
			}
		}
		yield(audit.Record{}, fmt.Errorf("segment of %s is damaged", id))
	}
}

func TestHalfALogIsNeverTakenForAWholeOne(t *testing.T) {
	evidence := &torn{}
	w := newWorld(t, func(c *admin.Config) { evidence.inner, c.Records = c.Records, evidence })
	session, _ := w.record(t)
	w.ask(t, "GET", "/api/v1/records/"+session+"/log", nil).fails(t, 500, "internal")
	evidence.lines = 100
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.url+"/api/v1/records/"+session+"/log", nil)
	if err != nil {
		t.Fatal(err)
	}
	as(w.key)(req)
	res, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Error("the download ended as if it were whole")
	}
	if !strings.Contains(w.output.String(), "is damaged") {
		t.Error("the server's log does not say why")
	}
}
