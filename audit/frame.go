package audit

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A journal file is journalMagic and then frames: length of kind and payload (4 bytes, little-endian), their CRC-32C
// (4 bytes, little-endian), kind (1 byte), payload.
const (
	journalMagic  = "BNKJRNL1"
	frameOverhead = 9
	maxPayload    = 1 << 20 // a header or record is far smaller
)

type frameKind byte

const (
	frameHeader frameKind = 'H' // Header as JSON; the first frame, and only that
	frameRecord frameKind = 'R' // a record's line
	frameClient frameKind = 'C' // ClientRef as JSON
	frameCut    frameKind = 'S' // empty: the records since the last cut are a segment
	frameEnd    frameKind = 'E' // ending as JSON; the last frame
)

// errTorn says that the file ends, or begins to be garbage, inside a frame.
var errTorn = errors.New("torn frame")

// appendFrame adds a frame to dst.
func appendFrame(dst []byte, kind frameKind, payload []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(1+len(payload)))
	sum := crc32.Update(crc32.Checksum([]byte{byte(kind)}, castagnoli()), castagnoli(), payload)
	dst = binary.LittleEndian.AppendUint32(dst, sum)
	dst = append(dst, byte(kind))
	return append(dst, payload...)
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // the same table each time

// frame is one frame of a journal file.
type frame struct {
	kind    frameKind
	payload []byte
	end     int64 // offset in the file after it
}

// frameReader reads frames one after another.
type frameReader struct {
	r  *bufio.Reader
	at int64
}

// newFrameReader begins at offset at of the file that r is positioned in.
func newFrameReader(r io.Reader, at int64) *frameReader {
	return &frameReader{bufio.NewReaderSize(r, 64<<10), at}
}

// magic reads the file's beginning.
func (r *frameReader) magic() error {
	b := make([]byte, len(journalMagic))
	if _, err := io.ReadFull(r.r, b); err != nil {
		return tornOr(err)
	}
	if string(b) != journalMagic {
		return fmt.Errorf("%w: no journal begins with %q", errTorn, b)
	}
	r.at += int64(len(b))
	return nil
}

// next returns the next frame, io.EOF after the last, errTorn where no whole frame is.
func (r *frameReader) next() (frame, error) {
	var head [8]byte
	if n, err := io.ReadFull(r.r, head[:]); err != nil {
		if n == 0 && err == io.EOF {
			return frame{}, io.EOF
		}
		return frame{}, tornOr(err)
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size == 0 || size > maxPayload {
		return frame{}, fmt.Errorf("%w at %d: length %d", errTorn, r.at, size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r.r, body); err != nil {
		return frame{}, tornOr(err)
	}
	if crc32.Checksum(body, castagnoli()) != binary.LittleEndian.Uint32(head[4:]) {
		return frame{}, fmt.Errorf("%w at %d: checksum differs", errTorn, r.at)
	}
	r.at += int64(len(head) + len(body))
	return frame{frameKind(body[0]), body[1:], r.at}, nil
}

// records calls each with the lines of all records that follow.
func (r *frameReader) records(each func(line []byte) error) error {
	for {
		f, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if f.kind == frameRecord {
			if err := each(f.payload); err != nil {
				return err
			}
		}
	}
}

func tornOr(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errTorn
	}
	return err
}
