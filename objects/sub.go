package objects

import (
	"context"
	"iter"
	"strings"
)

// Sub returns the part of s whose keys begin with prefix and a slash, with keys that leave both out. A prefix that is no
// valid key makes every call fail with ErrBadKey. The empty prefix returns s itself.
func Sub(s Store, prefix string) Store {
	if prefix == "" {
		return s
	}
	return &sub{s, prefix + "/"}
}

type sub struct {
	all    Store
	prefix string
}

func (s *sub) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	return s.all.PutIfAbsent(ctx, s.prefix+key, body)
}

func (s *sub) PutIfMatch(ctx context.Context, key string, body []byte, etag string) (string, error) {
	return s.all.PutIfMatch(ctx, s.prefix+key, body, etag)
}

func (s *sub) Get(ctx context.Context, key string) ([]byte, string, error) {
	return s.all.Get(ctx, s.prefix+key)
}

func (s *sub) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for info, err := range s.all.List(ctx, s.prefix+prefix) {
			info.Key = strings.TrimPrefix(info.Key, s.prefix)
			if !yield(info, err) {
				return
			}
		}
	}
}

func (s *sub) Delete(ctx context.Context, key string) error {
	return s.all.Delete(ctx, s.prefix+key)
}
