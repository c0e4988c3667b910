package renderer

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Config says how Chrome is started. The zero value is a good default.
type Config struct {
	// Exec is the chromium-headless-shell binary itself, not a wrapper script; "" looks where distributions put it.
	Exec string
	// User is the unprivileged account that Chrome runs as when this process is root; "" is "nobody". Otherwise it must be empty.
	User string
	// Dir holds the profile folders while Chrome runs. User must be able to enter it; "" is a folder in the temporary directory.
	Dir string
	// InsecureNoSandbox turns Chrome's sandbox off. Never do that with pages that you did not write.
	InsecureNoSandbox bool
	// Resolve sends "host:port" to "ip:port" instead of asking the resolver.
	Resolve map[string]string
	// TrustCerts are accepted, by public key, whatever else is wrong with them.
	TrustCerts []*x509.Certificate
	// Logger gets operational messages; never typed text, titles or queries. nil discards.
	Logger *slog.Logger
}

// Validate tells all faults at once.
func (c *Config) Validate() error {
	var errs []error
	for from, to := range c.Resolve {
		if _, _, err := net.SplitHostPort(from); err != nil {
			errs = append(errs, fmt.Errorf("resolve %q: %w", from, err))
		}
		host, _, err := net.SplitHostPort(to)
		if err == nil && net.ParseIP(host) == nil {
			err = errors.New("not an IP address")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("resolve %q to %q: %w", from, to, err))
		}
		if strings.ContainsAny(from+to, ", \t\n") {
			errs = append(errs, fmt.Errorf("resolve %q to %q: commas and spaces have a meaning to Chrome", from, to))
		}
	}
	if os.Geteuid() != 0 && c.User != "" {
		errs = append(errs, fmt.Errorf("user %q: only root can start Chrome as another user", c.User))
	}
	return errors.Join(errs...)
}

// chromePlaces is where distributions install the real binary; /usr/bin/chromium-headless-shell is a wrapper script on Debian:
// killing it would orphan Chrome.
const chromePlaces = "/usr/lib/chromium/chromium-headless-shell /usr/lib64/chromium-browser/headless_shell /usr/lib64/chromium-browser/chromium-headless-shell /opt/chrome-headless-shell/chrome-headless-shell /headless-shell/headless-shell"

const howToInstall = "install it with: apt-get install chromium-headless-shell (Debian), or name the binary in the configuration"

// findChrome returns the path of the real binary.
func findChrome(exec string) (string, error) {
	places := []string{exec}
	if exec == "" {
		places = strings.Fields(chromePlaces)
	}
	for _, path := range places {
		st, err := os.Stat(path)
		if err != nil || !st.Mode().IsRegular() || st.Mode().Perm()&0o111 == 0 {
			continue
		}
		head := make([]byte, 2)
		if f, err := os.Open(path); err == nil {
			f.Read(head)
			f.Close()
		}
		if string(head) == "#!" {
			return "", fmt.Errorf("%w: %s is a script that starts it; name the binary itself", ErrNoChrome, path)
		}
		return path, nil
	}
	if exec != "" {
		return "", fmt.Errorf("%w at %s: %s", ErrNoChrome, exec, howToInstall)
	}
	return "", fmt.Errorf("%w: %s", ErrNoChrome, howToInstall)
}

// account is who Chrome runs as; nil credential means: as we do.
type account struct {
	uid, gid   int
	credential *syscall.Credential
}

// findAccount refuses root: a renderer that breaks out must not own the machine.
func findAccount(name string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{uid: uid, gid: os.Getegid()}, nil
	}
	if name == "" {
		name = "nobody"
	}
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("user for Chrome: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return account{}, fmt.Errorf("user for Chrome: %w", err)
	}
	if uid == 0 {
		return account{}, fmt.Errorf("user for Chrome: %s is root, and Chrome must not be", name)
	}
	return account{uid, gid, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// canEnter tells whether the account may pass through every folder of path.
func (a account) canEnter(path string) error {
	for dir := path; ; dir = filepath.Dir(dir) {
		st, err := os.Stat(dir)
		if err != nil {
			return err
		}
		sys := st.Sys().(*syscall.Stat_t)
		bit := os.FileMode(0o001)
		switch {
		case int(sys.Uid) == a.uid:
			bit = 0o100
		case int(sys.Gid) == a.gid:
			bit = 0o010
		}
		if st.Mode().Perm()&bit == 0 {
			return fmt.Errorf("user %d, as whom Chrome runs, may not enter %s (mode %v)", a.uid, dir, st.Mode().Perm())
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
