package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"binnacle/admin"
	"binnacle/audit"
	"binnacle/cluster"
	"binnacle/objects"
	"binnacle/renderer"
	"binnacle/session"
	"binnacle/web"
	"binnacle/web/tag"
)

const (
	selfTestTime = 30 * time.Second // for each self-test at start
	archiveDir   = "archive"        // where the evidence lies in the objects
)

// app is a server in construction order; close goes through it backwards.
type app struct {
	cfg      *config
	log      *slog.Logger
	listener net.Listener
	store    objects.Store
	journal  *audit.Log
	settings *admin.Settings
	hub      *session.Hub
	admin    *admin.Server
	http     *http.Server
}

// newApp constructs a server that is ready to run: storage and sandbox are proved, leftovers of an earlier process are on
// their way to the archive. After an error nothing is left.
func newApp(ctx context.Context, c *config, environ []string, log *slog.Logger) (_ *app, err error) {
	a := &app{cfg: c, log: log}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err := os.MkdirAll(c.dataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if a.listener, err = net.Listen("tcp", c.listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if c.publicURL == "" {
		c.publicURL = "http://" + a.listener.Addr().String()
	}
	if err := a.openStore(ctx, environ); err != nil {
		return nil, err
	}
	chrome, report, err := a.openRenderer(ctx)
	if err != nil {
		return nil, err
	}
	a.journal, err = audit.Open(ctx, audit.Config{Dir: filepath.Join(c.dataDir, "journal"), Store: objects.Sub(a.store, archiveDir),
		Node: c.node, Insecure: c.insecure, Logger: log})
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	a.settings = admin.NewSettings(a.store)
	if a.hub, err = a.newHub(chrome); err != nil {
		return nil, err
	}
	a.admin, err = admin.New(admin.Config{PublicURL: c.publicURL, FrameAncestors: c.ancestors, Origins: c.origins, APIOrigins: c.apiOrigins,
		TrustedProxies: c.behind, Demo: c.demo, Settings: a.settings, Hub: a.hub, Records: a.journal, Store: a.store, Assets: web.FS, Logger: log,
		Checker: admin.NewChecker(admin.CheckerConfig{Resolve: c.resolved, TrustCerts: c.trusted, AllowPrivate: c.private})})
	if err != nil {
		return nil, err
	}
	a.http = &http.Server{Handler: a.admin, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	log.Info("ready", "public", c.publicURL, "listen", a.listener.Addr().String(), "chrome", report.Chrome, "sandbox", report.Sandbox, "version", version())
	return a, nil
}

// openStore opens the objects and proves that two writers can never both win.
func (a *app) openStore(ctx context.Context, environ []string) error {
	credentials, err := credentialsFrom(environ)
	if err != nil {
		return err
	}
	where := a.cfg.objects
	if !strings.HasPrefix(where, "s3://") {
		if where, err = filepath.Abs(where); err != nil {
			return fmt.Errorf("objects: %w", err)
		}
	}
	if a.store, err = objects.Open(ctx, where, credentials); err != nil {
		return fmt.Errorf("open objects %s: %w", location(where), err)
	}
	ctx, cancel := context.WithTimeout(ctx, selfTestTime)
	defer cancel()
	if err := objects.SelfTest(ctx, a.store); err != nil {
		return &exitError{exitSelfTest, fmt.Errorf("objects %s cannot hold evidence: %w", location(where), err)}
	}
	return nil
}

// openRenderer finds Chrome and proves its sandbox.
func (a *app) openRenderer(ctx context.Context) (*renderer.Renderer, renderer.Report, error) {
	c := a.cfg
	r, err := renderer.New(renderer.Config{Exec: c.chrome, User: c.chromeUser, Dir: c.profileDir, InsecureNoSandbox: c.insecure, Resolve: c.resolved,
		TrustCerts: c.trusted, Logger: a.log})
	if err != nil {
		return nil, renderer.Report{}, &exitError{exitSelfTest, err}
	}
	ctx, cancel := context.WithTimeout(ctx, selfTestTime)
	defer cancel()
	report, err := r.SelfTest(ctx)
	if errors.Is(err, renderer.ErrNoSandbox) {
		err = fmt.Errorf("%w; docs/OPERATIONS.md says what the kernel must allow (--insecure-no-sandbox serves without, and every log says so)", err)
	}
	if err != nil {
		return nil, report, &exitError{exitSelfTest, err}
	}
	if !report.Sandbox {
		a.log.Warn("Chrome runs WITHOUT its sandbox (--insecure-no-sandbox); every log says so")
	}
	return r, report, nil
}

// newHub makes the hub. A directory of sessions is shared where the objects are.
func (a *app) newHub(chrome *renderer.Renderer) (*session.Hub, error) {
	c := a.cfg
	var sessions cluster.Directory = cluster.NewLocal()
	if strings.HasPrefix(c.objects, "s3://") {
		sessions = cluster.NewObjects(a.store)
	}
	most := c.maxSessions
	if most == 0 {
		most = 2 * runtime.NumCPU()
	}
	return session.NewHub(session.Config{
		Renderer: session.Chrome(chrome), Log: session.Evidence(a.journal), Presets: a.settings, Store: a.store,
		Directory: newDirectory(sessions, c.node, c.publicURL), Origins: append([]string{c.publicURL}, c.origins...),
		Limits:      session.Limits{Idle: c.idle, IdleWarning: c.idleWarning, Absolute: c.limit, AbsoluteWarning: c.limitWarn, MaxSessions: most},
		TagVersions: tag.Supported(), TagVersion: recommendedTag(), Node: c.node, Insecure: c.insecure, Logger: a.log})
}

func recommendedTag() string {
	for _, v := range tag.Versions() {
		if v.Recommended {
			return v.Number
		}
	}
	return ""
}

// run serves until ctx ends, then drains: sessions end, journals are sealed, what can be archived in time is.
func (a *app) run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- a.serve() }() // its end is waited for below
	checking, endChecks := context.WithCancel(ctx)
	defer endChecks()
	var checks sync.WaitGroup
	checks.Go(func() { a.runChecks(checking) })
	var failed error
	select {
	case <-ctx.Done():
		a.log.Info("draining", "for", a.cfg.drain)
	case failed = <-served:
	}
	endChecks()
	checks.Wait()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.drain)
	defer cancel()
	if err := a.hub.Drain(end); err != nil {
		a.log.Warn("sessions did not end in time", "error", err)
	}
	if err := a.journal.Flush(end); err != nil {
		a.log.Warn("evidence waits on disk for the next start", "error", err)
	}
	if err := a.http.Shutdown(end); err != nil {
		_ = a.http.Close()
	}
	if failed == nil {
		failed = <-served
	}
	if errors.Is(failed, http.ErrServerClosed) {
		failed = nil
	}
	return errors.Join(failed, a.close())
}

// runChecks checks the presets that nobody has checked: prepared lists, and those of the demo.
func (a *app) runChecks(ctx context.Context) {
	if err := a.admin.CheckUnchecked(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("some presets could not be checked", "error", err)
	}
}

func (a *app) serve() error {
	if a.cfg.tlsCert == "" {
		return a.http.Serve(a.listener)
	}
	a.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return a.http.ServeTLS(a.listener, a.cfg.tlsCert, a.cfg.tlsKey)
}

// close ends what newApp made, backwards. It may be called on a half-made app, and twice.
func (a *app) close() error {
	var errs []error
	if a.hub != nil {
		errs = append(errs, a.hub.Close())
	}
	if a.journal != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		errs = append(errs, a.journal.Close(ctx))
	}
	if a.listener != nil {
		_ = a.listener.Close() // the HTTP server has closed it already, where it ran
	}
	return errors.Join(errs...)
}
