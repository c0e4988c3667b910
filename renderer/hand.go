package renderer

import (
	"time"

	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/input"
)

// hand turns inputs into CDP commands. It is owned by runInput.
type hand struct {
	p      *Page
	flight chan struct{} // one element per command that Chrome has not acknowledged
	press  *press        // the last press into a page that has frames of other processes
}

// press is a mouse button or finger that went down.
type press struct {
	at    time.Time
	acked chan time.Time // capacity 1: when Chrome acknowledged it
}

// mouse is input.DispatchMouseEventParams without omitempty: cdproto drops zeros, and Chrome refuses a wheel without both deltas.
type mouse struct {
	Type      string  `json:"type"`
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	Modifiers int     `json:"modifiers"`
	Timestamp float64 `json:"timestamp"`
	Button    string  `json:"button"`
	Buttons   int     `json:"buttons"`
	Clicks    int     `json:"clickCount"`
	DeltaX    float64 `json:"deltaX"`
	DeltaY    float64 `json:"deltaY"`
}

type key struct {
	Type       string  `json:"type"`
	Modifiers  int     `json:"modifiers"`
	Timestamp  float64 `json:"timestamp"`
	Text       string  `json:"text,omitempty"`
	Unmodified string  `json:"unmodifiedText,omitempty"`
	Code       string  `json:"code"`
	Key        string  `json:"key"`
	Windows    int     `json:"windowsVirtualKeyCode"`
	Native     int     `json:"nativeVirtualKeyCode"`
	Repeat     bool    `json:"autoRepeat"`
	Keypad     bool    `json:"isKeypad"`
	Location   int     `json:"location"`
}

type touch struct {
	Type      string       `json:"type"`
	Points    []touchPoint `json:"touchPoints"`
	Modifiers int          `json:"modifiers"`
	Timestamp float64      `json:"timestamp"`
}

type touchPoint struct {
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	ID int     `json:"id"`
}

type composition struct {
	Text  string `json:"text"`
	Start int    `json:"selectionStart"`
	End   int    `json:"selectionEnd"`
}

// act sends one input. It tells whether the page goes on.
func (h *hand) act(in Input) bool {
	stamp := float64(in.Time) / 1000 // CDP wants seconds; the page gets the milliseconds back
	switch in.Kind {
	case InputMouse:
		m := mouse{Type: mouseType(in.Type), X: in.X, Y: in.Y, Modifiers: in.Modifiers, Timestamp: stamp,
			Button: mouseButton(in.Button), Buttons: in.Buttons, Clicks: in.Clicks}
		if in.Type == "move" {
			m.Button = heldButton(in.Buttons)
		}
		return h.send(input.DispatchMouseEvent.Method, m, in.Type == "down")
	case InputWheel:
		return h.send(input.DispatchMouseEvent.Method, mouse{Type: "mouseWheel", X: in.X, Y: in.Y, Modifiers: in.Modifiers,
			Timestamp: stamp, Button: "none", Buttons: in.Buttons, DeltaX: in.DX, DeltaY: in.DY}, false)
	case InputTouch:
		return h.touch(in, stamp)
	case InputKey:
		return h.settled() && h.send(input.DispatchKeyEvent.Method, keyEvent(in, stamp), false)
	case InputText:
		return h.settled() && h.process("down", stamp) &&
			h.send(input.InsertText.Method, map[string]string{"text": in.Text}, false) && h.process("up", stamp)
	case InputCompose:
		n := utf16Length(in.Text)
		start, end := min(max(in.SelStart, 0), n), min(max(in.SelEnd, 0), n)
		return h.settled() && h.process("down", stamp) &&
			h.send(input.ImeSetComposition.Method, composition{in.Text, min(start, end), max(start, end)}, false) && h.process("up", stamp)
	}
	return true
}

// process is the key that browsers report for text from a soft keyboard or an input method. It carries the time that text cannot:
// see seam.go.
func (h *hand) process(direction string, stamp float64) bool {
	k := key{Type: "rawKeyDown", Key: "Process", Windows: vkProcess, Native: vkProcess, Timestamp: stamp}
	if direction == "up" {
		k.Type = "keyUp"
	}
	return h.send(input.DispatchKeyEvent.Method, k, false)
}

func (h *hand) touch(in Input, stamp float64) bool {
	t := touch{Type: touchType(in.Type), Points: []touchPoint{}, Modifiers: in.Modifiers, Timestamp: stamp}
	for _, f := range in.Touches {
		t.Points = append(t.Points, touchPoint{f.X, f.Y, f.ID})
	}
	if in.Type == "end" && len(t.Points) > 0 {
		t.Type = "touchMove" // the fingers that stay; Chrome lifts those that are missing
	}
	if in.Type == "cancel" {
		t.Points = []touchPoint{}
	}
	return h.send(input.DispatchTouchEvent.Method, t, in.Type == "start")
}

// send sends a command when Chrome has room for it. It tells whether the page goes on.
func (h *hand) send(method string, params any, presses bool) bool {
	select {
	case h.flight <- struct{}{}:
	case <-h.p.ctx.Done():
		return false
	}
	var pr *press
	if presses && len(h.p.sessions()) > 1 {
		pr = &press{time.Now(), make(chan time.Time, 1)}
		h.press = pr
	}
	h.p.top.send(method, params, func(jsonv2.Value, error) {
		<-h.flight
		if pr != nil {
			pr.acked <- time.Now()
		}
	})
	return true
}

// settled waits until the focus has followed the last press. It tells whether the page goes on.
func (h *hand) settled() bool {
	pr := h.press
	if pr == nil {
		return true
	}
	h.press = nil
	limit := time.NewTimer(time.Until(pr.at.Add(focusTimeout)))
	defer limit.Stop()
	select {
	case at := <-pr.acked:
		wait := time.NewTimer(time.Until(at.Add(focusSettle)))
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-limit.C:
		case <-h.p.ctx.Done():
			return false
		}
	case <-limit.C: // a dialog, or a page that is busy
	case <-h.p.ctx.Done():
		return false
	}
	return true
}

func mouseType(t string) string {
	return map[string]string{"move": "mouseMoved", "down": "mousePressed", "up": "mouseReleased"}[t]
}

func touchType(t string) string {
	return map[string]string{"start": "touchStart", "move": "touchMove", "end": "touchEnd", "cancel": "touchCancel"}[t]
}

func mouseButton(b string) string {
	switch b {
	case "":
		return "none"
	case "left", "middle", "right", "back", "forward":
		return b
	}
	return ""
}

// heldButton is the button that a drag is made with.
func heldButton(buttons int) string {
	switch {
	case buttons&1 != 0:
		return "left"
	case buttons&2 != 0:
		return "right"
	case buttons&4 != 0:
		return "middle"
	}
	return "none"
}
