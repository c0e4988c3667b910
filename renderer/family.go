package renderer

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// family is the processes of one Chrome. Only the browser process names the profile folder on its command line; all are in its process
// group (measured 2026-11-22, Chromium 156: zygotes, GPU, network and page processes).
type family struct {
	dir   string // profile folder, which is unique
	group int    // process group; 0 when unknown
	exec  string // what the group's processes run: the number of a group that ended may be given to others
}

// kill kills the processes and returns when none is left: the zygote can outlive the browser process for a moment and fork while it
// is looked for.
func (f family) kill() {
	const quiet, pause, limit = 2, 5 * time.Millisecond, 3 * time.Second
	deadline := time.Now().Add(limit)
	for none := 0; none < quiet && time.Now().Before(deadline); {
		pids := f.processes()
		if none++; len(pids) > 0 {
			none = 0
		}
		for _, pid := range pids {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		<-time.After(pause)
	}
}

// processes lists the living ones; a zombie has no command line.
func (f family) processes() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		line := commandLine(pid)
		if line == "" {
			continue
		}
		inGroup := f.group > 0 && strings.HasPrefix(line, f.exec+" ") && processGroup(pid) == f.group
		if inGroup || strings.Contains(line, " --user-data-dir="+f.dir+" ") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// commandLine is what the process was started with, between spaces: Chrome's children write theirs with spaces instead of zeros.
func commandLine(pid int) string {
	b, err := os.ReadFile(procFile(pid, "cmdline"))
	if err != nil || len(b) == 0 {
		return ""
	}
	return strings.TrimRight(strings.ReplaceAll(string(b), "\x00", " "), " ") + " "
}

// processGroup is field 5 of /proc/PID/stat; the name in field 2 may hold anything, but ends with the last parenthesis.
func processGroup(pid int) int {
	b, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(fields) < 3 {
		return 0
	}
	group, _ := strconv.Atoi(fields[2])
	return group
}
