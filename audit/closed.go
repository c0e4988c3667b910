package audit

import (
	"errors"
	"time"
)

// closedObject is closed.json: what the log of a session that is over consists of. It is a function of the journal.
type closedObject struct {
	V        int           `json:"v"`
	Header   Header        `json:"header"`
	HeaderIs string        `json:"header_sha256"` // of header.json
	Segments []segmentInfo `json:"segments"`
	Records  uint64        `json:"records"`
	Last     string        `json:"last_sha256"` // of the last record's line; 64 zeros when there is none
	People   []Person      `json:"participants"`
	Clients  []ClientRef   `json:"clients"`
	ending
}

// segmentInfo is one archived segment.
type segmentInfo struct {
	Name    string `json:"name"`
	First   uint64 `json:"first"` // seq of its first record
	Last    uint64 `json:"last"`  // seq of its last record
	Records int    `json:"records"`
	Bytes   int    `json:"bytes"`  // unpacked
	Size    int    `json:"size"`   // packed, as stored
	SHA256  string `json:"sha256"` // of the object
}

// pointerObject is a client's pointer to a session.
type pointerObject struct {
	V           int       `json:"v"`
	Client      string    `json:"client"`
	Session     string    `json:"session"`
	Folder      string    `json:"folder"` // where the session's objects are
	Participant string    `json:"participant"`
	Name        string    `json:"name"`
	Call        string    `json:"call"`
	CallTitle   string    `json:"call_title,omitempty"`
	Preset      string    `json:"preset"`
	PresetName  string    `json:"preset_name,omitempty"`
	Address     string    `json:"address"`
	Opened      time.Time `json:"opened"`
}

func (b ledger) headerBytes() ([]byte, error) { return seal(headerObject{Version, b.header}) }

func (b ledger) closedBytes(headerHash string, segments []segmentInfo) ([]byte, error) {
	if b.end == nil {
		return nil, errors.New("the journal has no end")
	}
	o := closedObject{V: Version, Header: b.header, HeaderIs: headerHash, Segments: segments, Records: b.records, Last: b.prev,
		People: b.people, Clients: b.clients, ending: *b.end}
	if o.Segments == nil {
		o.Segments = []segmentInfo{}
	}
	if o.People == nil {
		o.People = []Person{}
	}
	if o.Clients == nil {
		o.Clients = []ClientRef{}
	}
	return seal(o)
}

func (b ledger) pointerBytes(ref ClientRef) ([]byte, error) {
	h := b.header
	return seal(pointerObject{V: Version, Client: ref.ID, Session: h.Session, Folder: h.folder(), Participant: ref.Participant,
		Name: ref.Name, Call: h.Call, CallTitle: h.CallTitle, Preset: h.Preset, PresetName: h.PresetName, Address: h.Address,
		Opened: h.Opened})
}
