package main_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// TestPagesThatCannotBeCoBrowsedSayWhy: each faulty address ends in its own clear error, in the API and in the call.
func TestPagesThatCannotBeCoBrowsedSayWhy(t *testing.T) {
	s := startDemo(t, t.TempDir(), nil)
	call := s.newCall("Faults", person{"Ada Byron", ""}, person{"Ben Okri", ""})
	browser := openBrowser(t)
	ada := browser.open("ada", call.link("Ada Byron"))
	messages := map[string]string{}
	for _, c := range []struct {
		preset, code string
		status       int
	}{
		{"Will not start: no script tag", "no_tag", http.StatusUnprocessableEntity},
		{"Will not start: plain http address", "not_https", http.StatusUnprocessableEntity},
		{"Will not start: unknown host", "unreachable", http.StatusBadGateway},
		{"Will not start: redirects elsewhere", "redirect_blocked", http.StatusUnprocessableEntity},
		{"Will not start: old version of the script tag", "old_tag", http.StatusUnprocessableEntity},
		{"Will not start: certificate of somebody else", "certificate", http.StatusBadGateway},
	} {
		step(t, c.code, func() {
			p := s.preset(c.preset)
			status, raw := s.api("POST", "/calls/"+call.id+"/session", map[string]string{"preset": p.ID, "by": call.ids["Ben Okri"]}, nil)
			var answer struct {
				Error struct{ Code, Message, Hint string }
			}
			if err := json.Unmarshal(raw, &answer); err != nil {
				t.Fatalf("the API answered %s", raw)
			}
			if status != c.status || answer.Error.Code != c.code || answer.Error.Message == "" || answer.Error.Hint == "" {
				t.Errorf("the API answered %d %s, want %d with code %q, a message and a hint", status, raw, c.status, c.code)
			}
			if other, ok := messages[answer.Error.Message]; ok {
				t.Errorf("the message %q is that of %s, too", answer.Error.Message, other)
			}
			messages[answer.Error.Message] = c.code

			ada.choose(p.Name)
			ada.hears(answer.Error.Message)
			ada.hears(answer.Error.Hint)
			ada.click("button", "Dismiss")
			ada.gone("application", "Shared page")
		})
	}
	step(t, "the call goes on", func() {
		ada.choose("Open a current account")
		ada.wait("application", "Shared page")
	})
}
