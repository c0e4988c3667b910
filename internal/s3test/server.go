package s3test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	startTimeout = 60 * time.Second      // a busy machine; the server itself is ready in milliseconds
	stopTimeout  = 15 * time.Second      // for an orderly end, before SIGKILL
	pollEvery    = 10 * time.Millisecond // for the ready file
)

// Server is a running S3 server with one empty bucket.
type Server struct {
	Endpoint  string // host:port, plain HTTP
	AccessKey string
	SecretKey string
	Region    string
	Bucket    string
	Dir       string // the folder that it keeps the buckets in

	t     testing.TB
	bin   string
	cmd   *exec.Cmd
	stdin io.Closer
	out   *bytes.Buffer
}

// Start runs a server until the test ends. It builds the server's binary when that is missing or old.
func Start(t testing.TB) *Server {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatalf("s3test: %v", err)
	}
	s := &Server{Region: "us-east-1", Bucket: "test", Dir: filepath.Join(t.TempDir(), "s3"), t: t, bin: bin}
	t.Cleanup(s.Kill)
	s.start("127.0.0.1:0")
	return s
}

// Location is the server's bucket as objects.Open takes it, with prefix inside.
func (s *Server) Location(prefix string) string {
	q := url.Values{"endpoint": {"http://" + s.Endpoint}, "region": {s.Region}}
	return "s3://" + s.Bucket + "/" + prefix + "?" + q.Encode()
}

// Kill ends the server with SIGKILL, as a crash would. The folder stays. Killing twice is no error.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

// Stop ends the server in an orderly way. The folder stays.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

// Restart starts a stopped or killed server again, on the same address, with the same keys and folder.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	s.start(s.Endpoint)
}

func (s *Server) start(listen string) {
	s.t.Helper()
	readyFile := filepath.Join(filepath.Dir(s.Dir), "ready")
	if err := os.Remove(readyFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatalf("s3test: %v", err)
	}
	s.out = new(bytes.Buffer)
	cmd := exec.Command(s.bin, "--dir", s.Dir, "--listen", listen, "--ready-file", readyFile,
		"--bucket", s.Bucket, "--stdin-lifetime")
	cmd.Stdout, cmd.Stderr = s.out, s.out
	if s.AccessKey != "" {
		cmd.Env = append(os.Environ(), "S3DEV_ACCESS_KEY="+s.AccessKey, "S3DEV_SECRET_KEY="+s.SecretKey)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatalf("s3test: %v", err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("s3test: %v", err)
	}
	s.cmd, s.stdin = cmd, stdin
	if err := s.waitReady(readyFile); err != nil {
		s.Kill()
		s.t.Fatalf("s3test: %v; the server said: %s", err, s.out)
	}
}

func (s *Server) waitReady(file string) error {
	deadline := time.NewTimer(startTimeout)
	defer deadline.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if b, err := os.ReadFile(file); err == nil {
			var r struct {
				Endpoint  string `json:"endpoint"`
				AccessKey string `json:"access_key"`
				SecretKey string `json:"secret_key"`
			}
			if err := json.Unmarshal(b, &r); err != nil {
				return fmt.Errorf("read the ready file: %w", err)
			}
			s.Endpoint = strings.TrimPrefix(r.Endpoint, "http://")
			s.AccessKey, s.SecretKey = r.AccessKey, r.SecretKey
			return nil
		}
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(s.cmd.Process.Pid, &status, syscall.WNOHANG, nil); pid == s.cmd.Process.Pid {
			return fmt.Errorf("the server ended with status %d before it was ready", status.ExitStatus())
		}
		select {
		case <-deadline.C:
			return errors.New("the server was not ready in time")
		case <-tick.C:
		}
	}
}

func (s *Server) end(sig syscall.Signal) {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	force := time.AfterFunc(stopTimeout, func() { _ = s.cmd.Process.Kill() })
	_ = s.cmd.Wait() // how a killed server ended does not matter
	force.Stop()
	_ = s.stdin.Close()
	s.cmd = nil
}
