package testsite_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"binnacle/internal/testsite"
	"binnacle/web/tag"

	"golang.org/x/net/html"
)

func start(t *testing.T) *testsite.Site {
	t.Helper()
	site, err := testsite.Start(t.Context(), testsite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	})
	return site
}

// client is a browser without a screen: it knows the site's hosts and certificate, keeps cookies, and follows no redirects.
func client(t *testing.T, site *testsite.Site) *http.Client {
	t.Helper()
	trusted := x509.NewCertPool()
	trusted.AddCert(site.Certificate())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			where, known := site.Resolve()[address]
			if !known {
				return nil, errors.New("no such host: " + address)
			}
			return new(net.Dialer).DialContext(ctx, network, where)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// get returns the answer and its body.
func get(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	answer, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body(t, answer)
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func coBrowsable() []string {
	return []string{"/", "/open-account", "/mortgage", "/identity", "/card-limit", "/branches", "/photo", "/long", "/popup", "/headers", "/slow?ms=1"}
}

func TestEveryPageCarriesTheScriptTag(t *testing.T) {
	site := start(t)
	c := client(t, site)
	for _, path := range coBrowsable() {
		answer, page := get(t, c, site.URL(path))
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, answer.StatusCode)
		}
		found, err := tag.Find(strings.NewReader(page))
		if err != nil || !found.Supported || !found.IntegrityOK {
			t.Errorf("%s: %+v, %v", path, found, err)
			continue
		}
		_, source := get(t, c, found.Src)
		if source != string(tag.Versions()[0].Source) {
			t.Errorf("%s: the bank serves another script than was released", path)
		}
	}
}

func TestFaultyPagesAreFaultyInTheirOwnWay(t *testing.T) {
	site := start(t)
	c := client(t, site)
	_, page := get(t, c, site.URL("/no-tag"))
	if found, err := tag.Find(strings.NewReader(page)); !errors.Is(err, tag.ErrNoTag) {
		t.Errorf("/no-tag: %+v, %v", found, err)
	}
	_, page = get(t, c, site.URL("/old-tag"))
	if found, err := tag.Find(strings.NewReader(page)); err != nil || !found.Known || found.Supported || !found.IntegrityOK {
		t.Errorf("/old-tag: %+v, %v", found, err)
	}
	_, page = get(t, c, site.URL("/changed-tag"))
	if found, err := tag.Find(strings.NewReader(page)); err != nil || !found.Supported || found.IntegrityOK {
		t.Errorf("/changed-tag: %+v, %v", found, err)
	}
	answer, _ := get(t, c, site.URL("/moved"))
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusFound || to != "https://moved-elsewhere.test/" {
		t.Errorf("/moved: %d to %q", answer.StatusCode, to)
	}
	answer, page = get(t, c, answer.Header.Get("Location"))
	if found, err := tag.Find(strings.NewReader(page)); answer.StatusCode != http.StatusOK || err != nil || !found.IntegrityOK {
		t.Errorf("moved-elsewhere.test: %d, %+v, %v", answer.StatusCode, found, err)
	}
	for path, want := range map[string]int{"/gone": 410, "/nothing": 404, "/static/nothing.js": 404, "/photo/9.jpg": 404} {
		if answer, _ := get(t, c, site.URL(path)); answer.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, answer.StatusCode, want)
		}
	}
	if answer, _ := get(t, c, site.URL("/rates.json")); answer.Header.Get("Content-Type") != "application/json" {
		t.Errorf("/rates.json: %s", answer.Header.Get("Content-Type"))
	}
	_, err := c.Get("https://" + testsite.StrangerHost + "/")
	if _, unknown := errors.AsType[*tls.CertificateVerificationError](err); !unknown {
		t.Errorf("wrong-certificate.test: %v, want a certificate that is not trusted", err)
	}
}

func TestPagesAreSoundHTML(t *testing.T) {
	site := start(t)
	c := client(t, site)
	addresses := []string{"https://" + testsite.PartnerHost + "/frame?merchant=harbour-bank", "https://" + testsite.MovedHost + "/"}
	for _, path := range append(coBrowsable(), "/frames/mortgage-form", "/no-tag", "/old-tag") {
		addresses = append(addresses, site.URL(path))
	}
	links := make(map[string]bool)
	for _, address := range addresses {
		_, page := get(t, c, address)
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		ids := make(map[string]bool)
		for n := range root.Descendants() {
			id := attr(n, "id")
			if id != "" && ids[id] {
				t.Errorf("%s: the id %q occurs twice", address, id)
			}
			ids[id] = true
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s> does not work under the bank's policy", address, n.Data, a.Key)
				}
			}
			for _, key := range []string{"href", "src", "action"} {
				if to, err := url.Parse(attr(n, key)); err == nil && attr(n, key) != "" && to.Scheme != "tel" && to.Scheme != "mailto" {
					base, _ := url.Parse(address)
					to = base.ResolveReference(to)
					to.Fragment = ""
					links[to.String()] = true
				}
			}
		}
		for n := range root.Descendants() {
			for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "list"} {
				for _, id := range strings.Fields(attr(n, key)) {
					if !ids[id] {
						t.Errorf("%s: <%s %s> points to %q, which is not there", address, n.Data, key, id)
					}
				}
			}
		}
		if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<no value>") {
			t.Errorf("%s: a template went wrong", address)
		}
	}
	for link := range links {
		if answer, _ := get(t, c, link); answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", link, answer.StatusCode)
		}
	}
}

func TestBankSendsTheHeadersOfACarefulBank(t *testing.T) {
	site := start(t)
	c := client(t, site)
	for address, want := range map[string]struct{ ancestors, frameOptions string }{
		site.URL("/open-account"):                        {"frame-ancestors 'none'", "DENY"},
		site.URL("/headers"):                             {"frame-ancestors 'none'", "DENY"},
		site.URL("/nothing"):                             {"frame-ancestors 'none'", "DENY"},
		site.URL("/frames/mortgage-form"):                {"frame-ancestors https://harbour-bank.test", "SAMEORIGIN"},
		"https://" + testsite.PartnerHost + "/frame":     {"frame-ancestors https://harbour-bank.test", ""},
		"https://" + testsite.PartnerHost + "/elsewhere": {"frame-ancestors 'none'", "DENY"},
	} {
		answer, _ := get(t, c, address)
		policy := answer.Header.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, want.ancestors) {
			t.Errorf("%s: Content-Security-Policy is %q, want %s in it", address, policy, want.ancestors)
		}
		if got := answer.Header.Get("X-Frame-Options"); got != want.frameOptions {
			t.Errorf("%s: X-Frame-Options is %q, want %q", address, got, want.frameOptions)
		}
		if answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers are %v", address, answer.Header)
		}
	}
}

func TestCertificateCoversTheHosts(t *testing.T) {
	site := start(t)
	for _, host := range []string{testsite.BankHost, "www." + testsite.BankHost, testsite.PartnerHost, testsite.MovedHost} {
		if err := site.Certificate().VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
	if site.Certificate().VerifyHostname(testsite.StrangerHost) == nil {
		t.Error("the certificate covers the stranger's host")
	}
	answer, _ := get(t, client(t, site), "https://www."+testsite.BankHost+"/long?a=b")
	if to := answer.Header.Get("Location"); to != site.URL("/long?a=b") {
		t.Errorf("www leads to %q", to)
	}
}

func TestPhotosAreLargePictures(t *testing.T) {
	site := start(t)
	c := client(t, site)
	for path, format := range map[string]string{"/photo/1.jpg": "jpeg", "/photo/4.png": "png"} {
		_, content := get(t, c, site.URL(path))
		picture, got, err := image.Decode(strings.NewReader(content))
		if err != nil || got != format || picture.Bounds().Dx() != 1200 || picture.Bounds().Dy() != 750 {
			t.Errorf("%s: %s, %v", path, got, err)
		}
		if _, again := get(t, c, site.URL(path)); again != content {
			t.Errorf("%s: two requests gave two pictures", path)
		}
	}
}

func TestSlowPageEndsWithItsRequest(t *testing.T) {
	site := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL("/slow?ms=20000"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client(t, site).Do(request); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v, want the deadline", err)
	}
}

func TestClosedSiteIsGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	site, err := testsite.Start(ctx, testsite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	address := site.Resolve()[testsite.BankHost+":443"]
	cancel()
	for range 2 {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	}
	if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
	if _, err := testsite.Start(t.Context(), testsite.Options{Listen: "256.0.0.1:0"}); err == nil {
		t.Error("a wrong address to listen on gave no error")
	}
}

func TestPresetsLeadToTheSite(t *testing.T) {
	site := start(t)
	names := make(map[string]bool)
	for _, p := range site.Presets() {
		if names[p.Name] {
			t.Errorf("two presets are named %q", p.Name)
		}
		names[p.Name] = true
		address, err := url.Parse(p.Address)
		if err != nil {
			t.Fatal(err)
		}
		_, known := site.Resolve()[address.Host+":443"]
		broken := strings.HasPrefix(p.Name, "Will not start: ")
		if !broken && (!known || address.Scheme != "https") {
			t.Errorf("preset %q leads to %s", p.Name, p.Address)
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
