package session_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"binnacle/session"
	"binnacle/stream"
)

func TestMarksAreBounded(t *testing.T) {
	var m session.Marks
	now := time.Now()
	add := func(id string, points int, fade bool) error {
		_, err := m.Add("p", "#123456", stream.Mark{ID: id, Points: make([][2]float64, points), Fade: fade}, now)
		return err
	}
	for i := range session.MaxStrokes {
		if err := add("keep"+strconv.Itoa(i), 1, i < 2); err != nil {
			t.Fatalf("stroke %d: %v", i, err)
		}
	}
	if err := add("more", 1, false); err != nil {
		t.Errorf("a fading stroke should have made room: %v", err)
	}
	if err := add("more2", 1, false); err != nil {
		t.Errorf("a fading stroke should have made room: %v", err)
	}
	wantCode(t, add("more3", 1, false), "marks_full")
	if s := m.Strokes(); len(s) != session.MaxStrokes || s[0].ID != "p.keep2" {
		t.Errorf("%d strokes, first %s", len(s), s[0].ID)
	}
	m.Clear()
	if err := add("long", session.MaxStrokePoints, false); err != nil {
		t.Fatal(err)
	}
	wantCode(t, add("long", 1, false), "marks_full")
	for i := 1; i < session.MaxPoints/session.MaxStrokePoints; i++ {
		if err := add("long"+strconv.Itoa(i), session.MaxStrokePoints, false); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, add("z", 1, false), "marks_full")
}

func TestMarksFade(t *testing.T) {
	var m session.Marks
	now := time.Now()
	draw := func(id string, done, fade bool) {
		t.Helper()
		if _, err := m.Add("p", "#123456", stream.Mark{ID: id, Points: [][2]float64{{1, 2}}, Done: done, Fade: fade}, now); err != nil {
			t.Fatal(err)
		}
	}
	draw("stays", true, false)
	draw("fades", false, true)
	draw("fades", true, true)
	if next := m.Next(); !next.Equal(now.Add(session.MarkFade)) {
		t.Errorf("next = %v after now", next.Sub(now))
	}
	m.Expire(now.Add(session.MarkFade - 1))
	if n := len(m.Strokes()); n != 2 {
		t.Errorf("%d strokes, want 2", n)
	}
	m.Expire(now.Add(session.MarkFade))
	if s := m.Strokes(); len(s) != 1 || s[0].ID != "p.stays" {
		t.Errorf("strokes = %+v", s)
	}
	_, err := m.Add("p", "", stream.Mark{ID: "stays", Points: [][2]float64{{1, 2}}}, now)
	wantCode(t, err, "mark_done")
}

func TestStrokesThatWereHandedOutDoNotChange(t *testing.T) {
	var m session.Marks
	add := func(x float64) {
		if _, err := m.Add("p", "", stream.Mark{ID: "a", Points: [][2]float64{{x, x}}}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	add(1)
	add(2)
	before := m.Strokes()
	add(3)
	add(4)
	if got := fmt.Sprint(before[0].Points); got != "[[1 1] [2 2]]" {
		t.Errorf("points = %s", got)
	}
}
