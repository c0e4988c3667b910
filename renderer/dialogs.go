package renderer

import (
	"errors"

	"github.com/chromedp/cdproto/page"
)

// maxDialogText bounds the message and the default text of a dialog, in characters; Chrome itself shows less.
const maxDialogText = 4096

// errNoDialog: the dialog was answered, or its page went away.
var errNoDialog = errors.New("dialog is not open")

// dialog is a JavaScript dialog that waits for an answer. Until then the page stands still: evaluate and the acknowledgement of input
// do not come back.
type dialog struct {
	id uint64
	s  *cdpSession // on which it was announced, and must be answered; a cross-origin iframe's is announced on the page's
}

// watchDialogs tells of dialogs. Dialogs of a page that Open loads are answered at once: nobody is there to do it.
func (p *Page) watchDialogs(s *cdpSession) {
	on(s, page.JavascriptDialogOpening, func(ev *page.EventJavascriptDialogOpening) {
		if ev.HasBrowserHandler {
			return
		}
		if p.nav.isOpening() || p.nav.condemned() {
			leave := ev.Type == page.DialogTypeAlert || ev.Type == page.DialogTypeBeforeunload
			post(s, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: leave})
			return
		}
		p.mu.Lock()
		p.lastDialog++
		d := &dialog{p.lastDialog, s}
		p.dialogs = append(p.dialogs, d)
		p.mu.Unlock()
		p.tellInOrder(DialogOpened{ID: d.id, Type: ev.Type.String(), Message: cut(ev.Message, maxDialogText),
			Default: cut(ev.DefaultPrompt, maxDialogText), Origin: originOf(ev.URL)})
	})
	on(s, page.JavascriptDialogClosed, func(ev *page.EventJavascriptDialogClosed) {
		p.mu.Lock()
		var closed *dialog
		for _, d := range p.dialogs {
			if d.s == s {
				closed = d
				break
			}
		}
		p.dialogs = remove(p.dialogs, closed)
		p.mu.Unlock()
		if closed != nil {
			p.tellInOrder(DialogClosed{ID: closed.id, Accepted: ev.Result})
			p.nav.signal()
		}
	})
}

// dialogsOf closes the dialogs of a session that ended.
func (p *Page) dialogsOf(s *cdpSession) {
	p.mu.Lock()
	var closed []*dialog
	for _, d := range p.dialogs {
		if d.s == s {
			closed = append(closed, d)
		}
	}
	for _, d := range closed {
		p.dialogs = remove(p.dialogs, d)
	}
	p.mu.Unlock()
	for _, d := range closed {
		p.tellInOrder(DialogClosed{ID: d.id})
	}
	p.nav.signal()
}

// AnswerDialog answers an open dialog; text is what a prompt gets. It does not block; DialogClosed follows.
func (p *Page) AnswerDialog(id uint64, accept bool, text string) error {
	if p.ctx.Err() != nil {
		return ErrClosed
	}
	p.mu.Lock()
	var open *dialog
	for _, d := range p.dialogs {
		if d.id == id {
			open = d
		}
	}
	p.mu.Unlock()
	if open == nil {
		return errNoDialog
	}
	// A prompt that is accepted with an empty text gets an empty text, not its default: cdproto would drop it.
	open.s.send(page.HandleJavaScriptDialog.Method, struct {
		Accept bool   `json:"accept"`
		Text   string `json:"promptText"`
	}{accept, cut(text, maxDialogText)}, nil)
	return nil
}

// condemned tells whether the document that is shown is being left.
func (n *navigation) condemned() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.misses > 0
}
