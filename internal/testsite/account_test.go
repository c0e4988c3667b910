package testsite_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"binnacle/internal/testsite"

	"golang.org/x/net/html"
)

func aboutYou() url.Values {
	return url.Values{"title": {"Ms"}, "first_name": {"Grace"}, "last_name": {"Pell"}, "birth_date": {"1981-04-05"}, "email": {"grace@example.com"},
		"phone": {"0306 999 0456"}, "nationality": {"GB"}}
}

func homeAndWork() url.Values {
	return url.Values{"postcode": {"HB1 4QT"}, "address": {"12 Quayside Terrace"}, "employment": {"self-employed"}, "income": {"38000"},
		"overdraft": {"750"}, "card_colour": {"#7a2f4f"}, "extras": {"travel", "roundup"}, "call_time": {"10:30"}, "switch_week": {"2026-W50"},
		"appointment": {"2026-12-01T11:15"}, "employed_since": {"2016-05"}, "website": {""}, "branch": {"Lowmoor"}, "heard": {"adviser"}}
}

func security() url.Values {
	return url.Values{"username": {"grace.pell"}, "password": {"harbour-lights-7"}, "password_repeat": {"harbour-lights-7"}, "pin": {"2043"},
		"otp": {"123456"}, "card_number": {"4111 1111 1111 1111"}, "card_expiry": {"04/29"}, "card_code": {"123"}, "terms": {"yes"}}
}

func with(values url.Values, name string, to ...string) url.Values {
	changed := maps.Clone(values)
	changed[name] = to
	return changed
}

func post(t *testing.T, c *http.Client, address string, values url.Values) (*http.Response, string) {
	t.Helper()
	answer, err := c.PostForm(address, values)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body(t, answer)
}

// leads fails the test unless the answer is the redirect after a POST.
func leads(t *testing.T, answer *http.Response, to string) {
	t.Helper()
	if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || got != to {
		t.Fatalf("%s %s: %d to %q, want 303 to %q", answer.Request.Method, answer.Request.URL.Path, answer.StatusCode, got, to)
	}
}

func TestApplicationGoesThroughItsSteps(t *testing.T) {
	site := start(t)
	c := client(t, site)
	answer, _ := get(t, c, site.URL("/open-account/security"))
	leads(t, answer, "/open-account")
	answer, _ = post(t, c, site.URL("/open-account"), aboutYou())
	leads(t, answer, "/open-account/work")
	answer, _ = get(t, c, site.URL("/open-account/review"))
	leads(t, answer, "/open-account/work")
	answer, _ = post(t, c, site.URL("/open-account/work"), homeAndWork())
	leads(t, answer, "/open-account/security")

	_, page := get(t, c, site.URL("/open-account"))
	if !strings.Contains(page, `value="Grace"`) || !strings.Contains(page, `<option selected>Ms`) || !strings.Contains(page, `value="GB"`) {
		t.Error("the first step does not show what was entered")
	}

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, values := range security() {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	file, err := w.CreateFormFile("document", "bill.pdf")
	if err != nil {
		t.Fatal(err)
	}
	const bill = "%PDF-1.7 a bill"
	if _, err := file.Write([]byte(bill)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	answer, err = c.Post(site.URL("/open-account/security"), w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	body(t, answer)
	leads(t, answer, "/open-account/review")

	_, page = get(t, c, site.URL("/open-account/review"))
	for _, want := range []string{"Grace", "5 April 1981", "United Kingdom", "Self-employed", "£38,000", "Travel cover, Savings round-up", "bill.pdf"} {
		if !strings.Contains(page, want) {
			t.Errorf("the review does not show %q", want)
		}
	}
	_, again := get(t, c, site.URL("/open-account/security"))
	for _, secret := range []string{"harbour-lights-7", "2043\"", "123456", "4111 1111"} {
		if strings.Contains(page, secret) || strings.Contains(again, secret) {
			t.Errorf("the bank sends back the secret %s", secret)
		}
	}

	answer, _ = post(t, c, site.URL("/open-account/review"), url.Values{"confirmed": {"yes"}})
	leads(t, answer, "/open-account/done")
	_, page = get(t, c, site.URL("/open-account/done"))
	number := regexp.MustCompile(`id="application-number">(HB-\d{4}-\d{4})<`).FindStringSubmatch(page)
	if number == nil {
		t.Fatal("the confirmation has no application number")
	}
	got := site.Submissions()
	if len(got) != 4 {
		t.Fatalf("%d submissions, want 4", len(got))
	}
	for i, want := range []url.Values{aboutYou(), homeAndWork(), security(), {"confirmed": {"yes"}}} {
		if got[i].Values.Encode() != want.Encode() || !got[i].Accepted || got[i].Host != testsite.BankHost {
			t.Errorf("submission %d is %+v, want %v", i, got[i], want)
		}
	}
	sum := sha256.Sum256([]byte(bill))
	if want := (testsite.File{Field: "document", Name: "bill.pdf", Bytes: int64(len(bill)), SHA256: hex.EncodeToString(sum[:])}); len(got[2].Files) != 1 || got[2].Files[0] != want {
		t.Errorf("files are %+v, want %+v", got[2].Files, want)
	}
	if got[3].Path != "/open-account/review" || got[3].Reference != number[1] {
		t.Errorf("the last submission is %+v, want number %s", got[3], number[1])
	}
	answer, _ = get(t, c, site.URL("/open-account/work"))
	leads(t, answer, "/open-account")
}

func TestServerRefusesWhatTheBrowserWould(t *testing.T) {
	site := start(t)
	c := client(t, site)
	steps := []struct {
		path string
		good url.Values
		bad  map[string][]string // values that are refused, by name; "" is left out
	}{
		{"/open-account", aboutYou(), map[string][]string{"title": {"", "King"}, "first_name": {"", "  ", strings.Repeat("x", 61)}, "last_name": {""},
			"birth_date": {"", "2020-01-01", "1800-01-01", "5 April"}, "email": {"", "grace"}, "phone": {"", "call me"}, "nationality": {"", "ZZ"}}},
		{"/open-account/work", homeAndWork(), map[string][]string{"postcode": {"", "12345"}, "address": {""}, "employment": {"", "pirate"},
			"income": {"", "-1", "lots"}, "overdraft": {"2050"}, "call_time": {"noon"}, "switch_week": {"next"}, "appointment": {"2026-12-01"},
			"employed_since": {"2016"}, "website": {"pell"}, "card_colour": {"red"}, "heard": {"tv"}, "extras": {"yacht"}}},
		{"/open-account/security", security(), map[string][]string{"username": {"", "a b"}, "password": {"", "short"}, "password_repeat": {"", "harbour-lights-8"},
			"pin": {"", "12", "abcd"}, "otp": {"", "12345"}, "card_number": {"4111 1111 1111 1112", "41", "4111x111111111111"}, "card_expiry": {"13/29"}, "card_code": {"1"}, "terms": {""}}},
	}
	for _, step := range steps {
		for name, values := range step.bad {
			for _, value := range values {
				answer, page := post(t, c, site.URL(step.path), with(step.good, name, value))
				if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="problems"`) || !strings.Contains(page, `aria-invalid="true"`) && name != "nationality" {
					t.Errorf("%s, %s %q: status %d", step.path, name, value, answer.StatusCode)
				}
			}
		}
		if answer, _ := post(t, c, site.URL(step.path), step.good); answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d for a good form", step.path, answer.StatusCode)
		}
	}
	for _, got := range site.Submissions() {
		good := false
		for _, step := range steps {
			good = good || got.Path == step.path && got.Values.Encode() == step.good.Encode()
		}
		if got.Accepted != good {
			t.Errorf("%s: Accepted is %v for %v", got.Path, got.Accepted, got.Values)
		}
	}
}

func TestVisitorsDoNotSeeEachOther(t *testing.T) {
	site := start(t)
	first, second := client(t, site), client(t, site)
	post(t, first, site.URL("/open-account"), aboutYou())
	if _, page := get(t, second, site.URL("/open-account")); strings.Contains(page, "Grace") {
		t.Error("a second visitor sees what the first has entered")
	}
	answer, _ := get(t, second, site.URL("/open-account/done"))
	leads(t, answer, "/open-account")
}

func TestFramedFormsConfirmInTheFrame(t *testing.T) {
	site := start(t)
	c := client(t, site)
	for _, f := range []struct {
		address, done, id string
		values            url.Values
	}{
		{site.URL("/frames/mortgage-form"), "/frames/mortgage-form/thanks", "enquiry-number", url.Values{"purpose": {"first"}, "price": {"250000"}, "deposit": {"50000"}, "years": {"25"},
			"full_name": {"Grace Pell"}, "email": {"grace@example.com"}, "contact": {"phone"}, "consent": {"yes"}}},
		{"https://" + testsite.PartnerHost + "/frame", "/frame/result", "case-number", url.Values{"document": {"passport"}, "number": {"P1234567"}, "country": {"GB"}, "name": {"Grace Pell"},
			"birth_date": {"1981-04-05"}, "expires": {"2031-02"}, "pin": {"204312"}, "consent": {"yes"}}},
		{site.URL("/card-limit"), "/card-limit/done", "limit-number", url.Values{"limit": {"2500"}, "reason": {"A trip abroad"}, "until": {"trip"}}},
	} {
		for name := range f.values {
			if name == "until" {
				continue // not required
			}
			if answer, _ := post(t, c, f.address, with(f.values, name, "")); answer.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s without %s: status %d", f.address, name, answer.StatusCode)
			}
		}
		answer, _ := post(t, c, f.address, f.values)
		submissions := site.Submissions()
		last := submissions[len(submissions)-1]
		leads(t, answer, f.done+"?reference="+last.Reference)
		to, err := answer.Location()
		if err != nil {
			t.Fatal(err)
		}
		if _, page := get(t, c, to.String()); !strings.Contains(page, `id="`+f.id+`">`+last.Reference+`<`) {
			t.Errorf("%s: no number %s on the last page", f.address, last.Reference)
		}
		to.RawQuery = "reference=XX-0000-0000"
		if answer, _ = get(t, c, to.String()); answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d for a number that nobody was given", f.done, answer.StatusCode)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	site := start(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL("/open-account"), strings.NewReader(aboutYou().Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", "https://moved-elsewhere.test")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := client(t, site).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body(t, answer)
	if answer.StatusCode != http.StatusForbidden || len(site.Submissions()) != 0 {
		t.Errorf("status %d, submissions %v", answer.StatusCode, site.Submissions())
	}
}

// TestFieldsAreAsDocumented reads the tables of doc.go and looks for each row in its page.
func TestFieldsAreAsDocumented(t *testing.T) {
	site := start(t)
	c := client(t, site)
	post(t, c, site.URL("/open-account"), aboutYou())
	post(t, c, site.URL("/open-account/work"), homeAndWork())
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var page *html.Node
	rows := 0
	for line := range strings.Lines(string(source)) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "//"))
		if strings.HasPrefix(line, "/open-account") && !strings.Contains(line, " ") || line == "/frames/mortgage-form" || strings.HasPrefix(line, "https://partner") {
			address := line
			if strings.HasPrefix(line, "/") {
				address = site.URL(line)
			}
			_, text := get(t, c, address)
			if page, err = html.Parse(strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 4 || strings.TrimSpace(cells[0]) == "label" {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows++
		label, required := strings.CutSuffix(cells[0], " *")
		n := byID(page, cells[1])
		if n == nil {
			t.Errorf("%s: not in its page", cells[1])
			continue
		}
		if got := attr(n, "name"); got != cells[2] {
			t.Errorf("%s: name %q, want %q", cells[1], got, cells[2])
		}
		if got := kind(n); got != cells[3] {
			t.Errorf("%s: type %q, want %q", cells[1], got, cells[3])
		}
		if got := strings.TrimSuffix(labelOf(page, n), " optional"); got != label {
			t.Errorf("%s: label %q, want %q", cells[1], got, label)
		}
		if got := has(n, "required") || attr(n, "aria-required") == "true"; got != required {
			t.Errorf("%s: required %v, want %v", cells[1], got, required)
		}
	}
	if rows < 50 {
		t.Errorf("%d rows were found", rows)
	}
}

func kind(n *html.Node) string {
	if role := attr(n, "role"); role != "" {
		return role
	}
	if n.Data == "input" {
		return attr(n, "type")
	}
	return n.Data
}

// labelOf is the label of n, by any of the ways that HTML has.
func labelOf(page, n *html.Node) string {
	if id := attr(n, "aria-labelledby"); id != "" {
		return textOf(byID(page, id))
	}
	if label := attr(n, "aria-label"); label != "" {
		return label
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return textOf(p)
		}
	}
	for l := range page.Descendants() {
		if l.Data == "label" && attr(l, "for") == attr(n, "id") {
			return textOf(l)
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func byID(page *html.Node, id string) *html.Node {
	for n := range page.Descendants() {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
