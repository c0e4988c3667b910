package audit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"binnacle/audit"
)

func FuzzDecodeLine(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "records.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		f.Add(bytes.TrimSuffix(line, []byte("\n")))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		rec, err := audit.DecodeLine(line)
		if err != nil {
			return
		}
		if rec.V != audit.Version || rec.Session == "" || rec.Seq == 0 || rec.Kind == "" || len(rec.Prev) != 64 {
			t.Errorf("%q was read as %+v", line, rec)
		}
		if got, err := rec.Line(); err != nil || !bytes.Equal(got, line) {
			t.Errorf("%q is written back as %q, %v", line, got, err)
		}
		var out bytes.Buffer
		if err := audit.WriteCSV(&out, table(rec)); err != nil {
			t.Errorf("%q as a table: %v", line, err)
		}
	})
}

func FuzzReadJournal(f *testing.F) {
	_, store := openDir(f)
	cfg := config(f, store)
	l := openLog(f, cfg)
	appendForms(f, begin(f, l, sessionID), 0, 3)
	closeLog(f, l)
	whole, err := os.ReadFile(journals(f, cfg.Dir)[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("BNKJRNL1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, size, _, _ := audit.ReadLedger(b)
		if size > int64(len(b)) || n > uint64(len(b)) {
			t.Errorf("%d bytes were read as %d records in %d bytes", len(b), n, size)
		}
		if again, size2, _, err := audit.ReadLedger(b[:size]); size > 0 && (again != n || size2 != size || err != nil) {
			t.Errorf("the whole part has %d records in %d bytes (%v), before it was %d in %d", again, size2, err, n, size)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	for _, name := range []string{"header.json", "closed.json", "pointer.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var h audit.HeaderObject
		var c audit.ClosedObject
		var p audit.PointerObject
		for _, v := range []any{&h, &c, &p} {
			if audit.Unseal(b, v) == nil && (len(b) > audit.MaxSealedBytes || !json.Valid(b)) {
				t.Errorf("%q was read", b)
			}
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add("client 7", "2026-11-22-s1.json")
	f.Add("..", "2026-11-22-.json")
	f.Add(strings.Repeat("ä", 150), "x")
	f.Fuzz(func(t *testing.T, client, name string) {
		folder := audit.ClientFolder(client)
		part := strings.TrimSuffix(strings.TrimPrefix(folder, "v1/clients/"), "/")
		if strings.Contains(part, "/") || strings.HasPrefix(part, ".") || len(part) > 210 || !utf8.ValidString(part) {
			t.Errorf("client %q is in %q", client, folder)
		}
		for _, c := range part {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@+=", c) {
				t.Errorf("client %q is in %q, with %q", client, folder, c)
			}
		}
		if client != "" && client != "x" && folder == audit.ClientFolder("x") {
			t.Errorf("client %q shares a folder with x", client)
		}
		if date, session, ok := audit.ParsePointer(name); ok && date+"-"+session+".json" != name {
			t.Errorf("pointer %q was read as %s, %s", name, date, session)
		}
		audit.ParsePlaceKey(name)
		audit.ParsePlaceKey("v1/sessions/2026/11/22/" + name)
	})
}
