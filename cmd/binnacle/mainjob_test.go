package main_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"binnacle/audit"
	"binnacle/stream"
)

// What is typed in the main job. None of it may be in a log, of either kind.
const (
	typedFirst    = "Wilhelmina"
	typedLast     = "Quartermaine"
	typedEmail    = "wilhelmina@quartermaine.example"
	typedPhone    = "+44 7700 900123"
	typedAddress  = "7 Lighthouse Steps"
	typedPassword = "correct-horse-battery"
	typedCode     = "482913"
	typedCard     = "4111 1111 1111 1111"
	typedComment  = "Please call before noon"
	typedNumber   = "PX4471882"
)

// TestMainJob is the issue that Binnacle exists for: one page, steered in turn, seen by all, logged and archived.
func TestMainJob(t *testing.T) {
	bucket := startBucket(t)
	s := startDemo(t, t.TempDir(), bucket.environ(), "--objects", bucket.location(), "--log-level", "debug")
	account := s.tallPreset("Open a current account")
	mortgage := s.tallPreset("Mortgage enquiry (form in a frame)")
	identity := s.tallPreset("Identity check (form of a partner)")

	call := s.newCall("Account opening", person{"Ada Byron", ""}, person{"Ben Okri", "client-ben"}, person{"Cleo Marsh", ""}, person{"Dan Late", ""}, person{"Eve Eyes", ""})
	browser := openBrowser(t)
	ada := browser.open("ada", call.link("Ada Byron"))
	ben := browser.open("ben", call.link("Ben Okri"))
	cleo := browser.open("cleo", call.link("Cleo Marsh"))
	eve := joinAsEyes(t, s.origin(), call.link("Eve Eyes"))
	for _, tb := range []*tab{ada, ben, cleo} {
		tb.wait("button", "Co-browse a page")
	}

	ada.choose(account)
	for _, tb := range []*tab{ada, ben, cleo} {
		tb.wait("application", "Shared page")
	}
	session := eve.session()
	eve.watch(session)
	eve.sees("heading", "Open a current account")
	samePicture(t, ada, ben, cleo)

	byAda := &hand{t, ada, eve}
	step(t, "observers cannot operate the page", func() {
		byBen := &hand{t, ben, eve}
		byBen.click("textbox", "First name")
		ben.keys("intruder")
		// Straight over the socket, with the right turn, as no honest viewer would.
		n := eve.sees("textbox", "Last name")
		turn := eve.turn()
		for _, in := range []stream.Input{
			{Turn: turn, Kind: "mouse", Type: "down", X: n.Box[0] + 5, Y: n.Box[1] + 5, Button: "left", Buttons: 1, Clicks: 1},
			{Turn: turn, Kind: "mouse", Type: "up", X: n.Box[0] + 5, Y: n.Box[1] + 5, Button: "left", Clicks: 1},
			{Turn: turn, Kind: "text", Text: "intruder"},
			{Turn: turn, Kind: "key", Type: "down", Key: "x", Code: "KeyX"},
			{Turn: turn + 1, Kind: "text", Text: "intruder"},
		} {
			eve.send(in)
		}
		eve.send(stream.Go{Where: "reload"})
		eve.send(stream.Answer{Dialog: 1, Accept: true})
	})

	step(t, "the navigator fills in and submits the application", func() {
		applyForAccount(t, byAda)
	})

	step(t, "an observer draws and the others see it", func() {
		ben.click("button", "Marker")
		before := strokes(ada) + strokes(cleo)
		x, y, w, h, err := ben.box(ben.wait("application", "Shared page"))
		if err != nil {
			t.Fatal(err)
		}
		ben.call("draw", func() error {
			return ben.drag([][2]float64{{x + w*0.3, y + h*0.3}, {x + w*0.4, y + h*0.35}, {x + w*0.5, y + h*0.3}})
		})
		for _, tb := range []*tab{ada, cleo} {
			tb.until("Ben's mark", func() (bool, error) { return strokes(tb) > 0, nil })
		}
		if before != 0 {
			t.Errorf("there were %d marks before the first was drawn", before)
		}
		cleo.click("button", "Clear marks")
		ada.until("the end of the marks", func() (bool, error) { return strokes(ada) == 0, nil })
		ben.click("button", "Marker")
	})

	step(t, "an observer takes over and everyone is told", func() {
		ben.click("button", "Take over as navigator")
		for _, tb := range []*tab{ada, cleo} {
			tb.hears("Ben Okri is now the navigator")
		}
		ada.wait("button", "Take over as navigator")
		eve.until("Ben's turn", func() bool { return eve.state.Turn == 2 })
	})

	step(t, "one who joins late has the picture at once", func() {
		dan := browser.open("dan", call.link("Dan Late"))
		dan.wait("application", "Shared page")
		samePicture(t, ben, dan)
	})

	step(t, "an observer stops it for all", func() {
		cleo.click("button", "Stop co-browsing")
		for _, tb := range []*tab{ada, ben} {
			tb.hears("Cleo Marsh stopped co-browsing")
			tb.gone("application", "Shared page")
			tb.wait("button", "Co-browse a page")
		}
	})

	var framed []string
	for _, c := range []struct {
		preset, heading string
		fill            func(*testing.T, *hand)
	}{{mortgage, "The property", enquire}, {identity, "Confirm your identity", identify}} {
		step(t, c.preset, func() {
			ben.choose(c.preset)
			ben.wait("application", "Shared page")
			id := eve.session()
			framed = append(framed, id)
			eve.watch(id)
			eve.sees("heading", c.heading)
			c.fill(t, &hand{t, ben, eve})
			ben.click("button", "Stop co-browsing")
			ada.hears("Ben Okri stopped co-browsing")
			ben.gone("application", "Shared page")
		})
	}
	if t.Failed() {
		return
	}
	t.Run("the log of the account application", func(t *testing.T) {
		accountLog(t, bucket.log(t, session), s.origin())
	})
	t.Run("the log of the same-origin frame", func(t *testing.T) {
		frameLog(t, bucket.log(t, framed[0]), "https://harbour-bank.test/frames/mortgage-form", "Full name", "mortgage-form")
	})
	t.Run("the log of the cross-origin frame", func(t *testing.T) {
		frameLog(t, bucket.log(t, framed[1]), "https://partner-idcheck.test/frame", "Document number", "identity-form")
	})
	t.Run("no secret in what participants are sent", func(t *testing.T) {
		eve.mu.Lock()
		defer eve.mu.Unlock()
		for _, secret := range []string{typedPassword, typedCode, typedCard, "7391", "739155"} {
			if strings.Contains(eve.all.String(), secret) {
				t.Errorf("a participant was sent the secret %q", secret)
			}
		}
		if !strings.Contains(eve.all.String(), typedFirst) {
			t.Error("participants were not sent what is no secret: the check above proves nothing")
		}
	})
	t.Run("no typed text in any log", func(t *testing.T) {
		s.stop()
		secrets := []string{typedFirst, typedLast, typedEmail, typedPhone, typedAddress, typedPassword, typedCode, typedCard, typedComment, typedNumber, "intruder"}
		for name, body := range bucket.evidence(t) {
			for _, secret := range secrets {
				if strings.Contains(body, secret) {
					t.Errorf("%s holds the typed text %q", name, secret)
				}
			}
		}
		for _, secret := range secrets {
			if strings.Contains(s.out.String(), secret) {
				t.Errorf("the server's log holds the typed text %q", secret)
			}
		}
	})
	t.Run("the archive verifies", func(t *testing.T) {
		report, err := audit.Verify(context.Background(), bucket.archive(t), audit.VerifyOptions{})
		if err != nil || !report.OK() {
			t.Errorf("verify: %v, %s", err, report.Summary())
		}
	})
}

// step names what a long test does, for people who read where it failed.
func step(t *testing.T, name string, do func()) {
	t.Helper()
	t.Log(name)
	do()
}

// applyForAccount goes through all steps, with mouse and keyboard, a mistake included.
func applyForAccount(t *testing.T, h *hand) {
	h.fill("textbox", "First name", typedFirst)
	h.tab.keys(kb.Tab + typedLast)
	h.holds("textbox", "Last name", typedLast)
	h.click("combobox", "Title")
	h.tab.keys(kb.Escape + "Ms" + kb.Enter)
	h.clickAt("textbox", "Date of birth", 0.06)
	h.tab.keys("10101985")
	h.click("combobox", "Nationality") // made by script
	h.click("option", "Austria")
	h.click("button", "Continue")
	// The browser refuses: the e-mail address is missing. All see it.
	h.eyes.sees("textbox", "E-mail address")
	h.fill("textbox", "E-mail address", typedEmail)
	h.holds("textbox", "E-mail address", typedEmail)
	h.fill("textbox", "Mobile number", typedPhone)
	h.holds("textbox", "Mobile number", typedPhone)
	h.click("button", "Continue")

	h.eyes.sees("heading", "Your home")
	h.fill("textbox", "Postcode", "HB1 4QT")
	h.fill("textbox", "Home address", typedAddress)
	h.holds("textbox", "Home address", typedAddress)
	h.click("radio", "Employed")
	h.fill("spinbutton", "Yearly income", "42000")
	h.click("slider", "Desired overdraft")
	h.tab.keys(kb.ArrowRight)
	h.click("button", "Continue")

	h.eyes.sees("heading", "Your online access")
	h.fill("textbox", "User name", "harbour.user")
	h.fill("textbox", "Password", typedPassword)
	h.fill("textbox", "Repeat password", typedPassword)
	h.fill("textbox", "PIN for your card", "7391")
	h.fill("textbox", "One-time code", typedCode)
	h.fill("textbox", "Card number", typedCard)
	h.click("checkbox", "I accept the terms")
	h.click("checkbox", "Send me the newsletter")
	h.click("checkbox", "Send me the newsletter")
	h.click("button", "Continue")

	h.eyes.sees("button", "Submit application")
	h.click("button", "Submit application")
	h.eyes.sees("heading", "Thank you")
}

func enquire(t *testing.T, h *hand) {
	h.click("combobox", "What is it for?")
	h.tab.keys(kb.Escape + "My" + kb.Enter)
	h.fill("spinbutton", "Price of the property", "250000")
	h.fill("spinbutton", "Your deposit", "50000")
	h.fill("textbox", "Full name", typedFirst+" "+typedLast)
	h.fill("textbox", "E-mail address", typedEmail)
	h.click("radio", "By e-mail")
	h.fill("textbox", "Anything we should know", typedComment)
	h.click("checkbox", "You may check my credit record")
	h.click("button", "Send enquiry")
	h.eyes.sees("heading", "Thank you")
}

func identify(t *testing.T, h *hand) {
	h.click("radio", "Passport")
	h.fill("textbox", "Document number", typedNumber)
	h.click("combobox", "Issued in")
	h.click("option", "Austria")
	h.fill("textbox", "Name as on the document", typedFirst+" "+typedLast)
	h.clickAt("textbox", "Date of birth", 0.06)
	h.tab.keys("10101985")
	h.fill("textbox", "Access PIN", "739155")
	h.click("checkbox", "Veritide may check this document")
	h.click("button", "Confirm identity") // refused: "Valid until" is missing
	h.eyes.sees("textbox", "Document number")
}

// accountLog: for each interaction the five things of row C1, under the right name.
func accountLog(t *testing.T, records []audit.Record, origin string) {
	const page = "https://harbour-bank.test/open-account"
	want := []struct {
		action audit.Action
		name   string
		id     string
		length int // 0: not told
		ok     func(audit.Record) bool
	}{
		{audit.ActionTextEntered, "First name", "first-name", len(typedFirst), nil},
		{audit.ActionTextEntered, "Last name", "last-name", len(typedLast), nil},
		{audit.ActionOptionChosen, "Title", "title", 0, func(r audit.Record) bool { return len(r.Options) == 1 && r.Options[0] == "Ms" }},
		{audit.ActionOptionChosen, "Nationality", "", 0, func(r audit.Record) bool { return len(r.Options) == 1 && r.Options[0] == "Austria" }},
		{audit.ActionValueChosen, "Date of birth", "birth-date", 0, nil},
		{audit.ActionRejected, "E-mail address", "email", 0, func(r audit.Record) bool { return r.Message != "" }},
		{audit.ActionTextEntered, "E-mail address", "email", len(typedEmail), nil},
		{audit.ActionTextEntered, "Home address", "address", len(typedAddress), nil},
		{audit.ActionChecked, "Employed", "employment-employed", 0, nil},
		{audit.ActionValueChosen, "Desired overdraft", "overdraft", 0, nil},
		{audit.ActionTextEntered, "Password", "password", 0, func(r audit.Record) bool { return r.Element.Secret }},
		{audit.ActionTextEntered, "One-time code", "otp", 0, func(r audit.Record) bool { return r.Element.Secret }},
		{audit.ActionTextEntered, "Card number", "card-number", 0, func(r audit.Record) bool { return r.Element.Secret }},
		{audit.ActionChecked, "I accept the terms", "terms", 0, nil},
		{audit.ActionChecked, "Send me the newsletter", "newsletter", 0, nil},
		{audit.ActionUnchecked, "Send me the newsletter", "newsletter", 0, nil},
		{audit.ActionPressed, "Submit application", "submit-application", 0, nil},
		{audit.ActionSubmitted, "", "review-form", 0, func(r audit.Record) bool { return r.Detail["submitter"] == "Submit application" }},
	}
	for _, w := range want {
		found := false
		var near []string
		for _, r := range records {
			if r.Kind != audit.KindForm || r.Action != w.action || r.Partial || r.Element == nil || w.id != "" && r.Element.ID != w.id || w.name != "" && !strings.HasPrefix(r.Element.Name, w.name) {
				if r.Kind == audit.KindForm && r.Element != nil && (r.Element.ID == w.id || w.name != "" && strings.HasPrefix(r.Element.Name, w.name)) {
					near = append(near, fmt.Sprintf("%+v %+v by %+v", r.Action, *r.Element, r.By))
				}
				continue
			}
			lengthOK := w.length == 0 && (r.Length == nil || w.action != audit.ActionTextEntered) || r.Length != nil && *r.Length == w.length
			ok := lengthOK && (w.ok == nil || w.ok(r)) && r.By != nil && r.By.Name == "Ada Byron" && !r.Time.IsZero() &&
				r.Page != nil && strings.HasPrefix(r.Page.Address, page) && r.Page.Title != ""
			if ok {
				found = true
				break
			}
			near = append(near, fmt.Sprintf("%+v element %+v page %+v by %+v length %v", r.Action, *r.Element, r.Page, r.By, r.Length))
		}
		if !found {
			t.Errorf("the log does not say that Ada %s %q (#%s); near it: %q", w.action, w.name, w.id, near)
		}
	}
	kinds := map[audit.Kind]int{}
	visits := map[string]int{}
	for _, r := range records {
		kinds[r.Kind]++
		if r.Kind == audit.KindNavigated {
			visits[r.Page.Address]++
		}
		if r.Kind == audit.KindForm && r.By != nil && r.By.Name != "Ada Byron" {
			t.Errorf("record %d (%s %+v) is attributed to %s, who never navigated", r.Seq, r.Action, r.Element, r.By.Name)
		}
	}
	for _, k := range []audit.Kind{audit.KindOpened, audit.KindJoined, audit.KindNavigated, audit.KindTookOver, audit.KindMarksCleared, audit.KindStopped} {
		if kinds[k] == 0 {
			t.Errorf("the log has no record of the kind %s", k)
		}
	}
	if n := visits[page]; n != 1 {
		t.Errorf("the first page was loaded %d times: an observer's reload went through", n)
	}
	last := records[len(records)-1]
	if last.Kind != audit.KindStopped || last.By == nil || last.By.Name != "Cleo Marsh" {
		t.Errorf("the last record is %s by %+v, want stopped by Cleo Marsh", last.Kind, last.By)
	}
}

// frameLog: interactions in frames name the frame, and are by Ben, who started that session.
func frameLog(t *testing.T, records []audit.Record, frame, field, form string) {
	entered := false
	for _, r := range records {
		if r.Kind != audit.KindForm {
			continue
		}
		if r.Frame == nil || r.Frame.Address != frame || r.Frame.Main || r.Page == nil || r.Page.Address == frame || r.Page.Title == "" {
			t.Errorf("record %d (%s %+v) has frame %+v and page %+v", r.Seq, r.Action, r.Element, r.Frame, r.Page)
		}
		if r.Cause == audit.CauseUser && (r.By == nil || r.By.Name != "Ben Okri" || r.By.Client != "client-ben") {
			t.Errorf("record %d (%s %+v) is attributed to %+v, want Ben Okri", r.Seq, r.Action, r.Element, r.By)
		}
		if r.Action == audit.ActionTextEntered && !r.Partial && r.Element.Name == field && r.Element.Form == form && r.Length != nil && *r.Length > 0 {
			entered = true
		}
	}
	if !entered {
		t.Errorf("the log does not say that text was entered in %q of %s", field, form)
	}
}

// strokes counts the marks that a tab shows.
func strokes(tb *tab) int {
	n, _ := eval[int](tb, `document.querySelectorAll('.bn-strokes path, .bn-strokes polyline').length`)
	return n
}
