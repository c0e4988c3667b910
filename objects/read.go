package objects

import (
	"bytes"
	"fmt"
	"io"
)

// readLimited reads r to its end, of which about size bytes are expected: ErrTooLarge when it has more than a store takes.
func readLimited(r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), MaxObjectBytes)) + bytes.MinRead)
	n, err := b.ReadFrom(io.LimitReader(r, MaxObjectBytes+1))
	if err != nil {
		return nil, err
	}
	if n > MaxObjectBytes {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxObjectBytes)
	}
	return b.Bytes(), nil
}
