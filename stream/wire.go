package stream

import "encoding/json"

// ProtocolVersion is the "v" of hello and the first byte of a picture. A server answers only its own version.
const ProtocolVersion = 1

// Every text message is one JSON object whose "t" names its type. Client messages decode with DecodeClient, which refuses
// unknown types, unknown fields, wrong ranges and anything over the limits in limits.go.

// ClientMessage is one of Hello, Input, TakeOver, Stop, Leave, Mark, ClearMarks, Pointer, Answer, Go, Ack.
type ClientMessage interface{ clientMessage() }

// Hello is the first message on every socket: who is there. The credential came from POST /join.
type Hello struct {
	V          int    `json:"v"`
	Credential string `json:"credential"`
}

// Input is one act of the navigator in turn Turn. Everybody else's is dropped on the server, as are old turns'.
type Input struct {
	Turn     uint64  `json:"turn"`
	Kind     string  `json:"kind"`           // mouse, wheel, key, text, compose, touch
	Type     string  `json:"type,omitempty"` // mouse: move, down, up; key: down, up; touch: start, move, end, cancel
	X        float64 `json:"x,omitempty"`    // CSS pixels of the shared viewport
	Y        float64 `json:"y,omitempty"`
	Button   string  `json:"button,omitempty"`  // left, middle, right, back, forward
	Buttons  int     `json:"buttons,omitempty"` // left 1, right 2, middle 4, back 8, forward 16
	Clicks   int     `json:"clicks,omitempty"`  // 1–3
	DX       float64 `json:"dx,omitempty"`      // wheel, CSS pixels
	DY       float64 `json:"dy,omitempty"`
	Mods     int     `json:"mods,omitempty"` // alt 1, ctrl 2, meta 4, shift 8
	Key      string  `json:"key,omitempty"`  // KeyboardEvent.key
	Code     string  `json:"code,omitempty"` // KeyboardEvent.code
	Location int     `json:"location,omitempty"`
	Repeat   bool    `json:"repeat,omitempty"`
	Text     string  `json:"text,omitempty"`
	SelStart int     `json:"selStart,omitempty"` // compose
	SelEnd   int     `json:"selEnd,omitempty"`
	Touches  []Touch `json:"touches,omitempty"`
}

// Touch is one finger on the shared page.
type Touch struct {
	ID int     `json:"id"`
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
}

// TakeOver makes the sender the navigator.
type TakeOver struct{}

// Stop ends the session for all.
type Stop struct{}

// Leave takes the sender out of the session; closing the socket without it means "reconnecting".
type Leave struct{}

// Mark adds points to the sender's stroke ID. Points are x, y pairs in page CSS pixels (viewport point + scroll offset).
// Done ends the stroke. Fade: it disappears by itself a few seconds after Done (docs/PROTOCOL.md, Marks); else it stays until cleared.
type Mark struct {
	ID     string       `json:"id"`
	Points [][2]float64 `json:"points"`
	Done   bool         `json:"done,omitempty"`
	Fade   bool         `json:"fade,omitempty"`
}

// ClearMarks removes all marks, for all.
type ClearMarks struct{}

// Pointer moves the sender's laser pointer (page CSS pixels), or hides it.
type Pointer struct {
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	On bool    `json:"on"`
}

// Answer answers the open dialog. Only the navigator's counts.
type Answer struct {
	Dialog uint64 `json:"dialog"`
	Accept bool   `json:"accept"`
	Text   string `json:"text,omitempty"`
}

// Go moves through the page's history: back, forward, reload. Only the navigator's counts.
type Go struct {
	Where string `json:"where"`
}

// Ack says that the picture Seq is on the participant's screen. The server keeps at most MaxPicturesInFlight unacknowledged.
type Ack struct {
	Seq uint64 `json:"seq"`
}

func (Hello) clientMessage()      {}
func (Input) clientMessage()      {}
func (TakeOver) clientMessage()   {}
func (Stop) clientMessage()       {}
func (Leave) clientMessage()      {}
func (Mark) clientMessage()       {}
func (ClearMarks) clientMessage() {}
func (Pointer) clientMessage()    {}
func (Answer) clientMessage()     {}
func (Go) clientMessage()         {}
func (Ack) clientMessage()        {}

// ServerMessage is one of Call, State, Notice, Cursor, Laser, Stroke, MarksCleared, Snapshot, Failure, Ended. On the wire each is an
// object with "t": call, state, notice, cursor, laser, stroke, marks_cleared, snapshot, error, ended.
type ServerMessage interface{ serverMessage() string }

// Call is the whole state of a call, sent on the call socket (/c/{call}/ws) at once and after each change.
type Call struct {
	ID           string        `json:"id"`
	Title        string        `json:"title,omitempty"`
	You          string        `json:"you"`      // participant id
	Admitted     bool          `json:"admitted"` // of you; until true there is nothing but waiting
	Participants []Participant `json:"participants"`
	Session      *SessionRef   `json:"session"` // nil: none is running
}

// Participant as others see them.
type Participant struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Colour    string `json:"colour"`         // #rrggbb, readable on white and under white text (4.5:1)
	Role      string `json:"role,omitempty"` // in a session: navigator, observer
	Connected bool   `json:"connected"`
}

// SessionRef tells where the running session is.
type SessionRef struct {
	ID        string `json:"id"`
	Path      string `json:"path"`      // /s/{id}/
	Phase     string `json:"phase"`     // starting, live, recovering, frozen
	Preset    string `json:"preset"`    // its name
	StartedBy string `json:"startedBy"` // participant id
}

// State is the whole state of a session, sent on the session socket (/s/{id}/ws) at once and after each change.
type State struct {
	Session      string        `json:"session"`
	Epoch        uint32        `json:"epoch"`
	Turn         uint64        `json:"turn"`
	Phase        string        `json:"phase"` // starting, live, recovering, frozen
	You          string        `json:"you"`
	Navigator    string        `json:"navigator"` // participant id, "" when nobody steers
	Participants []Participant `json:"participants"`
	Preset       string        `json:"preset"`
	Address      string        `json:"address"` // of the page, without query and fragment
	Title        string        `json:"title"`
	Width        int           `json:"width"` // viewport, CSS pixels
	Height       int           `json:"height"`
	Strokes      []Stroke      `json:"strokes"`
	Dialog       *Dialog       `json:"dialog"`
	EndsAt       int64         `json:"endsAt,omitempty"` // Unix ms of the absolute limit
}

// Dialog is a JavaScript dialog of the page.
type Dialog struct {
	ID      uint64 `json:"id"`
	Type    string `json:"type"` // alert, confirm, prompt, beforeunload
	Message string `json:"message"`
	Default string `json:"default,omitempty"`
	Origin  string `json:"origin"`
}

// Notice tells people what happened, in words for the live region. Codes: joined, left, navigator, no_navigator, blocked, dialog, recovering,
// recovered, frozen, marks_cleared, idle_warning, limit_warning, draining; on the call's socket session_started, start_failed.
type Notice struct {
	Code        string `json:"code"`
	Text        string `json:"text"`
	Participant string `json:"participant,omitempty"`
	Level       string `json:"level"` // info, warning, error
}

// Cursor is where the navigator's pointer is (viewport CSS pixels): newest wins. Not sent to the navigator.
type Cursor struct {
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	On bool    `json:"on"`
}

// Laser is a participant's laser pointer (page CSS pixels): newest wins, per participant.
type Laser struct {
	Participant string  `json:"participant"`
	X           float64 `json:"x"`
	Y           float64 `json:"y"`
	On          bool    `json:"on"`
}

// Stroke is a mark, or more points of one that is known by ID already (append).
type Stroke struct {
	ID          string       `json:"id"` // unique within the session: participant id + "." + the client's id
	Participant string       `json:"participant"`
	Colour      string       `json:"colour"`
	Points      [][2]float64 `json:"points"`
	Done        bool         `json:"done,omitempty"`
	Fade        bool         `json:"fade,omitempty"`
}

// MarksCleared: all strokes are gone.
type MarksCleared struct {
	Participant string `json:"participant"`
}

// Snapshot carries the page's meaning (docs/PROTOCOL.md has its schema): newest wins.
type Snapshot struct {
	Epoch uint32          `json:"epoch"`
	Body  json.RawMessage `json:"body"`
}

// Failure answers one participant's message in words. Its "t" is "error". Codes: busy, marks_full, mark_done; as the last message credential,
// not_admitted, session_unknown, or that of a Fault.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Ended is the last message: the session or call is over for this participant.
type Ended struct {
	Code string `json:"code"`         // stopped, idle, limit, drained, crashed, frozen, left, removed, replaced
	By   string `json:"by,omitempty"` // participant id
	Text string `json:"text"`
}

func (Call) serverMessage() string         { return "call" }
func (State) serverMessage() string        { return "state" }
func (Notice) serverMessage() string       { return "notice" }
func (Cursor) serverMessage() string       { return "cursor" }
func (Laser) serverMessage() string        { return "laser" }
func (Stroke) serverMessage() string       { return "stroke" }
func (MarksCleared) serverMessage() string { return "marks_cleared" }
func (Snapshot) serverMessage() string     { return "snapshot" }
func (Failure) serverMessage() string      { return "error" }
func (Ended) serverMessage() string        { return "ended" }
