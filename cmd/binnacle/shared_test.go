package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// hand operates the shared page from a participant's tab: with that tab's mouse and keyboard, at places that eyes tell.
type hand struct {
	t    *testing.T
	tab  *tab
	eyes *eyes
}

// point maps a point of the shared page (page CSS pixels) to the tab.
func (h *hand) point(x, y float64) (float64, float64, error) {
	box, err := eval[[]float64](h.tab, `(() => { const r = document.querySelector('.bn-sheet').getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })()`)
	if err != nil {
		return 0, 0, err
	}
	h.eyes.mu.Lock()
	defer h.eyes.mu.Unlock()
	if h.eyes.picture == nil || h.eyes.state.Width == 0 {
		return 0, 0, fmt.Errorf("no picture yet")
	}
	vx, vy := x-h.eyes.picture.ScrollX, y-h.eyes.picture.ScrollY
	if vx < 0 || vy < 0 || vx > float64(h.eyes.state.Width) || vy > float64(h.eyes.state.Height) {
		return 0, 0, fmt.Errorf("(%v, %v) is not in view", vx, vy)
	}
	return box[0] + vx*box[2]/float64(h.eyes.state.Width), box[1] + vy*box[3]/float64(h.eyes.state.Height), nil
}

// click clicks the middle of a thing on the shared page.
func (h *hand) click(role, name string) {
	h.t.Helper()
	h.clickAt(role, name, 0.5)
}

// clickAt clicks a thing at a part of its width.
func (h *hand) clickAt(role, name string, part float64) {
	h.t.Helper()
	h.tab.until(fmt.Sprintf("a click on the page's %s %q", role, name), func() (bool, error) {
		n := h.eyes.sees(role, name)
		if n.Box == nil {
			return false, fmt.Errorf("it has no place")
		}
		x, y, err := h.point(n.Box[0]+n.Box[2]*part, n.Box[1]+n.Box[3]/2)
		if err != nil {
			return false, err
		}
		return true, h.tab.clickAt(x, y)
	})
}

// fill clicks a text control and types.
func (h *hand) fill(role, name, text string) {
	h.t.Helper()
	h.click(role, name)
	h.tab.keys(text)
}

// holds waits until the control's value is on the snapshot: the page has taken all that was typed.
func (h *hand) holds(role, name, value string) {
	h.t.Helper()
	h.eyes.until(fmt.Sprintf("%s %q with the value %q", role, name, value), func() bool {
		n := h.eyes.snapshot.Root.find(role, name)
		return n != nil && n.Value == value
	})
}

// samePicture waits until all tabs show the same picture of the shared page, pixel by pixel, and it is not blank.
func samePicture(t *testing.T, tabs ...*tab) {
	t.Helper()
	const hash = `(async () => {
		const canvas = document.querySelector('.bn-canvas');
		if (!canvas || canvas.width < 100) return '';
		const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
		const first = data.slice(0, 3).join();
		let blank = true;
		for (let i = 0; i < data.length && blank; i += 4) if (data.slice(i, i + 3).join() !== first) blank = false;
		if (blank) return '';
		const digest = await crypto.subtle.digest('SHA-256', data);
		return canvas.width + 'x' + canvas.height + ' ' + [...new Uint8Array(digest)].map(b => b.toString(16).padStart(2, '0')).join('');
	})()`
	tabs[0].until("the same picture in all tabs", func() (bool, error) {
		var seen []string
		for _, tb := range tabs {
			s, err := chromedp.Run(tb.ctx, chromedp.Evaluate[string](hash, awaitPromise))
			if err != nil {
				return false, err
			}
			seen = append(seen, tb.name+": "+s)
			if s == "" || s != seen[0][len(tabs[0].name)+2:] {
				return false, fmt.Errorf("%q", seen)
			}
		}
		return true, nil
	})
}
