package testsite

import (
	"net/http"
	"strings"
)

// bankPolicy is the Content Security Policy of the bank's pages: no inline script, no inline style, no foreign frame but the
// partner's. Who may frame a page is added by frameable.
const bankPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; " +
	"frame-src 'self' https://" + PartnerHost + "; form-action 'self'; base-uri 'none'"

const partnerPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"

// secure sets the headers that a careful bank sends with everything.
func secure(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+"; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// frameable lets the bank's own pages frame the answer, and nobody else.
func frameable(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		ancestors := "frame-ancestors https://" + BankHost
		h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", ancestors, 1))
		if hostname(r) == BankHost {
			h.Set("X-Frame-Options", "SAMEORIGIN")
		} else {
			h.Del("X-Frame-Options") // it knows no foreign origin
		}
		next(w, r)
	}
}

// strictest is what the page about headers sends on top: nothing that a browser can be told to refuse is allowed.
func strictest(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "+
			"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; upgrade-insecure-requests")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-XSS-Protection", "0")
		next(w, r)
	}
}
