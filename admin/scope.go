package admin

import (
	"net/url"
	"strings"
)

// The scopes of a preset: how far the page may move from its address.
const (
	ScopeExact  = "exact"  // this address alone; query and fragment may differ
	ScopePrefix = "prefix" // paths below the address's path, on a path-segment boundary
	ScopeOrigin = "origin" // the whole origin
)

func validScope(scope string) bool {
	return scope == ScopeExact || scope == ScopePrefix || scope == ScopeOrigin
}

// inScope says whether the page may be at target: the rule of the renderer's policy, which has the last word when a session
// runs. Both came out of ParseAddress, so neither has dot segments, however they are written.
func inScope(preset, target *url.URL, scope string) bool {
	if origin(preset) != origin(target) {
		return false
	}
	from, to := preset.EscapedPath(), target.EscapedPath()
	switch scope {
	case ScopeOrigin:
		return true
	case ScopePrefix:
		rest, ok := strings.CutPrefix(to, strings.TrimSuffix(from, "/"))
		return ok && (rest == "" || rest[0] == '/')
	default:
		return to == from
	}
}
