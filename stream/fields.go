package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// fields are the members of one JSON object that have not been read yet. The first fault stays; later reads do nothing.
type fields struct {
	members []member
	fault   *Fault
}

type member struct {
	name string
	raw  json.RawMessage
	read bool
}

// parseObject reads b as exactly one object. encoding/json alone would take duplicate names, names in any case, null for anything; it
// judges the syntax here, and the members are then cut out of what is known to be valid.
func parseObject(b []byte) (*fields, *Fault) {
	if !utf8.Valid(b) {
		return nil, &Fault{Code: CodeNotUTF8, Message: "message is not UTF-8"}
	}
	if depth(b) > MaxDepth {
		return nil, &Fault{Code: CodeTooDeep, Message: fmt.Sprintf("message is nested deeper than %d", MaxDepth)}
	}
	at := space(b, 0)
	if at == len(b) || b[at] != '{' || !json.Valid(b) {
		return nil, notObject(b)
	}
	f := &fields{members: make([]member, 0, 12)}
	for at = space(b, at+1); b[at] != '}'; {
		end := value(b, at)
		var m member
		unquote(b[at:end], &m.name)
		at = space(b, space(b, end)+1) // over the colon
		end = value(b, at)
		m.raw = b[at:end]
		if at = space(b, end); b[at] == ',' {
			at = space(b, at+1)
		}
		if len(f.members) == MaxFields {
			return nil, &Fault{Code: CodeUnknownField, Message: fmt.Sprintf("message has more than %d fields", MaxFields)}
		}
		if f.find(m.name) != nil {
			return nil, &Fault{Code: CodeDuplicateField, Message: "a field is there twice"}
		}
		f.members = append(f.members, m)
	}
	return f, nil
}

// notObject tells an object with something behind it from anything else.
func notObject(b []byte) *Fault {
	var first map[string]json.RawMessage
	if json.NewDecoder(bytes.NewReader(b)).Decode(&first) == nil && first != nil {
		return &Fault{Code: CodeTrailing, Message: "something follows the message's object"}
	}
	return &Fault{Code: CodeNotJSON, Message: "message is not a JSON object"}
}

// space is where the white space of b from at on ends.
func space(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\t' || b[at] == '\n' || b[at] == '\r') {
		at++
	}
	return at
}

// value is where the valid value that begins at ends.
func value(b []byte, at int) int {
	for nested := 0; ; at++ {
		switch b[at] {
		case '"':
			for at++; b[at] != '"'; at++ {
				if b[at] == '\\' {
					at++
				}
			}
			if nested == 0 {
				return at + 1
			}
		case '{', '[':
			nested++
		case '}', ']':
			if nested--; nested == 0 {
				return at + 1
			}
		default:
			if next := b[at+1]; nested == 0 && (next == ',' || next == '}' || next == ']' || space(b, at+1) > at+1) {
				return at + 1
			}
		}
	}
}

// unquote reads a valid string.
func unquote(raw []byte, to *string) {
	if bytes.IndexByte(raw, '\\') < 0 {
		*to = string(raw[1 : len(raw)-1])
		return
	}
	_ = json.Unmarshal(raw, to) // valid already
}

// depth is how deep brackets nest in b, strings left out. It runs before any parser does.
func depth(b []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

func (f *fields) find(name string) *member {
	for i := range f.members {
		if f.members[i].name == name {
			return &f.members[i]
		}
	}
	return nil
}

func (f *fields) fail(code, name, message string) {
	if f.fault == nil {
		f.fault = &Fault{Code: code, Field: name, Message: fmt.Sprintf("field %s %s", name, message)}
	}
}

// take returns the raw value of a field that begins like one of the kinds ("\"" string, "0" number, "t" boolean, "[" list).
func (f *fields) take(name string, kind byte) json.RawMessage {
	m := f.find(name)
	if m == nil || f.fault != nil {
		return nil
	}
	m.read = true
	first := m.raw[0]
	switch {
	case first == '-' || (first >= '0' && first <= '9'):
		first = '0'
	case first == 'f':
		first = 't'
	}
	if first != kind {
		f.fail(CodeWrongType, name, "has the wrong type")
		return nil
	}
	return m.raw
}

// require faults when one of the names is missing.
func (f *fields) require(names ...string) {
	for _, name := range names {
		if f.find(name) == nil {
			f.fail(CodeMissingField, name, "is missing")
		}
	}
}

// end returns the fault, which is an unknown field if nothing else is wrong.
func (f *fields) end() error {
	if f.fault == nil && slices.ContainsFunc(f.members, func(m member) bool { return !m.read }) {
		f.fault = &Fault{Code: CodeUnknownField, Message: "message has a field that its type does not have"}
	}
	if f.fault != nil {
		return f.fault
	}
	return nil
}

func (f *fields) text(name string, to *string, limit int) {
	if raw := f.take(name, '"'); raw != nil {
		if unquote(raw, to); len(*to) > limit {
			f.fail(CodeTooLong, name, fmt.Sprintf("is longer than %d bytes", limit))
		}
	}
}

func (f *fields) word(name string, to *string, words ...string) {
	if raw := f.take(name, '"'); raw != nil {
		if unquote(raw, to); !slices.Contains(words, *to) {
			f.fail(CodeBadValue, name, "has a value that is not one of its words")
		}
	}
}

func (f *fields) truth(name string, to *bool) {
	if raw := f.take(name, 't'); raw != nil {
		*to = raw[0] == 't'
	}
}

func (f *fields) count(name string, to *uint64) {
	if raw := f.take(name, '0'); raw != nil {
		n, err := strconv.ParseUint(string(raw), 10, 64)
		if *to = n; err != nil {
			f.fail(CodeOutOfRange, name, "is not a whole number from 0")
		}
	}
}

func (f *fields) whole(name string, to *int, low, high int) {
	if raw := f.take(name, '0'); raw != nil {
		n, err := strconv.Atoi(string(raw))
		if *to = n; err != nil || n < low || n > high {
			f.fail(CodeOutOfRange, name, fmt.Sprintf("is not a whole number from %d to %d", low, high))
		}
	}
}

func (f *fields) coordinate(name string, to *float64) {
	if raw := f.take(name, '0'); raw != nil {
		n, err := strconv.ParseFloat(string(raw), 64)
		if *to = n; err != nil || n < -MaxCoordinate || n > MaxCoordinate {
			f.fail(CodeOutOfRange, name, fmt.Sprintf("is not between -%d and %d", int(MaxCoordinate), int(MaxCoordinate)))
		}
	}
}
