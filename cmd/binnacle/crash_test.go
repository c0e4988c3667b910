package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"binnacle/audit"
	"binnacle/objects"
)

// TestKilledChromeComesBack: everyone is told, the page is back on its last GET address within two seconds, the log says so.
func TestKilledChromeComesBack(t *testing.T) {
	s := startDemo(t, t.TempDir(), nil)
	account := s.tallPreset("Open a current account")
	call := s.newCall("Crash", person{"Ada Byron", ""}, person{"Ben Okri", ""}, person{"Eve Eyes", ""})
	browser := openBrowser(t)
	ada, ben := browser.open("ada", call.link("Ada Byron")), browser.open("ben", call.link("Ben Okri"))
	ada.choose(account)
	ada.wait("application", "Shared page")
	ben.wait("application", "Shared page")
	eve := joinAsEyes(t, s.origin(), call.link("Eve Eyes"))
	session := eve.session()
	eve.watch(session)
	h := &hand{t, ada, eve}
	h.click("textbox", "First name")
	h.tab.keys("Ada")
	h.holds("textbox", "First name", "Ada")
	eve.mu.Lock()
	before, seq := eve.pictures, eve.picture.Seq
	eve.mu.Unlock()

	killed := time.Now()
	if err := syscall.Kill(s.browserProcess(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eve.hears("The page's browser stopped")
	eve.until("a picture after the crash", func() bool { return eve.pictures > before && eve.picture.Seq > seq && eve.state.Phase == "live" })
	took := time.Since(killed)
	t.Logf("kill -9 of Chrome to the first picture of the new one: %s", took.Round(time.Millisecond))
	for _, tb := range []*tab{ada, ben} {
		tb.hears("The page is back")
	}
	eve.sees("heading", "Open a current account")
	eve.until("the page's address", func() bool { return eve.state.Address == "https://harbour-bank.test/open-account" })
	h.holds("textbox", "First name", "") // nothing was sent again
	h.fill("textbox", "Last name", "Byron")
	h.holds("textbox", "Last name", "Byron")
	recovered := false
	for _, r := range s.records(session) {
		recovered = recovered || r.Kind == audit.KindRecovered
	}
	if !recovered {
		t.Error("the log does not say that Chrome was lost and the page came back")
	}
}

// TestKilledServerLeavesAWholeLog: after a restart the log is whole in the archive and says that it was interrupted.
func TestKilledServerLeavesAWholeLog(t *testing.T) {
	dataDir := t.TempDir()
	s := startDemo(t, dataDir, nil)
	account := s.tallPreset("Open a current account")
	call := s.newCall("Crash", person{"Ada Byron", ""}, person{"Eve Eyes", ""})
	browser := openBrowser(t)
	ada := browser.open("ada", call.link("Ada Byron"))
	ada.choose(account)
	ada.wait("application", "Shared page")
	eve := joinAsEyes(t, s.origin(), call.link("Eve Eyes"))
	session := eve.session()
	eve.watch(session)
	h := &hand{t, ada, eve}
	h.fill("textbox", "First name", "Ada")
	h.holds("textbox", "First name", "Ada")
	acknowledged := s.records(session)

	s.kill()
	again := startDemo(t, dataDir, nil)
	if left := s.chromes(); len(left) > 0 {
		t.Errorf("the killed server's Chromes %v live on", left)
	}
	if again.APIKey != s.APIKey {
		t.Error("a restarted demo has another key")
	}
	store, err := objects.OpenDir(again.Archive)
	if err != nil {
		t.Fatal(err)
	}
	var records []audit.Record
	eventually(t, "the closed log in the archive", func() bool {
		records = again.records(session)
		closed := false
		for o, err := range store.List(context.Background(), "v1/sessions/") {
			closed = closed || err == nil && strings.Contains(o.Key, session) && strings.HasSuffix(o.Key, "/closed.json")
		}
		return closed && len(records) > 0
	})
	if len(records) <= len(acknowledged) {
		t.Errorf("the log has %d records, %d were there before the kill", len(records), len(acknowledged))
	}
	for i, r := range acknowledged {
		if records[i].Seq != r.Seq || records[i].Prev != r.Prev || records[i].Kind != r.Kind {
			t.Errorf("record %d is %+v, was %+v before the kill", i, records[i], r)
		}
	}
	if last := records[len(records)-1]; last.Kind != audit.KindInterrupted {
		t.Errorf("the last record is %s, want %s", last.Kind, audit.KindInterrupted)
	}
	report, err := audit.Verify(context.Background(), store, audit.VerifyOptions{Session: session})
	if err != nil || !report.OK() {
		t.Errorf("verify: %v, %s", err, report.Summary())
	}
	out, code := runBinnacle(t, "verify", "--quiet", again.Archive)
	if code != 0 {
		t.Errorf("binnacle verify %s ended with %d: %s", filepath.Base(again.Archive), code, out)
	}
	// A new session works at once.
	later := again.newCall("After the crash", person{"Ada Byron", ""})
	if status, raw := again.api("POST", "/calls/"+later.id+"/session", map[string]string{"preset": again.preset(account).ID, "by": later.ids["Ada Byron"]}, nil); status != http.StatusCreated {
		t.Errorf("start after the crash: %d %s", status, raw)
	}
}

// records is a session's log as the API tells it, while it runs and later.
func (s *server) records(session string) []audit.Record {
	s.t.Helper()
	status, raw := s.api("GET", "/records/"+session+"/log?format=jsonl", nil, nil)
	if status != http.StatusOK {
		s.t.Fatalf("download the log: %d %s", status, raw)
	}
	var records []audit.Record
	for _, line := range bytes.Split(bytes.TrimSpace(raw), []byte("\n")) {
		var r audit.Record
		if err := json.Unmarshal(line, &r); err != nil {
			s.t.Fatalf("log line %s: %v", line, err)
		}
		records = append(records, r)
	}
	return records
}
