package session

import (
	"context"
	"errors"
	"net/http"

	"binnacle/renderer"
)

// errEvidence says that nothing can be proved, so nothing may happen.
var errEvidence = errors.New("evidence cannot be kept")

func errInternal() *Error {
	return &Error{Code: "internal", Status: http.StatusInternalServerError, Message: "Something went wrong on the server.", Hint: "Try again; if it stays, tell the operator."}
}

// openingFaults are what people are told when a page does not open.
func openingFaults() []struct {
	cause error
	fault Error
} {
	return []struct {
		cause error
		fault Error
	}{
		{errEvidence, Error{Code: "evidence_unavailable", Status: http.StatusServiceUnavailable,
			Message: "The server cannot write the co-browse log, so nothing may be started.", Hint: "Tell the operator: the journal's disk or the archive needs attention."}},
		{renderer.ErrNotHTTPS, Error{Code: "not_https", Status: http.StatusUnprocessableEntity,
			Message: "The address of this page does not begin with https.", Hint: "Change the preset to an https address."}},
		{renderer.ErrNoTag, Error{Code: "no_tag", Status: http.StatusUnprocessableEntity,
			Message: "The page does not carry the co-browsing script tag.", Hint: "Add the script tag to the page's head or body; the settings page shows the line to copy."}},
		{renderer.ErrOldTag, Error{Code: "old_tag", Status: http.StatusUnprocessableEntity,
			Message: "The page carries a version of the co-browsing script tag that is not supported.", Hint: "Replace the script tag by the one that the settings page shows."}},
		{renderer.ErrBlocked, Error{Code: "redirect_blocked", Status: http.StatusUnprocessableEntity,
			Message: "The page leads to an address that the preset does not allow.", Hint: "Use the address that it leads to as the preset's address, or widen the preset's scope."}},
		{renderer.ErrCertificate, Error{Code: "certificate", Status: http.StatusBadGateway,
			Message: "The certificate of the page's server is not valid.", Hint: "Renew the certificate of the page's server."}},
		{renderer.ErrHTTPStatus, Error{Code: "http_status", Status: http.StatusBadGateway,
			Message: "The page's server answered with an error.", Hint: "Open the address in a browser and see what is wrong."}},
		{renderer.ErrUnreachable, Error{Code: "unreachable", Status: http.StatusBadGateway,
			Message: "The page cannot be reached.", Hint: "Check the preset's address, and that the server of Binnacle can reach it."}},
		{renderer.ErrNoSandbox, Error{Code: "chrome_failed", Status: http.StatusInternalServerError,
			Message: "The page's browser could not be started safely.", Hint: "Tell the operator: Chrome's sandbox is not on."}},
		{renderer.ErrNoChrome, Error{Code: "chrome_failed", Status: http.StatusInternalServerError,
			Message: "The page's browser could not be started.", Hint: "Tell the operator: chromium-headless-shell is not installed."}},
		{renderer.ErrClosed, Error{Code: "chrome_failed", Status: http.StatusInternalServerError,
			Message: "The page's browser stopped while it loaded the page.", Hint: "Try again."}},
		{context.DeadlineExceeded, Error{Code: "unreachable", Status: http.StatusBadGateway,
			Message: "The page took too long to load.", Hint: "Try again, or check the preset's address."}},
	}
}

// publicError is what people may be told of err: an *Error as it is, what they can act on in words, else "internal".
func publicError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	for _, f := range openingFaults() {
		if errors.Is(err, f.cause) {
			return &f.fault
		}
	}
	return errInternal()
}
