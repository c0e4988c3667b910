package renderer

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image/jpeg"
	"image/png"
	"time"

	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/page"
)

const (
	// A PNG of fewer bytes per pixel than this is never compared with a JPEG: text pages have 0.1 to 0.2, photo pages 1 and more
	// (1280×720, measured 2026-11-22).
	largeBytesPerPixel = 0.3
	// judgeEvery bounds how often a large PNG is encoded as JPEG to learn what that would cost: about 40 ms of CPU.
	judgeEvery = time.Second
	// jpegGain: a JPEG must be that much smaller before loss is worth it.
	jpegGain = 1.25
)

// large tells whether a PNG frame may be cheaper as JPEG.
func large(f Frame) bool {
	return float64(len(f.Data)) > largeBytesPerPixel*float64(f.Width)*float64(f.Height)
}

// jpegIsSmaller encodes the frame as JPEG and compares.
func jpegIsSmaller(f Frame) bool {
	img, err := png.Decode(bytes.NewReader(f.Data))
	if err != nil {
		return false
	}
	var size counter
	if jpeg.Encode(&size, img, &jpeg.Options{Quality: jpegQuality}) != nil {
		return false
	}
	return float64(size)*jpegGain < float64(len(f.Data))
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// refine gives a still page in JPEG mode one lossless picture, and goes back to PNG when that is no larger. The screencast's PNG is encoded
// for speed and can be five times as large as one that is encoded for size, so the first decides and the second is sent
// (1280×800 photo: 1,350 kB and 285 kB, JPEG 306 kB; measured 2026-11-22).
func (s *frameState) refine() {
	if s.awaiting { // Chrome began anew and sent nothing, which happens around navigations
		if f, ok := s.capture(true); ok {
			s.awaiting = false
			if !bytes.Equal(f.Data, s.last.Data) {
				s.deliver(f)
			}
		}
		return
	}
	if s.format != formatJPEG || s.last.Format != formatJPEG {
		return
	}
	fast, ok := s.capture(true)
	if !ok {
		return
	}
	if !large(fast) || float64(len(fast.Data)) <= jpegGain*float64(len(s.last.Data)) {
		s.deliver(fast)
		s.use(formatPNG)
		return
	}
	if small, ok := s.capture(false); ok {
		s.deliver(small)
	}
}

// capture takes a PNG of now. It is refused when something newer is there, which has its own still time.
func (s *frameState) capture(fast bool) (Frame, bool) {
	if s.p.nav.held() || s.p.dialogIsOpen() {
		return Frame{}, false
	}
	ctx, cancel := context.WithTimeout(s.p.ctx, captureTimeout)
	defer cancel()
	res, err := cdp.Call(ctx, s.p.top, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: &fast})
	if err != nil {
		return Frame{}, false
	}
	f, ok := s.frame(res.Data)
	f.Taken = time.Now()
	return f, ok && !s.p.nav.held() && !s.newer()
}

// newer tells whether the screencast has another picture than the one that is delivered.
func (s *frameState) newer() bool {
	c := s.p.caster
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw != nil && !bytes.Equal(c.raw.Data, s.source)
}

var errFrame = errors.New("not a screencast frame")

// decodeFrame reads a Page.screencastFrame. The picture is nearly all of the message and plain base64, so it is cut out before the
// rest is parsed; parsing it as JSON a second time doubled the cost (measured 2026-11-22).
func decodeFrame(raw jsonv2.Value) (*page.EventScreencastFrame, error) {
	const key = `"data":"`
	at := bytes.Index(raw, []byte(key))
	if at < 0 {
		return nil, errFrame
	}
	begin := at + len(key)
	n := bytes.IndexByte(raw[begin:], '"')
	if n < 0 {
		return nil, errFrame
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(n))
	size, err := base64.StdEncoding.Decode(data, raw[begin:begin+n])
	if err != nil {
		return nil, errFrame
	}
	rest := append(append(make([]byte, 0, len(raw)-n), raw[:begin]...), raw[begin+n:]...)
	var ev page.EventScreencastFrame
	if err := decode(rest, &ev); err != nil {
		return nil, err
	}
	ev.Data = data[:size]
	return &ev, nil
}
