package renderer_test

import (
	"image"
	"testing"
	"time"

	"binnacle/renderer"
)

// BenchmarkOpen is from nothing to a confirmed page, and its end.
func BenchmarkOpen(b *testing.B) {
	s := newSite(b)
	s.page("/", "<title>Home</title><h1>Home</h1>")
	r := s.renderer(b)
	for b.Loop() {
		p, err := r.Open(b.Context(), s.options("https://a.test/"))
		must(b, err)
		b.StopTimer()
		must(b, p.Close())
		b.StartTimer()
	}
}

// BenchmarkClickToFrame is from an input to the frame that shows its effect.
func BenchmarkClickToFrame(b *testing.B) {
	s := newSite(b)
	s.page("/", `<body style="margin:0;background:#000"><script>let n=0;onmousedown=()=>{n=1-n;document.body.style.background=n?'#00f':'#f00'}</script>`)
	g := s.open(b, s.options("https://a.test/"))
	n := 0
	for b.Loop() {
		n++
		want := isColour(255*((n+1)%2), 0, 255*(n%2))
		g.in(renderer.Input{Kind: renderer.InputMouse, Type: "down", X: 600, Y: 300, Button: "left", Buttons: 1, Clicks: 1})
		g.picture("the next colour", want)
		b.StopTimer()
		g.in(renderer.Input{Kind: renderer.InputMouse, Type: "up", X: 600, Y: 300, Button: "left", Clicks: 1})
		b.StartTimer()
	}
}

// BenchmarkFramePath is our own part of a frame's way: the message from Chrome to the picture's bytes.
func BenchmarkFramePath(b *testing.B) {
	msg := renderer.ScreencastMessage(150 << 10)
	b.SetBytes(int64(len(msg)))
	b.ReportAllocs()
	for b.Loop() {
		if n := renderer.DecodeFrame(msg); n != 150<<10 {
			b.Fatal(n)
		}
	}
}

// BenchmarkAnimation counts the frames that a page which changes all the time delivers.
func BenchmarkAnimation(b *testing.B) {
	s := newSite(b)
	s.page("/", `<style>@keyframes a{to{transform:translateX(900px)}}</style><div style="width:100px;height:100px;background:#f00;animation:a 2s infinite"></div>`)
	g := s.open(b, s.options("https://a.test/"))
	g.picture("anything", func(renderer.Frame, image.Image) bool { return true })
	begin, n := time.Now(), 0
	for b.Loop() {
		<-g.Frames()
		n++
	}
	b.ReportMetric(float64(n)/time.Since(begin).Seconds(), "fps")
}
