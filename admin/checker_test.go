package admin_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"binnacle/admin"
	"binnacle/web/tag"
)

// tagLine is the script tag of a version, as customers copy it.
func tagLine(t *testing.T, number string) string {
	t.Helper()
	for _, v := range tag.Versions() {
		if v.Number == number {
			return tag.Line("https://cobrowse.example.com", v)
		}
	}
	t.Fatalf("no version %s of the script tag", number)
	return ""
}

// newBank starts a site on https that is reached as bank.example; its certificate is for example.com.
func newBank(t *testing.T) (*httptest.Server, admin.CheckerConfig) {
	t.Helper()
	html := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!doctype html><title>Bank</title>"+body)
		}
	}
	to := func(where string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, status) }
	}
	mux := http.NewServeMux()
	good := tagLine(t, "1.0.0")
	mux.Handle("/apply", html(good))
	mux.Handle("/apply/form", html("<body>"+good))
	mux.Handle("/none", html("<p>hello"))
	mux.Handle("/old", html(tagLine(t, "0.9.0")))
	mux.Handle("/forged", html(strings.Replace(good, "sha384-", "sha384-A", 1)))
	mux.Handle("/late", html(strings.Repeat("<p>text</p>", admin.MaxCheckBytes/11+1)+good))
	mux.Handle("/moved", to("/apply", http.StatusMovedPermanently))
	mux.Handle("/apply/old", to("form?x=1#y", http.StatusFound))
	mux.Handle("/apply/up", to("../none", http.StatusSeeOther))
	mux.Handle("/apply/trick", to("/apply/%2e%2e/none", http.StatusFound))
	mux.Handle("/away", to("https://evil.example/apply", http.StatusFound))
	mux.Handle("/plain", to("http://bank.example/apply", http.StatusTemporaryRedirect))
	mux.Handle("/round", to("/round", http.StatusPermanentRedirect))
	mux.Handle("/strange", func() http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://user:pw@bank.example/")
			w.WriteHeader(http.StatusFound)
		}
	}())
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
	mux.HandleFunc("/terms.pdf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = io.WriteString(w, "%PDF-1.7"+good)
	})
	over := make(chan struct{})
	mux.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) { <-over }) // not even when the checker goes away: that would be an answer
	bank := httptest.NewUnstartedServer(mux)
	bank.Config.ErrorLog = log.New(io.Discard, "", 0)
	bank.StartTLS()
	t.Cleanup(bank.Close)
	t.Cleanup(func() { close(over) })
	at := bank.Listener.Addr().String()
	return bank, admin.CheckerConfig{
		Resolve:    map[string]string{"example.com:443": at, "bank.other.test:443": at, "closed.example.com:443": closedPort(t)},
		TrustCerts: []*x509.Certificate{bank.Certificate()},
	}
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func codes(r admin.Report) string {
	var all []string
	for _, f := range r.Faults {
		all = append(all, f.Code)
	}
	return strings.Join(all, " ")
}

func TestEachFaultHasItsCodeAndSaysWhatToDo(t *testing.T) {
	_, cfg := newBank(t)
	checker := admin.NewChecker(cfg)
	for _, c := range []struct{ address, scope, want, words string }{
		{"https://example.com/apply", admin.ScopeOrigin, "", ""},
		{"https://example.com/apply", admin.ScopeExact, "", ""},
		{"https://example.com/moved", admin.ScopeOrigin, "", ""},
		{"https://example.com/apply/old", admin.ScopeOrigin, "", ""},
		{"https://example.com/moved", admin.ScopeExact, "redirect", "https://example.com/apply"},
		{"https://example.com/moved", admin.ScopePrefix, "redirect", "https://example.com/apply"},
		{"https://example.com/apply/up", admin.ScopePrefix, "redirect", "https://example.com/none"},
		{"https://example.com/apply/trick", admin.ScopePrefix, "redirect", "cannot be read"},
		{"https://example.com/away", admin.ScopeOrigin, "redirect", "https://evil.example"},
		{"https://example.com/plain", admin.ScopeOrigin, "redirect", "http://bank.example"},
		{"https://example.com/round", admin.ScopeOrigin, "redirect", "more than 10 times"},
		{"https://example.com/strange", admin.ScopeOrigin, "redirect", "cannot be read"},
		{"https://example.com/none", admin.ScopeOrigin, "no_tag", "Add the script tag"},
		{"https://example.com/late", admin.ScopeOrigin, "no_tag", "Add the script tag"},
		{"https://example.com/old", admin.ScopeOrigin, "old_version", "0.9.0"},
		{"https://example.com/forged", admin.ScopeOrigin, "bad_integrity", "Copy the whole line again"},
		{"https://example.com/broken", admin.ScopeOrigin, "http_status", "500 Internal Server Error"},
		{"https://example.com/missing", admin.ScopeOrigin, "http_status", "404 Not Found"},
		{"https://example.com/terms.pdf", admin.ScopeOrigin, "not_html", "text/html"},
		{"https://bank.other.test/apply", admin.ScopeOrigin, "certificate", "for another name"},
		{"https://closed.example.com/", admin.ScopeOrigin, "unreachable", "refuses the connection"},
		{"https://nowhere.invalid/", admin.ScopeOrigin, "unreachable", "nowhere.invalid"},
		{"http://example.com/apply", admin.ScopeOrigin, "not_https", "https address"},
		{"example.com/apply", admin.ScopeOrigin, "bad_address", "begin with https"},
		{"https://user:geheim@example.com/", admin.ScopeOrigin, "bad_address", "user name"},
	} {
		t.Run(c.address+" "+c.scope, func(t *testing.T) {
			report := checker.Check(t.Context(), c.address, c.scope)
			if codes(report) != c.want || report.OK != (c.want == "") {
				t.Fatalf("faults = %+v, want %q", report.Faults, c.want)
			}
			if report.At.IsZero() || time.Since(report.At) > time.Minute {
				t.Errorf("time of the check = %v", report.At)
			}
			for _, f := range report.Faults {
				if all := f.Message + " " + f.Hint; !strings.Contains(all, c.words) || f.Hint == "" || strings.Contains(all, "geheim") {
					t.Errorf("fault says %q, want it to name %q", all, c.words)
				}
			}
		})
	}
}

func TestCheckSaysWhichVersionThePageCarries(t *testing.T) {
	_, cfg := newBank(t)
	if got := admin.NewChecker(cfg).Check(t.Context(), "https://example.com/apply", admin.ScopeOrigin).TagVersion; got != "1.0.0" {
		t.Errorf("tagVersion = %q, want 1.0.0", got)
	}
}

func TestCheckEndsWhenTheServerDoesNotAnswer(t *testing.T) {
	_, cfg := newBank(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	report := admin.NewChecker(cfg).Check(ctx, "https://example.com/slow", admin.ScopeOrigin)
	if codes(report) != "unreachable" || !strings.Contains(report.Faults[0].Message, "did not answer") {
		t.Errorf("faults = %+v, want unreachable, no answer", report.Faults)
	}
}

func TestCheckNeverReachesInternalAddresses(t *testing.T) {
	bank, cfg := newBank(t)
	_, port, _ := net.SplitHostPort(bank.Listener.Addr().String())
	cfg.Resolve = nil
	checker := admin.NewChecker(cfg)
	for _, host := range []string{
		"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "localhost", "10.1.2.3", "172.20.0.1", "192.168.1.1", "100.64.0.1",
		"169.254.169.254", "168.63.129.16", "[fd00:ec2::254]", "[fe80::1]", "[fc00::1]", "0.0.0.0", "[::]", "224.0.0.1", "[2002:7f00:1::]",
	} {
		report := checker.Check(t.Context(), "https://"+host+":"+port+"/apply", admin.ScopeOrigin)
		if codes(report) != "unreachable" || !strings.Contains(report.Faults[0].Message, "internal address") {
			t.Errorf("check of %s: %+v, want it refused as internal", host, report.Faults)
		}
	}
	cfg.AllowPrivate = true
	checker = admin.NewChecker(cfg)
	if report := checker.Check(t.Context(), "https://127.0.0.1:"+port+"/apply", admin.ScopeOrigin); !report.OK {
		t.Errorf("check of a private address that is allowed: %+v", report.Faults)
	}
	for _, host := range []string{"169.254.169.254", "168.63.129.16", "0.0.0.0", "[fe80::1]"} {
		if report := checker.Check(t.Context(), "https://"+host+":"+port+"/", admin.ScopeOrigin); !strings.Contains(report.Faults[0].Message, "internal address") {
			t.Errorf("check of %s: %+v, want it refused although private addresses are allowed", host, report.Faults)
		}
	}
}

func TestCheckTrustsOnlyThePinnedCertificateItself(t *testing.T) {
	bank, cfg := newBank(t)
	cfg.TrustCerts = nil
	if report := admin.NewChecker(cfg).Check(t.Context(), "https://example.com/apply", admin.ScopeOrigin); codes(report) != "certificate" {
		t.Errorf("check without pins: %+v, want certificate", report.Faults)
	}

	authority, key := newCertificate(t, "Authority", nil, nil)
	leaf, leafKey := newCertificate(t, "example.com", authority, key)
	other := httptest.NewUnstartedServer(bank.Config.Handler)
	other.Config.ErrorLog = log.New(io.Discard, "", 0)
	other.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}}}
	other.StartTLS()
	defer other.Close()
	cfg.Resolve["example.com:443"] = other.Listener.Addr().String()
	cfg.TrustCerts = []*x509.Certificate{authority}
	if report := admin.NewChecker(cfg).Check(t.Context(), "https://example.com/apply", admin.ScopeOrigin); codes(report) != "certificate" {
		t.Errorf("check of a certificate that a pinned one issued: %+v, want certificate", report.Faults)
	}
	cfg.TrustCerts = []*x509.Certificate{leaf}
	if report := admin.NewChecker(cfg).Check(t.Context(), "https://example.com/apply", admin.ScopeOrigin); !report.OK {
		t.Errorf("check of the pinned certificate: %+v, want ok", report.Faults)
	}
}

func TestCheckOfAServerWithoutTLSSaysSo(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	cfg := admin.CheckerConfig{Resolve: map[string]string{"plain.example:443": plain.Listener.Addr().String()}}
	if report := admin.NewChecker(cfg).Check(t.Context(), "https://plain.example/", admin.ScopeOrigin); codes(report) != "certificate" {
		t.Errorf("faults = %+v, want certificate", report.Faults)
	}
}

// newCertificate makes an authority's certificate, or one that parent issued.
func newCertificate(t *testing.T, name string, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wanted := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: parent == nil, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if parent == nil {
		parent, parentKey, wanted.DNSNames = wanted, key, nil
	}
	raw, err := x509.CreateCertificate(rand.Reader, wanted, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(fmt.Errorf("make certificate: %w", err))
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return made, key
}
