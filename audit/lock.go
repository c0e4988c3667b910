package audit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrLocked says that another process uses the journal folder; the error's text names it.
var ErrLocked = errors.New("another process uses the journal folder")

const lockName = "lock"

// lockFolder takes dir for this process until the returned file is closed.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, journalMode)
	if err != nil {
		return nil, fmt.Errorf("lock the journal folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		owner, _ := io.ReadAll(io.LimitReader(f, 32))
		f.Close()
		return nil, fmt.Errorf("lock %s: %w: pid %s", dir, ErrLocked, strings.TrimSpace(string(owner)))
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the journal folder: %w", err)
	}
	return f, nil
}
