package admin

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxAddressBytes is the longest address of a preset.
const MaxAddressBytes = 2048

// ParseAddress reads the address of a page as browsers do, and refuses whatever Go and a browser could read differently:
// backslashes, spaces, credentials, numbers in disguise as hosts, dot segments. Scheme and host come back in small letters,
// the host as ASCII; a default port and the fragment are dropped. http is read too: the check says that it is not https.
// Its errors are sentences for people and repeat nothing of the address.
func ParseAddress(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, errors.New("must not be empty")
	case len(text) > MaxAddressBytes:
		return nil, errors.New("must have at most 2048 bytes")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }):
		return nil, errors.New("must not have spaces, backslashes or control characters")
	}
	u, err := url.Parse(escapeRest(text))
	if err != nil || u.Opaque != "" {
		return nil, errors.New("must be a whole address, such as https://www.example.com/form")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("must begin with https://")
	case u.User != nil:
		return nil, errors.New("must not have a user name or password")
	case u.Host == "":
		return nil, errors.New("must name a host, such as www.example.com")
	case dotSegments(u.EscapedPath()):
		return nil, errors.New("must not have . or .. as a part of its path")
	}
	if u.Host, err = tidyHost(u); err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path, u.RawPath = "/", ""
	}
	return url.Parse(u.String()) // the form in which it is stored, as Parse sees it
}

// escapeRest writes what comes after the host in ASCII, as browsers do before they send it. Without that, Go would decode
// and encode the whole path anew, and a slash written as %2F would become one.
func escapeRest(text string) string {
	_, after, ok := strings.Cut(text, "://")
	at := strings.IndexAny(after, "/?#")
	if !ok || at < 0 {
		return text
	}
	var b strings.Builder
	b.WriteString(text[:len(text)-len(after)+at])
	for i := at; i < len(after); i++ {
		if c := after[i]; c >= 0x80 || strings.IndexByte("\"<>^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// tidyHost returns host and port, without the scheme's default port.
func tidyHost(u *url.URL) (string, error) {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if strings.HasSuffix(u.Host, ":") {
		return "", errors.New("must not end its host with a colon")
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", errors.New("must have a port from 1 to 65535")
		}
		port = strconv.FormatUint(n, 10)
	}
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		port = ""
	}
	if strings.HasPrefix(u.Host, "[") {
		ip, err := netip.ParseAddr(host)
		if err != nil || !ip.Is6() || ip.Zone() != "" {
			return "", errors.New("must have a valid IPv6 address between [ and ]")
		}
		host = "[" + ip.String() + "]"
	} else {
		name, err := hostProfile().ToASCII(host)
		if err != nil || name == "" || !plainHost(name) {
			return "", errors.New("must have a valid host name")
		}
		host = name
	}
	if port == "" {
		return host, nil
	}
	return host + ":" + port, nil
}

// hostProfile maps hosts as browsers do (UTS 46, non-transitional).
func hostProfile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(false))
}

// plainHost says whether a name is a host's, in small ASCII letters, and no number in disguise: browsers read
// 0x7f.1 and 2130706433 as IPv4 addresses (URL standard, "ends in a number").
func plainHost(name string) bool {
	allowed := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if len(name) > 253 || strings.HasPrefix(name, ".") || strings.Contains(name, "..") || strings.ContainsFunc(name, func(r rune) bool { return !allowed(r) }) {
		return false
	}
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	last := labels[len(labels)-1]
	if strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Is4()
}

// dotSegments says whether a path has a part that browsers resolve away, also when it is written as %2e, or that servers
// resolve away after decoding: /app/..%2fadmin is /admin to some.
func dotSegments(path string) bool {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return true
	}
	for part := range strings.FieldsFuncSeq(decoded, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}

// origin returns scheme, host and port in the form in which browsers send it.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
