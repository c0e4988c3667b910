package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	region       = "us-east-1"
	healthPath   = "/s3dev-health"
	portTries    = 5                      // free ports tried before giving up: another process may take the one we found
	readyTimeout = 20 * time.Second       // from start to the first answer
	pollEvery    = 5 * time.Millisecond   // while waiting for the first answer
	parentEvery  = 250 * time.Millisecond // how often the parent is looked at
	stopTimeout  = 5 * time.Second        // for requests under way when told to end
)

// ready is what the server tells about itself.
type ready struct {
	Endpoint  string `json:"endpoint"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Region    string `json:"region"`
	Bucket    string `json:"bucket,omitempty"`
}

// run serves until ctx, the parent or standard input ends.
func run(ctx context.Context, opt options) error {
	if err := opt.prepare(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lifetimes := []func(context.Context){parentLives}
	if opt.StdinLifetime {
		lifetimes = append(lifetimes, stdinLives)
	}
	for _, lives := range lifetimes {
		// Not waited for: a read of standard input cannot be called off, and the process ends right after run.
		go func() { lives(ctx); cancel() }()
	}
	if err := os.MkdirAll(filepath.Join(opt.Dir, opt.Bucket), 0o755); err != nil {
		return fmt.Errorf("make the bucket's folder: %w", err)
	}
	for try := 1; ; try++ {
		err := serve(ctx, opt)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if _, port, _ := net.SplitHostPort(opt.Listen); port != "0" || try == portTries {
			return err
		}
	}
}

// serve runs the server once. It returns nil after an orderly end.
func serve(ctx context.Context, opt options) error {
	addr, err := address(opt.Listen)
	if err != nil {
		return err
	}
	store, err := backend(opt.Dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- embedgw.RunVersityGW(ctx, store, &embedgw.Config{
			RootUserAccess: opt.AccessKey, RootUserSecret: opt.SecretKey, Region: region,
			Ports: []string{addr}, HealthPath: healthPath, Quiet: true, KeepAlive: true,
			MaxConnections: 2000, MaxRequests: 2000, MultipartMaxParts: 10000,
		})
	}()
	if err := waitReady(ctx, addr, ended); err != nil {
		return err
	}
	tell := ready{"http://" + addr, opt.AccessKey, opt.SecretKey, region, opt.Bucket}
	if err := announce(tell, opt.ReadyFile); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(stopTimeout):
		return nil // requests that never end do not keep a test server alive
	}
}

// backend opens the folder; metadata is in extended attributes, or in a folder beside it where the file system has none.
func backend(dir string) (*posix.Posix, error) {
	if err := (meta.XattrMeta{}).Test(dir); err == nil {
		return posix.New(dir, meta.XattrMeta{}, posix.PosixOpts{ValidateBucketNames: true})
	}
	side := dir + ".meta"
	if err := os.MkdirAll(side, 0o755); err != nil {
		return nil, fmt.Errorf("make the metadata folder: %w", err)
	}
	m, err := meta.NewSideCar(side)
	if err != nil {
		return nil, fmt.Errorf("open the metadata folder: %w", err)
	}
	return posix.New(dir, m, posix.PosixOpts{ValidateBucketNames: true, SideCarDir: side})
}

// address returns listen with a free port in place of port 0. The server wants a number, not a listener.
func address(listen string) (string, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", listen, err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// waitReady returns when the server answers.
func waitReady(ctx context.Context, addr string, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+healthPath, nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-ended:
			return errors.Join(errors.New("the server ended before it answered"), err)
		case <-ctx.Done():
			return fmt.Errorf("wait for the first answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// announce prints r and writes it to file, in one piece.
func announce(r ready, file string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	fmt.Println(string(b))
	if file == "" {
		return nil
	}
	tmp := file + ".new"
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the ready file: %w", err)
	}
	return os.Rename(tmp, file)
}

// parentLives returns when the process that started this one has ended. Asked for rather than signalled: the kernel's
// death signal goes by the parent's thread, and Go programs end threads.
func parentLives(ctx context.Context) {
	parent := os.Getppid()
	tick := time.NewTicker(parentEvery)
	defer tick.Stop()
	for os.Getppid() == parent {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// stdinLives returns when standard input is closed.
func stdinLives(context.Context) {
	_, _ = io.Copy(io.Discard, os.Stdin)
}
