package renderer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"binnacle/renderer"
)

func TestKeysOfEveryLayout(t *testing.T) {
	const alt, ctrl, meta, shift = 1, 2, 4, 8
	tests := []struct {
		name      string
		key, code string
		mods      int
		text      string
		vk        int
		wantMods  int
	}{
		{"letter", "a", "KeyA", 0, "a", 'A', 0},
		{"capital", "A", "KeyA", shift, "A", 'A', shift},
		{"letter on AZERTY", "a", "KeyQ", 0, "a", 'A', 0},
		{"digit on AZERTY", "1", "Digit1", shift, "1", '1', shift},
		{"e acute", "é", "Digit2", 0, "é", '2', 0},
		{"after a dead key", "ê", "KeyE", 0, "ê", 'E', 0},
		{"dead key", "Dead", "BracketLeft", 0, "", 219, 0},
		{"AltGr on Windows", "@", "KeyQ", alt | ctrl, "@", 'Q', 0},
		{"AltGr on Linux", "€", "KeyE", 0, "€", 'E', 0},
		{"Option on a Mac", "@", "KeyL", alt, "@", 'L', 0},
		{"access key", "d", "KeyD", alt, "", 'D', alt},
		{"select all", "a", "KeyA", ctrl, "", 'A', ctrl},
		{"select all on a Mac", "a", "KeyA", meta, "", 'A', ctrl},
		{"other command on a Mac", "k", "KeyK", meta, "", 'K', meta},
		{"Enter", "Enter", "Enter", 0, "\r", 13, 0},
		{"Enter of the keypad", "Enter", "NumpadEnter", 0, "\r", 13, 0},
		{"keypad digit", "7", "Numpad7", 0, "7", 103, 0},
		{"keypad without NumLock", "Home", "Numpad7", 0, "", 36, 0},
		{"Tab", "Tab", "Tab", 0, "", 9, 0},
		{"space", " ", "Space", 0, " ", 32, 0},
		{"F5", "F5", "F5", 0, "", 116, 0},
		{"semicolon", ";", "Semicolon", 0, ";", 186, 0},
		{"ideograph", "漢", "", 0, "漢", 0, 0},
		{"emoji", "😀", "", 0, "😀", 0, 0},
		{"input method", "Process", "KeyA", 0, "", 229, 0},
		{"nothing known", "Unidentified", "Mystery", 0, "", 0, 0},
		{"control character", "\x01", "", 0, "", 0, 0},
		{"two characters", "ab", "", 0, "", 0, 0},
		{"no valid text", "\xff", "", 0, "", 0, 0},
	}
	for _, test := range tests {
		text, vk, mods := renderer.KeyEvent(renderer.Input{Kind: renderer.InputKey, Type: "down", Key: test.key, Code: test.code, Modifiers: test.mods})
		if text != test.text || vk != test.vk || mods != test.wantMods {
			t.Errorf("%s: text %q code %d modifiers %d, want %q %d %d", test.name, text, vk, mods, test.text, test.vk, test.wantMods)
		}
	}
}

func TestStampsIncreaseAlways(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s renderer.Stamps
		now := time.Now()
		a, b := s.Next(now), s.Next(now)
		c := s.Next(now.Add(-time.Hour))
		d := s.Next(now.Add(time.Second))
		if a != now.UnixMilli() || b != a+1 || c != b+1 || d != now.Add(time.Second).UnixMilli() {
			t.Errorf("stamps = %d %d %d %d from %d", a, b, c, d, now.UnixMilli())
		}
	})
}
