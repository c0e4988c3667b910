package renderer

import (
	"errors"
	"time"
)

// The errors that people can act on; Open and Navigate wrap them, compare with errors.Is.
var (
	ErrNoSandbox   = errors.New("the sandbox of Chrome is not on")
	ErrNoChrome    = errors.New("no chromium-headless-shell was found")
	ErrNotHTTPS    = errors.New("address is not https")
	ErrUnreachable = errors.New("page cannot be reached")
	ErrCertificate = errors.New("certificate is not valid")
	ErrBlocked     = errors.New("navigation leads off the preset")
	ErrNoTag       = errors.New("page does not carry the co-browsing script tag")
	ErrOldTag      = errors.New("page carries a version of the script tag that is not supported")
	ErrHTTPStatus  = errors.New("server answered with an error")
	ErrClosed      = errors.New("page is closed")
	ErrBusy        = errors.New("page takes no more input at the moment")
)

// Options describe one page. The zero value of each field is a good default unless it says "required".
type Options struct {
	Address  string  // required: https address of the preset
	Resume   string  // full address to load first instead of Address, when the scope allows it: a Navigated.Checkpoint, after Chrome was lost
	Scope    Scope   // which top-level addresses are allowed; zero is ScopeOrigin
	Width    int     // viewport, CSS pixels; default 1280, 320–3840
	Height   int     // default 800, 240–2160
	Scale    float64 // device pixels per CSS pixel; default 1, 1–3
	Language string  // BCP 47, for Accept-Language and navigator.language; default "en-GB"
	TimeZone string  // IANA name; default the server's
	// TagVersions are the versions of the script tag that are supported, each with its integrity value ("sha384-…").
	TagVersions map[string]string
}

// Scope says how far a top-level navigation may go from the preset's address.
type Scope string

const (
	ScopeExact  Scope = "exact"  // this address alone; query and fragment may differ
	ScopePrefix Scope = "prefix" // paths below the address's path, on a path-segment boundary
	ScopeOrigin Scope = "origin" // the whole origin
)

// Frame is one picture of the viewport, as Chrome encoded it. The bytes are never changed after delivery.
type Frame struct {
	Format  string // "png" or "jpeg"
	Data    []byte
	Width   int // picture, device pixels
	Height  int
	Scale   float64 // picture pixels per CSS pixel of the viewport
	ScrollX float64 // top page's scroll offset, CSS pixels
	ScrollY float64
	Taken   time.Time // Chrome's time of the frame
}

// Snapshot is the page's meaning at one moment. Secrets are masked before it exists. Whole is true for a complete tree;
// differences come with the live mirror (a later version) and will set Whole to false.
type Snapshot struct {
	Seq       uint64 `json:"seq"`
	Whole     bool   `json:"whole"`
	Address   string `json:"address"` // without query and fragment
	Title     string `json:"title"`
	Lang      string `json:"lang,omitempty"`
	Root      *Node  `json:"root"`
	Truncated bool   `json:"truncated,omitempty"` // the page had more than MaxSnapshotNodes
}

// Node is one thing that a person would name: a heading, a text, a control. Frames and shadow roots are flattened in.
type Node struct {
	Role        string      `json:"role"`            // ARIA role as Chrome computes it, "text" for plain text
	Name        string      `json:"name,omitempty"`  // accessible name, or the text
	Value       string      `json:"value,omitempty"` // value of a control; "" when Secret
	Description string      `json:"description,omitempty"`
	Level       int         `json:"level,omitempty"`    // of a heading
	Checked     string      `json:"checked,omitempty"`  // "true", "false", "mixed"
	Expanded    string      `json:"expanded,omitempty"` // "true", "false"
	Selected    bool        `json:"selected,omitempty"`
	Disabled    bool        `json:"disabled,omitempty"`
	Required    bool        `json:"required,omitempty"`
	Invalid     bool        `json:"invalid,omitempty"`
	Focused     bool        `json:"focused,omitempty"`
	Secret      bool        `json:"secret,omitempty"`
	Box         *[4]float64 `json:"box,omitempty"` // x, y, width, height in page CSS pixels of the top page
	Children    []*Node     `json:"children,omitempty"`
}

// Event is something that the page did. Events arrive in order on Page.Events. The receiver must call Ack exactly once:
// nil means "on disk"; the renderer lets no gated request (a form submit, a navigation, a fetch) leave Chrome before every
// event that came before it was acknowledged with nil. An error fails gated requests from then on.
type Event struct {
	Body EventBody
	Ack  func(error)
}

// EventBody is one of FormEvent, Navigated, Blocked, TagMissing, DialogOpened, DialogClosed, Gone.
type EventBody interface{ eventBody() }

// FormEvent is a form interaction, as the agent in the frame saw it.
type FormEvent struct {
	Action    string // an audit.Action word: text_entered, checked, …
	Partial   bool   // typing goes on
	Input     int64  // Input.Time of the input that caused it; 0 when the page's script did
	Frame     FrameInfo
	Page      FrameInfo
	Element   Element
	Length    *int // characters; nil for secret controls and where it means nothing
	Options   []string
	Files     []File
	Message   string // validation message
	Submitter string // accessible name of the pressed button of a submit
}

// FrameInfo is the address (no query, no fragment) and title of a frame.
type FrameInfo struct {
	Address string
	Title   string
	Main    bool
}

// Element is the control: Name is the accessible name as Chrome computes it.
type Element struct {
	Name, Label, ID, Field, Type, Role, Form string
	Secret                                   bool
	Key                                      string // stable while the element lives: tells two controls apart
}

// File is a chosen file.
type File struct {
	Name  string
	Bytes int64
}

// Navigated: the top page is now Address (no query, no fragment) and carries a supported script tag. Checkpoint is the full
// address of the last GET, for recovery only: never log or send it. InPage is true for pushState and fragments.
type Navigated struct {
	Address, Title string
	Checkpoint     string
	InPage         bool
	TagVersion     string
}

// Blocked: a top-level navigation was refused. Reason is one of off_preset, not_https, new_window, other_scheme, download, no_tag,
// old_tag, unreachable, certificate, http_status. Address has no query and no fragment.
type Blocked struct{ Address, Reason string }

// DialogOpened: a JavaScript dialog waits for an answer (Page.AnswerDialog); the page stands still until then.
type DialogOpened struct {
	ID      uint64
	Type    string // alert, confirm, prompt, beforeunload
	Message string
	Default string // of a prompt
	Origin  string // of the frame that raised it
}

// DialogClosed: the dialog is gone; it was answered, or the page went away.
type DialogClosed struct {
	ID       uint64
	Accepted bool
}

// Gone: Chrome or its page is lost (crash, kill, overflow). It is the last event; then the channel is closed.
type Gone struct{ Reason string }

func (FormEvent) eventBody()    {}
func (Navigated) eventBody()    {}
func (Blocked) eventBody()      {}
func (DialogOpened) eventBody() {}
func (DialogClosed) eventBody() {}
func (Gone) eventBody()         {}

// Input is one act of the navigator. Time must be unique and increasing: Unix milliseconds that no other input of this page
// has (Stamps gives them); Chrome reports it back on the events that the input caused.
type Input struct {
	Time             int64
	Kind             InputKind
	Type             string  // mouse: move, down, up; key: down, up; touch: start, move, end, cancel
	X, Y             float64 // CSS pixels of the viewport; mouse, wheel
	Button           string  // mouse: left, middle, right, back, forward, ""
	Buttons          int     // bit field of held buttons: left 1, right 2, middle 4, back 8, forward 16
	Clicks           int     // 1, 2, 3
	DX, DY           float64 // wheel, CSS pixels
	Modifiers        int     // alt 1, ctrl 2, meta 4, shift 8
	Key, Code        string  // KeyboardEvent.key and .code of the navigator's own layout
	Location         int
	Repeat           bool
	Text             string // text: inserted as it is (paste, soft keyboard, IME commit); compose: the text being composed
	SelStart, SelEnd int    // compose
	Touches          []Touch
}

// InputKind says which fields of Input count.
type InputKind string

const (
	InputMouse   InputKind = "mouse"
	InputWheel   InputKind = "wheel"
	InputKey     InputKind = "key"
	InputText    InputKind = "text"
	InputCompose InputKind = "compose"
	InputTouch   InputKind = "touch"
)

// Touch is one finger.
type Touch struct {
	ID   int `json:"id"`
	X, Y float64
}
