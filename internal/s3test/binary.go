package s3test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// binary returns the path of bin/s3dev, built when it is missing or older than its source. Test processes that come
// here at the same time wait for one build.
func binary() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	bin, source := filepath.Join(root, "bin", "s3dev"), filepath.Join(root, "internal", "s3dev")
	if err := os.MkdirAll(filepath.Dir(bin), 0o755); err != nil {
		return "", fmt.Errorf("make the folder for s3dev: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(root, "bin", ".s3dev.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", fmt.Errorf("lock the build of s3dev: %w", err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("lock the build of s3dev: %w", err)
	}
	if upToDate(bin, source) {
		return bin, nil
	}
	cmd := exec.Command("go", "build", "-o", bin+".new", ".")
	cmd.Dir = source
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build s3dev in %s: %w: %s", source, err, out)
	}
	if err := os.Rename(bin+".new", bin); err != nil {
		return "", fmt.Errorf("install s3dev: %w", err)
	}
	return bin, nil
}

// upToDate says whether bin is newer than every file of source.
func upToDate(bin, source string) bool {
	built, err := os.Stat(bin)
	if err != nil {
		return false
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.ModTime().After(built.ModTime()) {
			return false
		}
	}
	return true
}

// repository finds the folder of this module, from the working directory of the test upwards.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if b, err := os.ReadFile(filepath.Join(at, "go.mod")); err == nil && strings.HasPrefix(string(b), "module binnacle\n") {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("no module binnacle above %s", dir)
		}
	}
}
