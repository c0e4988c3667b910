package objects

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// List walks the folder; see Store. Objects that come or go meanwhile may be in the list or not.
func (d *Dir) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkPrefix(prefix); err != nil {
			yield(Info{}, fmt.Errorf("list %s: %w", prefix, err))
			return
		}
		folder, _ := splitPrefix(prefix)
		if _, err := d.walk(ctx, folder, prefix, yield); err != nil {
			yield(Info{}, fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

// walk yields what is in folder and begins with prefix. It says whether to go on.
func (d *Dir) walk(ctx context.Context, folder, prefix string, yield func(Info, error) bool) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	entries, err := fs.ReadDir(d.root.FS(), path.Join(".", folder))
	if missing(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	// In byte order of whole keys: "a-b" before "a/b", so folders sort with their slash.
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	for _, e := range entries {
		key := path.Join(folder, e.Name())
		switch {
		case checkKey(key) != nil: // temporary files, the lock, what is not ours
		case e.IsDir() && (strings.HasPrefix(key+"/", prefix) || strings.HasPrefix(prefix, key+"/")):
			if more, err := d.walk(ctx, key, prefix, yield); err != nil || !more {
				return more, err
			}
		case e.Type().IsRegular() && strings.HasPrefix(key, prefix):
			info, err := e.Info()
			if missing(err) {
				continue
			}
			if err != nil {
				return false, err
			}
			if !yield(Info{Key: key, Size: info.Size()}, nil) {
				return false, nil
			}
		}
	}
	return true, nil
}

func sortName(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}
