package objects

import (
	"fmt"
	"strings"
)

// MaxPartBytes bounds one part of a key, between slashes: file systems take no longer names.
const MaxPartBytes = 255

// checkKey returns ErrBadKey, with the reason, unless key may name an object.
func checkKey(key string) error {
	if len(key) > MaxKeyBytes {
		return fmt.Errorf("%w: %d bytes, more than %d", ErrBadKey, len(key), MaxKeyBytes)
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("%w: %q has an empty, . or .. part", ErrBadKey, key)
		}
		if len(part) > MaxPartBytes {
			return fmt.Errorf("%w: a part of %q is longer than %d bytes", ErrBadKey, key, MaxPartBytes)
		}
	}
	return checkLetters(key)
}

// checkPrefix is checkKey for what a key may begin with: the last part may be empty or the beginning of one.
func checkPrefix(prefix string) error {
	whole, _ := splitPrefix(prefix)
	if whole == "" {
		return checkLetters(prefix)
	}
	if err := checkKey(whole); err != nil {
		return err
	}
	return checkLetters(prefix)
}

// splitPrefix cuts prefix at its last slash: whole is the folder that everything is in, rest what its entries begin with.
func splitPrefix(prefix string) (whole, rest string) {
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		return prefix[:i], prefix[i+1:]
	}
	return "", prefix
}

func checkLetters(key string) error {
	for i := range len(key) {
		c := key[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!-_.*'()/=@+,", c) >= 0:
		default:
			return fmt.Errorf("%w: %q has the character %q", ErrBadKey, key, c)
		}
	}
	return nil
}

// checkPut is what every put checks before it begins.
func checkPut(key string, body []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if len(body) > MaxObjectBytes {
		return fmt.Errorf("%w: %d bytes, more than %d", ErrTooLarge, len(body), MaxObjectBytes)
	}
	return nil
}
