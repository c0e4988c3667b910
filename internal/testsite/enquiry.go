package testsite

import (
	"net/http"
	"net/url"
	"strings"
)

func mortgageFields() []field {
	return []field{
		{name: "purpose", label: "What is it for?", required: true, check: oneOf("first", "move", "remortgage", "let")},
		{name: "price", label: "Price of the property", required: true, check: number(50_000, 5_000_000)},
		{name: "deposit", label: "Your deposit", required: true, check: number(0, 5_000_000)},
		{name: "years", label: "Years to repay", required: true, check: number(5, 40)},
		{name: "full_name", label: "Full name", required: true, check: text(120)},
		{name: "email", label: "E-mail address", required: true, check: pattern(`[^@\s]+@[^@\s]+`, "Please enter an e-mail address.")},
		{name: "phone", label: "Phone number", check: pattern(`[0-9+\(\) \-]{7,20}`, "Please enter a phone number.")},
		{name: "contact", label: "How may we reach you?", required: true, check: oneOf("phone", "email", "branch")},
		{name: "comments", label: "Anything we should know", check: text(1000)},
		{name: "consent", label: "Your agreement", required: true, check: oneOf("yes")},
	}
}

func (s *Site) takeMortgage(w http.ResponseWriter, r *http.Request) {
	s.take(w, r, mortgageFields(), "MQ", "/frames/mortgage-form/thanks", "frame-mortgage", view{Title: "Mortgage enquiry form"})
}

func (s *Site) thankMortgage(w http.ResponseWriter, r *http.Request) {
	s.showReference(w, r, "/frames/mortgage-form", "frame-mortgage-thanks", view{Title: "Thank you"})
}

func (s *Site) takeCardLimit(w http.ResponseWriter, r *http.Request) {
	fields := []field{
		{name: "limit", label: "New limit", required: true, check: number(500, 15_000)},
		{name: "reason", label: "Reason", required: true, check: text(200)},
		{name: "until", label: "Until", check: oneOf("always", "month", "trip")},
	}
	s.take(w, r, fields, "CL", "/card-limit/done", "card-limit", view{Title: "Change your card limit", Nav: "cards"})
}

func (s *Site) showCardLimit(w http.ResponseWriter, r *http.Request) {
	s.showReference(w, r, "/card-limit", "card-limit-done", view{Title: "Your new card limit", Nav: "cards"})
}

// partner answers for PartnerHost: an identity check that other companies frame.
func (s *Site) partner() http.Handler {
	fields := []field{
		{name: "document", label: "Document", required: true, check: oneOf("passport", "identity", "licence", "permit")},
		{name: "number", label: "Document number", required: true, check: pattern(`[A-Za-z0-9]{6,12}`, "Please enter the 6 to 12 letters and digits of the number.")},
		{name: "country", label: "Issued in", required: true, check: oneOf(countryCodes()...)},
		{name: "name", label: "Name as on the document", required: true, check: text(120)},
		{name: "birth_date", label: "Date of birth", required: true, check: adult},
		{name: "expires", label: "Valid until", required: true, check: moment("2006-01", "Please enter month and year.")},
		{name: "pin", label: "Access PIN", required: true, secret: true, check: pattern(`[0-9]{6}`, "The PIN has six digits.")},
		{name: "consent", label: "Your agreement", required: true, check: oneOf("yes")},
	}
	v := view{Title: "Identity check by Veritide", Data: countries()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/", static)
	mux.HandleFunc("GET /frame", frameable(s.show(http.StatusOK, "partner-form", v)))
	mux.HandleFunc("POST /frame", frameable(func(w http.ResponseWriter, r *http.Request) {
		s.take(w, r, fields, "VT", "/frame/result", "partner-form", v)
	}))
	mux.HandleFunc("GET /frame/result", frameable(func(w http.ResponseWriter, r *http.Request) {
		s.showReference(w, r, "/frame", "partner-result", view{Title: "Identity confirmed"})
	}))
	return secure(partnerPolicy, http.NewCrossOriginProtection().Handler(mux))
}

// take receives a form of one page: it shows the page again with what is wrong, or leads to done with a reference number.
func (s *Site) take(w http.ResponseWriter, r *http.Request, fields []field, prefix, done, page string, v view) {
	got, err := receive(w, r)
	if err != nil {
		return // answered
	}
	problems := validate(fields, got.Values)
	if len(problems) > 0 {
		s.ledger.add(got)
		v.Form = newForm(fields, public(fields, got.Values), problems)
		s.pages.render(w, http.StatusUnprocessableEntity, page, v)
		return
	}
	got.Accepted, got.Reference = true, reference(prefix)
	s.ledger.add(got)
	http.Redirect(w, r, done+"?reference="+url.QueryEscape(got.Reference), http.StatusSeeOther)
}

// showReference shows the page after a form was accepted: only for a reference that was given, so that nobody can be sent a
// forged confirmation.
func (s *Site) showReference(w http.ResponseWriter, r *http.Request, formPath, page string, v view) {
	wanted := strings.TrimSpace(r.URL.Query().Get("reference"))
	for _, got := range s.ledger.all() {
		if got.Reference != "" && got.Reference == wanted && got.Path == formPath {
			v.Data = got
			s.pages.render(w, http.StatusOK, page, v)
			return
		}
	}
	http.Redirect(w, r, formPath, http.StatusSeeOther)
}
