package admin

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"binnacle/web/tag"
)

// Limits of a check, with a test each.
const (
	CheckTimeout      = 10 * time.Second // all of it, redirects included
	MaxCheckRedirects = 10
	MaxCheckBytes     = 5 << 20 // of the page; what comes later is not read
)

// CheckerConfig says what checks may reach. The zero value reaches public addresses with certificates that the system trusts.
type CheckerConfig struct {
	Resolve      map[string]string   // "host:port" → "ip:port"; these are used as they are, internal ones too
	TrustCerts   []*x509.Certificate // exactly these are trusted besides, for the names that they carry
	AllowPrivate bool                // names may lead to private and loopback addresses
}

// Checker finds out whether a page can be co-browsed, and if not, why. Check may be called concurrently.
type Checker struct {
	cfg    CheckerConfig
	client *http.Client
}

// NewChecker returns a Checker. It keeps no connection open between checks.
func NewChecker(cfg CheckerConfig) *Checker {
	c := &Checker{cfg: cfg}
	c.client = &http.Client{
		Transport: &http.Transport{
			DialContext:            c.dial,
			TLSClientConfig:        pinnedTLS(cfg.TrustCerts),
			DisableKeepAlives:      true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 256 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// Check loads the page as a session would and reports every fault that it can see from here. It blocks for CheckTimeout at
// most and never fails: whatever goes wrong is a fault of the page, in words that say what to do.
func (c *Checker) Check(ctx context.Context, address, scope string) Report {
	report := Report{At: time.Now().UTC().Truncate(time.Millisecond), Faults: []Fault{}}
	target, err := ParseAddress(address)
	switch {
	case err != nil:
		report.Faults = append(report.Faults, *fault(FaultBadAddress, "The address "+err.Error()+".", "Write it as the browser's address bar shows it."))
	case target.Scheme != "https":
		report.Faults = append(report.Faults, *fault(FaultNotHTTPS, "The address is not https.", "Use the page's https address. Pages on plain http are never co-browsed."))
	default:
		ctx, cancel := context.WithTimeout(ctx, CheckTimeout)
		defer cancel()
		report.Faults, report.TagVersion = c.load(ctx, target, scope)
	}
	report.OK = len(report.Faults) == 0
	return report
}

// load follows redirects by hand, each inside the scope, and reads the page at the end.
func (c *Checker) load(ctx context.Context, preset *url.URL, scope string) (faults []Fault, tagVersion string) {
	at := preset
	for range MaxCheckRedirects + 1 {
		res, err := c.get(ctx, at)
		if err != nil {
			return []Fault{*transportFault(at, err)}, ""
		}
		next, redirected, f := redirect(preset, at, res, scope)
		if !redirected {
			faults, tagVersion = read(res, at)
			_ = res.Body.Close() // it was read as far as we want it
			return faults, tagVersion
		}
		_ = res.Body.Close()
		if f != nil {
			return []Fault{*f}, ""
		}
		at = next
	}
	return []Fault{*fault(FaultRedirect, "The page redirects more than 10 times.", "Use the address at which the page ends, or mend the server's redirects.")}, ""
}

// get sends one request that says honestly who asks.
func (c *Checker) get(ctx context.Context, at *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (compatible; Binnacle check)")
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	return c.client.Do(req)
}

// redirect returns where an answer leads; redirected is false when it is the page itself.
func redirect(preset, at *url.URL, res *http.Response, scope string) (next *url.URL, redirected bool, f *Fault) {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, false, nil
	}
	location := res.Header.Get("Location")
	if location == "" {
		return nil, false, nil // browsers show the answer's body
	}
	relative, err := url.Parse(location)
	if err == nil {
		next, err = ParseAddress(at.ResolveReference(relative).String())
	}
	if err != nil {
		return nil, true, fault(FaultRedirect, "The page redirects to an address that cannot be read.", "Use the address at which the page ends, or mend the server's redirect.")
	}
	if !inScope(preset, next, scope) {
		return nil, true, fault(FaultRedirect, fmt.Sprintf("The page redirects to %s, which this preset does not allow.", redirectTarget(preset, next)),
			"Use the address at which the page ends, or allow more with the preset's scope.")
	}
	return next, true, nil
}

// redirectTarget names where a redirect leads: the origin, and the path when the origin is the preset's own.
func redirectTarget(preset, next *url.URL) string {
	if origin(preset) == origin(next) {
		return origin(next) + next.EscapedPath()
	}
	return origin(next)
}

// read looks at the page.
func read(res *http.Response, at *url.URL) ([]Fault, string) {
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return []Fault{*fault(FaultHTTPStatus, fmt.Sprintf("The server answers with status %d %s.", res.StatusCode, http.StatusText(res.StatusCode)),
			"Open the address in a browser without being signed in: it must show the page.")}, ""
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || (kind != "text/html" && kind != "application/xhtml+xml") {
		return []Fault{*fault(FaultNotHTML, "The address is not a web page.", "Use the address of a page that the server sends as text/html.")}, ""
	}
	found, err := tag.Find(io.LimitReader(res.Body, MaxCheckBytes))
	return tagFaults(found, err, at)
}

// tagFaults says what is wrong with the script tag.
func tagFaults(found tag.Found, err error, at *url.URL) ([]Fault, string) {
	switch {
	case errors.Is(err, tag.ErrNoTag):
		return []Fault{*faultNoTag()}, ""
	case err != nil:
		return []Fault{*transportFault(at, err)}, ""
	case !found.Supported:
		return []Fault{*faultOldVersion(found.Version, recommendedTag().Number)}, found.Version
	case !found.IntegrityOK:
		return []Fault{*faultBadIntegrity(found.Version)}, found.Version
	}
	return []Fault{}, found.Version
}

// recommendedTag is the version that the settings page shows first.
func recommendedTag() tag.Version {
	versions := tag.Versions()
	for _, v := range versions {
		if v.Recommended {
			return v
		}
	}
	return versions[0]
}

// Summary says the report in one line, for logs and the command line: the codes alone.
func (r Report) Summary() string {
	if r.OK {
		return "ok"
	}
	codes := make([]string, 0, len(r.Faults))
	for _, f := range r.Faults {
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, ",")
}
