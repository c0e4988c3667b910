package session_test

import (
	"errors"
	"testing"
	"time"

	"binnacle/session"
)

const reconnect = 20 * time.Second

func TestRules(t *testing.T) {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	type step func(r *session.Rules, now time.Time) []session.Change
	join := func(id string) step {
		return func(r *session.Rules, now time.Time) []session.Change { c, _ := r.Join(id, true, now); return c }
	}
	take := func(id string) step {
		return func(r *session.Rules, _ time.Time) []session.Change { c, _ := r.TakeOver(id); return c }
	}
	away := func(id string) step {
		return func(r *session.Rules, now time.Time) []session.Change { return r.Away(id, now) }
	}
	leave := func(id string) step {
		return func(r *session.Rules, now time.Time) []session.Change { return r.Leave(id, now) }
	}
	tick := func(r *session.Rules, now time.Time) []session.Change { return r.Tick(now) }
	freeze := func(r *session.Rules, _ time.Time) []session.Change { r.Freeze(); return nil }
	stop := func(r *session.Rules, _ time.Time) []session.Change { r.Stop(); return nil }
	type at struct {
		after time.Duration
		do    step
	}
	for _, c := range []struct {
		name      string
		steps     []at
		navigator string
		turn      uint64
		last      int // changes of the last step
	}{
		{"the starter navigates before the first socket", nil, "ada", 1, 0},
		{"who joins observes", []at{{0, join("ada")}, {0, join("ben")}}, "ada", 1, 1},
		{"an observer takes over", []at{{0, join("ada")}, {0, join("ben")}, {0, take("ben")}}, "ben", 2, 1},
		{"the navigator's own take-over is nothing", []at{{0, join("ada")}, {0, take("ada")}}, "ada", 1, 0},
		{"a stranger cannot take over", []at{{0, take("eve")}}, "ada", 1, 0},
		{"leaving ends the navigating", []at{{0, join("ada")}, {0, join("ben")}, {0, leave("ada")}}, "", 1, 2},
		{"a short break keeps the role", []at{{0, join("ada")}, {0, away("ada")}, {19 * time.Second, tick}, {0, join("ada")}, {time.Hour, tick}}, "ada", 1, 0},
		{"a long break does not", []at{{0, join("ada")}, {0, away("ada")}, {20 * time.Second, tick}}, "", 1, 2},
		{"a starter who never comes is no navigator", []at{{20 * time.Second, tick}}, "", 1, 1},
		{"who takes over while the navigator is away navigates", []at{{0, join("ada")}, {0, join("ben")}, {0, away("ada")}, {0, take("ben")}, {0, join("ada")}}, "ben", 2, 1},
		{"a frozen session has no navigator", []at{{0, join("ada")}, {0, join("ben")}, {0, freeze}, {0, take("ben")}}, "", 1, 0},
		{"after the stop nothing changes", []at{{0, join("ada")}, {0, stop}, {0, join("ben")}}, "", 1, 0},
	} {
		r, now, changes := session.NewRules("ada", reconnect, start), start, []session.Change(nil)
		for _, s := range c.steps {
			now = now.Add(s.after)
			changes = s.do(r, now)
		}
		if r.Navigator() != c.navigator || r.Turn() != c.turn || len(changes) != c.last {
			t.Errorf("%s: navigator %q, turn %d, %v; want %q, %d, %d changes", c.name, r.Navigator(), r.Turn(), changes, c.navigator, c.turn, c.last)
		}
	}
}

func TestRulesAdmitOnlyTheAdmitted(t *testing.T) {
	r := session.NewRules("ada", reconnect, time.Now())
	if _, err := r.Join("eve", false, time.Now()); !errors.Is(err, session.ErrNotAdmitted) {
		t.Errorf("error = %v", err)
	}
	if in, _ := r.In("eve"); in {
		t.Error("eve is in")
	}
}

// FuzzRules does anything in any order and checks what must always hold.
func FuzzRules(f *testing.F) {
	f.Add([]byte{0, 1, 10, 2, 20, 30, 1, 40, 3, 50})
	f.Add([]byte{0, 10, 20, 11, 21, 60, 12, 70, 22})
	f.Fuzz(func(t *testing.T, ops []byte) {
		now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		people := []string{"p0", "p1", "p2", "p3", "p4"}
		admitted := func(i int) bool { return i < 4 } // p4 never is
		r := session.NewRules("p0", reconnect, now)
		over, frozen := false, false
		for _, op := range ops {
			i := int(op) % len(people)
			id, turn, navigator := people[i], r.Turn(), r.Navigator()
			var changes []session.Change
			switch (int(op) / len(people)) % 8 {
			case 0, 1:
				changes, _ = r.Join(id, admitted(i), now)
			case 2:
				changes = r.Away(id, now)
			case 3:
				changes = r.Leave(id, now)
			case 4:
				changes, _ = r.TakeOver(id)
			case 5:
				now = now.Add(time.Duration(op) * 100 * time.Millisecond)
				changes = r.Tick(now)
			case 6:
				if op > 250 {
					r.Freeze()
					frozen = true
				}
			case 7:
				if op > 253 {
					r.Stop()
					over = true
				}
			}
			if over && len(changes) > 0 {
				t.Fatalf("%v after the stop", changes)
			}
			tookOver := false
			for _, c := range changes {
				tookOver = tookOver || c.Kind == session.ChangeNavigator
			}
			if want := turn + map[bool]uint64{true: 1}[tookOver]; r.Turn() != want {
				t.Fatalf("turn %d, want %d after %v", r.Turn(), want, changes)
			}
			if r.Navigator() != navigator && r.Navigator() != "" && !tookOver {
				t.Fatalf("navigator %q without a take-over", r.Navigator())
			}
			accepted := 0
			for j, p := range people {
				in, _ := r.In(p)
				if in && !admitted(j) {
					t.Fatalf("%s is in and not admitted", p)
				}
				for turn := range r.Turn() + 2 {
					if !r.Accepts(p, turn) {
						continue
					}
					accepted++
					if p != r.Navigator() || turn != r.Turn() || !in || over || frozen {
						t.Fatalf("input of %s in turn %d counts; navigator %q, turn %d", p, turn, r.Navigator(), r.Turn())
					}
				}
			}
			if accepted > 1 || r.Accepts("", r.Turn()) {
				t.Fatal("an input has no author, or two")
			}
			if next := r.Next(); !next.IsZero() && !next.After(now) && len(r.Tick(now)) == 0 && !r.Next().After(now) && !r.Next().IsZero() {
				t.Fatal("a deadline passes and nothing happens")
			}
		}
	})
}
