package renderer_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"binnacle/renderer"
)

func TestPolicyAllowsWhatThePresetSays(t *testing.T) {
	const off, plain, other = "off_preset", "not_https", "other_scheme"
	tests := []struct {
		home    string
		scope   renderer.Scope
		address string
		want    string
	}{
		{"https://bank.example/apply", renderer.ScopeOrigin, "https://bank.example/", ""},
		{"https://bank.example/apply", "", "https://bank.example/other?x=1#y", ""},
		{"https://bank.example/apply", renderer.ScopeOrigin, "https://BANK.example:443/", ""},
		{"https://bank.example:443/apply", renderer.ScopeOrigin, "https://bank.example/", ""},
		{"https://bank.example/apply", renderer.ScopeOrigin, "https://bank.example:8443/", off},
		{"https://bank.example:8443/apply", renderer.ScopeOrigin, "https://bank.example:8443/", ""},
		{"https://bank.example:8443/apply", renderer.ScopeOrigin, "https://bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://bank.example./", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://www.bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://bank.example.evil.test/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://bank.example@evil.test/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://evil.test/@bank.example", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://user@bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https://evil.test\\@bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https:bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "https:///bank.example/", off},
		{"https://bank.example/", renderer.ScopeOrigin, "http://bank.example/", plain},
		{"https://bank.example/", renderer.ScopeOrigin, "HTTP://bank.example/", plain},
		{"https://bank.example/", renderer.ScopeOrigin, "about:blank", other},
		{"https://bank.example/", renderer.ScopeOrigin, "javascript:alert(1)", other},
		{"https://bank.example/", renderer.ScopeOrigin, "data:text/html,https://bank.example/", other},
		{"https://bank.example/", renderer.ScopeOrigin, "blob:https://bank.example/0-0", other},
		{"https://bank.example/", renderer.ScopeOrigin, "mailto:a@bank.example", other},
		{"https://bank.example/", renderer.ScopeOrigin, "", other},
		{"https://b\u00fccher.example/", renderer.ScopeOrigin, "https://xn--bcher-kva.example/", ""},
		{"https://B\u00dcCHER.example/", renderer.ScopeOrigin, "https://xn--bcher-kva.example/x", ""},
		{"https://stra\u00dfe.example/", renderer.ScopeOrigin, "https://xn--strae-oqa.example/", ""}, // non-transitional, as browsers
		{"https://bank.example/", renderer.ScopeOrigin, "https://b\u0430nk.example/", off},           // Cyrillic а
		{"https://127.0.0.1/", renderer.ScopeOrigin, "https://127.0.0.1/", ""},
		{"https://127.0.0.1/", renderer.ScopeOrigin, "https://0x7f.1/", off},
		{"https://[::1]/", renderer.ScopeOrigin, "https://[0:0::1]/", ""},

		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/apply?step=2#x", ""},
		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/a%70ply", ""},
		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/x/../apply", ""},
		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/apply/", off},
		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/Apply", off},
		{"https://bank.example/apply", renderer.ScopeExact, "https://bank.example/apply/2", off},
		{"https://bank.example", renderer.ScopeExact, "https://bank.example/", ""},
		{"https://bank.example/%c3%bc", renderer.ScopeExact, "https://bank.example/%C3%BC", ""},
		{"https://bank.example/ü", renderer.ScopeExact, "https://bank.example/%C3%BC", ""},

		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply", ""},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/", ""},
		{"https://bank.example/apply/", renderer.ScopePrefix, "https://bank.example/apply", ""},
		{"https://bank.example/apply/", renderer.ScopePrefix, "https://bank.example/apply/step/2", ""},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/applyhere", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/../admin", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/%2e%2e/admin", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/..%2fadmin", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/..%5cadmin", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply%2fadmin", off},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/a%2fb", ""},
		{"https://bank.example/apply", renderer.ScopePrefix, "https://bank.example/apply/%zz", off},
		{"https://bank.example/", renderer.ScopePrefix, "https://bank.example/anything", ""},
		{"https://bank.example/a", renderer.ScopePrefix, "https://bank.example//a", off},
	}
	for _, test := range tests {
		blocks, err := renderer.Policy(test.home, test.scope)
		if err != nil {
			t.Errorf("%s: %v", test.home, err)
			continue
		}
		if got := blocks(test.address); got != test.want {
			t.Errorf("%s %s blocks %q = %q, want %q", test.scope, test.home, test.address, got, test.want)
		}
	}
}

func TestPolicyRefusesAddressesThatArePlainlyWrong(t *testing.T) {
	for _, home := range []string{"", "bank.example", "https:", "https://", "https:///x", "https://user:pw@bank.example/", "https://bank.example:0/",
		"https://bank.example:99999/", "https://bank example/", "https://bank.example/\\x", "https://ba%6ek.example:x/", "https://a..b/", "https://1.2.3/", "https://0x7f000001/",
		"https://bank.example/%zz", "https://[::1", "https://\u0000/"} {
		if _, err := renderer.Policy(home, ""); err == nil {
			t.Errorf("%q is taken", home)
		} else if errors.Is(err, renderer.ErrNotHTTPS) {
			t.Errorf("%q: %v", home, err)
		}
	}
	for _, home := range []string{"http://bank.example/", "ftp://bank.example/", "javascript:alert(1)"} {
		if _, err := renderer.Policy(home, ""); !errors.Is(err, renderer.ErrNotHTTPS) {
			t.Errorf("%q: %v, want %v", home, err, renderer.ErrNotHTTPS)
		}
	}
	if _, err := renderer.Policy("https://bank.example/", "everything"); err == nil {
		t.Error("an unknown scope is taken")
	}
}

func FuzzPolicy(f *testing.F) {
	for _, s := range []string{"https://bank.example/apply/x", "https://bank.example:443/apply/../x", "https://u@bank.example/apply", "https://bank.example\\@x/apply", "https://bank.example/apply/..%2f..", "https://bank.example#@evil.test/apply"} {
		f.Add(s)
	}
	var policies []func(string) string
	for _, scope := range []renderer.Scope{renderer.ScopeExact, renderer.ScopePrefix, renderer.ScopeOrigin} {
		blocks, err := renderer.Policy("https://bank.example/apply", scope)
		if err != nil {
			f.Fatal(err)
		}
		policies = append(policies, blocks)
	}
	f.Fuzz(func(t *testing.T, address string) {
		exact, prefix, origin := policies[0](address), policies[1](address), policies[2](address)
		if exact == "" && prefix != "" || prefix == "" && origin != "" {
			t.Fatalf("%q: exact %q, prefix %q, origin %q: a narrow scope allows more than a wide one", address, exact, prefix, origin)
		}
		if origin != "" {
			return
		}
		u, err := url.Parse(address)
		if err != nil || !strings.EqualFold(u.Scheme, "https") || u.User != nil || (u.Port() != "" && u.Port() != "443" && strings.TrimLeft(u.Port(), "0") != "443") {
			t.Fatalf("%q is allowed and is %+v", address, u)
		}
		if prefix == "" && (strings.Contains(u.Path, "..") && !strings.Contains(u.Path, "apply")) {
			t.Fatalf("%q is allowed below /apply", address)
		}
	})
}

func TestPlainAddressHidesWhatIsPersonal(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.test/x?secret=1#y":    "https://a.test/x",
		"https://user:pw@a.test/x":       "https://a.test/x",
		"https://user:pw@a.test":         "https://a.test/",
		"HTTPS://a.test?q":               "https://a.test/",
		"mailto:anna@bank.example":       "mailto:",
		"tel:+41791234567":               "tel:",
		"data:text/html,secret":          "data:",
		"about:blank?x#y":                "about:blank",
		"blob:https://a.test/123":        "blob:",
		"someone-secret-and-long-word:x": "",
		"no scheme":                      "",
		"":                               "",
	} {
		if got := renderer.PlainAddress(in); got != want {
			t.Errorf("plain address of %q = %q, want %q", in, got, want)
		}
	}
}
