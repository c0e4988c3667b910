package audit_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"binnacle/audit"
)

// golden compares got with a file in testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is now\n%s\nit was\n%s", name, got, want)
	}
}

// sample is a session with every kind of record and every field.
func sample() []audit.Record {
	page := &audit.Page{Address: "https://bank.example/apply", Title: "Apply – step 1"}
	frame := &audit.Frame{Address: "https://forms.bank.example/income", Title: "Income"}
	input := &audit.Element{Name: "Annual income", Label: "Income per year", ID: "income", Field: "annual_income", Type: "number",
		Role: "spinbutton", Form: "apply"}
	length := 5
	form := func(action audit.Action, change func(*audit.Record)) audit.Record {
		r := audit.Record{Kind: audit.KindForm, Turn: 2, By: customer(), Cause: audit.CauseUser, Input: 1795339800123, Action: action,
			Page: page, Frame: frame, Element: input}
		if change != nil {
			change(&r)
		}
		return r
	}
	secret := &audit.Element{Name: "PIN", ID: "pin", Type: "password", Secret: true}
	all := []audit.Record{
		{Kind: audit.KindOpened, By: adviser(), Page: page, Detail: map[string]string{"preset": "p1", "sandbox": "on", "agent": "1.0.0"}},
		{Kind: audit.KindJoined, By: customer()},
		{Kind: audit.KindTookOver, Turn: 2, By: customer(), Detail: map[string]string{"from": "p_1"}},
		form(audit.ActionTextEntered, func(r *audit.Record) { r.Length, r.Partial = &length, true }),
		form(audit.ActionTextEntered, func(r *audit.Record) { r.Element = secret }),
		form(audit.ActionCleared, nil), form(audit.ActionChecked, nil), form(audit.ActionUnchecked, nil),
		form(audit.ActionOptionChosen, func(r *audit.Record) { r.Options = []string{"Salary", "=HYPERLINK(\"x\")"} }),
		form(audit.ActionValueChosen, func(r *audit.Record) { r.Cause, r.By, r.Input = audit.CauseScript, nil, 0 }),
		form(audit.ActionFileChosen, func(r *audit.Record) {
			r.Files = []audit.File{{Name: "payslip, May.pdf", Bytes: 12345, SHA256: strings.Repeat("ab", 32)}}
		}),
		form(audit.ActionPressed, nil),
		form(audit.ActionRejected, func(r *audit.Record) { r.Message = "Please enter <a number> & \"not\" text,\nreally" }),
		form(audit.ActionReset, nil),
		form(audit.ActionSubmitted, func(r *audit.Record) { r.Detail = map[string]string{"submitter": "Continue"} }),
		{Kind: audit.KindNavigated, Turn: 2, Page: page},
		{Kind: audit.KindBlocked, Turn: 2, Page: &audit.Page{Address: "https://elsewhere.example/"}, Detail: map[string]string{"reason": "not in the preset"}},
		{Kind: audit.KindDialogOpened, Turn: 2, Message: "Are you sure?", Detail: map[string]string{"type": "confirm"}},
		{Kind: audit.KindDialog, Turn: 2, By: customer(), Detail: map[string]string{"type": "confirm", "answer": "accepted"}},
		{Kind: audit.KindMarksCleared, Turn: 2, By: adviser()},
		{Kind: audit.KindRecovered, Turn: 2, Page: page},
		{Kind: audit.KindLeft, Turn: 2, By: customer()},
		{Kind: audit.KindNoNavigator, Turn: 2},
		{Kind: audit.KindFrozen, Turn: 2, Detail: map[string]string{"reason": "journal"}},
		{Kind: audit.KindStopped, Turn: 2, By: &audit.Person{ID: "p_3", Name: "+49 Übel\u2028"}},
	}
	for i := range all {
		all[i].Time = opened().Add(time.Duration(i) * 1500 * time.Millisecond)
	}
	return all
}

func TestFormatsAreKept(t *testing.T) {
	dir, journalDir := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) { // for the time of closing
		store := reopenDir(t, dir)
		l := openLog(t, audit.Config{Dir: journalDir, Store: store, Node: "node-1", Insecure: true})
		j := begin(t, l, sessionID)
		for _, rec := range sample() {
			if err := j.Append(t.Context(), rec); err != nil {
				t.Fatal(err)
			}
		}
		seal(t, j)
		flush(t, l)
		read := func(key string) []byte {
			body, _, err := store.Get(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
		archived := strings.Join(lines(t, read(segmentKey(sessionID, 1))), "\n") + "\n"
		golden(t, "records.jsonl", []byte(archived))
		golden(t, "header.json", read(folder+sessionID+"/header.json"))
		golden(t, "pointer.json", read("v1/clients/client=207/2026-11-22-"+sessionID+".json"))
		// The packed bytes may change with the zstd library; the rest of closed.json may not.
		closed := read(folder + sessionID + "/closed.json")
		var o audit.ClosedObject
		if err := audit.Unseal(closed, &o); err != nil {
			t.Fatal(err)
		}
		o.Segments[0].Size, o.Segments[0].SHA256 = 0, ""
		resealed, err := audit.Seal(o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "closed.json", resealed)

		var b bytes.Buffer
		if err := audit.WriteJSONL(&b, l.Records(t.Context(), sessionID)); err != nil || b.String() != archived {
			t.Errorf("JSON lines differ from the archive's: %v\n%s", err, b.String())
		}
		b.Reset()
		if err := audit.WriteCSV(&b, l.Records(t.Context(), sessionID)); err != nil {
			t.Fatal(err)
		}
		golden(t, "records.csv", b.Bytes())
		mustVerify(t, store, 1, len(sample()))
	})
}

// What earlier versions archived is read for ever.
func TestGoldenRecordsAreReadAndWrittenBack(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		rec, err := audit.DecodeLine([]byte(line))
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if got, err := rec.Line(); err != nil || string(got) != line {
			t.Errorf("line %d is written back as %s, %v", n+1, got, err)
		}
	}
}

// table is a sequence of records made for a CSV test.
func table(recs ...audit.Record) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for _, r := range recs {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestCSVIsSafeForSpreadsheets(t *testing.T) {
	var recs []audit.Record
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "  =1+1", "harmless", "a=b", "a,b", "say \"hi\""} {
		recs = append(recs, audit.Record{Kind: audit.KindForm, Message: s, By: &audit.Person{Name: s}, Page: &audit.Page{Title: s},
			Options: []string{s}, Files: []audit.File{{Name: s}}, Element: &audit.Element{Label: s}})
	}
	var b bytes.Buffer
	if err := audit.WriteCSV(&b, table(recs...)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != len(recs)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if c := strings.TrimLeft(cell, " "); c != "" && strings.ContainsRune("=+-@\t\r\n", rune(c[0])) {
				t.Errorf("column %q has the cell %q", rows[0][i], cell)
			}
		}
	}
	if got := rows[9][24]; rows[0][24] != "message" || got != "harmless" {
		t.Errorf("message = %q", got)
	}
	if got := rows[1][24]; got != "'=1+1" {
		t.Errorf("message = %q, want '=1+1", got)
	}
}

func TestExportsPassErrorsOn(t *testing.T) {
	broken := func(yield func(audit.Record, error) bool) {
		if yield(sample()[0], nil) {
			yield(audit.Record{}, errDown)
		}
	}
	for name, write := range map[string]func(w *bytes.Buffer) error{
		"csv":   func(w *bytes.Buffer) error { return audit.WriteCSV(w, broken) },
		"jsonl": func(w *bytes.Buffer) error { return audit.WriteJSONL(w, broken) },
	} {
		if err := write(new(bytes.Buffer)); !errors.Is(err, errDown) {
			t.Errorf("%s: %v, want the sequence's error", name, err)
		}
	}
	if err := audit.WriteCSV(failingWriter{}, table(sample()...)); !errors.Is(err, errDown) {
		t.Errorf("csv to a broken writer: %v", err)
	}
	if err := audit.WriteJSONL(failingWriter{}, table(sample()...)); !errors.Is(err, errDown) {
		t.Errorf("jsonl to a broken writer: %v", err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", errDown) }
