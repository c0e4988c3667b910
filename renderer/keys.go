package renderer

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	modAlt, modCtrl, modMeta, modShift = 1, 2, 4, 8
	keypadLocation                     = 3
	vkProcess                          = 229 // "an input method has it"
)

// keyEvent makes the CDP command for a key of the navigator's own keyboard: the text comes from key, so every layout works; the
// virtual key code, which shortcuts and old pages use, from key where that says it, else from code.
func keyEvent(in Input, stamp float64) key {
	mods := in.Modifiers
	// The server's Chrome runs on Linux: a Mac's ⌘C is Ctrl+C there.
	if mods&modMeta != 0 && mods&modCtrl == 0 && len(in.Key) == 1 && strings.ContainsAny(strings.ToLower(in.Key), "acvxyz") {
		mods = mods&^modMeta | modCtrl
	}
	text := keyText(in.Key, mods)
	if text != "" && text != "\r" && mods&modAlt != 0 {
		mods &^= modAlt | modCtrl // AltGr chose the character; a page must not take it for a shortcut, and Chrome would not type it
	}
	k := key{Type: "rawKeyDown", Modifiers: mods, Timestamp: stamp, Code: in.Code, Key: in.Key, Repeat: in.Repeat && in.Type == "down",
		Keypad: in.Location == keypadLocation}
	if in.Location < keypadLocation {
		k.Location = in.Location
	}
	k.Windows = virtualKey(in.Key, in.Code)
	k.Native = k.Windows
	switch {
	case in.Type == "up":
		k.Type = "keyUp"
	case text != "":
		k.Type, k.Text, k.Unmodified = "keyDown", text, text
	}
	return k
}

// keyText is what the key types: nothing for named keys, dead keys and shortcuts.
func keyText(key string, mods int) string {
	if key == "Enter" {
		return "\r"
	}
	r, size := utf8.DecodeRuneInString(key)
	if size != len(key) || size == 0 || r == utf8.RuneError || unicode.IsControl(r) {
		return ""
	}
	switch mods & (modAlt | modCtrl | modMeta) {
	case 0, modAlt | modCtrl: // Windows reports AltGr as both
		return key
	case modAlt: // Option on a Mac, AltGr on some Linux; Alt with a plain letter or digit is an access key
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return ""
		}
		return key
	}
	return ""
}

// virtualKey is the Windows virtual key code.
func virtualKey(key, code string) int {
	if len(key) == 1 && !strings.HasPrefix(code, "Numpad") {
		switch c := key[0]; {
		case 'a' <= c && c <= 'z':
			return int(c - 'a' + 'A')
		case 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == ' ':
			return int(c)
		}
	}
	if v, ok := namedKey(key); ok && !(strings.HasPrefix(code, "Numpad") && len(key) == 1) {
		return v
	}
	return codeKey(code)
}

// namedKey: keys whose meaning does not depend on the layout.
func namedKey(name string) (int, bool) {
	if n, ok := functionKey(name); ok {
		return n, true
	}
	v, ok := map[string]int{
		"Backspace": 8, "Tab": 9, "Clear": 12, "Enter": 13, "Shift": 16, "Control": 17, "Alt": 18, "AltGraph": 18, "Pause": 19,
		"CapsLock": 20, "Process": vkProcess, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37,
		"ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "PrintScreen": 44, "Insert": 45, "Delete": 46, "Help": 47, "Meta": 91,
		"ContextMenu": 93, "NumLock": 144, "ScrollLock": 145,
	}[name]
	return v, ok
}

func functionKey(name string) (int, bool) {
	rest, ok := strings.CutPrefix(name, "F")
	n, err := strconv.Atoi(rest)
	if !ok || err != nil || n < 1 || n > 24 {
		return 0, false
	}
	return 111 + n, true
}

// codeKey: places on the keyboard, as a US layout has them.
func codeKey(code string) int {
	for _, prefix := range []string{"Key", "Digit"} {
		if c, ok := strings.CutPrefix(code, prefix); ok && len(c) == 1 {
			return int(c[0])
		}
	}
	if c, ok := strings.CutPrefix(code, "Numpad"); ok && len(c) == 1 && '0' <= c[0] && c[0] <= '9' {
		return 96 + int(c[0]-'0')
	}
	if v, ok := namedKey(code); ok {
		return v
	}
	return map[string]int{
		"Space": 32, "NumpadMultiply": 106, "NumpadAdd": 107, "NumpadComma": 108, "NumpadSubtract": 109, "NumpadDecimal": 110,
		"NumpadDivide": 111, "NumpadEnter": 13, "Semicolon": 186, "Equal": 187, "Comma": 188, "Minus": 189, "Period": 190,
		"Slash": 191, "Backquote": 192, "BracketLeft": 219, "Backslash": 220, "BracketRight": 221, "Quote": 222,
		"IntlBackslash": 226, "ShiftLeft": 16, "ShiftRight": 16, "ControlLeft": 17, "ControlRight": 17, "AltLeft": 18, "AltRight": 18,
		"MetaLeft": 91, "MetaRight": 92,
	}[code]
}

// utf16Length is the length as Chrome and JavaScript count it.
func utf16Length(s string) int { return len(utf16.Encode([]rune(s))) }
