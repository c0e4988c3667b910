package admin

import (
	"context"
	"crypto/rand"
	"strings"
)

// requestKey is where a request's id lives in its context.
type requestKey struct{}

// withRequestID gives the request a fresh id. One that a client sends is not used: it could carry anything into the log.
func withRequestID(ctx context.Context) (context.Context, string) {
	id := newID()
	return context.WithValue(ctx, requestKey{}, id), id
}

// requestID returns the id of the request, "" outside one.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// newID returns 128 random bits as 26 lower-case base32 letters.
func newID() string { return strings.ToLower(rand.Text()) }
