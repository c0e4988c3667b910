package admin

import (
	"net/http"
	"slices"
	"strings"
)

// checkOrigin refuses requests that a browser sends for a page of somebody else to the participants' endpoints. A request
// without Origin comes from no page: browsers always send it with POST. Sockets are checked where they are accepted.
func (s *Server) checkOrigin(r *http.Request) error {
	if r.Method != http.MethodPost || (r.URL.Path != "/join" && !strings.HasPrefix(r.URL.Path, "/c/")) {
		return nil
	}
	sent := r.Header.Values("Origin")
	if len(sent) == 0 || (len(sent) == 1 && slices.Contains(s.origins, sent[0])) {
		return nil
	}
	return problem(http.StatusForbidden, "origin_refused", "This page may not take part in co-browsing.",
		"Ask the operator to add the page's origin to the list of origins.")
}

// allowOrigins lets pages of configured origins use what is meant for them: the API, or, where the viewer is part of a call
// product's own page, the participants' endpoints and the viewer's files. It answers preflight requests itself: true means
// done.
func (s *Server) allowOrigins(w http.ResponseWriter, r *http.Request) bool {
	allowed := s.allowedOrigins(r.URL.Path)
	if len(allowed) == 0 {
		return false
	}
	h, from := w.Header(), r.Header.Get("Origin")
	h.Add("Vary", "Origin")
	if !slices.Contains(allowed, from) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", from)
	h.Set("Access-Control-Expose-Headers", "ETag, X-Request-Id, Retry-After, Location, Content-Disposition")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Idempotency-Key")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// allowedOrigins returns whose pages may read the answers at a path.
func (s *Server) allowedOrigins(path string) []string {
	switch {
	case strings.HasPrefix(path, "/api/v1/"):
		return s.apiOrigins
	case path == "/join", path == "/config.json", strings.HasPrefix(path, "/c/"), strings.HasPrefix(path, "/assets/"):
		return s.guests
	}
	return nil
}
