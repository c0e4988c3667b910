package session_test

import (
	"testing"
	"time"

	"binnacle/audit"
	"binnacle/session"
	"binnacle/stream"
)

func TestJoiningAtTheStartIsNoNews(t *testing.T) {
	inNoTime(t, session.Limits{}, func(t *testing.T, h *house) {
		h.adds("Cleo")
		_, v := h.together("Ada", "Ben") // both were in the call
		h.adds("Dan")
		dan := h.joins("Dan") // was not
		if n := patiently(v[0], code("joined")); n.Text != "Dan joined" {
			t.Errorf("notice = %+v", n)
		}
		v[1].send(stream.Leave{})
		patiently(v[0], code("left"))
		h.joins("Ben") // comes back
		if n := patiently(v[0], code("joined")); n.Text != "Ben joined" {
			t.Errorf("notice = %+v", n)
		}
		<-time.After(4 * time.Second)
		h.joins("Cleo") // was in the call, and takes her time
		for _, one := range []*viewer{v[0], dan} {
			if n := patiently(one, func(n stream.Notice) bool { return n.Code == "joined" && n.Participant != h.people["Ben"].ID }); n.Text != "Cleo joined" {
				t.Errorf("notice = %+v", n)
			}
		}
		if r := h.log.ofKind(audit.KindJoined); len(r) != 5 {
			t.Errorf("%d joined records, want 5: the log has all", len(r))
		}
	})
}
