package renderer_test

import (
	"strings"
	"testing"

	"binnacle/renderer"
)

// TestSecretsNeverLeave types secrets into every kind of secret control. Neither events nor snapshots hold them, or their length.
func TestSecretsNeverLeave(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<title>Secrets</title><label>Password <input type=password id=pw></label> <button id=show onclick="pw.type='text'">Show it</button><br>
		<label>Card <input id=card autocomplete="billing cc-number"></label> <label>Code <input id=otp autocomplete=one-time-code></label> <label>Pin <input id=pin data-binnacle-mask></label>
		<div data-binnacle-mask><label>Inner <input id=inner aria-label="Inner field"></label><select id=sel aria-label=Masked><option>canaryoption1<option>canaryoption2</select><p>canarytext of the page</p><button id=mb>canarybutton</button></div>
		<h2>Dear <span data-binnacle-mask>canaryname</span></h2><div data-binnacle-block style="width:300px;height:40px">canaryblock <input aria-label=canarylabel></div>
		<p id=echo>echo</p><button id=repeat onclick="echo.textContent='You typed ' + card.value">Repeat</button><input id=last aria-label=Last>
		<br><label>Payee <b data-binnacle-mask>canarypayee</b><input id=payee></label> <button id=pay>Pay <b data-binnacle-mask>canarypayee</b> now</button> <button id=whole data-binnacle-mask>canarywhole</button>`})
	type secret struct{ id, name string }
	for _, s := range []secret{{"pw", "Password"}, {"card", "Card"}, {"otp", "Code"}, {"pin", "Pin"}} {
		v.click("textbox", s.name)
		v.keys("canary" + s.id)
		v.click("textbox", "Last")
		e := v.did("text_entered", s.id)
		if !e.Element.Secret || e.Length != nil || e.Element.Name != s.name {
			t.Errorf("event of %s is %+v", s.id, e)
		}
		n := v.node("textbox", s.name)
		if !n.Secret || n.Value != "" || len(n.Children) != 0 {
			t.Errorf("node of %s is %+v", s.id, n)
		}
	}
	box := v.see("a masked choice", func(n *renderer.Node) bool { return n.Role == "combobox" && n.Secret && n.Box != nil })
	v.clickNode(box)
	v.key("ArrowDown", "ArrowDown")
	v.key("Enter", "Enter")
	if e := v.did("option_chosen", "sel"); !e.Element.Secret || e.Options != nil {
		t.Errorf("event of a masked select is %+v", e)
	}
	masked := v.see("a masked button", func(n *renderer.Node) bool { return n.Role == "button" && n.Secret })
	v.clickNode(masked)
	if e := v.did("pressed", "mb"); e.Element.Name != "mb" || !e.Element.Secret {
		t.Errorf("event of a masked button is %+v", e)
	}
	v.click("button", "Show it")
	v.did("pressed", "show")
	v.click("textbox", "Password")
	v.keys("canary")
	v.click("button", "Repeat")
	if e := v.did("text_entered", "pw"); !e.Element.Secret || e.Length != nil {
		t.Errorf("event of a shown password is %+v", e)
	}
	v.text("You typed •••")
	low := v.node("textbox", "Last").Box[1]
	for id, name := range map[string]string{"pay": "Pay now", "whole": "whole"} {
		n := v.see(id, func(n *renderer.Node) bool {
			return n.Role == "button" && n.Name == "" && n.Secret == (id == "whole") && n.Box != nil && n.Box[1] > low+5
		})
		v.clickNode(n)
		if e := v.did("pressed", id); e.Element.Name != name {
			t.Errorf("button %s is called %q", id, e.Element.Name)
		}
	}
	v.see("heading without the name", func(n *renderer.Node) bool { return n.Role == "heading" && n.Name == "" })
	v.see("blocked part", func(n *renderer.Node) bool {
		return n.Role == "group" && n.Secret && n.Name == "" && n.Children == nil && n.Box != nil
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	if raw := v.raw.String(); strings.Contains(raw, "canary") {
		i := strings.Index(raw, "canary")
		t.Errorf("a secret left the page: …%s…", raw[max(0, i-200):min(len(raw), i+100)])
	}
}

// TestSecretsAreCoveredAtFirstPaint lets the page itself look at what Chrome paints: in the document, in frames, in shadow roots, and after the
// page's own tricks.
func TestSecretsAreCoveredAtFirstPaint(t *testing.T) {
	look := `<script>const seen = new Set(); const see = () => { for (const el of document.querySelectorAll('.s')) seen.add(getComputedStyle(el).webkitTextSecurity) };
		requestAnimationFrame(() => { see(); requestAnimationFrame(() => { see(); setTimeout(() => { see(); out.textContent = WHERE + ' ' + [...seen].join() }, 400) }) })</script>`
	in := `<p id=out>…</p><input class=s autocomplete=cc-number value=4111><input class=s autocomplete="shipping one-time-code" value=1><p class=s data-binnacle-mask>words</p>` + look
	v := visitPages(t, "a.test/", map[string]string{
		"a.test/": strings.Replace(in, "WHERE", "'top'", 1) + `<iframe src=/in></iframe><iframe src="https://b.test/in"></iframe>
			<div id=host></div><p id=out2></p><script>const r = host.attachShadow({mode:'open'}); r.innerHTML = '<input autocomplete=cc-csc value=123>';
			setTimeout(() => out2.textContent = 'late root ' + getComputedStyle(r.firstChild).webkitTextSecurity, 1500)</script>
			<x-card></x-card><p id=out3></p><script>customElements.define('x-card', class extends HTMLElement { constructor() { super(); const r = this.attachShadow({mode:'open'});
			r.innerHTML = '<input autocomplete=cc-csc value=123>'; requestAnimationFrame(() => out3.textContent = 'new root ' + getComputedStyle(r.firstChild).webkitTextSecurity) } })</script>`,
		"a.test/in": strings.Replace(in, "WHERE", "'same'", 1),
		"b.test/in": strings.Replace(in, "WHERE", "'cross'", 1),
	})
	for _, want := range []string{"top disc", "same disc", "cross disc", "new root disc", "late root disc"} {
		v.text(want)
	}
}
