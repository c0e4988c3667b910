package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/stream"
)

// opening is what runOpen brings: a page, and for a session that begins its epoch and journal. After err only epoch may be
// set.
type opening struct {
	page    Page
	epoch   uint32 // 0: not claimed
	journal Journal
	begun   time.Time
	err     error
}

// runOpen opens the page for the first time and tells run, which waits for it.
func (s *session) runOpen(ctx context.Context) { s.openings <- s.openFirst(ctx) }

// runReopen opens the page again, after what is left of old has gone, and tells run, which waits for it.
func (s *session) runReopen(ctx context.Context, old Page, events <-chan renderer.Event) {
	if old != nil {
		if err := old.Close(); err != nil {
			s.log.Warn("lost page did not close cleanly", "error", err)
		}
		refuseEvents(events)
	}
	s.openings <- s.openPage(ctx)
}

func (s *session) openFirst(ctx context.Context) (o opening) {
	claimCtx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if o.epoch, o.err = s.hub.cfg.Directory.Claim(claimCtx, s.id); o.err != nil {
		o.epoch, o.err = 0, fmt.Errorf("claim session: %w", o.err)
		return o
	}
	opened := s.openPage(ctx)
	if opened.err != nil {
		o.err = opened.err
		return o
	}
	o.page, o.begun = opened.page, time.Now()
	beginCtx, cancelBegin := context.WithTimeout(ctx, storeTime)
	defer cancelBegin()
	o.journal, o.err = s.hub.cfg.Log.Begin(beginCtx, audit.Header{Session: s.id, Epoch: o.epoch, Call: s.callID, CallTitle: s.title,
		Preset: s.preset.ID, PresetName: s.preset.Name, Address: plainAddress(s.preset.Address), Opened: o.begun.UTC(),
		Insecure: s.hub.cfg.Insecure, Chrome: o.page.Version(), Agent: s.hub.cfg.TagVersion})
	if o.err != nil {
		o.err = fmt.Errorf("%w: %w", errEvidence, o.err)
		if err := o.page.Close(); err != nil {
			s.log.Warn("page did not close cleanly", "error", err)
		}
		refuseEvents(o.page.Events())
		o.page = nil
	}
	return o
}

func (s *session) openPage(ctx context.Context) (o opening) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.Open)
	defer cancel()
	p := s.preset
	opts := renderer.Options{Address: p.Address, Scope: renderer.Scope(p.Scope), Width: p.Width, Height: p.Height, Scale: p.Scale, TagVersions: s.hub.cfg.TagVersions}
	// What run wrote into resume before it started this; it writes no more while this goes on. Only a prefix's scope hangs on the
	// preset's own address: the others are the same for every address within them.
	if opts.Scope != renderer.ScopePrefix {
		opts.Address = s.resume
	} else if s.resume != p.Address {
		opts.Resume = s.resume
	}
	o.page, o.err = s.hub.cfg.Renderer.Open(ctx, opts)
	return o
}

// refuseEvents answers events that nobody will handle, until their channel is closed.
func refuseEvents(events <-chan renderer.Event) {
	if events == nil {
		return
	}
	for e := range events {
		e.Ack(renderer.ErrClosed)
	}
}

// handleOpening goes on with the page, or without.
func (s *session) handleOpening(o opening) {
	if s.rules != nil {
		s.recovered(o)
		return
	}
	s.epoch = o.epoch
	if o.err != nil {
		s.stop(&ending{code: "crashed", reason: "not opened", err: o.err})
		if errors.Is(o.err, errEvidence) {
			s.hub.evidenceFailed(s)
		}
		return
	}
	s.hub.evidenceWorks()
	now := o.begun
	s.born, s.active = now, now
	s.ledger = newLedger(o.journal)
	s.rules = NewRules(s.starter.ID, s.limits.Reconnect, now)
	sandbox := "on"
	if s.hub.cfg.Insecure {
		sandbox = "off-insecure"
	}
	s.record(audit.Record{Kind: audit.KindOpened, Time: now.UTC(), By: person(s.starter), Page: &audit.Page{Address: s.address}, Detail: map[string]string{
		"preset": s.preset.ID, "preset_name": s.preset.Name, "scope": s.preset.Scope, "chrome": o.page.Version(), "sandbox": sandbox,
		"tag": s.hub.cfg.TagVersion, "node": s.hub.cfg.Node}}, nil)
	s.attach(o.page)
	s.setPhase(PhaseLive)
	s.wg.Go(func() { s.runErrands(s.ctx, s.epoch) })
	for _, id := range s.waiting {
		if k := s.sockets[id]; k != nil {
			s.enter(k)
		}
	}
	s.waiting = nil
	turn := s.rules.Turn()
	s.after(func(err error) {
		if err == nil {
			s.steers = turn
			s.markOpened()
		}
	})
	s.tell()
	s.notice(stream.Notice{Code: "navigator", Level: "info", Participant: s.starter.ID, Text: s.starter.Name + " is now the navigator"}, "")
	s.hub.callChanged(s.callID, callNotice{s.starter.ID, stream.Notice{Code: "session_started", Level: "info", Participant: s.starter.ID,
		Text: fmt.Sprintf("%s started co-browsing: %s", s.starter.Name, s.preset.Name)}})
}

// attach makes p the page that people see.
func (s *session) attach(p Page) {
	s.page, s.events, s.frames, s.snapshots = p, p.Events(), p.Frames(), p.Snapshots()
	s.held = held{}
	p.Refresh()
}

// lose goes on after Chrome was lost: everyone is told, and a new Chrome loads the last address that a GET brought. What a
// POST brought is not asked for again.
func (s *session) lose(why string) {
	if s.page == nil {
		return
	}
	old, events := s.page, s.events
	s.page, s.events, s.frames, s.snapshots, s.dialog, s.lostWhy = nil, nil, nil, nil, nil, why
	s.log.Warn("chrome was lost", "reason", why)
	if s.phase == PhaseFrozen || s.ending != nil {
		s.page, s.events = old, events // closed by finish
		s.frames, s.snapshots = nil, nil
		if s.ending == nil {
			s.stop(&ending{code: "crashed", reason: "chrome was lost while frozen", text: "Co-browsing ended: the page's browser stopped."})
		}
		return
	}
	s.setPhase(PhaseRecovering)
	s.hideCursor()
	s.tell()
	s.notice(stream.Notice{Code: "recovering", Level: "warning", Text: "The page's browser stopped. The page is being loaded again."}, "")
	s.reopen(old, events)
}

// reopen tries again, unless that was done too often.
func (s *session) reopen(old Page, events <-chan renderer.Event) {
	now := time.Now()
	for len(s.lost) > 0 && now.Sub(s.lost[0]) > RecoveryWindow {
		s.lost = s.lost[1:]
	}
	if len(s.lost) >= MaxRecoveries {
		s.page, s.events = old, events // closed by finish
		s.stop(&ending{code: "crashed", reason: "chrome was lost too often: " + s.lostWhy, text: "Co-browsing ended: the page's browser stopped too often."})
		return
	}
	s.lost = append(s.lost, now)
	s.wg.Go(func() { s.runReopen(s.ctx, old, events) })
}

func (s *session) recovered(o opening) {
	if o.err != nil {
		s.log.Warn("page could not be loaded again", "error", o.err)
		s.reopen(nil, nil)
		return
	}
	s.attach(o.page)
	if s.phase == PhaseFrozen {
		return
	}
	s.clearMarks("")
	s.secrets = secretTyping{}
	s.record(audit.Record{Kind: audit.KindRecovered, Page: &audit.Page{Address: plainAddress(s.resume)}, Detail: map[string]string{"reason": s.lostWhy}}, nil)
	s.setPhase(PhaseLive)
	s.tell()
	s.notice(stream.Notice{Code: "recovered", Level: "info", Text: "The page is back. What was entered and not sent may be lost."}, "")
}
