package session

import (
	"errors"
	"slices"
	"time"

	"binnacle/renderer"
)

// maxHeldKeys is how many held keys are remembered: nobody has more fingers.
const maxHeldKeys = 32

// outside is where a button is released that its navigator cannot release any more: off the viewport, so that what it was
// pressed on is not clicked (Chrome 156, 2026-11-22: the click goes to the root element; one with no clicks is a click still).
const outside = -1

// held is what is down on the page: buttons, keys and fingers, all of one socket in one turn.
type held struct {
	by      *socket
	turn    uint64
	buttons []string         // in the order in which they went down
	keys    []renderer.Input // their downs
	touched bool
}

func (h *held) any() bool { return len(h.buttons) > 0 || len(h.keys) > 0 || h.touched }

// note takes an input that the page has taken.
func (h *held) note(k *socket, turn uint64, in renderer.Input) {
	h.by, h.turn = k, turn
	switch in.Kind {
	case renderer.InputMouse:
		switch in.Type {
		case "down":
			if !slices.Contains(h.buttons, in.Button) {
				h.buttons = append(h.buttons, in.Button)
			}
		case "up":
			h.buttons = slices.DeleteFunc(h.buttons, func(b string) bool { return b == in.Button })
		case "move": // tells the page what is down, even if an up was lost on the way
			h.buttons = slices.DeleteFunc(h.buttons, func(b string) bool { return in.Buttons&buttonBit(b) == 0 })
		}
	case renderer.InputKey:
		h.keys = slices.DeleteFunc(h.keys, func(d renderer.Input) bool { return sameKey(d, in) })
		if in.Type == "down" && len(h.keys) < maxHeldKeys {
			h.keys = append(h.keys, in)
		}
	case renderer.InputTouch:
		h.touched = in.Type != "cancel" && len(in.Touches) > 0
	}
}

// sameKey goes by the place on the keyboard: what a key writes changes with the modifiers.
func sameKey(a, b renderer.Input) bool {
	if a.Code != "" || b.Code != "" {
		return a.Code == b.Code
	}
	return a.Key == b.Key && a.Location == b.Location
}

// last returns the input that ends what went down last of its kind, and what is held after it; ok is false when nothing is.
func (h held) last() (in renderer.Input, rest held, ok bool) {
	rest = h
	switch {
	case h.touched:
		rest.touched = false
		return renderer.Input{Kind: renderer.InputTouch, Type: "cancel"}, rest, true
	case len(h.buttons) > 0:
		n := len(h.buttons) - 1
		rest.buttons = h.buttons[:n]
		in = renderer.Input{Kind: renderer.InputMouse, Type: "up", X: outside, Y: outside, Button: h.buttons[n], Modifiers: h.modifiers()}
		for _, b := range rest.buttons {
			in.Buttons |= buttonBit(b)
		}
		return in, rest, true
	case len(h.keys) > 0:
		n := len(h.keys) - 1
		down := h.keys[n]
		rest.keys = h.keys[:n]
		return renderer.Input{Kind: renderer.InputKey, Type: "up", Key: down.Key, Code: down.Code, Location: down.Location, Modifiers: rest.modifiers()}, rest, true
	}
	return renderer.Input{}, held{}, false
}

// modifiers are those whose keys are down.
func (h *held) modifiers() int {
	mods := 0
	for _, k := range h.keys {
		switch k.Key {
		case "Alt":
			mods |= 1
		case "Control":
			mods |= 2
		case "Meta":
			mods |= 4
		case "Shift":
			mods |= 8
		}
	}
	return mods
}

// buttonBit is the button's bit in Input.Buttons.
func buttonBit(b string) int {
	switch b {
	case "left":
		return 1
	case "right":
		return 2
	case "middle":
		return 4
	case "back":
		return 8
	case "forward":
		return 16
	}
	return 0
}

// letGo ends on the page what is held down by a socket that cannot end it any more: the turn is over, input has ended, or
// the socket has. What that causes belongs to who pressed it, in the turn in which they did. It tells false while something
// is left: the page stands in a dialog or is busy.
func (s *session) letGo() bool {
	if !s.held.any() || s.mayLetGo(&s.held) {
		return true
	}
	for {
		in, rest, ok := s.held.last()
		if !ok || s.page == nil {
			s.held = held{}
			return true
		}
		if s.dialog != nil {
			return false // whatever the page gets now is lost
		}
		in.Time = s.stamps.Next(time.Now())
		s.authors.add(in.Time, person(s.held.by.who), s.held.turn)
		err := s.page.Input(in)
		if errors.Is(err, renderer.ErrBusy) {
			return false
		}
		if err != nil {
			s.log.Debug("page does not let go", "error", err) // it is closed: nothing is held there
		}
		s.held = rest
	}
}

// mayLetGo tells whether who holds something down can still end it.
func (s *session) mayLetGo(h *held) bool {
	id := h.by.who.ID
	_, connected := s.rules.In(id)
	return connected && s.sockets[id] == h.by && s.rules.Accepts(id, h.turn)
}
