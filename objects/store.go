package objects

import (
	"context"
	"errors"
	"iter"
)

// Limits of every store, with a test each.
const (
	MaxObjectBytes = 64 << 20 // one object; larger puts return ErrTooLarge
	MaxKeyBytes    = 512      // one key
)

// The errors that callers act on; compare with errors.Is.
var (
	ErrNotFound = errors.New("object does not exist")
	ErrExists   = errors.New("object exists already")
	ErrChanged  = errors.New("object was changed by somebody else")
	ErrBadKey   = errors.New("object key is not valid")
	ErrTooLarge = errors.New("object is larger than the store takes")
)

// Info describes one object.
type Info struct {
	Key  string
	Size int64  // bytes
	ETag string // opaque version of the content, for PutIfMatch; empty in listings, Get tells it
}

// Store keeps whole objects under slash-separated keys. All methods may be called concurrently, block until the store
// answered or ctx ends, and give every network call a deadline of their own. After a nil error from a put, a Get by any
// process sees the object. Keys are relative: letters, digits and "!-_.*'()/=@+,", no empty, "." or ".." part, no part
// over MaxPartBytes (ErrBadKey).
type Store interface {
	// PutIfAbsent writes body under key unless the key exists: then ErrExists, and nothing changed.
	PutIfAbsent(ctx context.Context, key string, body []byte) (etag string, err error)
	// PutIfMatch replaces the object whose current version is etag: else ErrChanged (or ErrNotFound), nothing changed.
	PutIfMatch(ctx context.Context, key string, body []byte, etag string) (newETag string, err error)
	// Get returns the whole object and its version, or ErrNotFound.
	Get(ctx context.Context, key string) (body []byte, etag string, err error)
	// List yields the objects whose keys begin with prefix, in byte order of the keys. It stops at the first error.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Delete removes the object; a key that does not exist is no error.
	Delete(ctx context.Context, key string) error
}
