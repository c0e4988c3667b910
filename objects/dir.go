package objects

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// Names inside the folder that no key can have: keys have no "~".
const (
	tempName = "~tmp"
	lockName = "~lock"
)

const (
	staleAfter = time.Hour            // a temporary file that nobody finished
	lockEvery  = 2 * time.Millisecond // between tries to lock against another process
	dirMode    = fs.FileMode(0o750)   // folders: evidence is not for everybody on the machine
	fileMode   = fs.FileMode(0o640)   // files
	createNew  = os.O_WRONLY | os.O_CREATE | os.O_EXCL
)

// Dir is a Store in a folder: the object a/b is the file a/b. A put is on disk, its folder too, before it returns.
// Conditional writes are safe between goroutines and between processes of one machine; network file systems without
// flock are not supported. A key must not be the folder of another: beside "a/b" there is no "a" (ErrBadKey).
type Dir struct {
	root    *os.Root
	changes chan struct{} // holds one token: whoever has it may lock against other processes
}

// OpenDir opens the store in dir, which it makes when missing, and removes temporary files that a crash left an hour
// ago or earlier.
func OpenDir(dir string) (*Dir, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make the object folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the object folder: %w", err)
	}
	d := &Dir{root: root, changes: make(chan struct{}, 1)}
	if err := d.prepare(); err != nil {
		root.Close()
		return nil, fmt.Errorf("prepare the object folder %s: %w", dir, err)
	}
	return d, nil
}

// Close lets go of the folder. The store must not be used afterwards.
func (d *Dir) Close() error { return d.root.Close() }

// prepare removes stale temporary files. It writes nothing else: a folder that only is read may be read-only.
func (d *Dir) prepare() error {
	temps, err := fs.ReadDir(d.root.FS(), tempName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range temps {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			if err := d.root.Remove(path.Join(tempName, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// PutIfAbsent writes a new object; see Store.
func (d *Dir) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	if err := errors.Join(checkPut(key, body), ctx.Err()); err != nil {
		return "", fmt.Errorf("put %s: %w", key, err)
	}
	temp, err := d.writeTemp(body)
	if err != nil {
		return "", fmt.Errorf("put %s: %w", key, err)
	}
	defer d.root.Remove(temp)
	if err := d.makeParents(path.Dir(key)); err != nil {
		return "", fmt.Errorf("put %s: %w", key, badNesting(err))
	}
	// link(2) fails when the name exists, in every process, so exactly one of many claimants wins.
	err = d.root.Link(temp, key)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("put %s: %w", key, badNesting(err))
	}
	// Also before ErrExists: whoever is told that the object exists may rely on it.
	if syncErr := d.syncDir(path.Dir(key)); syncErr != nil {
		return "", fmt.Errorf("put %s: %w", key, syncErr)
	}
	if err != nil {
		if info, err := d.root.Lstat(key); err == nil && info.IsDir() {
			return "", fmt.Errorf("put %s: %w: it is the folder of other keys", key, ErrBadKey)
		}
		return "", fmt.Errorf("put %s: %w", key, ErrExists)
	}
	return tagOf(body), nil
}

// PutIfMatch replaces an object; see Store.
func (d *Dir) PutIfMatch(ctx context.Context, key string, body []byte, etag string) (string, error) {
	if err := checkPut(key, body); err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	unlock, err := d.lock(ctx)
	if err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	defer unlock()
	_, current, err := d.read(key)
	if err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	if current != etag {
		return "", fmt.Errorf("replace %s: %w", key, ErrChanged)
	}
	temp, err := d.writeTemp(body)
	if err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	if err := d.root.Rename(temp, key); err != nil {
		_ = d.root.Remove(temp)
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	if err := d.syncDir(path.Dir(key)); err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	return tagOf(body), nil
}

// Get reads an object; see Store.
func (d *Dir) Get(ctx context.Context, key string) ([]byte, string, error) {
	if err := errors.Join(checkKey(key), ctx.Err()); err != nil {
		return nil, "", fmt.Errorf("get %s: %w", key, err)
	}
	body, etag, err := d.read(key)
	if err != nil {
		return nil, "", fmt.Errorf("get %s: %w", key, err)
	}
	return body, etag, nil
}

// Delete removes an object; see Store.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	unlock, err := d.lock(ctx)
	if err != nil {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	defer unlock()
	if info, err := d.root.Lstat(key); missing(err) || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err := d.root.Remove(key); err != nil && !missing(err) {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	if err := d.syncDir(path.Dir(key)); err != nil {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

func (d *Dir) read(key string) ([]byte, string, error) {
	info, err := d.root.Lstat(key)
	switch {
	case missing(err):
		return nil, "", ErrNotFound
	case err != nil:
		return nil, "", err
	case !info.Mode().IsRegular():
		return nil, "", ErrNotFound
	case info.Size() > MaxObjectBytes:
		return nil, "", fmt.Errorf("%w: %d bytes, more than %d", ErrTooLarge, info.Size(), MaxObjectBytes)
	}
	f, err := d.root.Open(key)
	if missing(err) {
		return nil, "", ErrNotFound
	}
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	body, err := readLimited(f, info.Size())
	if err != nil {
		return nil, "", err
	}
	return body, tagOf(body), nil
}

// writeTemp puts body into a temporary file, on disk, and returns the file's name.
func (d *Dir) writeTemp(body []byte) (string, error) {
	name := path.Join(tempName, rand.Text())
	f, err := d.root.OpenFile(name, createNew, fileMode)
	if errors.Is(err, fs.ErrNotExist) { // the first one here
		if err := d.root.Mkdir(tempName, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		f, err = d.root.OpenFile(name, createNew, fileMode)
	}
	if err != nil {
		return "", err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		_ = d.root.Remove(name)
		return "", err
	}
	return name, nil
}

// makeParents makes dir and what it is in, each on disk in its own folder.
func (d *Dir) makeParents(dir string) error {
	if info, err := d.root.Lstat(dir); err == nil && info.IsDir() {
		return nil
	}
	if dir == "." {
		return nil
	}
	if err := d.makeParents(path.Dir(dir)); err != nil {
		return err
	}
	if err := d.root.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.syncDir(path.Dir(dir))
}

func (d *Dir) syncDir(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// lock keeps every other change away that reads before it writes, in this process and in others.
func (d *Dir) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case d.changes <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() {
		if err != nil {
			<-d.changes
		}
	}()
	f, err := d.root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	if err := flock(ctx, f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close(); <-d.changes }, nil // closing unlocks
}

// flock locks f, trying again until ctx ends: the blocking call cannot be called off.
func flock(ctx context.Context, f *os.File) error {
	tick := time.NewTicker(lockEvery)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// missing says that nothing is there, also because a part of the path is a file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// badNesting explains the error of a key that would be inside another object.
func badNesting(err error) error {
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: a part of it is an object", ErrBadKey)
	}
	return err
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
