package renderer_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"binnacle/renderer"
)

func TestCloseLeavesNothing(t *testing.T) {
	s := newSite(t)
	s.page("/", `<iframe src="https://b.test/frame"></iframe>`)
	s.bare("/frame", "frame")
	dir := profiles(t)
	r, err := renderer.New(renderer.Config{Exec: chromeBinary(), Dir: dir, Resolve: s.resolve, TrustCerts: certs(s)})
	must(t, err)
	p, err := r.Open(t.Context(), s.options("https://a.test/"))
	must(t, err)
	pids := append(descendants(p.PID()), p.PID())
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 2 {
		t.Errorf("profile folder holds %v, want a folder and its lock", left)
	}
	must(t, p.Close())
	must(t, p.Close())
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d lives", pid)
		}
	}
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 0 {
		t.Errorf("profile folder holds %v", left)
	}
	for ev := range p.Events() {
		if _, gone := ev.Body.(renderer.Gone); gone {
			t.Error("Close is told as Gone")
		}
	}
	for range p.Frames() {
	}
	for range p.Snapshots() {
	}
	if err := p.Input(renderer.Input{Kind: renderer.InputWheel}); !errors.Is(err, renderer.ErrClosed) {
		t.Errorf("input = %v", err)
	}
	if err := p.Go("back"); !errors.Is(err, renderer.ErrClosed) {
		t.Errorf("go = %v", err)
	}
	if err := p.AnswerDialog(1, true, ""); !errors.Is(err, renderer.ErrClosed) {
		t.Errorf("answer = %v", err)
	}
}

func TestKilledChromeIsGoneOnce(t *testing.T) {
	s := newSite(t)
	s.page("/", "x")
	g := s.open(t, s.options("https://a.test/"))
	must(t, syscall.Kill(g.PID(), syscall.SIGKILL))
	gone := await(g, "Gone", func(renderer.Gone) bool { return true })
	if gone.Reason == "" {
		t.Error("no reason")
	}
	<-g.done
	if n := count[renderer.Gone](g); n != 1 {
		t.Errorf("%d Gone", n)
	}
	if last, ok := g.seen()[len(g.seen())-1].(renderer.Gone); !ok {
		t.Errorf("last event is %+v", last)
	}
	must(t, g.Close())
}

func TestCrashedPageIsGone(t *testing.T) {
	s := newSite(t)
	s.page("/", "x")
	g := s.open(t, s.options("https://a.test/"))
	for _, pid := range descendants(g.PID()) {
		if cmd, _ := os.ReadFile(procPath(pid, "cmdline")); strings.Contains(string(cmd), "--type=renderer") {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	await(g, "Gone", func(e renderer.Gone) bool { return strings.Contains(e.Reason, "crashed") })
}

func TestCrashedFrameIsNotTheEnd(t *testing.T) {
	s := newSite(t)
	s.page("/", `<body style="margin:0"><iframe src="https://b.test/frame" style="width:300px;height:300px"></iframe><button onclick="location.hash='alive'" style="position:fixed;top:400px;left:0">x</button>`)
	s.bare("/frame", `<button style="position:fixed;inset:0" onclick="crash()">x</button><script>function crash(){let a=[];for(;;){a.push(new Array(1e7).fill(1))}}</script>`)
	g := s.open(t, s.options("https://a.test/"))
	top := map[int]bool{}
	for _, pid := range descendants(g.PID()) {
		if cmd, _ := os.ReadFile(procPath(pid, "cmdline")); strings.Contains(string(cmd), "--type=renderer") {
			top[pid] = true
		}
	}
	// The frame's process is the youngest renderer.
	youngest := 0
	for pid := range top {
		youngest = max(youngest, pid)
	}
	must(t, syscall.Kill(youngest, syscall.SIGKILL))
	g.click(10, 410)
	g.told("#alive")
}

func TestHungChromeCanBeClosed(t *testing.T) {
	s := newSite(t)
	s.page("/", "x")
	p, err := s.renderer(t).Open(t.Context(), s.options("https://a.test/"))
	must(t, err)
	must(t, syscall.Kill(-p.PID(), syscall.SIGSTOP))
	for range 2000 {
		if p.Input(renderer.Input{Kind: renderer.InputKey, Type: "down", Key: "a", Code: "KeyA"}) == renderer.ErrBusy {
			break
		}
	}
	if err := p.Input(renderer.Input{Kind: renderer.InputKey, Type: "down", Key: "a"}); err != renderer.ErrBusy {
		t.Errorf("input into a stopped Chrome = %v, want %v", err, renderer.ErrBusy)
	}
	must(t, p.Close())
}

func TestOpenStopsWithItsContext(t *testing.T) {
	s := newSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{})
	s.handle("/", hang(asked))
	go func() { <-asked; cancel() }()
	if _, err := s.renderer(t).Open(ctx, s.options("https://a.test/")); !errors.Is(err, context.Canceled) {
		t.Errorf("open = %v", err)
	}
}

func TestProfilesOfDeadProcessesAreWiped(t *testing.T) {
	dir := profiles(t)
	// What a server that was killed leaves: a folder, a lock file that nobody locks, a Chrome that uses the folder.
	dead := filepath.Join(dir, "chrome-dead")
	must(t, os.MkdirAll(filepath.Join(dead, "Default"), 0o700))
	must(t, os.WriteFile(dead+".lock", nil, 0o600))
	must(t, os.Mkdir(filepath.Join(dir, "chrome-nolock"), 0o700))
	orphan := exec.Command("sh", "-c", "exec sleep 100", "--user-data-dir="+dead)
	orphan.Args = []string{"sh", "-c", "while :; do sleep 1; done", "--user-data-dir=" + dead}
	must(t, orphan.Start())
	s := newSite(t)
	s.page("/", "x")
	cfg := renderer.Config{Exec: chromeBinary(), Dir: dir, Resolve: s.resolve, TrustCerts: certs(s)}
	r, err := renderer.New(cfg)
	must(t, err)
	if err := orphan.Wait(); err == nil {
		t.Error("the orphan ended by itself")
	}
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	// A living one's stays.
	p, err := r.Open(t.Context(), s.options("https://a.test/"))
	must(t, err)
	_, err = renderer.New(cfg)
	must(t, err)
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 2 {
		t.Errorf("left: %v, want the living page's folder and lock", left)
	}
	if !alive(p.PID()) {
		t.Error("the living page was killed")
	}
	must(t, p.Close())
}

func TestChromeDiesWithItsServer(t *testing.T) {
	if os.Getenv("RENDERER_TEST_CHILD") != "" {
		t.Skip("is the server")
	}
	exe, err := os.Executable()
	must(t, err)
	dir := profiles(t)
	server := exec.Command(exe, "-test.run=^TestServerThatIsKilled$")
	server.Env = append(os.Environ(), "RENDERER_TEST_CHILD="+dir)
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := server.StdoutPipe()
	must(t, err)
	must(t, server.Start())
	line := make([]byte, 64)
	n, err := out.Read(line)
	must(t, err)
	chrome := atoi(t, strings.TrimSpace(string(line[:n])))
	pids := append(descendants(chrome), chrome)
	must(t, server.Process.Kill())
	server.Wait()
	for deadline := time.Now().Add(5 * time.Second); ; {
		var living []int
		for _, pid := range pids {
			if alive(pid) {
				living = append(living, pid)
			}
		}
		if len(living) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v outlive the server", living)
		}
		<-time.After(10 * time.Millisecond)
	}
	_, err = renderer.New(renderer.Config{Exec: chromeBinary(), Dir: dir})
	must(t, err)
}

// TestServerThatIsKilled is the other process of TestChromeDiesWithItsServer.
func TestServerThatIsKilled(t *testing.T) {
	dir := os.Getenv("RENDERER_TEST_CHILD")
	if dir == "" {
		t.Skip("runs in a process of its own")
	}
	s := newSite(t)
	s.page("/", "x")
	r, err := renderer.New(renderer.Config{Exec: chromeBinary(), Dir: dir, Resolve: s.resolve, TrustCerts: certs(s)})
	must(t, err)
	p, err := r.Open(context.Background(), s.options("https://a.test/"))
	must(t, err)
	os.Stdout.WriteString(itoa(p.PID()) + "\n")
	select {}
}
