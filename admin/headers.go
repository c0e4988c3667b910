package admin

import (
	"net/http"
	"strings"
)

// headers are the security headers of every answer. They are computed once.
type headers struct {
	page      string // policy of pages and of everything that is no viewer
	viewer    string // policy of /view
	framable  bool   // somebody may frame the viewer
	transport bool   // the public address is https
}

// viewerPath is the one page that others may frame.
const viewerPath = "/view"

func newHeaders(public string, ancestors []string) headers {
	sockets := "ws" + strings.TrimPrefix(public, "http") // http → ws, https → wss
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' " + sockets +
		"; form-action 'none'; base-uri 'none'; frame-ancestors "
	h := headers{page: policy + "'none'", viewer: policy + "'none'", framable: len(ancestors) > 0, transport: strings.HasPrefix(public, "https://")}
	if h.framable {
		h.viewer = policy + strings.Join(ancestors, " ")
	}
	return h
}

// set writes them. X-Frame-Options knows no list of origins, so it is sent wherever nobody may frame.
func (s headers) set(h http.Header, path string) {
	if path == viewerPath {
		h.Set("Content-Security-Policy", s.viewer)
	} else {
		h.Set("Content-Security-Policy", s.page)
	}
	if path != viewerPath || !s.framable {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if path == viewerPath && s.framable { // a call product that isolates itself asks its frames for this
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	} else {
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	h.Set("Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()")
	if s.transport {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
