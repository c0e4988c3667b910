package renderer

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// address is an https address taken apart, in the form in which Chrome writes it: host lower case and in punycode, no default port,
// no dot segments, percent-encoding normalised.
type address struct {
	host string // with the port, unless it is 443
	path string // begins with a slash
}

// hostProfile maps hosts as browsers do (UTS 46, non-transitional).
func hostProfile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(false))
}

var errAddress = errors.New("not a plain web address")

// parseAddress reads an absolute https address; ErrNotHTTPS for another scheme. What browsers and servers read differently is refused
// rather than guessed: user information, backslashes, control characters and spaces, broken escapes, numbers that look like hosts.
func parseAddress(raw string) (address, error) {
	for _, c := range raw {
		if c <= ' ' || c == 0x7f || c == '\\' {
			return address{}, fmt.Errorf("%w: it contains %q", errAddress, c)
		}
	}
	scheme, rest, ok := strings.Cut(raw, ":")
	switch {
	case !ok || scheme == "":
		return address{}, fmt.Errorf("%w: it has no scheme", errAddress)
	case !strings.EqualFold(scheme, "https"):
		return address{}, ErrNotHTTPS
	case !strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "///"):
		return address{}, fmt.Errorf("%w: https:// and a host must come first", errAddress)
	}
	u, err := url.Parse("https:" + rest)
	if err != nil {
		return address{}, fmt.Errorf("%w: it does not parse", errAddress) // the error would quote the whole address
	}
	if u.User != nil {
		return address{}, fmt.Errorf("%w: it contains a user name", errAddress)
	}
	host, err := canonicalHost(u.Hostname(), strings.HasPrefix(u.Host, "["))
	if err != nil {
		return address{}, err
	}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return address{}, fmt.Errorf("%w: its port is not a number from 1 to 65535", errAddress)
		}
		if n != 443 {
			host += ":" + strconv.FormatUint(n, 10)
		}
	}
	return address{host: host, path: canonicalPath(u.EscapedPath())}, nil
}

func canonicalHost(host string, bracketed bool) (string, error) {
	if bracketed {
		ip := net.ParseIP(host)
		if ip == nil || ip.To4() != nil && !strings.Contains(host, ":") {
			return "", fmt.Errorf("%w: its host is not an IPv6 address", errAddress)
		}
		return "[" + ip.String() + "]", nil
	}
	ascii, err := hostProfile().ToASCII(host)
	if err != nil || ascii == "" || len(ascii) > 253+1 {
		return "", fmt.Errorf("%w: its host is not a name", errAddress)
	}
	ascii = strings.ToLower(ascii)
	for _, c := range ascii {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') {
			return "", fmt.Errorf("%w: its host contains %q", errAddress, c)
		}
	}
	if strings.HasPrefix(ascii, ".") || strings.Contains(ascii, "..") {
		return "", fmt.Errorf("%w: its host has an empty label", errAddress)
	}
	// A last label that is a number makes browsers read the whole as an IPv4 address, in octal and hexadecimal too.
	labels := strings.Split(strings.TrimSuffix(ascii, "."), ".")
	if last := labels[len(labels)-1]; last[0] >= '0' && last[0] <= '9' {
		if ip := net.ParseIP(ascii); ip == nil || ip.String() != ascii {
			return "", fmt.Errorf("%w: its host is a number but not a plain IPv4 address", errAddress)
		}
	}
	return ascii, nil
}

// canonicalPath resolves dot segments, also encoded ones, decodes what needs no encoding and encodes with upper-case digits.
func canonicalPath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if v, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				if unreserved(byte(v)) {
					b.WriteByte(byte(v))
				} else {
					b.WriteString(strings.ToUpper(path[i : i+3]))
				}
				i += 2
				continue
			}
		}
		b.WriteByte(c)
	}
	return removeDots(b.String())
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func removeDots(path string) string {
	var out []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

// plainAddress is the address without query, fragment and user information, for people and logs. Of a scheme that is not the
// web's only the scheme is left: mailto: and data: carry personal data.
func plainAddress(raw string) string {
	scheme, rest, ok := strings.Cut(raw, ":")
	switch {
	case !ok:
		return ""
	case strings.EqualFold(scheme, "about"):
		raw, _, _ = strings.Cut(raw, "?")
		raw, _, _ = strings.Cut(raw, "#")
		return raw
	case !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https"):
		if scheme, ok = knownScheme(scheme); !ok {
			return ""
		}
		return scheme + ":"
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	rest = strings.TrimLeft(rest, "/\\")
	host, path, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	return strings.ToLower(scheme) + "://" + host + "/" + path
}

// knownScheme keeps a long or odd "scheme" from carrying data.
func knownScheme(s string) (string, bool) {
	if len(s) == 0 || len(s) > 20 {
		return "", false
	}
	for _, c := range s {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("+-.", c)) {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// originOf is scheme and host of a web address.
func originOf(raw string) string {
	plain := plainAddress(raw)
	scheme, rest, ok := strings.Cut(plain, "://")
	if !ok {
		return plain
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
