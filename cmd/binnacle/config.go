package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"binnacle/admin"
	"binnacle/objects"
)

// config is what flags and environment say, parsed and validated.
type config struct {
	listen      string
	publicURL   string
	dataDir     string
	objects     string
	node        string
	ancestors   list
	origins     list
	apiOrigins  list
	proxies     list
	tlsCert     string
	tlsKey      string
	chrome      string
	chromeUser  string
	profileDir  string
	insecure    bool
	resolve     list
	trustCerts  list
	private     bool
	maxSessions int
	idle        time.Duration
	idleWarning time.Duration
	limit       time.Duration
	limitWarn   time.Duration
	drain       time.Duration
	logFormat   string
	logLevel    string
	demo        bool

	resolved map[string]string
	trusted  []*x509.Certificate
	behind   []netip.Prefix // trusted proxies
}

// list is a flag that may be repeated or hold several values separated by commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }
func (l *list) Set(v string) error {
	for _, s := range strings.Split(v, ",") {
		if s = strings.TrimSpace(s); s != "" {
			*l = append(*l, s)
		}
	}
	return nil
}

// commonFlags are understood by every command that reaches pages or storage.
func (c *config) commonFlags(fs *flag.FlagSet) {
	fs.Var(&c.resolve, "resolve", "`host:port=ip:port`: reach this host there instead of asking DNS (repeatable)")
	fs.Var(&c.trustCerts, "trust-cert", "`file` (PEM) with a certificate to accept although no authority signed it; pinned by its key (repeatable)")
	fs.BoolVar(&c.private, "allow-private", false, "presets may lie on private and loopback addresses")
}

// serveFlags are those of serve and demo.
func (c *config) serveFlags(fs *flag.FlagSet) {
	c.commonFlags(fs)
	fs.StringVar(&c.listen, "listen", "127.0.0.1:8480", "`address` to listen on")
	fs.StringVar(&c.publicURL, "public-url", "", "`address` by which participants reach this server (default http://{listen} on loopback)")
	fs.StringVar(&c.dataDir, "data-dir", "data", "`folder` for journals, and for everything else when --objects is not given")
	fs.StringVar(&c.objects, "objects", "", "`s3://bucket/prefix?endpoint=https://…` for archive, settings and directory (default: a folder in the data folder)")
	fs.StringVar(&c.node, "node", "", "`name` of this node (default: the host's name)")
	fs.Var(&c.ancestors, "frame-ancestors", "`origin` of a call product that may frame the viewer (repeatable)")
	fs.Var(&c.origins, "allow-origin", "`origin` besides the public one whose pages may open sockets here (repeatable)")
	fs.Var(&c.apiOrigins, "api-origin", "`origin` whose pages may use /api/v1 from a browser (repeatable)")
	fs.Var(&c.proxies, "trusted-proxy", "`address or CIDR` of a reverse proxy whose X-Forwarded-For is believed (repeatable)")
	fs.StringVar(&c.tlsCert, "tls-cert", "", "`file` (PEM) with the server's certificate chain; without it a proxy in front must speak https")
	fs.StringVar(&c.tlsKey, "tls-key", "", "`file` (PEM) with the certificate's key")
	fs.StringVar(&c.chrome, "chrome", "", "`file`: the binary of chromium-headless-shell (default: found)")
	fs.StringVar(&c.chromeUser, "chrome-user", "", "`user` that Chrome runs as when the server runs as root (default nobody)")
	fs.StringVar(&c.profileDir, "profile-dir", "", "`folder` for the profiles of running Chromes, which --chrome-user must be able to enter (default: in the temporary folder)")
	fs.BoolVar(&c.insecure, "insecure-no-sandbox", false, "serve although Chrome's sandbox cannot be used; every log says so")
	fs.IntVar(&c.maxSessions, "max-sessions", 0, "sessions at the same time (default: two for each CPU core)")
	fs.DurationVar(&c.idle, "idle", 15*time.Minute, "a session ends after so long without input or marks")
	fs.DurationVar(&c.idleWarning, "idle-warning", 2*time.Minute, "warn so long before")
	fs.DurationVar(&c.limit, "limit", 2*time.Hour, "a session ends after so long in any case")
	fs.DurationVar(&c.limitWarn, "limit-warning", 5*time.Minute, "warn so long before")
	fs.DurationVar(&c.drain, "drain", 20*time.Second, "time for sessions and uploads to end when the server is told to stop")
	fs.StringVar(&c.logFormat, "log-format", "text", "text or json")
	fs.StringVar(&c.logLevel, "log-level", "info", "debug, info, warn or error")
}

// parse reads args and, for flags that args do not give, the environment. It returns the arguments after the flags.
func parse(fs *flag.FlagSet, args, environ []string, stderr io.Writer) ([]string, error) {
	fs.SetOutput(stderr)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, &exitError{exitUsage, err}
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	env := make(map[string]string, len(environ))
	for _, e := range environ {
		k, v, _ := strings.Cut(e, "=")
		env[k] = v
	}
	var faults []error
	fs.VisitAll(func(f *flag.Flag) {
		name := "BINNACLE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if v, ok := env[name]; ok && !given[f.Name] {
			if err := fs.Set(f.Name, v); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	if len(faults) > 0 {
		return nil, &exitError{exitUsage, errors.Join(faults...)}
	}
	return fs.Args(), nil
}

// faults collects what is wrong with the configuration, so that an operator sees all of it at once.
type faults []error

func (f *faults) add(flag, format string, args ...any) {
	*f = append(*f, fmt.Errorf("--%s: %s", flag, fmt.Sprintf(format, args...)))
}

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return &exitError{exitUsage, errors.Join(f...)}
}

// validateCommon checks and reads what commonFlags set.
func (c *config) validateCommon(f *faults) {
	c.resolved = map[string]string{}
	for _, r := range c.resolve {
		from, to, ok := strings.Cut(r, "=")
		_, _, err := net.SplitHostPort(from)
		addr, errTo := netip.ParseAddrPort(to)
		if !ok || err != nil || errTo != nil {
			f.add("resolve", "%q is not host:port=ip:port", r)
			continue
		}
		c.resolved[strings.ToLower(from)] = addr.String()
	}
	for _, name := range c.trustCerts {
		certs, err := readCertificates(name)
		if err != nil {
			f.add("trust-cert", "%v", err)
		}
		c.trusted = append(c.trusted, certs...)
	}
}

// validateServe checks what serveFlags set, and fills what has a computed default.
func (c *config) validateServe() error {
	var f faults
	c.validateCommon(&f)
	host, port, err := net.SplitHostPort(c.listen)
	if err != nil {
		f.add("listen", "%q is not host:port", c.listen)
	}
	switch {
	case c.publicURL != "":
		origin, err := admin.ReadOrigin(c.publicURL)
		if err != nil {
			f.add("public-url", "%q %v", c.publicURL, err)
		}
		c.publicURL = origin
	case err == nil && isLoopback(host) && port != "0":
		c.publicURL = "http://" + c.listen
		if c.tlsCert != "" {
			c.publicURL = "https://" + c.listen
		}
	case err == nil && !isLoopback(host):
		f.add("public-url", "is needed when the server listens on more than loopback, for example https://cobrowse.bank.example")
	}
	if strings.HasPrefix(c.publicURL, "http://") {
		if u, err := url.Parse(c.publicURL); err == nil && !isLoopback(u.Hostname()) {
			f.add("public-url", "must be https: browsers give credentials and clipboard to safe pages only")
		}
	}
	c.ancestors = readOrigins(c.ancestors, "frame-ancestors", &f)
	c.origins = readOrigins(c.origins, "allow-origin", &f)
	c.apiOrigins = readOrigins(c.apiOrigins, "api-origin", &f)
	c.behind = readProxies(c.proxies, &f)
	if (c.tlsCert == "") != (c.tlsKey == "") {
		f.add("tls-cert", "and --tls-key go together")
	}
	if c.maxSessions < 0 {
		f.add("max-sessions", "%d is negative", c.maxSessions)
	}
	for _, d := range []struct {
		flag          string
		limit, before time.Duration
	}{{"idle", c.idle, c.idleWarning}, {"limit", c.limit, c.limitWarn}} {
		if d.limit <= 0 || d.before < 0 || d.before >= d.limit {
			f.add(d.flag, "%s and --%s-warning %s: the warning must come before the end", d.limit, d.flag, d.before)
		}
	}
	if c.drain <= 0 {
		f.add("drain", "%s is not a time to wait", c.drain)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.logLevel)); err != nil {
		f.add("log-level", "%q is not debug, info, warn or error", c.logLevel)
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		f.add("log-format", "%q is not text or json", c.logFormat)
	}
	if c.objects == "" {
		c.objects = filepath.Join(c.dataDir, "objects")
	}
	if c.node == "" {
		c.node, _ = os.Hostname()
	}
	return f.err()
}

// logger writes to w; the configuration was validated.
func (c *config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.logLevel)) // validated
	o := &slog.HandlerOptions{Level: level}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

func readCertificates(name string) ([]*x509.Certificate, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", name)
	}
	return certs, nil
}

// credentialsFrom finds the keys of the object storage: the usual AWS variables, or files that hold them (secrets of an orchestrator).
func credentialsFrom(environ []string) (objects.Credentials, error) {
	env := map[string]string{}
	for _, e := range environ {
		k, v, _ := strings.Cut(e, "=")
		env[k] = v
	}
	for _, k := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if file := env[k+"_FILE"]; file != "" && env[k] == "" {
			b, err := os.ReadFile(file)
			if err != nil {
				return objects.Credentials{}, &exitError{exitUsage, fmt.Errorf("%s_FILE: %w", k, err)}
			}
			env[k] = strings.TrimSpace(string(b))
		}
	}
	return objects.Credentials{AccessKey: env["AWS_ACCESS_KEY_ID"], SecretKey: env["AWS_SECRET_ACCESS_KEY"], SessionToken: env["AWS_SESSION_TOKEN"]}, nil
}
