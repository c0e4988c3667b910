package renderer_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"binnacle/renderer"
)

// TestSnapshotTellsWhatAPersonWouldName reads a page with many things on it.
func TestSnapshotTellsWhatAPersonWouldName(t *testing.T) {
	v := visitPages(t, "a.test/page?secret=1", map[string]string{"a.test/page": `<title>Bank</title><main><h1>Open an account</h1><h3>Details</h3>
		<nav aria-label=Steps><ol><li><a href=/one>One</a><li>Two</ol></nav><p>Some <b>bold</b> text</p>
		<label>Name <input id=name value=Ada required></label> <textarea aria-label=Notes>Line</textarea> <label><input type=checkbox checked> Agree</label>
		<div role=checkbox aria-checked=mixed aria-label=Partly></div> <input type=radio aria-label=Choice> <select aria-label=Land><option>Chile<option selected>Peru</select>
		<button disabled>Never</button> <button aria-expanded=true>Menu</button> <input aria-invalid=true aria-label=Wrong aria-describedby=why><p id=why>Too short</p>
		<table><caption>Rates</caption><tr><th>Year<tr><td>2026</table> <img alt="A lighthouse" width=20 height=20><img width=5 height=5 src=x>
		<div role=alert>Careful</div><div role=status>Saved</div><dialog open aria-label=Ask>Sure?</dialog><div hidden>Invisible</div><span style="display:none">Nor this</span></main>`})
	want := []renderer.Node{
		{Role: "main"}, {Role: "heading", Name: "Open an account", Level: 1}, {Role: "heading", Name: "Details", Level: 3}, {Role: "navigation", Name: "Steps"},
		{Role: "list"}, {Role: "link", Name: "One"}, {Role: "paragraph"}, {Role: "text", Name: "bold"}, {Role: "textbox", Name: "Name", Value: "Ada", Required: true},
		{Role: "textbox", Name: "Notes", Value: "Line"}, {Role: "checkbox", Name: "Agree", Checked: "true"}, {Role: "checkbox", Name: "Partly", Checked: "mixed"},
		{Role: "radio", Name: "Choice", Checked: "false"}, {Role: "combobox", Name: "Land", Value: "Peru", Expanded: "false"}, {Role: "option", Name: "Peru", Selected: true},
		{Role: "button", Name: "Never", Disabled: true}, {Role: "button", Name: "Menu", Expanded: "true"}, {Role: "textbox", Name: "Wrong", Invalid: true, Description: "Too short"},
		{Role: "table", Name: "Rates"}, {Role: "columnheader", Name: "Year"}, {Role: "image", Name: "A lighthouse"}, {Role: "alert"}, {Role: "status"}, {Role: "dialog", Name: "Ask"},
	}
	v.node("heading", "Open an account")
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, w := range want {
		if findNode(v.last.Root, func(n *renderer.Node) bool {
			c := *n
			c.Box, c.Children = nil, nil
			return c.Role == w.Role && c.Name == w.Name && c.Value == w.Value && c.Level == w.Level && c.Checked == w.Checked && c.Expanded == w.Expanded &&
				c.Selected == w.Selected && c.Disabled == w.Disabled && c.Required == w.Required && c.Invalid == w.Invalid && c.Description == w.Description
		}) == nil {
			t.Errorf("snapshot has no %+v", w)
		}
	}
	for _, never := range []string{"Invisible", "Nor this", "secret=1"} {
		if strings.Contains(v.last.Address+tellNode(v.last.Root, 0), never) {
			t.Errorf("snapshot tells %q", never)
		}
	}
	if s := v.last; !s.Whole || s.Address != "https://a.test/page" || s.Title != "Bank" || s.Lang != "en" || s.Truncated || s.Seq == 0 {
		t.Errorf("snapshot is of %q %q in %q, whole %v, truncated %v, number %d", s.Address, s.Title, s.Lang, s.Whole, s.Truncated, s.Seq)
	}
}

// TestSnapshotFollowsThePage: typing, choosing and script changes show in the next snapshots.
func TestSnapshotFollowsThePage(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<title>One</title><label>Name <input></label><button onclick="document.title='Two';more.textContent='New words'">More</button><p id=more></p>`})
	v.click("textbox", "Name")
	v.keys("ada")
	v.see("the typed value", func(n *renderer.Node) bool { return n.Role == "textbox" && n.Value == "ada" && n.Focused })
	v.click("button", "More")
	v.text("New words")
	v.until("the title", func() bool { return v.last.Title == "Two" })
}

// TestSnapshotPutsFramesWhereTheyStand: the contents of every kind of frame, with places in the top page's coordinates.
func TestSnapshotPutsFramesWhereTheyStand(t *testing.T) {
	inner := `<body style="margin:0"><button style="position:absolute;left:30px;top:40px;width:100px;height:20px">`
	v := visitPages(t, "a.test/", map[string]string{
		"a.test/": `<body style="height:3000px"><h1>Top</h1><iframe src=/same style="position:absolute;left:10px;top:100px;width:300px;height:200px;border:0"></iframe>
			<iframe src="https://b.test/cross" style="position:absolute;left:400px;top:100px;width:500px;height:300px;border:7px solid;padding:3px"></iframe><script>scrollTo(0, 60)</script>`,
		"a.test/same":   inner + `Same</button>`,
		"b.test/cross":  inner + `Cross</button><iframe src="https://c.test/nested" style="position:absolute;left:50px;top:80px;width:300px;height:150px;border:1px solid"></iframe>`,
		"c.test/nested": inner + `Nested</button><div style="height:900px"></div><script>scrollTo(0, 15)</script>`,
	})
	for name, want := range map[string][4]float64{
		"Same":   {10 + 30, 100 + 40, 100, 20},
		"Cross":  {400 + 10 + 30, 100 + 10 + 40, 100, 20},
		"Nested": {400 + 10 + 50 + 1 + 30, 100 + 10 + 80 + 1 + 40 - 15, 100, 20},
	} {
		v.see(name+" at its place", func(n *renderer.Node) bool {
			if n.Role != "button" || n.Name != name || n.Box == nil {
				return false
			}
			for i := range want {
				if math.Abs(n.Box[i]-want[i]) > 1 {
					return false
				}
			}
			return true
		})
	}
}

// TestSnapshotHasLimits: a page of 30,000 nodes is cut and says so, and so is a long text.
func TestSnapshotHasLimits(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<h1>Top</h1><input aria-label=Long><div id=all></div><script>
		document.querySelector('input').value = 'ä'.repeat(5000); all.innerHTML = '<button>b</button>'.repeat(30000)</script>`})
	v.until("a truncated snapshot", func() bool { return v.last.Truncated })
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := countNodes(v.last.Root); n > renderer.MaxSnapshotNodes {
		t.Errorf("snapshot has %d nodes", n)
	}
	long := findNode(v.last.Root, func(n *renderer.Node) bool { return n.Name == "Long" })
	if long == nil || utf8.RuneCountInString(long.Value) != renderer.MaxNodeText {
		t.Errorf("long value is not cut to %d characters", renderer.MaxNodeText)
	}
}

func countNodes(n *renderer.Node) int {
	if n == nil {
		return 0
	}
	sum := 1
	for _, c := range n.Children {
		sum += countNodes(c)
	}
	return sum
}

// TestSnapshotWaitsForDialogs: while a dialog stands nothing is read; afterwards it goes on.
func TestSnapshotWaitsForDialogs(t *testing.T) {
	v := visitPages(t, "a.test/", map[string]string{"a.test/": `<p id=out>before</p><button id=ask onclick="out.textContent='during';alert('stop');out.textContent='after'">Ask</button>`})
	v.click("button", "Ask")
	var id uint64
	v.until("the dialog", func() bool {
		for _, o := range v.other {
			if d, ok := o.(renderer.DialogOpened); ok {
				id = d.ID
				return true
			}
		}
		return false
	})
	v.did("pressed", "ask") // an event does not wait for the dialog
	if err := v.page.AnswerDialog(id, true, ""); err != nil {
		t.Fatal(err)
	}
	v.text("after")
}
