package admin_test

import (
	"net/url"
	"strings"
	"testing"

	"binnacle/admin"
)

func TestAddressIsReadAsBrowsersReadIt(t *testing.T) {
	for text, want := range map[string]string{
		"https://www.bank.example":                     "https://www.bank.example/",
		"  https://www.bank.example/apply \n":          "https://www.bank.example/apply",
		"HTTPS://WWW.Bank.Example:443/Apply?lang=en":   "https://www.bank.example/Apply?lang=en",
		"https://www.bank.example:08443/":              "https://www.bank.example:8443/",
		"https://www.bank.example/apply#step-2":        "https://www.bank.example/apply",
		"https://bücher.example/":                      "https://xn--bcher-kva.example/",
		"https://bank.example/a%2Fb/ü":                 "https://bank.example/a%2Fb/%C3%BC",
		"https://my_host.bank.example/x":               "https://my_host.bank.example/x",
		"https://192.0.2.7/x":                          "https://192.0.2.7/x",
		"https://[2001:DB8:0::7]:444/":                 "https://[2001:db8::7]:444/",
		"http://www.bank.example:80/":                  "http://www.bank.example/",
		"https://www.bank.example/apply?next=/../home": "https://www.bank.example/apply?next=/../home",
	} {
		got, err := admin.ParseAddress(text)
		if err != nil {
			t.Errorf("ParseAddress(%q): %v", text, err)
		} else if got.String() != want {
			t.Errorf("ParseAddress(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestAddressThatBrowsersReadDifferentlyIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "   ", "www.bank.example", "/apply", "//www.bank.example/", "mailto:a@bank.example", "javascript:alert(1)", "file:///etc/passwd",
		"ftp://bank.example/", "https:bank.example", "https://", "https:///apply", "https://user@bank.example/", "https://user:secret@bank.example/",
		`https://bank.example\@evil.example/`, `https:\\bank.example\`, "https://bank.example/a b", "https://bank.example/\x00", "https://ba\nnk.example/",
		"https://bank.example:0/", "https://bank.example:65536/", "https://bank.example:/", "https://bank.example:x/",
		"https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://1.2.3.4.5/", "https://bank.0x1/",
		"https://[::1", "https://[::1%25eth0]/", "https://[127.0.0.1]/", "https://ba%6ek.example/", "https://.bank.example/", "https://bank..example/",
		"https://bank.example/a/../b", "https://bank.example/a/%2e%2E/b", "https://bank.example/./b", "https://bank.example/a/..%2Fb", "https://bank.example/a%5C..%5Cb", "https://bank.example/.%2e",
		"https://bank.example/" + strings.Repeat("a", admin.MaxAddressBytes), "https://bank.example/\xff",
	} {
		if got, err := admin.ParseAddress(text); err == nil {
			t.Errorf("ParseAddress(%q) = %q, want an error", text, got)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"https://www.bank.example/apply?x=1#y", "https://[::1]:8443/a%2fb", "https://bücher.example", "http://a:80/%zz", `https://a\b`, "https://0x7f.1/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := admin.ParseAddress(text)
		if err != nil {
			return
		}
		if got.User != nil || got.Fragment != "" || got.Host == "" || !strings.HasPrefix(got.Path, "/") || (got.Scheme != "https" && got.Scheme != "http") {
			t.Errorf("ParseAddress(%q) = %#v", text, got)
		}
		again, err := admin.ParseAddress(got.String())
		if err != nil || again.String() != got.String() {
			t.Errorf("ParseAddress(%q) = %q, and that again %v, %v", text, got, again, err)
		}
		if plain, err := url.Parse(got.String()); err != nil || plain.Host != got.Host {
			t.Errorf("url.Parse(%q) = %v, %v", got, plain, err)
		}
	})
}
