package audit

import (
	"bytes"
	"errors"
	"fmt"
)

// errBroken says that a JSON object of the archive does not have the checksum that it carries.
var errBroken = errors.New("the object's checksum is missing or differs")

const (
	sumField  = `,"sum":"`
	sumSuffix = 2*32 + len(`"}`) + 1 // digits, closing, newline
)

// seal returns v, a struct with at least one field, as a line of JSON whose last field "sum" is the SHA-256 of the JSON
// without that field. A flipped bit shows, and `sed 's/,"sum":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum` checks it.
func seal(v any) ([]byte, error) {
	b, err := encodeJSON(v)
	if err != nil {
		return nil, fmt.Errorf("encode object: %w", err)
	}
	sum := hashOf(b)
	b = append(b[:len(b)-1], sumField...)
	b = append(b, sum...)
	return append(b, '"', '}', '\n'), nil
}

// unseal checks and reads what seal wrote.
func unseal(b []byte, v any) error {
	if len(b) > MaxSealedBytes {
		return fmt.Errorf("%w: %d bytes, more than %d", errBroken, len(b), MaxSealedBytes)
	}
	cut := len(b) - sumSuffix - len(sumField)
	if cut < 1 || !bytes.HasSuffix(b, []byte("\"}\n")) || string(b[cut:cut+len(sumField)]) != sumField {
		return errBroken
	}
	plain := append(bytes.Clone(b[:cut]), '}')
	if sum := b[cut+len(sumField) : len(b)-3]; string(sum) != hashOf(plain) {
		return errBroken
	}
	if err := decodeJSON(plain, v); err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	return nil
}
