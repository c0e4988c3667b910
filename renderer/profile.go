package renderer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const profilePrefix = "chrome-"

// profile is the folder of one Chrome: its user data, home and temporary files. A lock file beside it, locked as long as the
// owner lives, tells the folders of dead processes from the others.
type profile struct {
	dir   string
	lock  *os.File
	users family
}

// profileRoot makes the folder that holds the profiles and checks that Chrome's account can use it and nobody else planted it.
func profileRoot(dir string, who account) (string, error) {
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "binnacle-"+strconv.Itoa(os.Geteuid()))
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("folder for profiles: %w", err)
	}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return "", fmt.Errorf("folder for profiles: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("folder for profiles: %w", err)
	}
	if !st.IsDir() || st.Sys().(*syscall.Stat_t).Uid != uint32(os.Geteuid()) {
		return "", fmt.Errorf("folder for profiles: %s is not a folder of ours", dir)
	}
	if err := who.canEnter(dir); err != nil {
		return "", fmt.Errorf("folder for profiles: %w", err)
	}
	return dir, nil
}

func newProfile(root string, who account) (*profile, error) {
	dir := filepath.Join(root, profilePrefix+strings.ToLower(rand.Text()))
	// The lock comes first and goes last: a folder without one is nobody's. A sweep may take the file between its creation
	// and its locking; then another is made.
	var lock *os.File
	for {
		f, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("make profile: %w", err)
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			f.Close()
			return nil, fmt.Errorf("make profile: lock: %w", err)
		}
		if sameFile(f) {
			lock = f
			break
		}
		f.Close()
	}
	p := &profile{dir: dir, lock: lock, users: family{dir: dir}}
	for _, d := range []string{dir, p.home(), p.temp()} {
		err := os.Mkdir(d, 0o700)
		if err == nil && who.credential != nil {
			err = os.Lchown(d, who.uid, who.gid)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("make profile: %w", err), p.remove())
		}
	}
	return p, nil
}

func (p *profile) home() string { return filepath.Join(p.dir, "home") }
func (p *profile) temp() string { return filepath.Join(p.dir, "tmp") }

// usedBy notes the process group that uses the folder, for the sweep of a later process.
func (p *profile) usedBy(group int, exec string) error {
	p.users = family{dir: p.dir, group: group, exec: exec}
	_, err := fmt.Fprintf(p.lock, "%d\n%s\n", group, exec)
	return err
}

// remove kills what still uses the folder, removes it, and then its lock.
func (p *profile) remove() error {
	p.users.kill()
	var err error
	for range 5 { // a file can appear while the folder is emptied
		if err = os.RemoveAll(p.dir); err == nil {
			break
		}
		p.users.kill()
	}
	if err == nil {
		err = os.Remove(p.dir + ".lock")
	}
	return errors.Join(err, p.lock.Close())
}

// sweepProfiles removes what processes that are dead left in root.
func sweepProfiles(root string) error {
	locks, _ := filepath.Glob(filepath.Join(root, profilePrefix+"*.lock"))
	var errs []error
	for _, name := range locks {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue // somebody else's sweep was faster
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil || !sameFile(f) {
			f.Close()
			continue
		}
		left := &profile{dir: strings.TrimSuffix(name, ".lock"), lock: f}
		left.users.dir = left.dir
		b, _ := io.ReadAll(io.LimitReader(f, 8<<10))
		group, exec, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
		left.users.group, _ = strconv.Atoi(group)
		left.users.exec = exec
		errs = append(errs, left.remove())
	}
	dirs, _ := filepath.Glob(filepath.Join(root, profilePrefix+"*"))
	for _, dir := range dirs {
		if strings.HasSuffix(dir, ".lock") {
			continue
		}
		if _, err := os.Lstat(dir + ".lock"); errors.Is(err, os.ErrNotExist) {
			family{dir: dir}.kill()
			errs = append(errs, os.RemoveAll(dir))
		}
	}
	return errors.Join(errs...)
}

// sameFile tells whether the open file is still the one that its name leads to.
func sameFile(f *os.File) bool {
	a, err1 := f.Stat()
	b, err2 := os.Stat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}
