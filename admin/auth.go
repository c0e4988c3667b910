package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// keyContext is where the API key of a request lives in its context.
type keyContext struct{}

// keyIn returns the API key that a request came with.
func keyIn(ctx context.Context) Key {
	k, _ := ctx.Value(keyContext{}).(Key)
	return k
}

// withKey finds the API key of a request and checks its scope. Wrong keys are counted per address: a right one always passes,
// so nobody can lock others out.
func (s *Server) withKey(r *http.Request, scope string) (*http.Request, error) {
	secret := bearer(r)
	if secret == "" {
		return r, problem(http.StatusUnauthorized, "key_missing", "The request has no API key.", "Send the header Authorization: Bearer bnk_….")
	}
	found, ok, err := s.cfg.Settings.keyOf(r.Context(), secret, time.Now())
	switch {
	case err != nil && !ok:
		return r, err
	case err != nil: // the key is right, only its day could not be noted
		s.log.Warn("note use of key", "request", requestID(r.Context()), "key", found.ID, "error", err)
	case !ok && !s.badKeys.allow(remote(r, s.proxies), time.Now()):
		return r, tooMany("There were too many wrong API keys from this address.")
	case !ok:
		return r, problem(http.StatusUnauthorized, "key_invalid", "The API key is not valid.", "Check the key; a removed key opens nothing.")
	}
	if !slices.Contains(found.Scopes, scope) {
		return r, problem(http.StatusForbidden, "scope_missing", "The API key does not have the scope "+scope+".", "Use a key with the scope "+scope+".")
	}
	return r.WithContext(context.WithValue(r.Context(), keyContext{}, found)), nil
}

// bearer returns the token of the header Authorization.
func bearer(r *http.Request) string {
	kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// tooMany is the answer to those who ask too often.
func tooMany(message string) error {
	return problem(http.StatusTooManyRequests, "too_many_requests", message, "Wait a minute, then try again.")
}
