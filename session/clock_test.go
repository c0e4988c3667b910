package session_test

import (
	"testing"
	"testing/synctest"
	"time"

	"binnacle/audit"
	"binnacle/session"
	"binnacle/stream"
)

// inNoTime runs a test of what takes long, with sockets that are not the kernel's.
func inNoTime(t *testing.T, limits session.Limits, test func(t *testing.T, h *house)) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseOn(t, newPipeListener(), limits, "Ada", "Ben")
		test(t, h)
	})
}

// patiently awaits a message for as long as it takes.
func patiently[M stream.ServerMessage](v *viewer, ok func(M) bool) M {
	for m := range v.messages {
		if s, isState := m.(stream.State); isState {
			v.state = s
		}
		if want, isM := m.(M); isM && ok(want) {
			return want
		}
	}
	panic("unreachable")
}

func code(want string) func(stream.Notice) bool {
	return func(n stream.Notice) bool { return n.Code == want }
}

func TestIdleLimitWarnsThenEnds(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		page, v := h.together("Ada", "Ben")
		start := time.Now()
		n := patiently(v[1], code("idle_warning"))
		if d := time.Since(start); d.Round(time.Second) != 13*time.Minute || n.Text != "Nobody uses the page. Co-browsing ends in 2 minutes." {
			t.Errorf("after %v: %+v", d, n)
		}
		v[0].key(1, "x")
		got(t, page.inputs, "input")
		start = time.Now()
		patiently(v[1], code("idle_warning")) // the input counts: everything begins again
		if d := time.Since(start); d.Round(time.Second) != 13*time.Minute {
			t.Errorf("second warning after %v", d)
		}
		if e := patiently(v[1], any1[stream.Ended]); e.Code != "idle" || time.Since(start).Round(time.Second) != 15*time.Minute {
			t.Errorf("after %v: %+v", time.Since(start), e)
		}
		if r := h.log.await(t, audit.KindStopped); r.By != nil || r.Detail["reason"] != "idle" {
			t.Errorf("record = %+v", r)
		}
	})
}

func TestAbsoluteLimitWarnsThenEnds(t *testing.T) {
	inNoTime(t, session.Limits{Absolute: 10 * time.Minute}, func(t *testing.T, h *house) {
		_, v := h.together("Ada", "Ben")
		start := time.Now()
		if ends := time.UnixMilli(v[0].state.EndsAt); ends.Sub(start).Round(time.Second) != 10*time.Minute {
			t.Errorf("ends in %v", ends.Sub(start))
		}
		n := patiently(v[0], code("limit_warning"))
		if d := time.Since(start).Round(time.Second); d != 5*time.Minute || n.Text != "Co-browsing ends in 5 minutes: it has reached its time limit." {
			t.Errorf("after %v: %+v", d, n)
		}
		if e := patiently(v[0], any1[stream.Ended]); e.Code != "limit" || e.Text != "Co-browsing ended: it reached its time limit of 10 minutes." {
			t.Errorf("end = %+v", e)
		}
	})
}

func TestNavigatorWhoStaysAwayIsGone(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		_, v := h.together("Ada", "Ben")
		start := time.Now()
		v[0].close()
		patiently(v[1], code("no_navigator"))
		if d := time.Since(start).Round(time.Second); d != 20*time.Second {
			t.Errorf("after %v", d)
		}
		if v[1].state.Navigator != "" || len(v[1].state.Participants) != 1 {
			t.Errorf("state = %+v", v[1].state)
		}
		if r := h.log.await(t, audit.KindLeft); r.By.Name != "Ada" || r.Detail["reason"] != "disconnected" {
			t.Errorf("record = %+v", r)
		}
	})
}

func TestSessionWithoutAnybodyEnds(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		call := h.watches("Ben")
		_, v := h.together("Ada")
		patiently(call, func(c stream.Call) bool { return c.Session != nil })
		start := time.Now()
		v[0].close()
		patiently(call, func(c stream.Call) bool { return c.Session == nil })
		if d := time.Since(start).Round(time.Second); d != 2*time.Minute {
			t.Errorf("after %v", d)
		}
	})
}

func TestFadingMarksAreGoneForNewcomers(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		_, v := h.together("Ada")
		v[0].send(stream.Mark{ID: "fades", Points: [][2]float64{{1, 2}}, Done: true, Fade: true})
		v[0].send(stream.Mark{ID: "stays", Points: [][2]float64{{1, 2}}, Done: true})
		synctest.Wait()
		if s := h.joins("Ben").state.Strokes; len(s) != 2 {
			t.Errorf("strokes = %+v", s)
		}
		<-time.After(session.MarkFade)
		synctest.Wait()
		if s := h.joins("Ben").state.Strokes; len(s) != 1 || s[0].ID != v[0].id+".stays" {
			t.Errorf("strokes = %+v", s)
		}
	})
}
