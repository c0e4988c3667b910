package testsite

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// application is an account application on its way. Secret fields are not in it.
type application struct {
	values   [3]url.Values // of each step; nil until it was accepted
	document File
	number   string // of the application that was sent last
}

// step is one page of the account application with fields.
type step struct {
	path   string
	page   string
	title  string
	fields []field
}

const reviewPath, donePath = "/open-account/review", "/open-account/done"

func accountSteps() [3]step {
	return [3]step{
		{path: "/open-account", page: "account-1", title: "About you", fields: []field{
			{name: "title", label: "Title", required: true, check: oneOf("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr")},
			{name: "first_name", label: "First name", required: true, check: text(60)},
			{name: "last_name", label: "Last name", required: true, check: text(60)},
			{name: "birth_date", label: "Date of birth", required: true, check: adult, show: dated(time.DateOnly, "2 January 2006")},
			{name: "email", label: "E-mail address", required: true, check: pattern(`[^@\s]+@[^@\s]+`, "Please enter an e-mail address.")},
			{name: "phone", label: "Mobile number", required: true, check: pattern(`[0-9+\(\) \-]{7,20}`, "Please enter a phone number.")},
			{name: "nationality", label: "Nationality", required: true, check: oneOf(countryCodes()...), show: countryName},
		}},
		{path: "/open-account/work", page: "account-2", title: "Home and work", fields: []field{
			{name: "postcode", label: "Postcode", required: true, check: pattern(`[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}`, "Please enter a postcode such as HB1 4QT.")},
			{name: "address", label: "Home address", required: true, check: text(300)},
			{name: "employment", label: "Employment", required: true, check: oneOf("employed", "self-employed", "student", "retired", "none"), show: words("employed", "Employed", "self-employed", "Self-employed", "student", "Student", "retired", "Retired", "none", "Not working")},
			{name: "income", label: "Yearly income before tax", required: true, check: number(0, 1_000_000), show: pounds},
			{name: "employed_since", label: "In this work since", check: moment("2006-01", "Please enter month and year."), show: dated("2006-01", "January 2006")},
			{name: "overdraft", label: "Desired overdraft", check: number(0, 2000), show: pounds},
			{name: "call_time", label: "Best time to call you", check: moment("15:04", "Please enter a time.")},
			{name: "switch_week", label: "Week to move your payments", check: pattern(`\d{4}-W\d{2}`, "Please enter a week."), show: func(v string) string { return "Week " + v[len(v)-2:] + " of " + v[:4] }},
			{name: "appointment", label: "Branch appointment", check: moment("2006-01-02T15:04", "Please enter date and time."), show: dated("2006-01-02T15:04", "2 January 2006, 15:04")},
			{name: "branch", label: "Your branch", check: text(80)},
			{name: "card_colour", label: "Card colour", check: pattern(`#[0-9a-f]{6}`, "Please choose a colour.")},
			{name: "website", label: "Your website", check: webAddress},
			{name: "heard", label: "How did you hear about us?", check: oneOf("friend", "adviser", "branch", "search", "news", "poster"), show: words("friend", "Friends or family", "adviser", "An adviser", "branch", "In a branch", "search", "A search engine", "news", "Newspaper or radio", "poster", "A poster")},
			{name: "extras", label: "Extras", check: oneOf("travel", "currency", "roundup", "family"), show: words("travel", "Travel cover", "currency", "Foreign currency pocket", "roundup", "Savings round-up", "family", "Second card for family")},
		}},
		{path: "/open-account/security", page: "account-3", title: "Security", fields: []field{
			{name: "username", label: "User name", required: true, check: pattern(`[A-Za-z0-9._\-]{4,32}`, "Please use 4 to 32 letters, digits, dots, dashes or underscores.")},
			{name: "password", label: "Password", required: true, secret: true, check: pattern(`.{8,72}`, "Please use 8 to 72 characters.")},
			{name: "password_repeat", label: "Repeat password", required: true, secret: true, check: text(72)},
			{name: "pin", label: "PIN for your card", required: true, secret: true, check: pattern(`[0-9]{4}`, "A PIN has four digits.")},
			{name: "otp", label: "One-time code", required: true, secret: true, check: pattern(`[0-9]{6}`, "The code has six digits.")},
			{name: "card_number", label: "Card number", secret: true, check: cardNumber},
			{name: "card_expiry", label: "Expires", secret: true, check: pattern(`(0[1-9]|1[0-2]) ?/ ?[0-9]{2}`, "Please enter month and year, for example 04/29.")},
			{name: "card_code", label: "Security code", secret: true, check: pattern(`[0-9]{3,4}`, "Please enter the three or four digits.")},
			{name: "terms", label: "Your agreement", required: true, check: oneOf("yes"), show: words("yes", "Terms and price list accepted")},
			{name: "newsletter", label: "Newsletter", check: oneOf("yes"), show: words("yes", "Yes, please")},
		}},
	}
}

// form is what a page with controls shows.
type form struct {
	Values   url.Values
	Problems []problem
	Step     int
	File     string
}

type problem struct{ Name, Text string }

func newForm(fields []field, values url.Values, problems map[string]string) form {
	f := form{Values: values}
	for _, field := range fields {
		if text, bad := problems[field.name]; bad {
			f.Problems = append(f.Problems, problem{field.name, text})
		}
	}
	return f
}

// Problem returns what is wrong with a field, or "".
func (f form) Problem(name string) string {
	for _, p := range f.Problems {
		if p.Name == name {
			return p.Text
		}
	}
	return ""
}

// Value returns the value of a field, or other when it has none yet.
func (f form) Value(name string, other ...string) string {
	if vs := f.Values[name]; len(vs) > 0 {
		return vs[0]
	}
	return strings.Join(other, "")
}

// Has says whether value is among the values of a field.
func (f form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// firstOpen returns the index of the first step that is not complete, 3 when all are.
func (a *application) firstOpen() int {
	for i, values := range a.values {
		if values == nil {
			return i
		}
	}
	return len(a.values)
}

func stepPath(i int) string {
	if steps := accountSteps(); i < len(steps) {
		return steps[i].path
	}
	return reviewPath
}

func (s *Site) showStep(i int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.visitors.of(w, r)
		v.mu.Lock()
		defer v.mu.Unlock()
		if open := v.application.firstOpen(); i > open {
			http.Redirect(w, r, stepPath(open), http.StatusSeeOther)
			return
		}
		s.renderStep(w, http.StatusOK, i, v, form{Values: v.application.values[i]})
	}
}

func (s *Site) takeStep(i int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got, err := receive(w, r)
		if err != nil {
			return // answered
		}
		v := s.visitors.of(w, r)
		v.mu.Lock()
		defer v.mu.Unlock()
		fields := accountSteps()[i].fields
		problems := validate(fields, got.Values)
		if repeat := got.Values.Get("password_repeat"); i == 2 && repeat != "" && repeat != got.Values.Get("password") {
			problems["password_repeat"] = "The two passwords are not the same."
		}
		got.Accepted = len(problems) == 0
		s.ledger.add(got)
		for _, file := range got.Files {
			if file.Name != "" {
				v.application.document = file
			}
		}
		if !got.Accepted {
			s.renderStep(w, http.StatusUnprocessableEntity, i, v, newForm(fields, public(fields, got.Values), problems))
			return
		}
		v.application.values[i] = public(fields, got.Values)
		http.Redirect(w, r, stepPath(i+1), http.StatusSeeOther)
	}
}

// renderStep needs v's lock.
func (s *Site) renderStep(w http.ResponseWriter, status, i int, v *visitor, f form) {
	st := accountSteps()[i]
	f.Step, f.File = i+1, v.application.document.Name
	s.pages.render(w, status, st.page, view{Title: st.title + " – open a current account", Nav: "accounts", Form: f, Data: countries()})
}

// reviewGroup is what a person entered on one step, as the last page shows it.
type reviewGroup struct {
	Title, Path string
	Rows        []reviewRow
}

type reviewRow struct{ Label, Value string }

func (s *Site) showReview(w http.ResponseWriter, r *http.Request) {
	v := s.visitors.of(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if open := v.application.firstOpen(); open < 3 {
		http.Redirect(w, r, stepPath(open), http.StatusSeeOther)
		return
	}
	var groups []reviewGroup
	for i, st := range accountSteps() {
		g := reviewGroup{Title: st.title, Path: st.path}
		for _, f := range st.fields {
			var shown []string
			for _, value := range v.application.values[i][f.name] {
				if value != "" {
					shown = append(shown, f.shown(value))
				}
			}
			if f.name == "password" || f.name == "pin" { // given, else the step were not complete
				shown = []string{"••••"}
			}
			if len(shown) > 0 {
				g.Rows = append(g.Rows, reviewRow{f.label, strings.Join(shown, ", ")})
			}
		}
		if name := v.application.document.Name; i == 2 && name != "" {
			g.Rows = append(g.Rows, reviewRow{"Proof of address", name})
		}
		groups = append(groups, g)
	}
	s.pages.render(w, http.StatusOK, "account-review", view{Title: "Check and send – open a current account", Nav: "accounts", Form: form{Step: 4}, Data: groups})
}

func (s *Site) sendApplication(w http.ResponseWriter, r *http.Request) {
	got, err := receive(w, r)
	if err != nil {
		return // answered
	}
	v := s.visitors.of(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if open := v.application.firstOpen(); open < 3 {
		s.ledger.add(got)
		http.Redirect(w, r, stepPath(open), http.StatusSeeOther)
		return
	}
	got.Accepted, got.Reference = true, reference("HB")
	s.ledger.add(got)
	v.application = application{number: got.Reference}
	http.Redirect(w, r, donePath, http.StatusSeeOther)
}

func (s *Site) showDone(w http.ResponseWriter, r *http.Request) {
	v := s.visitors.of(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.application.number == "" {
		http.Redirect(w, r, stepPath(0), http.StatusSeeOther)
		return
	}
	s.pages.render(w, http.StatusOK, "account-done", view{Title: "Application received", Nav: "accounts", Data: v.application.number})
}

// reference makes a number such as HB-4071-3325 for a person to quote.
func reference(prefix string) string {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%s-%04d-%04d", prefix, n.Int64()/10_000, n.Int64()%10_000)
}
