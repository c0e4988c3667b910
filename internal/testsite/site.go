package testsite

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// The hosts that the site answers for. StrangerHost has a certificate that nobody was asked to trust.
const (
	BankHost     = "harbour-bank.test"
	PartnerHost  = "partner-idcheck.test"
	MovedHost    = "moved-elsewhere.test"
	StrangerHost = "wrong-certificate.test"
)

// Options of Start.
type Options struct {
	Listen string // host:port; default 127.0.0.1:0
}

// Site is the running bank. All methods may be called concurrently.
type Site struct {
	address  string
	cert     *x509.Certificate
	server   *http.Server
	served   chan struct{} // closed when the server has ended
	unhook   func() bool
	pages    pages
	visitors visitors
	ledger   ledger
	photos   photos
}

// Start opens the bank on https and returns when it accepts connections. It ends with Close, or when ctx does.
func Start(ctx context.Context, o Options) (*Site, error) {
	trusted, err := newCertificate("Harbour Bank plc", BankHost, "*."+BankHost, PartnerHost, MovedHost)
	if err != nil {
		return nil, err
	}
	stranger, err := newCertificate("Somebody Else", "somebody-else.test")
	if err != nil {
		return nil, err
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("open test bank: %w", err)
	}
	s := &Site{address: listener.Addr().String(), cert: trusted.Leaf, served: make(chan struct{}), pages: pages}
	s.server = &http.Server{
		Handler:           s.hosts(),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // handshakes that clients gave up, on purpose
		TLSConfig: &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == StrangerHost {
				return &stranger, nil
			}
			return &trusted, nil
		}},
	}
	go s.run(listener)
	s.unhook = context.AfterFunc(ctx, func() { s.server.Close() })
	return s, nil
}

// run serves until the server is closed; Close waits for it.
func (s *Site) run(listener net.Listener) {
	defer close(s.served)
	s.server.ServeTLS(listener, "", "") // always returns an error, after Close http.ErrServerClosed
}

// Close ends the site and its connections, and waits. It is idempotent.
func (s *Site) Close() error {
	s.unhook()
	err := s.server.Close()
	<-s.served
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close test bank: %w", err)
	}
	return nil
}

// Certificate is what a client must trust: it covers all hosts but StrangerHost.
func (s *Site) Certificate() *x509.Certificate { return s.cert }

// Resolve tells where the site's hosts are: "harbour-bank.test:443" → "127.0.0.1:port".
func (s *Site) Resolve() map[string]string {
	where := make(map[string]string)
	for _, host := range []string{BankHost, "www." + BankHost, PartnerHost, MovedHost, StrangerHost} {
		where[host+":443"] = s.address
	}
	return where
}

// URL returns the address of a path of the bank, as a browser that knows Resolve uses it.
func (s *Site) URL(path string) string {
	return "https://" + BankHost + "/" + strings.TrimPrefix(path, "/")
}

// Submissions returns the forms that were sent to the bank and its partner, oldest first, refused ones too. The newest
// 10,000 are kept.
func (s *Site) Submissions() []Submission { return s.ledger.all() }

// hosts hands each request to the host that it asks for.
func (s *Site) hosts() http.Handler {
	bank, partner, moved := s.bank(), s.partner(), s.moved()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch host := hostname(r); host {
		case BankHost:
			bank.ServeHTTP(w, r)
		case PartnerHost:
			partner.ServeHTTP(w, r)
		case MovedHost, StrangerHost:
			moved.ServeHTTP(w, r)
		case "www." + BankHost:
			http.Redirect(w, r, "https://"+BankHost+r.URL.RequestURI(), http.StatusMovedPermanently)
		default:
			http.Error(w, "This server does not answer for "+host+".", http.StatusMisdirectedRequest)
		}
	})
}

// hostname is the host that r asks for, without a port.
func hostname(r *http.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return strings.ToLower(host)
}
