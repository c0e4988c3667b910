package renderer_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"binnacle/renderer"
)

const goodMessage = `{"k":"form","a":"text_entered","p":true,"c":1795369008,"n":3,"u":"https://a.test/?q=1","w":"T","e":{"k":1,"i":"id","n":"n","t":"text","r":"textbox","l":"L","a":"","f":"f","s":false,"x":false}}`

// TestAgentMessagesHaveLimits: what no agent says is refused, and long texts are cut.
func TestAgentMessagesHaveLimits(t *testing.T) {
	if err := renderer.CheckAgentMessage(goodMessage, nil); err != nil {
		t.Errorf("a good message is refused: %v", err)
	}
	many := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(`"o",`, n), ",") + "]" }
	for name, bad := range map[string]string{
		"too long":         `{"k":"dirty","w":"` + strings.Repeat("x", renderer.MaxAgentMessageBytes) + `"}`,
		"not JSON":         `{"k":`,
		"unknown kind":     `{"k":"eval"}`,
		"unknown action":   strings.Replace(goodMessage, "text_entered", "text", 1),
		"two actions":      strings.Replace(goodMessage, "text_entered", "text_entered cleared", 1),
		"no element":       strings.Replace(goodMessage, `{"k":1,`, `{"k":0,`, 1),
		"negative input":   strings.Replace(goodMessage, `"c":1795369008`, `"c":-1`, 1),
		"negative length":  strings.Replace(goodMessage, `"n":3`, `"n":-3`, 1),
		"too many options": strings.Replace(goodMessage, `"n":3`, `"o":`+many(renderer.MaxAgentOptions+1), 1),
		"too many files":   strings.Replace(goodMessage, `"n":3`, `"f":`+strings.ReplaceAll(many(renderer.MaxAgentFiles+1), `"o"`, `{"n":"a"}`), 1),
	} {
		if err := renderer.CheckAgentMessage(bad, nil); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	var e renderer.FormEvent
	long := strings.Replace(goodMessage, `"l":"L"`, `"l":"`+strings.Repeat("ü", 5000)+`"`, 1)
	if err := renderer.CheckAgentMessage(long, &e); err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCountInString(e.Element.Label); n != 300 {
		t.Errorf("label of 5000 characters has %d", n)
	}
	secret := strings.Replace(goodMessage, `"s":false`, `"s":true`, 1)
	if err := renderer.CheckAgentMessage(secret, &e); err != nil || e.Length != nil {
		t.Errorf("the length of a secret is kept: %v, %v", e.Length, err)
	}
}

// FuzzAgentMessage: whatever comes, the decoder keeps its limits.
func FuzzAgentMessage(f *testing.F) {
	f.Add(goodMessage)
	f.Add(`{"k":"host","e":{"k":5}}`)
	f.Add(`{"k":"form","a":"file_chosen","e":{"k":2,"s":true},"f":[{"n":"x","b":-1}],"o":["a"],"b":{"k":3}}`)
	f.Fuzz(func(t *testing.T, payload string) {
		var e renderer.FormEvent
		if renderer.CheckAgentMessage(payload, &e) != nil {
			return
		}
		if len(payload) > renderer.MaxAgentMessageBytes || len(e.Options) > renderer.MaxAgentOptions || len(e.Files) > renderer.MaxAgentFiles {
			t.Errorf("limits do not hold")
		}
		if e.Element.Secret && (e.Length != nil || e.Options != nil || e.Files != nil) {
			t.Errorf("a secret keeps %v %v %v", e.Length, e.Options, e.Files)
		}
		if e.Input < 0 || (e.Length != nil && *e.Length < 0) {
			t.Errorf("negative numbers: %d", e.Input)
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	})
}
