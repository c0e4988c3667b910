package renderer_test

import (
	"testing"

	"binnacle/renderer"
)

// TestScriptsAreNotPeople: what a page's script does on its own, later than any input, is told as the script's.
func TestScriptsAreNotPeople(t *testing.T) {
	cases := []struct{ name, script, action, id string }{
		{"click on a checkbox", `box.click()`, "checked", "box"},
		{"click on its label", `boxlabel.click()`, "unchecked", "box"},
		{"click on a button", `press.click()`, "pressed", "press"},
		{"value and fake event", `text.value='x';text.dispatchEvent(new InputEvent('input',{bubbles:true}));text.dispatchEvent(new Event('change',{bubbles:true}))`, "text_entered", "text"},
		{"value alone", `text2.value='xyz'; document.title='.'`, "text_entered", "text2"},
		{"execCommand", `text3.focus();document.execCommand('insertText',false,'xyz')`, "text_entered", "text3"},
		{"fake key", `text4.value='q';text4.dispatchEvent(new KeyboardEvent('keydown',{key:'q',bubbles:true}));text4.dispatchEvent(new InputEvent('input',{bubbles:true}))`, "text_entered", "text4"},
		{"select", `sel.selectedIndex=1; document.title=':'`, "option_chosen", "sel"},
		{"fake submit", `the.dispatchEvent(new SubmitEvent('submit',{bubbles:true,cancelable:true}))`, "submitted", "the"},
		{"reset", `the.reset()`, "reset", "the"},
		{"fake option", `opt.click()`, "option_chosen", "list"},
		{"validity", `need.checkValidity()`, "rejected", "need"},
		{"requestSubmit", `the.requestSubmit()`, "submitted", "the"},
		{"submit", `the.submit()`, "submitted", "the"},
	}
	html := `<form id=the action=/post method=post><input id=text><input id=text2><input id=text3><input id=text4><label id=boxlabel><input type=checkbox id=box></label>
		<select id=sel><option>a<option>b</select></form><input id=need required><button id=press>press</button><div role=listbox id=list><div role=option id=opt>One</div></div>`
	for _, c := range cases {
		html += `<button onclick="setTimeout(() => { ` + c.script + ` }, 120)">` + c.name + `</button>`
	}
	pages := map[string]string{"a.test/": html, "a.test/post": "posted"}
	v := visitPages(t, "a.test/", pages)
	for i, c := range cases {
		if i == len(cases)-1 { // the page before is gone
			v = visitPages(t, "a.test/", pages)
		}
		v.click("button", c.name)
		if e := v.did(c.action, c.id); e.Input != 0 {
			t.Errorf("%s: %s has input %d", c.name, e.Action, e.Input)
		}
	}
}

// TestHostilePageLosesAndForgesNothing: a page that stops events, lies in its prototypes and breaks JSON changes nothing.
func TestHostilePageLosesAndForgesNothing(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<script>
		for (const t of ['input','change','click','submit','keydown','pointerdown','mousedown','mouseup']) addEventListener(t, e => e.stopImmediatePropagation(), true);
		Object.defineProperty(HTMLInputElement.prototype, 'value', { get() { return 'LIE' }, set() {} });
		Object.prototype.toJSON = String.prototype.toJSON = Array.prototype.toJSON = () => 'x';
		Document.prototype.querySelectorAll = Element.prototype.getAttribute = Event.prototype.composedPath = () => [];
		Object.defineProperty(Event.prototype, 'timeStamp', { get() { return 12345 } }); Object.defineProperty(Performance.prototype, 'timeOrigin', { get() { return 1 } });
		WeakMap.prototype.get = Map.prototype.get = () => undefined; window.__binnacle = { settle() {} }; window.binnacleEmit = () => {};
		</script><form id=f name=f action=/post method=post><input name=id value=clobber><input name=name><input name=getAttribute><input id=text aria-label=Text>
		<input type=checkbox id=box aria-label=Box><button id=go>Go</button></form><form name=querySelectorAll></form><form name=activeElement></form><img name=title>`, "a.test/post": "posted"})
	v.click("textbox", "Text")
	typed := v.keys("abc")
	e := v.form("typed text", func(e renderer.FormEvent) bool { return e.Element.ID == "text" && e.Length != nil && *e.Length == 3 })
	if e.Input != typed || e.Element.Form != "f" {
		t.Errorf("typed text is %+v", e)
	}
	if e, input := v.did2(v.click("checkbox", "Box"), "checked", "box"); e.Input != input {
		t.Errorf("checked has input %d, want %d", e.Input, input)
	}
	if e, input := v.did2(v.click("button", "Go"), "submitted", "f"); e.Input != input {
		t.Errorf("submitted has input %d, want %d", e.Input, input)
	}
}

// TestReopenedDocumentIsStillWatched: document.open() takes all listeners away, and the new page's own come first.
func TestReopenedDocumentIsStillWatched(t *testing.T) {
	for name, stop := range map[string]string{"friendly": "", "hostile": `<script>for (const t of ["input","change","click","keydown","keyup","keypress","pointerdown","pointerup","mousedown","mouseup"]) addEventListener(t, e => e.stopImmediatePropagation(), true)<\/script>`} {
		t.Run(name, func(t *testing.T) {
			v := visitPages(t, "a.test/", map[string]string{"a.test/": `<button id=go onclick='document.open();document.write(` + "`" + visitTagScript + stop +
				`<label>Again <input id=again></label><input type=checkbox id=box aria-label=Box>` + "`" + `);document.close()'>Go</button>`})
			v.click("button", "Go")
			v.click("textbox", "Again")
			v.keys("xy")
			v.click("checkbox", "Box")
			if stop == "" {
				v.did("text_entered", "again")
			} else { // nothing but the state tells; so nobody knows who it was
				v.form("text", func(e renderer.FormEvent) bool { return e.Element.ID == "again" && e.Length != nil && *e.Length == 2 })
			}
			v.did("checked", "box")
		})
	}
}

const visitTagScript = `<script src="/tag/1.0.0/binnacle.js" integrity="sha384-test"><\/script>`

// TestPageCannotSeeTheAgent looks from the page's world for anything of ours.
func TestPageCannotSeeTheAgent(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<p id=out>nothing</p><input autocomplete=cc-number><script>
		const before = Object.getOwnPropertyNames(window).filter(n => /binnacle/i.test(n));
		setTimeout(() => { let called = 'none'; try { binnacleEmit('{"k":"form"}'); called = 'yes' } catch {}
		const frame = document.createElement('iframe'); document.body.append(frame);
		out.textContent = 'found ' + JSON.stringify([before, Object.getOwnPropertyNames(window).filter(n => /binnacle/i.test(n)), called, typeof frame.contentWindow.binnacleEmit,
		document.styleSheets.length, document.adoptedStyleSheets.length, document.querySelectorAll('style,link').length]) }, 300)</script>`})
	v.text(`found [[],[],"none","undefined",0,0,0]`)
}

// TestFloodEndsThePage: a frame that tells more than anybody can write down is not cut silently.
func TestFloodEndsThePage(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<div id=all></div><script>all.innerHTML = '<input type=checkbox>'.repeat(12000)</script>
		<button id=go style="position:fixed;top:0;left:0;width:200px;height:50px;z-index:1" onclick="setTimeout(() => { for (const b of document.querySelectorAll('input')) b.checked = true; fetch('/sent') }, 200)">Go</button>`})
	v.clickAt(20, 20)
	v.until("the end", func() bool {
		for _, o := range v.other {
			if _, gone := o.(renderer.Gone); gone {
				return true
			}
		}
		return false
	})
}
