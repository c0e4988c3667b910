package renderer_test

import (
	"testing"
	"time"

	"binnacle/renderer"
)

func TestDialogsAreToldAndAnswered(t *testing.T) {
	s := newSite(t)
	s.page("/alert", button("alert('Hello'); location.hash='done'"))
	s.page("/confirm", button("location.hash = confirm('Sure?')"))
	s.page("/prompt", button("location.hash = 'got-' + prompt('Name?', 'Anna')"))
	tests := []struct {
		path, kind, message, deflt string
		accept                     bool
		text, told                 string
	}{
		{"/alert", "alert", "Hello", "", true, "", "#done"},
		{"/confirm", "confirm", "Sure?", "", true, "", "#true"},
		{"/confirm", "confirm", "Sure?", "", false, "", "#false"},
		{"/prompt", "prompt", "Name?", "Anna", true, "Berta", "#got-Berta"},
		{"/prompt", "prompt", "Name?", "Anna", true, "", "#got-"},
		{"/prompt", "prompt", "Name?", "Anna", false, "x", "#got-null"},
	}
	for _, test := range tests {
		g := s.open(t, s.options("https://a.test"+test.path))
		g.click(600, 300)
		d := await(g, "DialogOpened", func(renderer.DialogOpened) bool { return true })
		if d.Type != test.kind || d.Message != test.message || d.Default != test.deflt || d.Origin != "https://a.test" {
			t.Errorf("dialog = %+v", d)
		}
		if err := g.AnswerDialog(d.ID+1, true, ""); err == nil {
			t.Error("a dialog that is not open was answered")
		}
		must(t, g.AnswerDialog(d.ID, test.accept, test.text))
		closed := await(g, "DialogClosed", func(c renderer.DialogClosed) bool { return c.ID == d.ID })
		if closed.Accepted != test.accept {
			t.Errorf("closed = %+v", closed)
		}
		g.told(test.told)
	}
}

func TestDialogOfACrossOriginFrame(t *testing.T) {
	s := newSite(t)
	s.page("a.test/", `<iframe src="https://b.test/" style="position:fixed;inset:0;width:100%;height:100%"></iframe><script>onmessage=e=>location.hash=e.data</script>`)
	s.bare("b.test/", button("alert('from the frame'); parent.postMessage('done','*')"))
	g := s.open(t, s.options("https://a.test/"))
	g.picture("the frame", isColour(0, 0, 255))
	g.click(600, 300)
	d := await(g, "DialogOpened", func(renderer.DialogOpened) bool { return true })
	if d.Origin != "https://b.test" {
		t.Errorf("origin = %q", d.Origin)
	}
	must(t, g.AnswerDialog(d.ID, true, ""))
	g.told("#done")
}

func TestDialogWhileThePageLoadsDoesNotStopOpen(t *testing.T) {
	s := newSite(t)
	s.page("/", `<script>alert('first thing')</script>`+button("location.hash='alive'"))
	g := s.open(t, s.options("https://a.test/"))
	g.click(600, 300)
	g.told("#alive")
}

func TestDialogAfterNavigationIsTold(t *testing.T) {
	s := newSite(t)
	s.page("/", button("location='/two'"))
	s.page("/two", `<title>Two</title><script>alert('first thing')</script>`)
	g := s.open(t, s.options("https://a.test/"))
	g.click(600, 300)
	d := await(g, "DialogOpened", func(renderer.DialogOpened) bool { return true })
	must(t, g.AnswerDialog(d.ID, true, ""))
	await(g, "page two", func(n renderer.Navigated) bool { return n.Title == "Two" })
}

func TestInputNeverWaitsForADialog(t *testing.T) {
	s := newSite(t)
	s.page("/", button("alert(1)")+`<script>addEventListener('keydown',e=>{if(e.key=='z')location.hash='z'})</script>`)
	g := s.open(t, s.options("https://a.test/"))
	g.click(600, 300)
	d := await(g, "DialogOpened", func(renderer.DialogOpened) bool { return true })
	begin := time.Now()
	for range 3000 {
		g.key("a", "KeyA", 0)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("3000 keys into a dialog took %v", d)
	}
	must(t, g.AnswerDialog(d.ID, true, ""))
	await(g, "DialogClosed", func(renderer.DialogClosed) bool { return true })
	g.key("z", "KeyZ", 0)
	g.told("#z")
}

func TestLeavingAPageMayAsk(t *testing.T) {
	s := newSite(t)
	s.page("/", `<title>Home</title>`+button("location.hash='touched'")+`<script>onbeforeunload=e=>{e.preventDefault();return 'x'}</script>`)
	s.page("/two", "two")
	g := s.open(t, s.options("https://a.test/"))
	g.click(600, 300)
	g.told("#touched")
	must(t, g.Go("reload"))
	d := await(g, "DialogOpened", func(d renderer.DialogOpened) bool { return d.Type == "beforeunload" })
	must(t, g.AnswerDialog(d.ID, true, ""))
	await(g, "the page again", func(n renderer.Navigated) bool { return !n.InPage && count[renderer.Navigated](g) == 3 })
}

func TestFileChooserStopsNothing(t *testing.T) {
	s := newSite(t)
	s.page("/", `<input type=file style="position:fixed;left:0;top:0;width:300px;height:50px"><button style="position:fixed;left:0;top:100px" onclick="location.hash='alive'">x</button>`)
	g := s.open(t, s.options("https://a.test/"))
	g.click(30, 20)
	g.click(5, 105)
	g.told("#alive")
}
