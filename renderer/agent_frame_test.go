package renderer_test

import (
	"fmt"
	"strings"
	"testing"

	"binnacle/renderer"
)

func field(id, label string) string {
	return fmt.Sprintf(`<title>%s page</title><label>%s <input id=%s name=n-%s></label><button type=button id=b-%s>%s button</button>`, label, label, id, id, id, label)
}

const shadow = `<script>
customElements.define('x-open', class extends HTMLElement { constructor() { super(); this.attachShadow({mode:'open'}).innerHTML = '<label>Open <input id=open></label><input type=checkbox id=opencheck aria-label=Opencheck>' } });
customElements.define('x-closed', class extends HTMLElement { constructor() { super(); const r = this.attachShadow({mode:'closed'}); r.innerHTML = '<label>Closed <input id=closed></label><input type=checkbox id=closedcheck aria-label=Closedcheck>' } });
</script>`

func visitFrames(t *testing.T) *visit {
	frame := func(src, at string) string {
		return fmt.Sprintf(`<iframe %s style="position:absolute;%s;width:420px;height:220px"></iframe>`, src, at)
	}
	return visitPages(t, "a.test/top?client=7", map[string]string{
		"a.test/top": field("top", "Top") + `<x-open></x-open><x-closed></x-closed>` + shadow +
			frame(`src="/same?x=1"`, "left:10px;top:100px") + frame(`src="https://b.test/cross"`, "left:450px;top:100px") +
			frame(`srcdoc="<title>Srcdoc page</title><label>Srcdoc <input id=srcdoc></label>"`, "left:10px;top:350px") +
			frame(`sandbox="allow-scripts" srcdoc="<label>Sandboxed <input id=sandboxed></label>"`, "left:10px;top:600px") + `<div id=later></div>
			<script>setTimeout(() => { const f = document.createElement('iframe'); f.style = 'position:absolute;left:450px;top:600px;width:400px;height:100px'; later.append(f);
			f.contentDocument.body.innerHTML = '<label>Blank <input id=blank></label>' }, 50)</script>`,
		"a.test/same":   field("same", "Same"),
		"b.test/cross":  field("cross", "Cross") + frame(`src="https://c.test/nested"`, "left:10px;top:80px"),
		"c.test/nested": field("nested", "Nested"),
	})
}

// TestFormsInAllKindsOfFrames types into a field in each kind of frame and shadow root: the event names the five things of row C1.
func TestFormsInAllKindsOfFrames(t *testing.T) {
	v := visitFrames(t)
	for _, c := range []struct{ id, name, address, title string }{
		{"top", "Top", "https://a.test/top", "Top page"},
		{"same", "Same", "https://a.test/same", "Same page"},
		{"cross", "Cross", "https://b.test/cross", "Cross page"},
		{"nested", "Nested", "https://c.test/nested", "Nested page"},
		{"open", "Open", "https://a.test/top", "Top page"},
		{"closed", "Closed", "https://a.test/top", "Top page"},
		{"srcdoc", "Srcdoc", "about:srcdoc", "Srcdoc page"},
		{"sandboxed", "Sandboxed", "about:srcdoc", ""},
		{"blank", "Blank", "about:blank", ""},
	} {
		v.click("textbox", c.name)
		input := v.keys("pq")
		e := v.form(c.id, func(e renderer.FormEvent) bool { return e.Element.ID == c.id && e.Length != nil && *e.Length == 2 })
		if e.Action != "text_entered" || e.Input != input || e.Element.Name != c.name || e.Element.Label != c.name {
			t.Errorf("%s: %s of %q, label %q, by input %d, want %d", c.id, e.Action, e.Element.Name, e.Element.Label, e.Input, input)
		}
		if e.Frame.Address != c.address || e.Frame.Title != c.title || e.Frame.Main != (c.address == "https://a.test/top") {
			t.Errorf("%s: frame is %+v", c.id, e.Frame)
		}
		if e.Page.Address != "https://a.test/top" || e.Page.Title != "Top page" || !e.Page.Main {
			t.Errorf("%s: page is %+v", c.id, e.Page)
		}
	}
	for _, id := range []string{"opencheck", "closedcheck"} {
		input := v.click("checkbox", strings.ToUpper(id[:1])+id[1:])
		if e := v.did("checked", id); e.Input != input {
			t.Errorf("%s: input %d, want %d", id, e.Input, input)
		}
	}
	v.did("text_entered", "closed") // committed: a change never leaves its shadow root
}

// TestTypedCharactersBelongToWhoTypedThem lets two people type in turn: each character's event carries its own input.
func TestTypedCharactersBelongToWhoTypedThem(t *testing.T) {
	v := visitFrames(t)
	for _, id := range []string{"top", "cross"} {
		v.click("textbox", strings.ToUpper(id[:1])+id[1:])
		author := map[int64]int{}
		for i := range 200 {
			author[v.key("k", "KeyK")] = i
		}
		v.until("200 characters in "+id, func() bool { return countForms(v.forms, id) == 200 })
		v.mu.Lock()
		n := 0
		for _, e := range v.forms {
			if e.Element.ID != id {
				continue
			}
			if i, ours := author[e.Input]; !ours || i != n || *e.Length != n+1 || !e.Partial {
				t.Errorf("%s: character %d has input %d (%d), length %d", id, n, i, e.Input, *e.Length)
			}
			n++
		}
		v.mu.Unlock()
	}
}

func countForms(events []renderer.FormEvent, id string) (n int) {
	for _, e := range events {
		if e.Element.ID == id {
			n++
		}
	}
	return n
}

// TestTextWithoutKeysBelongsToItsInput: paste and input methods carry no key of their own.
func TestTextWithoutKeysBelongsToItsInput(t *testing.T) {
	v := visitFrames(t)
	for _, id := range []string{"top", "cross"} {
		v.click("textbox", strings.ToUpper(id[:1])+id[1:])
		want := v.put(renderer.Input{Kind: renderer.InputText, Text: "Zoë 👋"})
		e := v.form("pasted text", func(e renderer.FormEvent) bool { return e.Element.ID == id })
		if e.Input != want || *e.Length != 5 {
			t.Errorf("%s: pasted text has input %d, want %d, and length %d", id, e.Input, want, *e.Length)
		}
		want = v.put(renderer.Input{Kind: renderer.InputCompose, Text: "か", SelStart: 1, SelEnd: 1})
		e = v.form("composed text", func(e renderer.FormEvent) bool { return e.Element.ID == id })
		if e.Input != want || *e.Length != 6 {
			t.Errorf("%s: composed text has input %d, want %d, and length %d", id, e.Input, want, *e.Length)
		}
		want = v.put(renderer.Input{Kind: renderer.InputText, Text: "蚊"})
		e = v.form("committed text", func(e renderer.FormEvent) bool { return e.Element.ID == id && e.Input == want })
		if *e.Length != 6 {
			t.Errorf("%s: committed text has length %d", id, *e.Length)
		}
	}
}

// TestTouchIsAttributed taps a checkbox.
func TestTouchIsAttributed(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<label>Agree <input type=checkbox id=agree></label>`})
	box := v.node("checkbox", "Agree").Box
	v.put(renderer.Input{Kind: renderer.InputTouch, Type: "start", Touches: []renderer.Touch{{ID: 1, X: box[0] + 5, Y: box[1] + 5}}})
	end := v.put(renderer.Input{Kind: renderer.InputTouch, Type: "end"})
	if e := v.did("checked", "agree"); e.Input != end {
		t.Errorf("tap has input %d, want %d", e.Input, end)
	}
}
