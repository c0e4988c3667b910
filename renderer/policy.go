package renderer

import (
	"fmt"
	"net/url"
	"strings"
)

// policy decides which addresses the top page may have. It is pure and never changes.
type policy struct {
	home  address
	scope Scope
}

// newPolicy reads the preset's address. Its error is ErrNotHTTPS, or tells what is wrong with the address.
func newPolicy(raw string, s Scope) (policy, error) {
	if s == "" {
		s = ScopeOrigin
	}
	if s != ScopeExact && s != ScopePrefix && s != ScopeOrigin {
		return policy{}, fmt.Errorf("scope %q is none of exact, prefix, origin", s)
	}
	home, err := parseAddress(raw)
	if err != nil {
		return policy{}, err
	}
	return policy{home, s}, nil
}

// blocks tells why the address is refused, as a Blocked.Reason; "" means it is allowed.
func (p policy) blocks(raw string) string {
	a, err := parseAddress(raw)
	if err != nil {
		scheme, _, _ := strings.Cut(raw, ":")
		switch {
		case strings.EqualFold(scheme, "https"):
			return "off_preset"
		case strings.EqualFold(scheme, "http"):
			return "not_https"
		default:
			return "other_scheme"
		}
	}
	if !p.contains(a) {
		return "off_preset"
	}
	return ""
}

func (p policy) contains(a address) bool {
	if a.host != p.home.host {
		return false
	}
	switch p.scope {
	case ScopeOrigin:
		return true
	case ScopeExact:
		return a.path == p.home.path
	}
	// Some servers decode before they resolve dot segments: then /app/..%2fadmin is /admin. So the path must be below the
	// prefix whichever way it is read.
	decoded, err := url.PathUnescape(a.path)
	if err != nil {
		return false
	}
	decoded = removeDots(strings.ReplaceAll(decoded, `\`, "/"))
	prefix, err := url.PathUnescape(p.home.path)
	if err != nil {
		return false
	}
	return below(a.path, p.home.path) && below(decoded, removeDots(strings.ReplaceAll(prefix, `\`, "/")))
}

// below tells whether path is the prefix or lies below it, on a segment boundary.
func below(path, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/')
}
