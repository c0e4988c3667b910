package objects

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrUnfit says that a store does not keep what Store promises, so nothing may rely on it.
var ErrUnfit = errors.New("the object store does not do what is needed")

// selfTestTimeout bounds the whole of SelfTest, its cleaning up too.
const selfTestTimeout = 30 * time.Second

// SelfTest proves, on a throw-away object under "selftest/", that s takes conditional writes and refuses them when it
// must, that what was written can be read and listed at once, and that it can be deleted. ErrUnfit names what failed.
func SelfTest(ctx context.Context, s Store) error {
	ctx, cancel := context.WithTimeout(ctx, selfTestTimeout)
	defer cancel()
	key := "selftest/" + rand.Text()
	err := selfTest(ctx, s, key)
	if deleteErr := s.Delete(ctx, key); deleteErr != nil {
		return errors.Join(err, fmt.Errorf("test the object store: %w", deleteErr))
	}
	if err != nil {
		return err
	}
	if _, _, err := s.Get(ctx, key); !errors.Is(err, ErrNotFound) {
		return unfit("reading a deleted object", err)
	}
	return nil
}

func selfTest(ctx context.Context, s Store, key string) error {
	first, second := []byte("first"), []byte("second")
	tag1, err := s.PutIfAbsent(ctx, key, first)
	if err != nil {
		return unfit("writing a new object", err)
	}
	if _, err := s.PutIfAbsent(ctx, key, second); !errors.Is(err, ErrExists) {
		return unfit("writing an object that exists as if it did not", err)
	}
	tag2, err := s.PutIfMatch(ctx, key, second, tag1)
	if err != nil {
		return unfit("replacing an object", err)
	}
	if _, err := s.PutIfMatch(ctx, key, first, tag1); !errors.Is(err, ErrChanged) {
		return unfit("replacing an object by its old version's tag", err)
	}
	body, tag, err := s.Get(ctx, key)
	if err != nil || tag != tag2 || !bytes.Equal(body, second) {
		return unfit("reading back what was written", err)
	}
	var listed []string
	for info, err := range s.List(ctx, key) {
		if err != nil {
			return unfit("listing", err)
		}
		listed = append(listed, info.Key)
	}
	if !slices.Equal(listed, []string{key}) {
		return unfit("listing what was written", nil)
	}
	return nil
}

// unfit says what went wrong: with an error, or by being allowed.
func unfit(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%w: %s gave the wrong result", ErrUnfit, what)
	}
	return fmt.Errorf("%w: %s: %w", ErrUnfit, what, err)
}
