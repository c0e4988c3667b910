package testsite

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"binnacle/web/tag"
)

// bank answers for BankHost.
func (s *Site) bank() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/", static)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/static/logo.svg", http.StatusMovedPermanently)
	})
	for _, p := range []struct{ path, page, nav, title string }{
		{"/{$}", "home", "home", "Banking from the harbour, since 1871"},
		{"/mortgage", "mortgage", "mortgages", "Mortgage enquiry"},
		{"/identity", "identity", "", "Identity check"},
		{"/photo", "photo", "", "The harbour in pictures"},
		{"/long", "long", "", "Terms of our current accounts"},
		{"/popup", "popup", "", "Partners and offers"},
	} {
		mux.HandleFunc("GET "+p.path, s.show(http.StatusOK, p.page, view{Title: p.title, Nav: p.nav}))
	}
	for i, st := range accountSteps() {
		mux.HandleFunc("GET "+st.path, s.showStep(i))
		mux.HandleFunc("POST "+st.path, s.takeStep(i))
	}
	mux.HandleFunc("GET "+reviewPath, s.showReview)
	mux.HandleFunc("POST "+reviewPath, s.sendApplication)
	mux.HandleFunc("GET "+donePath, s.showDone)
	mux.HandleFunc("GET /addresses", addresses)

	mux.HandleFunc("GET /frames/mortgage-form", frameable(s.show(http.StatusOK, "frame-mortgage", view{Title: "Mortgage enquiry form"})))
	mux.HandleFunc("POST /frames/mortgage-form", frameable(s.takeMortgage))
	mux.HandleFunc("GET /frames/mortgage-form/thanks", frameable(s.thankMortgage))
	mux.HandleFunc("GET /card-limit", s.show(http.StatusOK, "card-limit", view{Title: "Change your card limit", Nav: "cards"}))
	mux.HandleFunc("POST /card-limit", s.takeCardLimit)
	mux.HandleFunc("GET /card-limit/done", s.showCardLimit)
	mux.HandleFunc("GET /branches", s.showBranches)
	mux.HandleFunc("GET /photo/{file}", s.photos.serve)

	mux.HandleFunc("GET /no-tag", s.show(http.StatusOK, "plain", view{Title: "Savings account", NoTag: true}))
	mux.HandleFunc("GET /old-tag", s.show(http.StatusOK, "plain", view{Title: "Savings account", Script: scriptTag(tag.Versions()[1])}))
	mux.HandleFunc("GET /changed-tag", s.show(http.StatusOK, "plain", view{Title: "Savings account", Script: changedTag()}))
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+MovedHost+"/", http.StatusFound)
	})
	mux.HandleFunc("GET /headers", strictest(s.show(http.StatusOK, "headers", view{Title: "Security at Harbour Bank"})))
	mux.HandleFunc("GET /slow", s.slow)
	mux.HandleFunc("GET /gone", s.show(http.StatusGone, "problem", view{Title: "This offer has ended"}))
	mux.HandleFunc("GET /rates.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintln(w, `{"current account": "1.10 %", "savings account": "3.40 %", "overdraft": "14.9 %"}`)
	})
	mux.HandleFunc("GET /", s.show(http.StatusNotFound, "problem", view{Title: "We cannot find that page"}))
	return secure(bankPolicy, http.NewCrossOriginProtection().Handler(mux))
}

// show answers with a page that is the same for everybody.
func (s *Site) show(status int, page string, v view) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.pages.render(w, status, page, v) }
}

// changedTag is the newest script tag with an integrity value that is not its own.
func changedTag() template.HTML {
	v := tag.Versions()[0]
	v.Integrity = "sha384-" + strings.Repeat("A", 64)
	return scriptTag(v)
}

// slow answers after ?ms= milliseconds, default 2000, at most 20000.
func (s *Site) slow(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil || ms < 0 || ms > 20_000 {
		ms = 2000
	}
	wait := time.NewTimer(time.Duration(ms) * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
		s.pages.render(w, http.StatusOK, "slow", view{Title: "Your statement", Data: ms})
	case <-r.Context().Done():
	}
}

// addresses looks up a postcode for the account application.
func addresses(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	postcode := strings.ToUpper(strings.ReplaceAll(r.URL.Query().Get("postcode"), " ", ""))
	if postcode != "HB14QT" {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintln(w, `{"address":""}`)
		return
	}
	fmt.Fprintln(w, `{"address":"12 Quayside Terrace\nOld Town\nHarbourton"}`)
}

// moved answers for the host that /moved leads to; it carries the script tag, so that only its address is wrong.
func (s *Site) moved() http.Handler {
	return secure(bankPolicy, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			static(w, r)
			return
		}
		s.pages.render(w, http.StatusOK, "moved-elsewhere", view{Title: "Moved Elsewhere", Script: template.HTML(tag.Line("/static", tag.Versions()[0]))})
	}))
}

type branch struct{ Name, Region, Street, Hours string }

func branches() []branch {
	return []branch{
		{"Harbourton, Old Town", "Coast", "3 Customs House Square", "Mon–Fri 9–17, Sat 10–14"},
		{"Harbourton, Station", "Coast", "18 Station Parade", "Mon–Fri 8–18"},
		{"St Brannock", "Coast", "41 Fore Street", "Mon–Fri 9–16"},
		{"Lowmoor", "Inland", "7 Market Place", "Mon–Fri 9–17"},
		{"Ashby Cross", "Inland", "102 High Street", "Tue–Fri 10–16"},
		{"Skerry Island", "Islands", "1 Pier Road", "Tue and Thu 10–15"},
	}
}

func (s *Site) showBranches(w http.ResponseWriter, r *http.Request) {
	town := strings.TrimSpace(r.URL.Query().Get("town"))
	region := r.URL.Query().Get("region")
	var found []branch
	for _, b := range branches() {
		if strings.Contains(strings.ToLower(b.Name), strings.ToLower(town)) && (region == "" || b.Region == region) {
			found = append(found, b)
		}
	}
	s.pages.render(w, http.StatusOK, "branches", view{Title: "Find a branch", Nav: "branches", Form: form{Values: r.URL.Query()}, Data: found})
}
