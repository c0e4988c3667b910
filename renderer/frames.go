package renderer

import (
	"bytes"
	"image"
	"math"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/page"
)

const (
	formatPNG  = "png"
	formatJPEG = "jpeg"
	// jpegQuality of frames on photo pages.
	jpegQuality = 80
	// stillTime without another frame makes a page "still": in JPEG mode it then gets one lossless picture.
	stillTime = 500 * time.Millisecond
	// captureTimeout bounds that picture; a page that stands in a dialog does not give it.
	captureTimeout = 3 * time.Second
)

// caster is the way of the frames: Chrome's screencast, newest wins, to the receiver, newest wins. Chrome's frames are acknowledged
// at once, so Chrome never drops one: skipping frames in Chrome lost the final state of 3 in 6 clicks (measured 2026-11-22).
type caster struct {
	wake chan struct{} // capacity 1

	mu      sync.Mutex // guards what follows
	raw     *page.EventScreencastFrame
	restart bool // another document: PNG again
	repeat  bool // deliver the last frame once more
	discard bool // what came so far shows a document that must not be seen
}

func newCaster() *caster { return &caster{wake: make(chan struct{}, 1)} }

func (c *caster) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// reset: the page shows another document; frames of it are PNG until they prove to be photos.
func (c *caster) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.restart = true
	c.signal()
}

// forget drops what Chrome sent so far and asks for a new frame.
func (c *caster) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw, c.discard = nil, true
	c.signal()
}

// release: frames need not be held any more.
func (c *caster) release() { c.signal() }

// again delivers the last frame once more.
func (c *caster) again() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.repeat = true
	c.signal()
}

// startScreencast starts it, or starts it anew in another format; Chrome then sends a frame at once.
func (p *Page) startScreencast(format string) {
	quality := int64(jpegQuality)
	params := page.StartScreencastParams{Format: page.StartScreencastFormat(format), EveryNthFrame: 1}
	if format == formatJPEG {
		params.Quality = &quality
	}
	post(p.top, page.StartScreencast, params)
}

// watchScreencast takes Chrome's frames. It is called once, before the screencast starts.
func (p *Page) watchScreencast() {
	p.top.on(page.ScreencastFrame.Method, func(raw jsonv2.Value) {
		ev, err := decodeFrame(raw)
		if err != nil {
			return
		}
		post(p.top, page.ScreencastFrameAck, page.ScreencastFrameAckParams{SessionID: ev.SessionID})
		p.caster.mu.Lock()
		p.caster.raw = ev
		p.caster.mu.Unlock()
		p.caster.signal()
	})
}

// runFrames owns the state of the pictures.
func (p *Page) runFrames() {
	s := frameState{p: p, format: formatPNG}
	still := time.NewTimer(time.Hour)
	defer still.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.caster.wake:
			if s.step(time.Now()) {
				still.Reset(stillTime)
			}
		case <-still.C:
			s.refine()
		}
	}
}

// frameState is owned by runFrames.
type frameState struct {
	p      *Page
	format string
	held   *page.EventScreencastFrame // the newest that came while the page was not confirmed
	last   Frame                      // the last that was delivered
	source []byte                     // the screencast's bytes that last came from; differs from last.Data after a refinement
	meta   page.ScreencastFrameMetadata
	judged time.Time // when the formats were last compared

	restart  bool // to PNG, when the page is confirmed: Chrome sends nothing if it is asked too early
	awaiting bool // the screencast began anew and nothing came yet
}

// step takes what the caster has. It tells whether the picture changed.
func (s *frameState) step(now time.Time) (changed bool) {
	c := s.p.caster
	c.mu.Lock()
	raw, restart, repeat, discard := c.raw, c.restart, c.repeat, c.discard
	c.raw, c.restart, c.repeat, c.discard = nil, false, false, false
	c.mu.Unlock()
	if discard {
		s.held, raw = nil, nil
	}
	if raw != nil {
		s.held = raw
	}
	s.restart = s.restart || discard || restart && s.format != formatPNG
	if s.p.nav.held() {
		return false
	}
	if s.held != nil {
		raw, s.held = s.held, nil
		changed = s.take(raw, now)
	}
	if s.restart {
		s.restart = false
		s.use(formatPNG)
		changed = true // so that refine looks whether something came
	}
	if repeat && s.last.Data != nil {
		s.deliver(s.last)
	}
	return changed
}

// take delivers a frame of the screencast unless it is the one that was there, and chooses the format of the next.
func (s *frameState) take(raw *page.EventScreencastFrame, now time.Time) bool {
	s.awaiting = false
	if raw.Metadata != nil {
		s.meta = *raw.Metadata
	}
	if bytes.Equal(raw.Data, s.source) && s.last.ScrollX == s.meta.ScrollOffsetX && s.last.ScrollY == s.meta.ScrollOffsetY {
		return false
	}
	f, ok := s.frame(raw.Data)
	if !ok {
		return false
	}
	s.source = raw.Data
	s.deliver(f)
	if f.Format == formatPNG && s.format == formatPNG && now.Sub(s.judged) >= judgeEvery && large(f) {
		s.judged = now
		if jpegIsSmaller(f) {
			s.use(formatJPEG)
		}
	}
	return true
}

// frame reads size and format from the picture itself.
func (s *frameState) frame(data []byte) (Frame, bool) {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width == 0 || cfg.Height == 0 {
		return Frame{}, false
	}
	sec, frac := math.Modf(s.meta.Timestamp.Float64())
	return Frame{
		Format: format, Data: data, Width: cfg.Width, Height: cfg.Height,
		Scale:   float64(cfg.Width) / float64(s.p.opts.Width),
		ScrollX: s.meta.ScrollOffsetX, ScrollY: s.meta.ScrollOffsetY,
		Taken: time.Unix(int64(sec), int64(frac*1e9)),
	}, true
}

// deliver puts the frame into the receiver's slot; newest wins.
func (s *frameState) deliver(f Frame) {
	s.last = f
	for {
		select {
		case s.p.frames <- f:
			return
		default:
		}
		select {
		case <-s.p.frames:
		default:
		}
	}
}

// use starts the screencast anew; without the stop Chrome would go on in the old format.
func (s *frameState) use(format string) {
	s.format = format
	s.source = nil
	s.awaiting = true
	post(s.p.top, page.StopScreencast, cdp.Empty{})
	s.p.startScreencast(format)
}
