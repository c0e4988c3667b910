package stream

import (
	"encoding/json"
	"fmt"
)

// DecodeClient reads one message of a client. It refuses what the protocol does not have: unknown types and fields, fields
// that are there twice, missing ones, null, wrong ranges and words, deep nesting, trailing data, anything over limits.go. The error is a
// *Fault. The result shares no memory with b.
func DecodeClient(b []byte) (ClientMessage, error) {
	if len(b) > MaxMessageBytes {
		return nil, &Fault{Code: CodeTooLarge, Message: fmt.Sprintf("message is longer than %d bytes", MaxMessageBytes)}
	}
	f, fault := parseObject(b)
	if fault != nil {
		return nil, fault
	}
	var kind string
	f.text("t", &kind, MaxMessageBytes)
	if f.fault != nil {
		return nil, &Fault{Code: CodeUnknownType, Field: "t", Message: "message has no type"}
	}
	m := f.message(kind)
	if m == nil {
		return nil, &Fault{Code: CodeUnknownType, Field: "t", Message: "message has a type that a client cannot send"}
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	return m, nil
}

// message reads the fields of one type; nil: there is no such type.
func (f *fields) message(kind string) ClientMessage {
	switch kind {
	case "hello":
		return f.hello()
	case "input":
		return f.input()
	case "take_over":
		return TakeOver{}
	case "stop":
		return Stop{}
	case "leave":
		return Leave{}
	case "mark":
		return f.mark()
	case "clear_marks":
		return ClearMarks{}
	case "pointer":
		var m Pointer
		f.require("on")
		f.truth("on", &m.On)
		if m.On {
			f.require("x", "y")
		}
		f.coordinate("x", &m.X)
		f.coordinate("y", &m.Y)
		return m
	case "answer":
		var m Answer
		f.require("dialog", "accept")
		f.count("dialog", &m.Dialog)
		f.truth("accept", &m.Accept)
		f.text("text", &m.Text, MaxTextBytes)
		return m
	case "go":
		var m Go
		f.require("where")
		f.word("where", &m.Where, "back", "forward", "reload")
		return m
	case "ack":
		var m Ack
		f.require("seq")
		f.count("seq", &m.Seq)
		return m
	}
	return nil
}

func (f *fields) hello() Hello {
	var m Hello
	f.require("v")
	f.whole("v", &m.V, 0, 1<<30)
	if f.fault == nil && m.V != ProtocolVersion {
		// Before anything else: another version may have other fields.
		f.fault = &Fault{Code: CodeVersion, Field: "v", Message: fmt.Sprintf("this server speaks protocol version %d", ProtocolVersion)}
	}
	f.require("credential")
	f.text("credential", &m.Credential, MaxCredentialBytes)
	return m
}

func (f *fields) input() Input {
	var m Input
	f.require("turn", "kind")
	f.count("turn", &m.Turn)
	f.word("kind", &m.Kind, "mouse", "wheel", "key", "text", "compose", "touch")
	textLimit := MaxTextBytes
	switch m.Kind {
	case "mouse":
		f.require("type")
		f.word("type", &m.Type, "move", "down", "up")
	case "key":
		f.require("type")
		f.word("type", &m.Type, "down", "up")
		textLimit = MaxKeyBytes
	case "touch":
		f.require("type")
		f.word("type", &m.Type, "start", "move", "end", "cancel")
	}
	f.coordinate("x", &m.X)
	f.coordinate("y", &m.Y)
	f.word("button", &m.Button, "", "left", "middle", "right", "back", "forward")
	f.whole("buttons", &m.Buttons, 0, 31)
	f.whole("clicks", &m.Clicks, 0, 3)
	f.coordinate("dx", &m.DX)
	f.coordinate("dy", &m.DY)
	f.whole("mods", &m.Mods, 0, 15)
	f.text("key", &m.Key, MaxKeyBytes)
	f.text("code", &m.Code, MaxKeyBytes)
	f.whole("location", &m.Location, 0, 3)
	f.truth("repeat", &m.Repeat)
	f.text("text", &m.Text, textLimit)
	f.whole("selStart", &m.SelStart, 0, MaxTextBytes)
	f.whole("selEnd", &m.SelEnd, 0, MaxTextBytes)
	m.Touches = f.touches("touches")
	for _, need := range []struct {
		name    string
		missing bool
	}{
		{"button", m.Kind == "mouse" && m.Type != "move" && m.Button == ""},
		{"key", m.Kind == "key" && m.Key == ""},
		{"text", m.Kind == "text" && m.Text == ""},
	} {
		if need.missing {
			f.fail(CodeMissingField, need.name, "is missing")
		}
	}
	return m
}

func (f *fields) touches(name string) []Touch {
	raw := f.take(name, '[')
	if raw == nil {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		f.fail(CodeWrongType, name, "has the wrong type")
		return nil
	}
	if len(list) > MaxTouches {
		f.fail(CodeTooLong, name, fmt.Sprintf("has more than %d fingers", MaxTouches))
		return nil
	}
	touches := make([]Touch, len(list))
	for i, one := range list {
		if one[0] != '{' {
			f.fail(CodeWrongType, name, "has the wrong type")
			return nil
		}
		of, fault := parseObject(one)
		if fault != nil {
			f.fault = fault
			return nil
		}
		of.require("id", "x", "y")
		of.whole("id", &touches[i].ID, -1<<31, 1<<31-1) // Safari counts its fingers from any number
		of.coordinate("x", &touches[i].X)
		of.coordinate("y", &touches[i].Y)
		if of.end() != nil {
			f.fault = of.fault
			return nil
		}
		for _, other := range touches[:i] {
			if other.ID == touches[i].ID {
				f.fail(CodeBadValue, name, "has one finger twice")
			}
		}
	}
	return touches
}

func (f *fields) mark() Mark {
	var m Mark
	f.require("id")
	f.text("id", &m.ID, MaxMarkIDBytes)
	if f.fault == nil && !plainID(m.ID) {
		f.fail(CodeBadValue, "id", "has other characters than letters, digits, - and _, or none")
	}
	f.truth("done", &m.Done)
	f.truth("fade", &m.Fade)
	if !m.Done {
		f.require("points")
	}
	m.Points = f.points("points")
	return m
}

func plainID(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

func (f *fields) points(name string) [][2]float64 {
	raw := f.take(name, '[')
	if raw == nil {
		return nil
	}
	var points [][2]float64
	if err := json.Unmarshal(raw, &points); err != nil || !pairs(raw) {
		f.fail(CodeWrongType, name, "is not a list of pairs of numbers")
		return nil
	}
	if len(points) > MaxMarkPoints {
		f.fail(CodeTooLong, name, fmt.Sprintf("has more than %d points", MaxMarkPoints))
	}
	for _, p := range points {
		for _, v := range p {
			if v < -MaxCoordinate || v > MaxCoordinate {
				f.fail(CodeOutOfRange, name, fmt.Sprintf("has a coordinate beyond %d", int(MaxCoordinate)))
			}
		}
	}
	return points
}

// pairs says whether each list in raw has exactly two numbers; encoding/json fills up short arrays, cuts long ones and takes null.
func pairs(raw []byte) bool {
	level, commas := 0, 0
	for _, c := range raw {
		switch c {
		case '[':
			level++
			commas = 0
		case ']':
			if level == 2 && commas != 1 {
				return false
			}
			level--
		case ',':
			if level == 2 {
				commas++
			}
		case 'n':
			return false
		}
	}
	return true
}
