package admin

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"golang.org/x/time/rate"
)

// Server answers every HTTP request to Binnacle. It holds no state of its own but rate limits; all of it may be used
// concurrently. It starts nothing: the sockets that it hands to the hub are the hub's to close.
type Server struct {
	cfg        Config
	log        *slog.Logger
	public     string   // origin of PublicURL
	origins    []string // whose pages may join and start: guests and our own
	guests     []string
	apiOrigins []string
	proxies    []netip.Prefix
	headers    headers
	assets     assets
	mux        *http.ServeMux
	checker    *Checker
	joins      *limiter
	badKeys    *limiter
}

// Rates per address, with a test each: how often a token may be tried and a wrong API key be shown.
const (
	JoinsPerSecond   = 2
	JoinBurst        = 30
	BadKeysPerMinute = 10
	BadKeyBurst      = 20
)

// New returns a Server, or every fault of the configuration at once.
func New(cfg Config) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	public, err := ReadOrigin(cfg.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("admin: public URL: %w", err)
	}
	files, err := readAssets(cfg.Assets)
	if err != nil {
		return nil, fmt.Errorf("admin: assets: %w", err)
	}
	s := &Server{
		cfg: cfg, log: cfg.Logger, public: public,
		origins: append(origins(cfg.Origins), public), guests: origins(cfg.Origins), apiOrigins: origins(cfg.APIOrigins), proxies: cfg.TrustedProxies,
		headers: newHeaders(public, origins(cfg.FrameAncestors)), assets: files, mux: http.NewServeMux(), checker: cfg.Checker,
		joins:   newLimiter(JoinsPerSecond, JoinBurst),
		badKeys: newLimiter(rate.Limit(float64(BadKeysPerMinute)/60), BadKeyBurst),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.checker == nil {
		s.checker = NewChecker(CheckerConfig{})
	}
	for _, rt := range s.routes() {
		s.mux.HandleFunc(rt.Method+" "+rt.Pattern, s.guard(rt))
	}
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	ctx, id := withRequestID(r.Context())
	r = r.WithContext(ctx)
	a := &answer{ResponseWriter: w}
	s.headers.set(a.Header(), r.URL.Path)
	a.Header().Set("X-Request-Id", id)
	defer s.note(a, r, id, began)
	defer s.recover(a, r, id)
	if s.allowOrigins(a, r) {
		return
	}
	if err := s.checkOrigin(r); err != nil {
		s.answerError(a, r, err)
		return
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.answerError(a, r, s.noRoute(a, r))
		return
	}
	s.mux.ServeHTTP(a, r)
}

// guard lets those in who may use the route, and answers the errors of its handler.
func (s *Server) guard(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := error(nil)
		if rt.Scope != "" {
			r, err = s.withKey(r, rt.Scope)
		}
		if err == nil {
			err = rt.handle(w, r)
		}
		if err != nil {
			s.answerError(w, r, err)
		}
	}
}

// noRoute says whether the path or the method is wrong. The mux knows: it would answer with plain text.
func (s *Server) noRoute(a *answer, r *http.Request) error {
	trial := &silent{header: http.Header{}}
	s.mux.ServeHTTP(trial, r.Clone(r.Context()))
	if trial.status == http.StatusMethodNotAllowed {
		a.Header().Set("Allow", trial.header.Get("Allow"))
		return problem(http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take "+clip(r.Method, 20)+".", "It takes "+trial.header.Get("Allow")+".")
	}
	return problem(http.StatusNotFound, "not_found", "There is nothing at this address.", "The API is described at /api/openapi.json.")
}

// silent is an answer that nobody reads.
type silent struct {
	header http.Header
	status int
}

func (t *silent) Header() http.Header            { return t.header }
func (t *silent) Write(data []byte) (int, error) { return len(data), nil }
func (t *silent) WriteHeader(status int)         { t.status = status }

// recover answers a request whose handler panicked, so that the other ones go on.
func (s *Server) recover(a *answer, r *http.Request, id string) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // net/http's own comparison
		panic(cause)
	}
	s.log.Error("panic", "request", id, "route", r.Pattern, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
	if a.status == 0 && !a.hijacked {
		s.answerError(a, r, fmt.Errorf("panic: %v", cause))
	}
}

// note writes the access log: the route's pattern, never the address itself, which may name people or carry tokens.
func (s *Server) note(a *answer, r *http.Request, id string, began time.Time) {
	s.log.Info("request", "request", id, "method", clip(r.Method, 20), "route", r.Pattern, "status", a.status, "bytes", a.bytes,
		"milliseconds", time.Since(began).Milliseconds())
}
