package session

import (
	"encoding/json"
	"fmt"
	"net/url"
	"unicode/utf8"

	"binnacle/audit"
	"binnacle/renderer"
	"binnacle/stream"
)

// dialog is the JavaScript dialog that the page waits in.
type dialog struct {
	stream.Dialog
	answered bool // the answer is on its way to the disk and then to the page
}

func (d *dialog) shown() *stream.Dialog {
	if d == nil {
		return nil
	}
	shown := d.Dialog
	return &shown
}

// handleEvent takes what the page did. Every event is acknowledged once, with nil when it is on disk.
func (s *session) handleEvent(e renderer.Event) {
	if s.phase == PhaseFrozen {
		e.Ack(errEvidence)
		if gone, ok := e.Body.(renderer.Gone); ok {
			s.lose(gone.Reason)
		}
		return
	}
	switch b := e.Body.(type) {
	case renderer.FormEvent:
		s.handleForm(b, e.Ack)
	case renderer.Navigated:
		s.navigated(b, e.Ack)
	case renderer.Blocked:
		s.record(audit.Record{Kind: audit.KindBlocked, Page: &audit.Page{Address: b.Address}, Detail: map[string]string{"reason": b.Reason}}, e.Ack)
		s.notice(stream.Notice{Code: "blocked", Level: "warning", Text: blockedText(b)}, "")
	case renderer.DialogOpened:
		s.record(audit.Record{Kind: audit.KindDialogOpened, Page: s.pageNow(), Message: b.Message, Detail: map[string]string{"type": b.Type}}, e.Ack)
		s.dialog = &dialog{Dialog: stream.Dialog{ID: b.ID, Type: b.Type, Message: b.Message, Default: b.Default, Origin: b.Origin}}
		s.tell()
		s.notice(stream.Notice{Code: "dialog", Level: "info", Text: dialogText(b.Type)}, "")
	case renderer.DialogClosed:
		e.Ack(nil)
		if s.dialog != nil && s.dialog.ID == b.ID {
			s.dialog = nil
			s.tell()
		}
	case renderer.Gone:
		e.Ack(nil)
		s.lose(b.Reason)
	default:
		s.log.Error("page said something unknown", "type", fmt.Sprintf("%T", e.Body))
		e.Ack(nil)
	}
}

func (s *session) pageNow() *audit.Page { return &audit.Page{Address: s.address, Title: s.pageTitle} }

func (s *session) navigated(n renderer.Navigated, ack func(error)) {
	rec := audit.Record{Kind: audit.KindNavigated, Page: &audit.Page{Address: n.Address, Title: n.Title}}
	if n.TagVersion != "" {
		rec.Detail = map[string]string{"tag": n.TagVersion}
	}
	s.record(rec, ack)
	s.address, s.pageTitle = n.Address, n.Title
	if n.Checkpoint != "" {
		s.resume = n.Checkpoint
	}
	if !n.InPage {
		s.secrets = secretTyping{}
		if s.clearMarks("") {
			s.notice(stream.Notice{Code: "marks_cleared", Level: "info", Text: "A new page: the marks are gone"}, "")
		}
	}
	s.tell()
}

// answer hands the navigator's answer to the page, once the log has it. What was typed into a prompt is not logged.
func (s *session) answer(k *socket, m stream.Answer) {
	d := s.dialog
	if d == nil || d.ID != m.Dialog || d.answered || !s.navigates(k) {
		s.dropped++
		return
	}
	d.answered = true
	rec := audit.Record{Kind: audit.KindDialog, By: person(k.who), Page: s.pageNow(), Detail: map[string]string{"type": d.Type, "answer": "dismissed"}}
	if m.Accept {
		rec.Detail["answer"] = "accepted"
		if d.Type == "prompt" {
			n := utf8.RuneCountInString(m.Text)
			rec.Length = &n
		}
	}
	s.record(rec, nil)
	page := s.page
	s.after(func(err error) {
		if err != nil || s.page != page {
			return
		}
		if err := page.AnswerDialog(m.Dialog, m.Accept, m.Text); err != nil {
			d.answered = false
			s.log.Warn("dialog could not be answered", "error", err)
		}
	})
}

// showPicture sends a frame to everyone; pictures are numbered over all Chromes of the session.
func (s *session) showPicture(f renderer.Frame) {
	format := stream.PicturePNG
	if f.Format == "jpeg" {
		format = stream.PictureJPEG
	}
	s.seq++
	s.picture = &stream.Picture{Format: format, Epoch: s.epoch, Seq: s.seq, Width: clamp16(f.Width), Height: clamp16(f.Height), Scale: f.Scale,
		ScrollX: f.ScrollX, ScrollY: f.ScrollY, Taken: float64(f.Taken.UnixMicro()) / 1000, Data: f.Data}
	s.each("", func(p *stream.Peer) { p.SetPicture(s.picture) })
}

// showMeaning sends a snapshot to everyone; it is encoded once.
func (s *session) showMeaning(sn renderer.Snapshot) {
	body, err := json.Marshal(sn)
	if err != nil {
		s.log.Error("snapshot cannot be encoded", "error", err)
		return
	}
	if len(body) > stream.MaxSnapshotBytes {
		s.log.Warn("snapshot is too long and was left out", "bytes", len(body))
		return
	}
	s.meaning = &stream.Snapshot{Epoch: s.epoch, Body: body}
	s.each("", func(p *stream.Peer) { p.SetSnapshot(*s.meaning) })
}

func clamp16(n int) uint16 { return uint16(min(max(n, 0), 1<<16-1)) }

func dialogText(kind string) string {
	switch kind {
	case "alert":
		return "The page shows a message"
	case "prompt":
		return "The page asks for a text"
	case "beforeunload":
		return "The page asks whether to leave it"
	}
	return "The page asks a question"
}

func blockedText(b renderer.Blocked) string {
	where := "an unknown address"
	if u, err := url.Parse(b.Address); err == nil && u.Hostname() != "" {
		where = u.Hostname()
	} else if err == nil && u.Scheme != "" {
		where = u.Scheme + ":"
	}
	what := "tried to leave the allowed address"
	switch b.Reason {
	case "not_https":
		what = "tried to open an address without https"
	case "new_window":
		what = "tried to open a new window"
	case "other_scheme":
		what = "tried to open another program"
	case "download":
		what = "tried to download a file"
	case "no_tag":
		what = "led to a page without the co-browsing script tag"
	case "old_tag":
		what = "led to a page with an old co-browsing script tag"
	case "unreachable":
		what = "led to an address that cannot be reached"
	case "certificate":
		what = "led to an address whose certificate is not valid"
	case "http_status":
		what = "led to an address that answered with an error"
	}
	return fmt.Sprintf("Blocked: the page %s (%s)", what, where)
}

// plainAddress is an address without query, fragment and user.
func plainAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment, u.User = "", false, "", "", nil
	return u.String()
}
