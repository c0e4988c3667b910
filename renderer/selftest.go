package renderer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// seccompFilter is "Seccomp: 2" in /proc/PID/status: a filter is in force.
const seccompFilter = 2

// Report is what the self-test found.
type Report struct {
	Chrome  string // product and version
	Sandbox bool   // page script runs behind a seccomp filter, and Chrome is not root
	Seccomp int    // of the process that runs page script: 0 none, 1 strict, 2 filter
	Root    bool   // Chrome runs as root
}

// SelfTest starts a Chrome, reads from the kernel whether the process that would run page script is in a sandbox, and ends it. Without
// a sandbox it returns the report and ErrNoSandbox, unless the configuration allows that.
func (r *Renderer) SelfTest(ctx context.Context) (Report, error) {
	o, err := Options{}.withDefaults()
	if err != nil {
		return Report{}, err
	}
	c, err := r.startChrome(ctx, r.flags(&o), nil)
	if err != nil {
		return Report{}, fmt.Errorf("self-test: %w", err)
	}
	rep, err := c.inspect(ctx)
	if err = errors.Join(err, c.kill()); err != nil {
		return rep, fmt.Errorf("self-test: %w", err)
	}
	if !rep.Sandbox && !r.cfg.InsecureNoSandbox {
		return rep, fmt.Errorf("self-test: %w: seccomp is %d and must be %d; unprivileged user namespaces must be allowed (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, AppArmor), or Chrome's chrome-sandbox helper must be set-uid root",
			ErrNoSandbox, rep.Seccomp, seccompFilter)
	}
	return rep, nil
}

// runScript makes a page and runs script in it. Only then is there a renderer process, and is its sandbox closed: Chrome answers
// createTarget before it has forked (3 of 5 starts on a loaded machine, measured 2026-11-22).
func (c *chrome) runScript(ctx context.Context) error {
	made, err := cdp.Call(ctx, c.conn.root, target.CreateTarget, target.CreateTargetParams{URL: "about:blank"})
	if err != nil {
		return err
	}
	attached := make(chan *cdpSession, 1)
	c.conn.root.onAttached(func(s *cdpSession) {
		if s.info.TargetID == made.TargetID {
			attached <- s
		}
	})
	flatten := true
	if _, err := cdp.Call(ctx, c.conn.root, target.AttachToTarget, target.AttachToTargetParams{TargetID: made.TargetID, Flatten: &flatten}); err != nil {
		return err
	}
	select {
	case s := <-attached:
		_, err = cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{Expression: "1"})
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inspect finds the renderer processes and reads their state.
func (c *chrome) inspect(ctx context.Context) (Report, error) {
	rep := Report{Chrome: c.version}
	if err := c.runScript(ctx); err != nil {
		return rep, err
	}
	renderers := 0
	rep.Seccomp = seccompFilter
	for _, pid := range c.profile.users.processes() {
		root, err := runsAsRoot(pid)
		if err != nil {
			continue // it ended
		}
		rep.Root = rep.Root || root
		if !isRenderer(pid) {
			continue
		}
		renderers++
		mode, err := seccompMode(pid)
		if err != nil {
			return rep, err
		}
		rep.Seccomp = min(rep.Seccomp, mode)
	}
	if renderers == 0 {
		rep.Seccomp = 0
		return rep, errors.New("no process that runs page script was found")
	}
	rep.Sandbox = rep.Seccomp == seccompFilter && !rep.Root
	return rep, nil
}

func isRenderer(pid int) bool { return strings.Contains(commandLine(pid), " --type=renderer ") }

func runsAsRoot(pid int) (bool, error) {
	uids, err := statusField(pid, "Uid")
	return strings.HasPrefix(uids, "0\t") || strings.Contains(uids, "\t0"), err
}

func seccompMode(pid int) (int, error) {
	v, err := statusField(pid, "Seccomp")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(v)
}

// statusField reads a line of /proc/PID/status.
func statusField(pid int, name string) (string, error) {
	b, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(v), nil
		}
	}
	return "", fmt.Errorf("no %s in %s", name, procFile(pid, "status"))
}

func procFile(pid int, name string) string { return filepath.Join("/proc", strconv.Itoa(pid), name) }
