package objects_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"binnacle/objects"
)

// careless is a store that ignores what the function for a call leaves out.
type careless struct {
	objects.Store
	overwrite, ignoreTag, emptyList, keep bool
}

func (c careless) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	if c.overwrite {
		if err := c.Store.Delete(ctx, key); err != nil {
			return "", err
		}
	}
	return c.Store.PutIfAbsent(ctx, key, body)
}

func (c careless) PutIfMatch(ctx context.Context, key string, body []byte, etag string) (string, error) {
	if c.ignoreTag {
		_, current, err := c.Store.Get(ctx, key)
		if err != nil {
			return "", err
		}
		etag = current
	}
	return c.Store.PutIfMatch(ctx, key, body, etag)
}

func (c careless) List(ctx context.Context, prefix string) iter.Seq2[objects.Info, error] {
	if c.emptyList {
		return func(func(objects.Info, error) bool) {}
	}
	return c.Store.List(ctx, prefix)
}

func (c careless) Delete(ctx context.Context, key string) error {
	if c.keep {
		return nil
	}
	return c.Store.Delete(ctx, key)
}

func TestSelfTestFindsCarelessStores(t *testing.T) {
	for want, s := range map[string]careless{
		"writing an object that exists":                {overwrite: true},
		"replacing an object by its old version's tag": {ignoreTag: true},
		"listing":                  {emptyList: true},
		"reading a deleted object": {keep: true},
	} {
		s.Store = openDir(t, t.TempDir())
		err := objects.SelfTest(t.Context(), s)
		if !errors.Is(err, objects.ErrUnfit) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
