package session_test

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"binnacle/session"
	"binnacle/stream"
)

func TestJoinTokenWorksOnce(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	token, expires, err := h.hub.JoinToken(t.Context(), h.call.ID, h.people["Ada"].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if d := time.Until(expires); d < 9*time.Minute || d > 10*time.Minute {
		t.Errorf("expires in %v, want 10 min", d)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	credentials, errs := []string{}, []error{}
	for range 8 {
		wg.Go(func() {
			c, j, err := h.hub.Join(t.Context(), token)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			} else if credentials = append(credentials, c); j.Participant.Name != "Ada" || j.CallID != h.call.ID {
				t.Errorf("joined = %+v", j)
			}
		})
	}
	wg.Wait()
	if len(credentials) != 1 {
		t.Fatalf("%d joined with one token", len(credentials))
	}
	for _, err := range errs {
		wantCode(t, err, "token_used")
	}
	call, p, err := h.hub.Authenticate(credentials[0])
	if err != nil || call != h.call.ID || p != h.people["Ada"].ID {
		t.Errorf("authenticate = %q, %q, %v", call, p, err)
	}
	for info, err := range h.store.List(t.Context(), "join/") {
		body, _, _ := h.store.Get(t.Context(), info.Key)
		if err != nil || strings.Contains(info.Key+string(body), token) {
			t.Errorf("the store has the token itself: %s", info.Key)
		}
	}
}

func TestJoinTokenThatExpiredOrNeverWas(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	token, _, err := h.hub.JoinToken(t.Context(), h.call.ID, h.people["Ada"].ID, time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = h.hub.Join(t.Context(), token)
	wantCode(t, err, "token_expired")
	_, _, err = h.hub.Join(t.Context(), strings.Repeat("A", 43))
	wantCode(t, err, "token_invalid")
	_, _, err = h.hub.Join(t.Context(), "")
	wantCode(t, err, "token_invalid")
}

func TestCredentialsOfOthersDoNotCount(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	c := h.credential("Ada")
	dot := strings.LastIndexByte(c, '.')
	for _, bad := range []string{"", "v1.", c[:dot], c[:dot+1], c[:len(c)-2] + "AA", "v1." + c, strings.Replace(c, "v1.", "v2.", 1), c[:10] + "A" + c[11:]} {
		if bad == c {
			continue
		}
		_, _, err := h.hub.Authenticate(bad)
		wantCode(t, err, "credential")
	}
	if err := h.hub.RemoveParticipant(t.Context(), h.call.ID, h.people["Ada"].ID); err != nil {
		t.Fatal(err)
	}
	_, _, err := h.hub.Authenticate(c)
	wantCode(t, err, "credential")
}

func FuzzAuthenticate(f *testing.F) {
	h := newHouse(f, session.Limits{}, "Ada")
	good := h.credential("Ada")
	f.Add(good)
	f.Add("v1.e30.AA")
	f.Fuzz(func(t *testing.T, c string) {
		if _, _, err := h.hub.Authenticate(c); err == nil && c != good {
			// base64 has spare bits at the end: another spelling of the same bytes is no forgery, anything else is
			if len(c) != len(good) || c[:len(c)-1] != good[:len(good)-1] {
				t.Errorf("%q counts", c)
			}
		}
	})
}

func TestNotAdmittedSeesNothing(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "(Eve)")
	eve := h.watches("Eve")
	c := await(eve, "call", any1[stream.Call])
	if c.Admitted || c.Title != "" || c.Session != nil || len(c.Participants) != 1 {
		t.Errorf("call = %+v", c)
	}
	page, v := h.together("Ada")
	page.shows("secret")
	v[0].ack(v[0].picture())
	peek := h.connects("Eve")
	if f := peek.failure(); f.Code != "not_admitted" {
		t.Errorf("failure = %+v", f)
	}
	<-peek.ended
	none(t, peek.pictures, "picture")
	for len(eve.messages) > 0 {
		if c, ok := (<-eve.messages).(stream.Call); ok && (c.Session != nil || len(c.Participants) != 1) {
			t.Errorf("call = %+v", c)
		}
	}
	_, err := h.hub.Start(t.Context(), h.call.ID, h.people["Eve"].ID, "open-account")
	wantCode(t, err, "not_admitted")

	if _, err := h.hub.Admit(t.Context(), h.call.ID, h.people["Eve"].ID, true); err != nil {
		t.Fatal(err)
	}
	c = await(eve, "admission", func(c stream.Call) bool { return c.Admitted })
	if c.Session == nil || c.Session.ID != h.session.ID || len(c.Participants) != 2 {
		t.Errorf("call = %+v", c)
	}
	in := h.joins("Eve")
	in.ack(in.picture())
	if _, err := h.hub.Admit(t.Context(), h.call.ID, h.people["Eve"].ID, false); err != nil {
		t.Fatal(err)
	}
	if e := in.end(); e.Code != "removed" {
		t.Errorf("end = %+v", e)
	}
	if n := v[0].notice("left"); n.Text != "Eve left" {
		t.Errorf("notice = %+v", n)
	}
}

func TestRemovedParticipantIsOut(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada", "Ben")
	_, v := h.together("Ada", "Ben")
	call := h.watches("Ben")
	await(call, "call", any1[stream.Call])
	if err := h.hub.RemoveParticipant(t.Context(), h.call.ID, h.people["Ben"].ID); err != nil {
		t.Fatal(err)
	}
	if e := v[1].end(); e.Code != "removed" {
		t.Errorf("end = %+v", e)
	}
	if e := call.end(); e.Code != "removed" {
		t.Errorf("end of the call = %+v", e)
	}
	wantCode(t, h.hub.RemoveParticipant(t.Context(), h.call.ID, h.people["Ben"].ID), "participant_unknown")
}

func TestWrongCredentialIsRefused(t *testing.T) {
	h := newHouse(t, session.Limits{}, "Ada")
	h.starts("Ada")
	other := newHouse(t, session.Limits{}, "Mallory")
	for _, v := range []*viewer{
		h.dial("/s/"+h.session.ID+"/ws", "nonsense"),
		h.dial("/s/"+h.session.ID+"/ws", other.credential("Mallory")),
		h.dial("/c/"+h.call.ID+"/ws", "nonsense"),
		h.dial("/c/"+session.NewID()+"/ws", h.credential("Ada")),
	} {
		if f := v.failure(); f.Code != "credential" {
			t.Errorf("failure = %+v", f)
		}
		<-v.ended
	}
	gone := h.dial("/s/"+session.NewID()+"/ws", h.credential("Ada"))
	if f := gone.failure(); f.Code != "session_unknown" {
		t.Errorf("failure = %+v", f)
	}
	// A credential of one call opens no session of another.
	second, err := h.hub.CreateCall(t.Context(), session.NewCall{Participants: []session.NewParticipant{{Name: "Zoe", Admitted: true}}})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := h.hub.JoinToken(t.Context(), second.ID, second.Participants[0].ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	credential, _, err := h.hub.Join(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if f := h.dial("/s/"+h.session.ID+"/ws", credential).failure(); f.Code != "credential" {
		t.Errorf("failure = %+v", f)
	}
}

func TestCallIsBoundedAndItsNamesAreShowable(t *testing.T) {
	h := newHouse(t, session.Limits{})
	for i := range session.MaxParticipants {
		h.adds("P" + strconv.Itoa(i))
	}
	_, err := h.hub.AddParticipant(t.Context(), h.call.ID, session.NewParticipant{Name: "one more"})
	wantCode(t, err, "call_full")
	for _, bad := range []string{"", "  ", "a\nb", "a\u202eb", "\xff", strings.Repeat("a", session.MaxNameRunes+1)} {
		_, err := h.hub.CreateCall(t.Context(), session.NewCall{Participants: []session.NewParticipant{{Name: bad}}})
		wantCode(t, err, "bad_name")
	}
	_, err = h.hub.CreateCall(t.Context(), session.NewCall{Title: strings.Repeat("t", session.MaxTitleRunes+1)})
	wantCode(t, err, "bad_title")
	_, err = h.hub.CreateCall(t.Context(), session.NewCall{Participants: []session.NewParticipant{{Name: "x", Client: "nobody"}}})
	wantCode(t, err, "client_unknown")
	_, err = h.hub.Call(t.Context(), "../../etc/passwd")
	wantCode(t, err, "call_unknown")
}

func TestColoursAreDistinctAndReadable(t *testing.T) {
	h := newHouse(t, session.Limits{})
	seen := map[string]string{}
	for i := range session.MaxParticipants {
		p := h.adds("P" + strconv.Itoa(i))
		if other, taken := seen[p.Colour]; taken {
			t.Errorf("%s and %s are both %s", p.Name, other, p.Colour)
		}
		seen[p.Colour] = p.Name
		if c := contrastWithWhite(t, p.Colour); c < 4.5 {
			t.Errorf("%s under white text: %.2f, want 4.5", p.Colour, c)
		}
	}
	c, err := h.hub.Call(t.Context(), h.call.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Participants {
		if p.Colour != h.people[p.Name].Colour {
			t.Errorf("%s changed from %s to %s", p.Name, h.people[p.Name].Colour, p.Colour)
		}
	}
}

// contrastWithWhite is WCAG 2.2's contrast ratio.
func contrastWithWhite(t *testing.T, colour string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		t.Fatalf("colour %q", colour)
	}
	part := func(shift int) float64 {
		v := float64(n>>shift&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0) + 0.05)
}

func TestChangesOfACallAtOnceAllCount(t *testing.T) {
	h := newHouse(t, session.Limits{})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := h.hub.AddParticipant(t.Context(), h.call.ID, session.NewParticipant{Name: "P" + strconv.Itoa(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c, err := h.hub.Call(t.Context(), h.call.ID)
	if err != nil || len(c.Participants) != 20 {
		t.Errorf("%d participants, %v", len(c.Participants), err)
	}
}

func TestClientsAreFound(t *testing.T) {
	h := newHouse(t, session.Limits{})
	for _, c := range []session.Client{{ID: "c/1 ü", Name: "Zoë Ng", Email: "zoe@bank.example"}, {ID: "2", Name: "Abe"}, {ID: "2", Name: "Abel"}} {
		if _, err := h.hub.PutClient(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := h.hub.Client(t.Context(), "c/1 ü"); err != nil || c.Name != "Zoë Ng" {
		t.Errorf("client = %+v, %v", c, err)
	}
	for query, want := range map[string]int{"": 2, "ZOE@": 1, "abel": 1, "c/1": 1, "nobody": 0} {
		if found, err := h.hub.Clients(t.Context(), query); err != nil || len(found) != want {
			t.Errorf("%q finds %+v, %v; want %d", query, found, err, want)
		}
	}
	_, err := h.hub.Client(t.Context(), "nobody")
	wantCode(t, err, "client_unknown")
	_, err = h.hub.PutClient(t.Context(), session.Client{ID: "x", Name: "X", Email: "not one"})
	wantCode(t, err, "bad_email")
}

func TestIDsSortByTime(t *testing.T) {
	last := ""
	for range 3 {
		id := session.NewID()
		if len(id) != session.IDLength || id[:9] < last {
			t.Errorf("id %q after %q", id, last)
		}
		last = id[:9]
	}
}
