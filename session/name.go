package session

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanName returns what a person may be shown as a name or title: valid text without control characters or marks that
// turn the direction of what follows, without space around it, at most limit characters.
func cleanName(what, s string, limit int, mayBeEmpty bool) (string, error) {
	bad := func(why string) (string, error) {
		return "", &Error{Code: "bad_" + what, Status: http.StatusUnprocessableEntity, Message: fmt.Sprintf("The %s %s.", what, why)}
	}
	if !utf8.ValidString(s) {
		return bad("is not valid text")
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "" && !mayBeEmpty:
		return bad("is empty")
	case utf8.RuneCountInString(s) > limit:
		return bad(fmt.Sprintf("is longer than %d characters", limit))
	case strings.ContainsFunc(s, hidden):
		return bad("has characters that cannot be shown")
	}
	return s, nil
}

// hidden tells control characters, line ends and the marks that turn text around, with which one name could pose as another.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\u200e' || r == '\u200f' ||
		(r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') || r == '\ufeff'
}
