package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// noHash is Prev of a session's first record.
const noHash = "0000000000000000000000000000000000000000000000000000000000000000"

// ErrBadRecord says that a line is not a record.
var ErrBadRecord = errors.New("not a record")

// Line returns the record as it is archived, without its newline: the bytes that were read, or else its JSON.
func (r Record) Line() ([]byte, error) {
	if r.line != "" {
		return []byte(r.line), nil
	}
	return encodeJSON(r)
}

// encodeLine returns the record's line, within MaxRecordBytes, and the record as the line has it: what is over its limit
// is cut and named in Detail["cut"].
func encodeLine(rec Record) (Record, []byte, error) {
	for divisor := 1; ; divisor *= 4 {
		clipped := clip(rec, divisor)
		line, err := encodeJSON(clipped)
		if err != nil {
			return Record{}, nil, fmt.Errorf("encode record: %w", err)
		}
		if len(line) <= MaxRecordBytes {
			return clipped, line, nil
		}
	}
}

// encodeJSON is JSON as people read it: no \u003c for <, no newline at the end.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// DecodeLine reads a line of an archive. ErrBadRecord tells why it is none of ours.
func DecodeLine(line []byte) (Record, error) {
	if len(line) > MaxRecordBytes {
		return Record{}, fmt.Errorf("%w: %d bytes, more than %d", ErrBadRecord, len(line), MaxRecordBytes)
	}
	var rec Record
	if err := decodeJSON(line, &rec); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrBadRecord, err)
	}
	switch {
	case rec.V != Version:
		return Record{}, fmt.Errorf("%w: version %d, this program knows %d", ErrBadRecord, rec.V, Version)
	case rec.Session == "" || rec.Seq == 0 || rec.Kind == "" || rec.Epoch == 0:
		return Record{}, fmt.Errorf("%w: session, seq, kind or epoch is missing", ErrBadRecord)
	case !isHash(rec.Prev):
		return Record{}, fmt.Errorf("%w: prev is no SHA-256", ErrBadRecord)
	}
	rec.line = string(line)
	return rec, nil
}

// decodeJSON reads exactly one JSON value.
func decodeJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more follows after the value")
	}
	return nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func isHash(s string) bool {
	return len(s) == len(noHash) && strings.Trim(s, "0123456789abcdef") == ""
}
