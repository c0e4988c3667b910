package renderer_test

import (
	"fmt"
	"image"
	"math"
	"net/url"
	"strings"
	"testing"

	"binnacle/renderer"
)

const alt, ctrl, shift = 1, 2, 8

// textField is a page with a text field that fills the upper part, and tells its value in the address after every change.
const textField = `<body style="margin:0"><textarea id=f autofocus style="position:fixed;inset:0;width:100%;height:200px"></textarea>
<script>f.addEventListener('input',()=>history.replaceState(1,'','#'+encodeURIComponent(f.value)))</script>`

// value waits until the field of the page has the value.
func (g *guest) value(want string) {
	g.t.Helper()
	await(g, fmt.Sprintf("value %q", want), func(n renderer.Navigated) bool {
		_, hash, _ := strings.Cut(n.Checkpoint, "#")
		got, err := url.PathUnescape(hash)
		return n.InPage && err == nil && got == want
	})
}

func TestKeyboardTypesEveryLayout(t *testing.T) {
	s := newSite(t)
	s.page("/", textField)
	g := s.open(t, s.options("https://a.test/"))
	g.click(300, 100)
	g.key("Z", "KeyY", shift) // QWERTZ
	g.key("o", "KeyO", 0)
	g.key("Dead", "BracketLeft", shift)
	g.key("ë", "KeyE", 0)
	g.value("Zoë")
	g.key("é", "Digit2", 0)      // AZERTY
	g.key("@", "KeyQ", alt|ctrl) // AltGr on Windows
	g.key("€", "KeyE", 0)        // AltGr on Linux
	g.key("¥", "KeyY", alt)      // Option on a Mac
	g.key("漢", "", 0)
	g.value("Zoëé@€¥漢")
	g.key("Enter", "Enter", 0)
	g.key("x", "KeyX", 0)
	g.value("Zoëé@€¥漢\nx")
	g.key("Backspace", "Backspace", 0)
	g.key("Backspace", "Backspace", 0)
	g.key("Backspace", "Backspace", 0)
	g.value("Zoëé@€¥")
	g.key("Home", "Home", 0)
	g.key("Delete", "Delete", 0)
	g.value("oëé@€¥")
	g.key("ArrowRight", "ArrowRight", 0)
	g.key("ArrowRight", "ArrowRight", shift)
	g.key("_", "Minus", shift)
	g.value("o_é@€¥")
}

func TestEditingCommandsWork(t *testing.T) {
	s := newSite(t)
	s.page("/", textField)
	g := s.open(t, s.options("https://a.test/"))
	g.click(300, 100)
	for _, r := range "abc" {
		g.key(string(r), "", 0)
	}
	g.value("abc")
	g.key("a", "KeyA", ctrl)
	g.key("x", "KeyX", ctrl)
	g.value("")
	g.key("v", "KeyV", ctrl)
	g.key("v", "KeyV", ctrl)
	g.value("abcabc")
	g.key("z", "KeyZ", ctrl)
	g.key("a", "KeyA", ctrl)
	g.key("c", "KeyC", ctrl)
	g.key("End", "End", 0)
	g.key("v", "KeyV", 4) // ⌘V
	g.key("!", "", 0)
	g.value("abcabc!")
}

func TestPastedTextComesWholeAndKeepsItsAuthor(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="margin:0"><input id=f aria-label="Name" style="position:fixed;inset:0;width:100%;height:200px">`)
	g := s.open(t, s.options("https://a.test/"))
	g.click(300, 100)
	g.key("a", "KeyA", 0)
	const pasted = "Zoë 漢字 😀 <b>"
	stamp := g.in(renderer.Input{Kind: renderer.InputText, Text: pasted})
	ev := await(g, "text entered by the paste", func(e renderer.FormEvent) bool { return e.Action == "text_entered" && e.Input == stamp })
	if ev.Length == nil || *ev.Length != len([]rune("a"+pasted)) || ev.Element.Name != "Name" {
		t.Errorf("event = %+v, length %v", ev, ev.Length)
	}
}

func TestPasteAndComposeIntoACrossOriginFrameKeepTheirAuthors(t *testing.T) {
	s := newSite(t)
	s.page("a.test/", `<iframe src="https://b.test/" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>`)
	s.bare("b.test/", `<body style="margin:0;background:#0f0"><input aria-label="Name" style="position:fixed;left:0;top:0;width:900px;height:100px">`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("the frame", isColour(0, 255, 0))
	g.click(300, 50)
	first := g.in(renderer.Input{Kind: renderer.InputText, Text: "one"})
	await(g, "first paste", func(e renderer.FormEvent) bool { return e.Action == "text_entered" && e.Input == first })
	composed := g.in(renderer.Input{Kind: renderer.InputCompose, Text: "にほ", SelStart: 2, SelEnd: 2})
	committed := g.in(renderer.Input{Kind: renderer.InputText, Text: "日本"})
	ev := await(g, "commit", func(e renderer.FormEvent) bool { return e.Action == "text_entered" && e.Input == committed })
	if ev.Length == nil || *ev.Length != len("one")+2 || ev.Frame.Address != "https://b.test/" {
		t.Errorf("event = %+v", ev)
	}
	for _, b := range g.seen() {
		if e, ok := b.(renderer.FormEvent); ok && e.Action == "text_entered" && e.Input != first && e.Input != composed && e.Input != committed {
			t.Errorf("text by input %d, which is none of %d %d %d", e.Input, first, composed, committed)
		}
	}
}

func TestInputMethodComposesThenCommits(t *testing.T) {
	s := newSite(t)
	s.page("/", textField)
	g := s.open(t, s.options("https://a.test/"))
	g.click(300, 100)
	g.in(renderer.Input{Kind: renderer.InputCompose, Text: "n", SelStart: 1, SelEnd: 1})
	g.in(renderer.Input{Kind: renderer.InputCompose, Text: "に", SelStart: 1, SelEnd: 1})
	g.value("に")
	g.in(renderer.Input{Kind: renderer.InputText, Text: "日"})
	g.key("!", "Digit1", shift)
	g.value("日!")
	g.in(renderer.Input{Kind: renderer.InputCompose, Text: "x", SelStart: 99, SelEnd: -4})
	g.value("日!x")
	g.in(renderer.Input{Kind: renderer.InputCompose}) // cancelled
	g.key("?", "", 0)
	g.value("日!?")
}

func TestMouseButtonsModifiersAndClicks(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="height:500px"><script>
for (const k of ['click','dblclick','auxclick','contextmenu','mousedown']) addEventListener(k, e => { e.preventDefault();
 history.replaceState(1,'','#'+[k,e.button,e.buttons,e.detail,e.clientX,e.clientY,+e.altKey,+e.ctrlKey,+e.metaKey,+e.shiftKey].join()) })</script>`)
	g := s.open(t, s.options("https://a.test/"))
	press := func(button string, buttons, clicks, mods int) {
		g.in(renderer.Input{Kind: renderer.InputMouse, Type: "down", X: 30, Y: 40, Button: button, Buttons: buttons, Clicks: clicks, Modifiers: mods})
		g.in(renderer.Input{Kind: renderer.InputMouse, Type: "up", X: 30, Y: 40, Button: button, Clicks: clicks, Modifiers: mods})
	}
	press("left", 1, 1, ctrl|shift)
	g.told("#mousedown,0,1,1,30,40,0,1,0,1")
	g.told("#click,0,0,1,30,40,0,1,0,1")
	press("left", 1, 2, alt|4)
	g.told("#dblclick,0,0,2,30,40,1,0,1,0")
	press("right", 2, 1, 0)
	g.told("#contextmenu,2,2,0,30,40,0,0,0,0")
	press("middle", 4, 1, 0)
	g.told("#auxclick,1,0,1,30,40,0,0,0,0")
}

func TestWheelScrolls(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="margin:0;width:3000px;height:5000px;background:linear-gradient(#f00 2000px,#00f 2000px)">`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("the top", isColour(255, 0, 0))
	for range 25 {
		g.in(renderer.Input{Kind: renderer.InputWheel, X: 600, Y: 300, DY: 100})
	}
	f := g.picture("the lower half", func(f renderer.Frame, img image.Image) bool {
		return f.ScrollY == 2500 && isColour(0, 0, 255)(f, img)
	})
	if f.ScrollX != 0 {
		t.Errorf("scroll = %g %g", f.ScrollX, f.ScrollY)
	}
	g.in(renderer.Input{Kind: renderer.InputWheel, X: 600, Y: 300, DX: 70})
	g.picture("scrolled sideways", func(f renderer.Frame, _ image.Image) bool { return f.ScrollX == 70 && f.ScrollY == 2500 })
}

func TestTouchTapsAndMoves(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="height:500px;touch-action:none"><script>let max=0,moves=0;
addEventListener('touchstart',e=>{max=Math.max(max,e.touches.length)});
addEventListener('touchmove',e=>moves++);
addEventListener('touchend',e=>{ if(!e.touches.length) history.replaceState(1,'','#'+[max,moves>0,e.changedTouches[0].clientX].join()) });
addEventListener('click',e=>history.replaceState(1,'','#click,'+e.clientX))</script>`)
	g := s.open(t, s.options("https://a.test/"))
	point := func(id int, x float64) renderer.Touch { return renderer.Touch{ID: id, X: x, Y: 50} }
	touch := func(kind string, points ...renderer.Touch) {
		g.in(renderer.Input{Kind: renderer.InputTouch, Type: kind, Touches: points})
	}
	touch("start", point(1, 50))
	touch("end")
	g.told("#click,50")
	touch("start", point(1, 50))
	touch("start", point(1, 50), point(2, 150))
	touch("move", point(1, 80), point(2, 190))
	touch("end", point(2, 190))
	touch("end")
	g.told("#2,true,190")
}

func TestInputThatMakesNoSenseIsRefused(t *testing.T) {
	s := newSite(t)
	s.page("/", button("location.hash='alive'"))
	g := s.open(t, s.options("https://a.test/"))
	for _, in := range []renderer.Input{
		{}, {Kind: "poke"}, {Kind: renderer.InputMouse}, {Kind: renderer.InputMouse, Type: "down", Button: "nose"},
		{Kind: renderer.InputMouse, Type: "move", X: math.NaN()}, {Kind: renderer.InputMouse, Type: "move", Y: math.Inf(1)},
		{Kind: renderer.InputWheel, DX: 1e9}, {Kind: renderer.InputMouse, Type: "down", Clicks: 9},
		{Kind: renderer.InputMouse, Type: "move", Modifiers: 16}, {Kind: renderer.InputKey, Type: "press"},
		{Kind: renderer.InputKey, Type: "down", Key: strings.Repeat("x", 33)}, {Kind: renderer.InputText, Text: strings.Repeat("x", 64<<10+1)},
		{Kind: renderer.InputTouch, Type: "start"}, {Kind: renderer.InputTouch, Type: "start", Touches: make([]renderer.Touch, 11)},
		{Kind: renderer.InputTouch, Type: "move", Touches: make([]renderer.Touch, 2)},
	} {
		if err := g.Input(in); err == nil {
			t.Errorf("%+v is taken", in)
		}
	}
	g.click(600, 300)
	g.told("#alive")
}

func TestKeysAfterAClickIntoAFrameAreNotLost(t *testing.T) {
	s := newSite(t)
	s.page("a.test/", `<iframe src="https://b.test/" style="position:fixed;left:0;top:0;width:600px;height:700px;border:0"></iframe>
<iframe src="https://c.test/" style="position:fixed;left:600px;top:0;width:600px;height:700px;border:0"></iframe><script>
let n=0; onmessage=e=>{ n++; if(n%20==0) history.replaceState(1,'','#'+n) }</script>`)
	const frame = `<body style="margin:0;background:#0f0"><input style="position:fixed;left:0;top:0;width:500px;height:100px"><script>addEventListener('keydown',e=>e.key=='x'&&parent.postMessage('x','*'))</script>`
	s.bare("b.test/", frame)
	s.bare("c.test/", frame)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("both frames", func(f renderer.Frame, img image.Image) bool {
		return near(img, 300, 400, 0, 255, 0) && near(img, 900, 400, 0, 255, 0)
	})
	const rounds = 100
	for i := range rounds {
		g.click(100+600*float64(i%2), 50)
		g.key("x", "KeyX", 0)
	}
	g.told(fmt.Sprintf("#%d", rounds))
}

func TestTimesOfInputsComeBack(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="height:500px"><script>
for (const k of ['pointerdown','click','keydown','wheel']) addEventListener(k, e => history.replaceState(1,'','#'+k+Math.round(e.timeStamp+performance.timeOrigin)))</script>`)
	g := s.open(t, s.options("https://a.test/"))
	down := g.in(renderer.Input{Kind: renderer.InputMouse, Type: "down", X: 30, Y: 40, Button: "left", Buttons: 1, Clicks: 1})
	up := g.in(renderer.Input{Kind: renderer.InputMouse, Type: "up", X: 30, Y: 40, Button: "left", Clicks: 1})
	g.told(fmt.Sprintf("#pointerdown%d", down))
	g.told(fmt.Sprintf("#click%d", up))
	g.told(fmt.Sprintf("#keydown%d", g.key("a", "KeyA", 0)))
	g.told(fmt.Sprintf("#keydown%d", g.in(renderer.Input{Kind: renderer.InputText, Text: "x"})))
	start := g.in(renderer.Input{Kind: renderer.InputTouch, Type: "start", Touches: []renderer.Touch{{ID: 1, X: 50, Y: 50}}})
	end := g.in(renderer.Input{Kind: renderer.InputTouch, Type: "end"})
	g.told(fmt.Sprintf("#pointerdown%d", start))
	await(g, "the tap's click", func(n renderer.Navigated) bool {
		return strings.HasSuffix(n.Checkpoint, fmt.Sprintf("#click%d", end)) || strings.HasSuffix(n.Checkpoint, fmt.Sprintf("#click%d", start))
	})
}
