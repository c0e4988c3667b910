package renderer_test

import (
	"errors"
	"testing"
	"time"

	"binnacle/renderer"
)

// TestSubmitWaitsForTheRecord: no request leaves Chrome before the form events are on disk, and none ever if they cannot be.
func TestSubmitWaitsForTheRecord(t *testing.T) {
	pages := map[string]string{
		"a.test/": `<form action=/post method=post><label>Name <input id=name name=name></label><button id=go>Send</button></form>
			<button type=button id=fetch onclick="hidden1.value='set';fetch('/sent', {method:'POST', body:'f'})">Fetch</button>
			<button type=button id=script onclick="document.forms[0].submit()">Script</button><input id=hidden1 aria-label=Other>`,
		"a.test/post": "posted",
		"a.test/top":  `<iframe src="https://b.test/in" style="width:500px;height:200px"></iframe>`,
		"b.test/in":   `<form action=/post method=post><label>Name <input id=name name=name></label><button id=go>Send</button></form>`,
		"b.test/post": "posted",
	}
	for name, c := range map[string]struct{ at, button, action, id string }{
		"submit":                  {"a.test/", "Send", "submitted", ""},
		"fetch after a setter":    {"a.test/", "Fetch", "text_entered", "hidden1"},
		"form.submit":             {"a.test/", "Script", "submitted", ""},
		"out-of-process iframe":   {"a.test/top", "Send", "submitted", ""},
		"out-of-process iframe 2": {"a.test/top", "Send", "pressed", "go"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verdict := range []error{nil, errors.New("disk is full")} {
				v := visitPages(t, c.at, pages)
				held := make(chan renderer.Event, 1)
				v.mu.Lock()
				v.hold = func(ev renderer.Event) bool {
					f, ok := ev.Body.(renderer.FormEvent)
					if !ok || f.Action != c.action || f.Element.ID != c.id {
						return false
					}
					select {
					case held <- ev:
						return true
					default:
						return false
					}
				}
				v.mu.Unlock()
				v.click("textbox", "Name")
				v.keys("a")
				v.click("button", c.button)
				var ev renderer.Event
				select {
				case ev = <-held:
				case <-time.After(10 * time.Second):
					t.Fatal("no event came")
				}
				if v.sentWithin(400 * time.Millisecond) {
					t.Fatalf("the request reached the server before the record was on disk")
				}
				ev.Ack(verdict)
				if verdict == nil {
					v.until("the request at the server", func() bool { return len(v.posts) > 0 })
				} else if v.sentWithin(400 * time.Millisecond) {
					t.Errorf("the request reached the server though its record could not be written")
				}
			}
		})
	}
}

// sentWithin tells whether a request reaches the server in that time.
func (v *visit) sentWithin(d time.Duration) bool {
	limit := time.After(d)
	for {
		v.mu.Lock()
		sent, change := len(v.posts) > 0, v.change
		v.mu.Unlock()
		if sent {
			return true
		}
		select {
		case <-change:
		case <-limit:
			return false
		}
	}
}
