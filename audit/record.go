package audit

import "time"

// Version is the version of the record format (field "v").
const Version = 1

// Kind names what a record is about.
type Kind string

// The kinds of records. Form interactions are one kind, FormKind, told apart by Action.
const (
	KindOpened       Kind = "opened"          // the session began: By, Page, Detail preset, sandbox, agent versions
	KindJoined       Kind = "joined"          // By joined the session
	KindLeft         Kind = "left"            // By left the session
	KindTookOver     Kind = "took_over"       // By is the navigator from Turn on; Detail["from"] is the one before
	KindNoNavigator  Kind = "no_navigator"    // the navigator left and nobody steers
	KindNavigated    Kind = "navigated"       // the top page is now Page
	KindBlocked      Kind = "blocked"         // a top-level navigation was refused; Page.Address is the target, Detail["reason"]
	KindDialogOpened Kind = "dialog_opened"   // alert, confirm, prompt or beforeunload; Detail["type"], Message
	KindDialog       Kind = "dialog_answered" // By answered; Detail["type"], Detail["answer"] = accepted|dismissed, Length of a prompt's text
	KindMarksCleared Kind = "marks_cleared"   // By cleared the marks
	KindForm         Kind = "form"            // a form interaction: Action, Element, Frame, Cause
	KindFrozen       Kind = "frozen"          // input was stopped; Detail["reason"]
	KindRecovered    Kind = "recovered"       // Chrome was lost and the page came back; Page
	KindInterrupted  Kind = "interrupted"     // written at the next start: the server ended without closing this log
	KindStopped      Kind = "stopped"         // the session ended; By unless the server ended it, Detail["reason"]
)

// Action names what happened to a form control (row C1).
type Action string

// The actions of KindForm records.
const (
	ActionTextEntered  Action = "text_entered"  // Length is the control's length in characters; none for secret controls
	ActionCleared      Action = "cleared"       // a text control became empty
	ActionChecked      Action = "checked"       // checkbox or radio button
	ActionUnchecked    Action = "unchecked"     //
	ActionOptionChosen Action = "option_chosen" // select, or an ARIA option; Options are the labels
	ActionValueChosen  Action = "value_chosen"  // date, time, colour, range: a value that is not typed text
	ActionFileChosen   Action = "file_chosen"   // Files
	ActionPressed      Action = "pressed"       // a button or a control with a button's role
	ActionSubmitted    Action = "submitted"     // a form was submitted; Element is the form, Detail["submitter"]
	ActionRejected     Action = "rejected"      // validation refused the control; Message is the page's or browser's message
	ActionReset        Action = "reset"         // a form was reset
)

// Cause says why a form interaction happened.
type Cause string

const (
	CauseUser   Cause = "user"   // the trusted event of a participant's input
	CauseScript Cause = "script" // no input caused it: the page's script did
)

// Record is one line of a co-browse log. Its JSON is the archive's format, documented in docs/AUDIT.md; golden files in
// testdata guard it. Typed text is never in a record: only its Length, and not even that for secret controls.
type Record struct {
	V       int               `json:"v"`       // Version
	Session string            `json:"session"` // session id
	Seq     uint64            `json:"seq"`     // 1, 2, 3 … without gaps within the session
	Time    time.Time         `json:"time"`    // UTC, microseconds, the server's clock
	Kind    Kind              `json:"kind"`
	Epoch   uint32            `json:"epoch"`           // which owner of the session wrote it
	Turn    uint64            `json:"turn"`            // the turn that the record belongs to, 0 before the first
	By      *Person           `json:"by,omitempty"`    // whose input caused it, or who acted
	Cause   Cause             `json:"cause,omitempty"` // KindForm only
	Input   int64             `json:"input,omitempty"` // the unique time of the causing input, Unix milliseconds; 0 when none
	Action  Action            `json:"action,omitempty"`
	Partial bool              `json:"partial,omitempty"` // typing goes on: a later record has the committed state
	Page    *Page             `json:"page,omitempty"`    // the top page
	Frame   *Frame            `json:"frame,omitempty"`   // the frame that the element is in
	Element *Element          `json:"element,omitempty"`
	Length  *int              `json:"length,omitempty"`  // characters, after the action
	Options []string          `json:"options,omitempty"` // labels of the chosen options
	Files   []File            `json:"files,omitempty"`
	Message string            `json:"message,omitempty"` // text of a validation message or dialog
	Detail  map[string]string `json:"detail,omitempty"`
	Prev    string            `json:"prev"` // SHA-256 (hex) of the line before as written, without its newline; 64 zeros for the first

	line string // as it was read, see Line
}

// Person is a participant as the log names them.
type Person struct {
	ID     string `json:"id"`               // participant id
	Name   string `json:"name"`             // as the host product gave it
	Client string `json:"client,omitempty"` // client id, when the participant is one
}

// Page is the top page: the address without query and fragment.
type Page struct {
	Address string `json:"address"`
	Title   string `json:"title,omitempty"`
}

// Frame is the frame of an element: address without query and fragment, Main when it is the top page itself.
type Frame struct {
	Address string `json:"address"`
	Title   string `json:"title,omitempty"`
	Main    bool   `json:"main,omitempty"`
}

// Element names a control the way a person and a developer would.
type Element struct {
	Name   string `json:"name,omitempty"`  // accessible name
	Label  string `json:"label,omitempty"` // text of the label, when it differs from Name
	ID     string `json:"id,omitempty"`
	Field  string `json:"field,omitempty"`  // name attribute
	Type   string `json:"type,omitempty"`   // input type, or tag name
	Role   string `json:"role,omitempty"`   // ARIA role
	Form   string `json:"form,omitempty"`   // id or name of its form
	Secret bool   `json:"secret,omitempty"` // its value is masked and its length not logged
}

// File is a chosen file: never its content.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256,omitempty"`
}
