package renderer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

const (
	// chromeStartTimeout bounds the time from exec to the first answer; 0.2 s is usual.
	chromeStartTimeout = 20 * time.Second
	// maxStartOutput is what is kept of Chrome's output, for the error when it does not start.
	maxStartOutput = 16 << 10
)

// chrome is one Chrome process with its profile folder and its connection.
type chrome struct {
	cmd     *exec.Cmd
	profile *profile
	conn    *conn
	version string        // product, "HeadlessChrome/156.0.…"
	printed *os.File      // what it prints
	output  startOutput   // the beginning of that
	exited  chan struct{} // closed when the browser process was waited for
	wg      sync.WaitGroup
	stop    sync.Once
	stopErr error
}

// startChrome starts a Chrome and waits for its first answer. On error nothing is left.
func (r *Renderer) startChrome(ctx context.Context, flags []string, env []string) (*chrome, error) {
	prof, err := newProfile(r.root, r.who)
	if err != nil {
		return nil, err
	}
	c := &chrome{profile: prof, exited: make(chan struct{})}
	ours, theirs, err := c.prepare(r, flags, env)
	if err == nil {
		err = c.run()
	}
	for _, f := range theirs {
		f.Close()
	}
	if err != nil {
		for _, f := range ours {
			f.Close()
		}
		return nil, errors.Join(fmt.Errorf("start Chrome: %w", err), prof.remove())
	}
	fromChrome, toChrome := ours[0], ours[1]
	c.printed = ours[2]
	c.wg.Go(func() {
		io.Copy(&c.output, c.printed)
		c.printed.Close()
	})
	uerr := prof.usedBy(c.pid(), r.exec)
	c.conn = newConn(chromedp.NewPipeConn(&limitedReader{ReadCloser: fromChrome, max: MaxMessageBytes}, toChrome))
	ctx, cancel := context.WithTimeout(ctx, chromeStartTimeout)
	defer cancel()
	v, err := cdp.Call(ctx, c.conn.root, browser.GetVersion, cdp.Empty{})
	if err = errors.Join(err, uerr); err != nil {
		kerr := c.kill()
		if said := strings.TrimSpace(c.output.String()); said != "" {
			err = fmt.Errorf("%w; it said: %s", err, said)
		}
		return nil, errors.Join(fmt.Errorf("start Chrome: %w", err), kerr)
	}
	c.version = v.Product
	return c, nil
}

// prepare makes the command and its pipes: Chrome reads commands from descriptor 3 and writes to 4.
func (c *chrome) prepare(r *Renderer, flags, env []string) (ours, theirs []*os.File, err error) {
	cmd := exec.Command(r.exec, append(flags, "--user-data-dir="+c.profile.dir, "about:blank")...)
	cmd.Dir = c.profile.dir
	cmd.Env = append(env, // and nothing of ours: the environment may hold keys
		"PATH=/usr/bin:/bin", "LANG=C.UTF-8",
		"HOME="+c.profile.home(), "XDG_CONFIG_HOME="+c.profile.home(), "XDG_CACHE_HOME="+c.profile.home(),
		"XDG_DATA_HOME="+c.profile.home(), "XDG_RUNTIME_DIR="+c.profile.temp(), "TMPDIR="+c.profile.temp(),
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "DBUS_SYSTEM_BUS_ADDRESS=disabled:")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Credential: r.who.credential}
	for i := range 3 {
		rd, wr, err := os.Pipe()
		if err != nil {
			return ours, theirs, err
		}
		if i == 1 { // commands go the other way
			rd, wr = wr, rd
		}
		ours, theirs = append(ours, rd), append(theirs, wr)
	}
	cmd.ExtraFiles = []*os.File{theirs[1], theirs[0]}
	cmd.Stdout, cmd.Stderr = theirs[2], theirs[2]
	c.cmd = cmd
	return ours, theirs, nil
}

// run starts the process and a goroutine that waits for its end. Linux sends Pdeathsig when the *thread* that forked ends, and Go
// ends a thread when a goroutine that is locked to it returns. So one goroutine keeps its thread from the fork to the wait.
func (c *chrome) run() error {
	started := make(chan error, 1)
	c.wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		c.cmd.Wait()
		close(c.exited)
	})
	return <-started
}

// pid is the browser process, and the number of its process group.
func (c *chrome) pid() int { return c.cmd.Process.Pid }

// kill ends the process group and whatever else uses the profile, waits, closes the connection, and removes the profile.
// It is idempotent and must not be called from a callback of the connection.
func (c *chrome) kill() error {
	c.stop.Do(func() {
		syscall.Kill(-c.pid(), syscall.SIGKILL)
		<-c.exited
		c.profile.users.kill()
		c.printed.Close() // nobody can hold the other end now, but if somebody did, the reader must end
		c.conn.close()
		c.stopErr = c.profile.remove()
		c.wg.Wait()
	})
	return c.stopErr
}

// startOutput keeps the first maxStartOutput bytes and drops the rest.
type startOutput struct {
	mu  sync.Mutex
	buf []byte
}

func (o *startOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf = append(o.buf, p[:min(len(p), maxStartOutput-len(o.buf))]...)
	return len(p), nil
}

func (o *startOutput) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.buf)
}
