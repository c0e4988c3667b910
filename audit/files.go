package audit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// fileSystem is what journals are written through: the operating system's, or in tests one that breaks.
type fileSystem interface {
	Create(name string) (file, error) // new, for reading and writing
	Edit(name string) (file, error)   // existing
	SyncDir(name string) error
	Remove(name string) error
}

// file is an open journal.
type file interface {
	io.ReaderAt
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

const (
	folderMode  = fs.FileMode(0o700) // journals have names of people
	journalMode = fs.FileMode(0o600)
)

type osFiles struct{}

func (osFiles) Create(name string) (file, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, journalMode)
}

func (osFiles) Edit(name string) (file, error) { return os.OpenFile(name, os.O_RDWR, 0) }

func (osFiles) Remove(name string) error { return os.Remove(name) }

func (osFiles) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeSynced writes b at an offset and syncs: once only, because after a failed fsync the kernel may have dropped the
// pages, and a second one would say that all is well.
func writeSynced(f file, b []byte, at int64) error {
	n, err := f.WriteAt(b, at)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write %d bytes: %w", len(b), err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}
