package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// EncodeServer returns the JSON of a server message, "t" first. Lists that are nil become empty ones. The error is the caller's
// mistake: a number that JSON does not have, a snapshot body that is not JSON.
func EncodeServer(m ServerMessage) ([]byte, error) {
	if m == nil {
		return nil, fmt.Errorf("encode server message: there is none")
	}
	return encode(nil, m.serverMessage(), whole(m))
}

// EncodeClient returns the JSON of a client message, "t" first.
func EncodeClient(m ClientMessage) ([]byte, error) {
	name := clientType(m)
	if name == "" {
		return nil, fmt.Errorf("encode client message %T: it has no type", m)
	}
	if mark, ok := m.(Mark); ok && mark.Points == nil {
		mark.Points = [][2]float64{}
		m = mark
	}
	return encode(nil, name, m)
}

// encode appends {"t":name, followed by m's own fields, to b.
func encode(b []byte, name string, m any) ([]byte, error) {
	buf := bytes.NewBuffer(b)
	buf.WriteString(`{"t":"` + name + `"`)
	at := buf.Len()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false) // nobody embeds a message in HTML
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("encode %s message: %w", name, err)
	}
	out := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if string(out[at:]) == "{}" {
		return append(out[:at], '}'), nil
	}
	out[at] = ','
	return out, nil
}

// whole gives m empty lists for nil ones: clients need not know null.
func whole(m ServerMessage) ServerMessage {
	switch m := m.(type) {
	case Call:
		if m.Participants == nil {
			m.Participants = []Participant{}
		}
		return m
	case State:
		if m.Participants == nil {
			m.Participants = []Participant{}
		}
		if m.Strokes == nil {
			m.Strokes = []Stroke{}
		}
		for i, s := range m.Strokes {
			if s.Points == nil {
				strokes := append([]Stroke(nil), m.Strokes...) // the caller's list is shared between participants
				for j := i; j < len(strokes); j++ {
					strokes[j] = whole(strokes[j]).(Stroke)
				}
				m.Strokes = strokes
				break
			}
		}
		return m
	case Stroke:
		if m.Points == nil {
			m.Points = [][2]float64{}
		}
		return m
	}
	return m
}

func clientType(m ClientMessage) string {
	switch m.(type) {
	case Hello:
		return "hello"
	case Input:
		return "input"
	case TakeOver:
		return "take_over"
	case Stop:
		return "stop"
	case Leave:
		return "leave"
	case Mark:
		return "mark"
	case ClearMarks:
		return "clear_marks"
	case Pointer:
		return "pointer"
	case Answer:
		return "answer"
	case Go:
		return "go"
	case Ack:
		return "ack"
	}
	return ""
}

// DecodeServer reads one text message of a server. Fields that it does not know are left out: a newer server of this version may
// send them. The error is a *Fault. A client ignores messages with code unknown_type.
func DecodeServer(b []byte) (ServerMessage, error) {
	if len(b) > MaxServerMessageBytes {
		return nil, &Fault{Code: CodeTooLarge, Message: fmt.Sprintf("message is longer than %d bytes", MaxServerMessageBytes)}
	}
	var head struct {
		T string `json:"t"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, &Fault{Code: CodeNotJSON, Message: "message is not a JSON object"}
	}
	switch head.T {
	case "call":
		return decodeServer[Call](b)
	case "state":
		return decodeServer[State](b)
	case "notice":
		return decodeServer[Notice](b)
	case "cursor":
		return decodeServer[Cursor](b)
	case "laser":
		return decodeServer[Laser](b)
	case "stroke":
		return decodeServer[Stroke](b)
	case "marks_cleared":
		return decodeServer[MarksCleared](b)
	case "snapshot":
		return decodeServer[Snapshot](b)
	case "error":
		return decodeServer[Failure](b)
	case "ended":
		return decodeServer[Ended](b)
	}
	return nil, &Fault{Code: CodeUnknownType, Field: "t", Message: "message has a type that this version does not know"}
}

func decodeServer[M ServerMessage](b []byte) (ServerMessage, error) {
	var m M
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, &Fault{Code: CodeWrongType, Message: "a field has the wrong type"}
	}
	return m, nil
}
