package session

import (
	"net/http"
	"slices"
	"time"

	"binnacle/stream"
)

// Limits of the marks of one session, with a test each.
const (
	MaxStrokes      = 500
	MaxStrokePoints = 5_000  // of one stroke
	MaxPoints       = 20_000 // of all strokes together: a newcomer's state has them all
	MarkFade        = MarkFadeSeconds * time.Second

	// MarkFadeSeconds is how long a finished fading stroke stays.
	MarkFadeSeconds = 6

	abandonedFade = 30 * time.Second // a fading stroke that nobody finishes
)

// Marks are the strokes on the page, oldest first. The zero value is ready. It knows no clock and is not safe for
// concurrent use.
type Marks struct {
	strokes []markedStroke
	points  int
}

type markedStroke struct {
	stream.Stroke
	until time.Time // zero: until cleared
}

// Add adds the points of m to the participant's stroke, which begins with its first points, and returns what the others
// need: the new points alone. When there is no room, the oldest fading strokes go; when that does not help, it returns an
// *Error with code marks_full.
func (m *Marks) Add(participant, colour string, in stream.Mark, now time.Time) (stream.Stroke, error) {
	id := participant + "." + in.ID
	i := slices.IndexFunc(m.strokes, func(s markedStroke) bool { return s.ID == id })
	switch {
	case i >= 0 && m.strokes[i].Done:
		return stream.Stroke{}, &Error{Code: "mark_done", Status: http.StatusConflict, Message: "This mark is finished already."}
	case i >= 0 && len(m.strokes[i].Points)+len(in.Points) > MaxStrokePoints:
		return stream.Stroke{}, &Error{Code: "marks_full", Status: http.StatusConflict, Message: "This mark is too long.", Hint: "Begin a new one."}
	}
	for m.points+len(in.Points) > MaxPoints || i < 0 && len(m.strokes) >= MaxStrokes {
		old := slices.IndexFunc(m.strokes, func(s markedStroke) bool { return s.Fade && s.ID != id })
		if old < 0 {
			return stream.Stroke{}, &Error{Code: "marks_full", Status: http.StatusConflict, Message: "There are too many marks on the page.", Hint: "Clear the marks."}
		}
		m.remove(old)
		if old < i {
			i--
		}
	}
	if i < 0 {
		m.strokes = append(m.strokes, markedStroke{Stroke: stream.Stroke{ID: id, Participant: participant, Colour: colour, Fade: in.Fade, Points: [][2]float64{}}})
		i = len(m.strokes) - 1
	}
	s := &m.strokes[i]
	s.Points = append(s.Points, in.Points...) // what was handed out before ends where it ended
	s.Done = in.Done
	m.points += len(in.Points)
	if s.Fade {
		s.until = now.Add(abandonedFade)
		if s.Done {
			s.until = now.Add(MarkFade)
		}
	}
	more := s.Stroke
	more.Points = in.Points
	return more, nil
}

// Strokes returns all strokes, for a newcomer. Nothing that it returns changes later.
func (m *Marks) Strokes() []stream.Stroke {
	all := make([]stream.Stroke, 0, len(m.strokes))
	for _, s := range m.strokes {
		all = append(all, s.Stroke)
	}
	return all
}

// Clear removes all strokes and tells whether there were any.
func (m *Marks) Clear() bool {
	had := len(m.strokes) > 0
	*m = Marks{}
	return had
}

// Expire removes the strokes that have faded.
func (m *Marks) Expire(now time.Time) {
	for i := len(m.strokes) - 1; i >= 0; i-- {
		if u := m.strokes[i].until; !u.IsZero() && !now.Before(u) {
			m.remove(i)
		}
	}
}

// Next is when Expire has something to do, or zero.
func (m *Marks) Next() time.Time {
	var next time.Time
	for _, s := range m.strokes {
		if !s.until.IsZero() && (next.IsZero() || s.until.Before(next)) {
			next = s.until
		}
	}
	return next
}

func (m *Marks) remove(i int) {
	m.points -= len(m.strokes[i].Points)
	m.strokes = slices.Delete(m.strokes, i, i+1)
}
