package session

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"binnacle/audit"
	"binnacle/stream"
)

// finish takes a session down, in the order in which people and evidence need it: the last record, the last message, Chrome,
// the journal, the directory. It is the end of run.
func (s *session) finish() {
	e := s.ending
	if s.rules != nil && s.phase != PhaseFrozen {
		s.drainEvents() // what was done before the end belongs to the log
		s.finalRecord(e)
	}
	if s.rules != nil {
		s.rules.Stop()
	}
	last := farewell{stream.Ended{Code: e.code, By: e.by.ID, Text: e.text}}
	if e.err != nil && s.steers == 0 { // the starter gets the error itself, the call is told why; here it is just over
		last = farewell{stream.Failure{Code: errUnknownSession().Code, Message: publicError(e.err).Message}}
	}
	s.final.Store(&last)
	s.hub.vanish(s) // before anybody is told: who hears the end may start the next
	s.cancel()
	for _, k := range s.sockets {
		k.peer.Close(last.message)
	}
	s.hub.callChanged(s.callID)
	if s.steers == 0 {
		s.startFailed(e.err)
	}
	s.markOpened()

	s.closePage()
	s.wg.Wait()
	select {
	case o := <-s.openings: // it was opened too late
		s.page, s.epoch = o.page, max(s.epoch, o.epoch)
		if o.page != nil {
			s.events = o.page.Events()
		}
		s.closePage()
		if o.journal != nil && s.ledger == nil {
			s.ledger = newLedger(o.journal)
			s.record(audit.Record{Kind: audit.KindStopped, By: person(e.by), Detail: map[string]string{"reason": e.reason}}, nil)
		}
	default:
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	if s.ledger != nil {
		if err := s.ledger.journal.Close(ctx); err != nil {
			s.log.Error("journal could not be closed", "error", err)
			s.hub.evidenceFailed(s)
		}
	}
	if s.epoch != 0 {
		if err := s.hub.cfg.Directory.Release(ctx, s.id, s.epoch); err != nil {
			s.log.Warn("session could not be released in the directory", "error", err)
		}
	}
	s.log.Info("session ended", "code", e.code, "reason", e.reason, "dropped_inputs", s.dropped)
	s.hub.gone(s)
	close(s.over)
}

// startFailed says why the session never became live: the starter gets it as the answer, the others of the call as a notice.
func (s *session) startFailed(err error) {
	if err == nil {
		err = &Error{Code: "stopped", Status: http.StatusConflict, Message: "Co-browsing was stopped before the page had loaded."}
	}
	s.openErr = s.hub.public(context.Background(), "start session", err)
	answered := s.starter.ID
	if s.deserted.Load() {
		answered = ""
	}
	s.hub.callChanged(s.callID, callNotice{answered, stream.Notice{Code: "start_failed", Level: "error", Participant: s.starter.ID,
		Text: fmt.Sprintf("%s could not start co-browsing %s: %s", s.starter.Name, s.preset.Name, s.openErr)}})
}

// finalRecord writes the last record and waits until it, and all before it, is on disk; what people see does not wait for
// longer than stopTime.
func (s *session) finalRecord(e *ending) {
	s.record(audit.Record{Kind: audit.KindStopped, By: person(e.by), Detail: map[string]string{"reason": e.reason}}, nil)
	want := s.ledger.enqueued
	timeout := time.NewTimer(stopTime)
	defer timeout.Stop()
	for {
		durable, err := s.ledger.settle()
		if err != nil || durable >= want {
			if err != nil {
				s.log.Error("session ends without its last records", "error", err)
				s.hub.evidenceFailed(s)
			}
			return
		}
		select {
		case <-s.ledger.wake:
		case <-timeout.C:
			s.log.Error("session ends before its last records are on disk")
			return
		}
	}
}

// closePage ends Chrome and refuses what it still said.
func (s *session) closePage() {
	if s.page == nil {
		return
	}
	if err := s.page.Close(); err != nil {
		s.log.Warn("page did not close cleanly", "error", err)
	}
	refuseEvents(s.events)
	s.page, s.events, s.frames, s.snapshots = nil, nil, nil, nil
}

// markOpened lets those who wait for the start go on.
func (s *session) markOpened() {
	select {
	case <-s.opened:
	default:
		close(s.opened)
	}
}
