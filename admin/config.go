package admin

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"binnacle/objects"
)

// Config is what a Server needs. Fields marked required have no default.
type Config struct {
	PublicURL      string         // required: the origin at which people reach this server, "https://cobrowse.example.com"
	FrameAncestors []string       // origins of the call products that may frame the viewer; none by default
	Origins        []string       // origins besides PublicURL whose pages may join and start sessions; none by default
	APIOrigins     []string       // origins whose pages may use /api/v1 from a browser; none by default
	TrustedProxies []netip.Prefix // reverse proxies whose X-Forwarded-For is believed; none by default
	Demo           bool           // the pages say that this is a demonstration

	Settings *Settings     // required
	Hub      Hub           // required: *session.Hub
	Records  Records       // required: *audit.Log
	Store    objects.Store // required: where repeated requests are remembered
	Assets   fs.FS         // required: web.FS, with call.html, view.html, settings.html, compliance.html and index.html
	Checker  *Checker      // default: NewChecker(CheckerConfig{})
	Logger   *slog.Logger  // default: slog.Default()
}

// Validate tells all faults at once.
func (c Config) Validate() error {
	var faults []error
	if _, err := ReadOrigin(c.PublicURL); err != nil {
		faults = append(faults, fmt.Errorf("public URL: %w", err))
	}
	for name, origins := range map[string][]string{"frame ancestors": c.FrameAncestors, "origins": c.Origins, "API origins": c.APIOrigins} {
		for _, o := range origins {
			if _, err := ReadOrigin(o); err != nil {
				faults = append(faults, fmt.Errorf("%s: %q: %w", name, o, err))
			}
		}
	}
	for name, missing := range map[string]bool{
		"settings": c.Settings == nil, "hub": c.Hub == nil, "records": c.Records == nil, "store": c.Store == nil, "assets": c.Assets == nil,
	} {
		if missing {
			faults = append(faults, fmt.Errorf("%s: required", name))
		}
	}
	return errors.Join(faults...)
}

// ReadOrigin reads "https://host" or "https://host:port" and returns it as browsers send it in the header Origin.
func ReadOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return "", errors.New("must be an origin such as https://cobrowse.example.com")
	}
	if strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", errors.New("must have no path, query, fragment or user name")
	}
	if strings.ContainsAny(text, " ,;'\"*") { // it goes into a security policy
		return "", errors.New("must have no wildcard, quote, comma or semicolon")
	}
	if u.Host, err = tidyHost(u); err != nil {
		return "", err
	}
	return origin(u), nil
}

// origins reads a list that Validate has accepted.
func origins(list []string) []string {
	tidy := make([]string, 0, len(list))
	for _, text := range list {
		if o, err := ReadOrigin(text); err == nil {
			tidy = append(tidy, o)
		}
	}
	return tidy
}
