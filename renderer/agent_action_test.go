package renderer_test

import (
	"strings"
	"testing"

	"binnacle/renderer"
)

const everyControl = `<title>Account</title><body style="margin:8px;line-height:30px">
<form id=f action=/post method=post><label>Full name <input id=name name=n></label> <label>Notes <textarea id=notes rows=1></textarea></label>
<label><input type=checkbox id=news> Newsletter</label> <label><input type=radio name=k id=single> Single</label> <label><input type=radio name=k id=joint> Joint</label>
<label>Country <select id=country><option>Chile<option>Peru</select></label> <label>Lists <select id=multi multiple size=2><option>Alpha<option>Beta</select></label><br>
<label>Born <input type=date id=born></label> <label>Level <input type=range id=level min=0 max=10 value=5></label> <label>Mail <input type=email id=mail></label>
<button id=send name=go>Send it</button> <button type=reset id=reset>Start again</button></form>
<button id=plain type=button>Press me</button> <div id=div role=button tabindex=0>Div button</div> 
<div id=aria role=checkbox aria-checked=false tabindex=0 onclick="this.setAttribute('aria-checked', this.getAttribute('aria-checked') !== 'true')">Aria box</div>
<div id=combo role=combobox tabindex=0 aria-haspopup=listbox aria-controls=list aria-expanded=false aria-label=Product onclick="list.hidden=false">choose</div>
<ul id=list role=listbox hidden style="position:absolute;left:600px;top:400px"><li id=o1 role=option onclick="combo.textContent='Savings';list.hidden=true">Savings<li id=o2 role=option onmouseup="list.hidden=true">Current</ul>
<div contenteditable id=edit role=textbox aria-label=Letter style="border:1px solid;height:30px"></div>
<span id=bare style="cursor:pointer" onclick="this.title='x'">Plain choice</span>
<details><summary id=more>More</summary>x</details><script>f.addEventListener('submit', e => e.preventDefault())</script>`

// TestEveryActionIsReported does to each kind of control what people do, and wants the word of the log for it, with its input.
func TestEveryActionIsReported(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": everyControl})
	same := func(e renderer.FormEvent, input int64) {
		t.Helper()
		if e.Input != input {
			t.Errorf("%s on #%s belongs to input %d, want %d", e.Action, e.Element.ID, e.Input, input)
		}
	}

	v.click("textbox", "Full name")
	typed := v.keys("ada")
	v.click("textbox", "Notes")
	e := v.did("text_entered", "name")
	same(e, typed)
	if e.Length == nil || *e.Length != 3 || e.Element.Name != "Full name" || e.Element.Label != "Full name" || e.Element.Field != "n" ||
		e.Element.Type != "text" || e.Element.Role != "textbox" || e.Element.Form != "f" {
		t.Errorf("text event is %+v", e)
	}
	v.keys("x")
	gone := v.key("Backspace", "Backspace")
	same(v.form("cleared notes", func(e renderer.FormEvent) bool { return e.Action == "cleared" && e.Element.ID == "notes" }), gone)

	same(v.did2(v.click("checkbox", "Newsletter"), "checked", "news"))
	same(v.did2(v.click("checkbox", "Newsletter"), "unchecked", "news"))
	same(v.did2(v.click("radio", "Single"), "checked", "single"))
	same(v.did2(v.click("radio", "Joint"), "checked", "joint"))

	v.click("combobox", "Country")
	v.key("ArrowDown", "ArrowDown")
	v.key("Enter", "Enter")
	if e := v.did("option_chosen", "country"); len(e.Options) != 1 || e.Options[0] != "Peru" || e.Input == 0 {
		t.Errorf("select event is %+v", e)
	}
	e, _ = v.did2(v.click("option", "Beta"), "option_chosen", "multi")
	if len(e.Options) != 1 || e.Options[0] != "Beta" {
		t.Errorf("multiple select event is %+v", e)
	}

	v.click("slider", "Level")
	right := v.key("ArrowRight", "ArrowRight")
	same(v.did("value_chosen", "level"), right)
	born := v.node("textbox", "Born")
	v.clickAt(born.Box[0]+10, born.Box[1]+born.Box[3]/2)
	v.keys("0203")
	year := v.keys("2001")
	v.click("button", "Press me")
	chosen := v.form("a date", func(e renderer.FormEvent) bool {
		return e.Action == "value_chosen" && e.Element.ID == "born" && e.Input >= year-6
	})
	if chosen.Length != nil {
		t.Errorf("date event tells a length: %+v", chosen)
	}
	v.did("pressed", "plain")

	same(v.did2(v.click("button", "Div button"), "pressed", "div"))
	same(v.did2(v.click("button", "More"), "pressed", "more"))
	same(v.did2(v.click("checkbox", "Aria box"), "checked", "aria"))

	v.click("combobox", "Product")
	e, input := v.did2(v.click("option", "Savings"), "option_chosen", "combo")
	same(e, input)
	if len(e.Options) != 1 || e.Options[0] != "Savings" || e.Element.Name != "Product" {
		t.Errorf("option event is %+v", e)
	}
	v.click("combobox", "Product")
	e, input = v.did2(v.click("option", "Current"), "option_chosen", "combo") // its list is gone before the click
	same(e, input)
	if len(e.Options) != 1 || e.Options[0] != "Current" {
		t.Errorf("option event is %+v", e)
	}

	v.click("textbox", "Letter")
	letter := v.keys("hi")
	v.click("button", "Press me")
	e = v.did("text_entered", "edit")
	same(e, letter)
	if *e.Length != 2 || e.Element.Name != "Letter" {
		t.Errorf("letter event is %+v", e)
	}
	bare := v.see("Plain choice", func(n *renderer.Node) bool { return n.Role == "text" && n.Name == "Plain choice" })
	same(v.did2(v.clickNode(bare), "pressed", "bare"))

	v.click("textbox", "Mail")
	v.keys("canary")
	e, input = v.did2(v.click("button", "Send it"), "rejected", "mail")
	same(e, input)
	if e.Message == "" || strings.Contains(e.Message, "canary") {
		t.Errorf("rejection says %q", e.Message)
	}
	v.click("textbox", "Mail")
	for range len("canary") {
		v.key("Backspace", "Backspace")
	}
	e, input = v.did2(v.click("button", "Send it"), "submitted", "f")
	same(e, input)
	if e.Submitter != "Send it" || e.Element.Type != "form" {
		t.Errorf("submit event is %+v", e)
	}
	same(v.did2(v.click("button", "Start again"), "reset", "f"))
}

// did2 waits for the event that an input caused, and returns both for a comparison.
func (v *visit) did2(input int64, action, id string) (renderer.FormEvent, int64) {
	v.t.Helper()
	return v.did(action, id), input
}
