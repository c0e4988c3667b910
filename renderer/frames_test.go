package renderer_test

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"binnacle/renderer"
)

// isColour tells whether the picture, a quarter in from its corner, has the colour, about.
func isColour(r, g, b int) func(renderer.Frame, image.Image) bool {
	return func(f renderer.Frame, img image.Image) bool {
		return near(img, f.Width/4, f.Height/4, r, g, b)
	}
}

func near(img image.Image, x, y, r, g, b int) bool {
	cr, cg, cb, _ := img.At(x, y).RGBA()
	close := func(have uint32, want int) bool { d := int(have>>8) - want; return d > -12 && d < 12 }
	return close(cr, r) && close(cg, g) && close(cb, b)
}

func decode(t testing.TB, f renderer.Frame) image.Image {
	img, _, err := image.Decode(bytes.NewReader(f.Data))
	if err != nil {
		t.Errorf("frame: %v", err)
		return image.Black
	}
	return img
}

// TestLastFrameIsNeverLost clicks a hundred times at a page that changes with every click: whatever frames are skipped, the last state
// always comes.
func TestLastFrameIsNeverLost(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="margin:0;background:#000"><script>let n=0;onclick=()=>{n++;document.body.style.background='rgb('+n*2+','+(n%2)*255+',0)'}</script>`)
	g := s.open(t, s.options("https://a.test/"))
	for n := 1; n <= 100; n++ {
		g.click(600, 300)
		if n%3 != 0 && n != 100 {
			continue // several in a row, too
		}
		g.picture("state "+itoa(n), isColour(n*2, n%2*255, 0))
	}
}

// photo paints a canvas that compresses as a photo does: slow changes and noise.
const photo = `let seed=1; const noise=()=>{ const x=c.getContext('2d'), d=x.createImageData(1280,800);
 for(let i=0;i<d.data.length;i+=4){ seed=(seed*1103515245+12345)&0x7fffffff; const v=(seed>>16)&63; d.data[i]=v+i/60000; d.data[i+1]=v+60; d.data[i+2]=200-v; d.data[i+3]=255 }
 x.putImageData(d,0,0) };
`

func TestPhotoPagesAreJPEGAndSharpWhenStill(t *testing.T) {
	s := newSite(t)
	s.page("/", `<title>Photo</title><body style="margin:0"><canvas id=c width=1280 height=800></canvas><script>
`+photo+`noise(); let timer=setInterval(noise,100);
onclick=()=>{ clearInterval(timer); noise(); c.getContext('2d').fillStyle='#f00'; c.getContext('2d').fillRect(0,0,50,50) }; onkeydown=()=>location='/text'</script>`)
	s.page("/text", `<title>Text</title><body style="background:#0f0">plain`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("a JPEG", func(f renderer.Frame, _ image.Image) bool { return f.Format == "jpeg" })
	g.click(600, 300)
	g.picture("the lossless picture", func(f renderer.Frame, img image.Image) bool {
		return f.Format == "png" && img.At(20, 20) == color.RGBA{R: 255, A: 255}
	})
	// It stays: a JPEG of the same picture does not replace it.
	select {
	case f := <-g.Frames():
		t.Errorf("a %s of %d bytes followed", f.Format, len(f.Data))
	case <-time.After(1500 * time.Millisecond):
	}
	g.key("a", "KeyA", 0)
	g.picture("the text page, lossless", func(f renderer.Frame, img image.Image) bool {
		return f.Format == "png" && isColour(0, 255, 0)(f, img)
	})
}

func TestPhotoPageThatBecomesTextIsPNGAgain(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="margin:0;background:#0f0"><canvas id=c width=1280 height=800></canvas><script>
`+photo+`noise(); let timer=setInterval(noise,100);
onclick=()=>{ clearInterval(timer); c.remove() }; onkeydown=()=>document.body.style.background='#00f'</script>`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("a JPEG", func(f renderer.Frame, _ image.Image) bool { return f.Format == "jpeg" })
	g.click(600, 300)
	g.picture("the lossless picture", func(f renderer.Frame, img image.Image) bool { return f.Format == "png" && isColour(0, 255, 0)(f, img) })
	g.key("a", "KeyA", 0)
	f := g.picture("the next state", isColour(0, 0, 255))
	if f.Format != "png" {
		t.Errorf("next frame is %s", f.Format)
	}
}

func TestEqualFramesAreDropped(t *testing.T) {
	s := newSite(t)
	// A layer that is repainted for ever and never looks different.
	s.page("/", `<style>@keyframes a{from{transform:translateX(0)}to{transform:translateX(0.01px)}}</style><body style="background:#00f"><div style="width:100px;height:100px;background:#f00;animation:a 1s infinite"></div>`)
	g := s.open(t, s.options("https://a.test/"))
	g.picture("the page", isColour(0, 0, 255))
	var last []byte
	deadline := time.After(time.Second)
	for {
		select {
		case f := <-g.Frames():
			if bytes.Equal(f.Data, last) {
				t.Error("two equal frames in a row")
			}
			last = f.Data
			continue
		case <-deadline:
		}
		return
	}
}

func TestRefreshDeliversTheLastFrameAgain(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="background:#00f">`)
	g := s.open(t, s.options("https://a.test/"))
	f := g.picture("the page", isColour(0, 0, 255))
	for len(g.Frames()) > 0 {
		f = <-g.Frames()
	}
	g.Refresh()
	again := g.picture("the page again", isColour(0, 0, 255))
	if !bytes.Equal(f.Data, again.Data) {
		t.Error("another picture came")
	}
}

func TestViewportScaleLanguageAndTimeZone(t *testing.T) {
	s := newSite(t)
	var accept string
	s.handle("a.test/", func(w http.ResponseWriter, r *http.Request) {
		accept = r.Header.Get("Accept-Language")
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html>"+tagLine+`<body style="margin:0;background:#fff"><div style="position:fixed;left:0;top:0;width:400px;height:400px;background:repeating-linear-gradient(90deg,#000 0 0.5px,#fff 0.5px 1px)"></div>
<iframe src="https://b.test/" style="position:fixed;bottom:0"></iframe>
<script>onmessage=e=>{ location.hash=e.data+[innerWidth,innerHeight,devicePixelRatio,navigator.language,navigator.languages.join('+'),Intl.DateTimeFormat().resolvedOptions().timeZone,new Date(0).getHours(),(1234.5).toLocaleString()].join('|') }</script>`)
	})
	s.bare("b.test/", `<script>setTimeout(()=>parent.postMessage([Intl.DateTimeFormat().resolvedOptions().timeZone,(1234.5).toLocaleString(),devicePixelRatio].join('|')+'|','*'),300)</script>`)
	o := s.options("https://a.test/")
	o.Width, o.Height, o.Scale, o.Language, o.TimeZone = 900, 700, 2, "de-DE", "Asia/Tokyo"
	g := s.open(t, o)
	n := await(g, "what the page sees", func(n renderer.Navigated) bool { return n.InPage })
	_, got, _ := strings.Cut(n.Checkpoint, "#")
	if want := "Asia/Tokyo|1.234,5|2|900|700|2|de-DE|de-DE+de|Asia/Tokyo|9|1.234,5"; got != want {
		t.Errorf("page sees %s, want %s", got, want)
	}
	if !strings.HasPrefix(accept, "de-DE,de") {
		t.Errorf("Accept-Language = %q", accept)
	}
	// Half-pixel stripes are sharp only if the page was painted at the device's scale.
	g.picture("sharp stripes of device pixels", func(f renderer.Frame, img image.Image) bool {
		return f.Width == 1800 && f.Height == 1400 && f.Scale == 2 && near(img, 100, 100, 0, 0, 0) && near(img, 101, 100, 255, 255, 255)
	})
	if w, h, scale := g.Size(); w != 900 || h != 700 || scale != 2 {
		t.Errorf("size = %d %d %g", w, h, scale)
	}
}

func TestOptionsTellAllFaultsAtOnce(t *testing.T) {
	s := newSite(t)
	_, err := s.renderer(t).Open(t.Context(), renderer.Options{Address: "https://a.test/", Width: 1, Height: 9999, Scale: 7, Language: "--no-sandbox", TimeZone: "../../etc"})
	for _, word := range []string{"width", "height", "scale", "language", "time zone"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not tell of %s", err, word)
		}
	}
}
