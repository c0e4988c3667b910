package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// ledger is what a journal's frames amount to. Writing a journal and reading it again make the same ledger, so that
// what is archived after a crash equals what would have been archived without it. Slices only grow: a copy stays valid.
type ledger struct {
	header   Header
	clients  []ClientRef // each client once
	people   []Person    // who acted, in the order of their first record
	segments []segment   // cut
	open     segment     // what the next cut makes; open.number counts from 1
	records  uint64
	seq      uint64 // of the last record
	turn     uint64 // of the last record
	lastKind Kind
	prev     string  // hash of the last record's line
	end      *ending // the journal is complete
	size     int64   // offset after the last frame
}

// segment is a run of records that becomes one object.
type segment struct {
	number   int
	from, to int64 // offsets of its frames in the journal
	first    uint64
	last     uint64
	records  int
	bytes    int // its lines with their newlines
}

// ending is how a journal was closed.
type ending struct {
	Closed time.Time `json:"closed"`
	Why    Why       `json:"why"`
}

// Why says how a session's log came to its end.
type Why string

const (
	WhyClosed      Why = "closed"      // Journal.Close, with every record on disk
	WhyFailed      Why = "failed"      // Journal.Close after the queue was full: records were refused
	WhyInterrupted Why = "interrupted" // sealed at the next start; the last record is KindInterrupted
)

func newLedger(h Header, size int64) ledger {
	return ledger{header: h, clients: h.Clients, prev: noHash, open: segment{number: 1, from: size, to: size}, size: size}
}

// record adds a record whose line ends at end.
func (b *ledger) record(rec Record, line []byte, end int64) {
	if b.open.records == 0 {
		b.open.first = rec.Seq
	}
	b.open.last, b.open.to = rec.Seq, end
	b.open.records++
	b.open.bytes += len(line) + 1
	b.records++
	b.seq, b.turn, b.lastKind, b.prev, b.size = rec.Seq, rec.Turn, rec.Kind, hashOf(line), end
	b.people = addPerson(b.people, rec.By)
}

// addPerson appends p unless it is nobody or in the list.
func addPerson(list []Person, p *Person) []Person {
	if p == nil || len(list) == MaxPeople || slices.Contains(list, *p) {
		return list
	}
	return append(list, *p)
}

// client adds a client that took part.
func (b *ledger) client(ref ClientRef, end int64) {
	b.clients = addClient(b.clients, ref)
	b.size = end
}

// cut makes the open records a segment.
func (b *ledger) cut(end int64) {
	b.segments = append(b.segments, b.open)
	b.open = segment{number: b.open.number + 1, from: end, to: end}
	b.size = end
}

func (b *ledger) ended(e ending, end int64) { b.end, b.size = &e, end }

// errInconsistent says that a journal's frames are whole and make no sense together.
var errInconsistent = errors.New("the journal contradicts itself")

// readLedger reads a journal from its beginning. With errTorn the ledger has what comes before the tear.
func readLedger(r io.Reader) (ledger, error) {
	frames := newFrameReader(r, 0)
	if err := frames.magic(); err != nil {
		return ledger{}, err
	}
	f, err := frames.next()
	if err == io.EOF {
		err = errTorn
	}
	if err != nil {
		return ledger{}, err
	}
	var h Header
	if f.kind != frameHeader {
		return ledger{}, fmt.Errorf("%w: the first frame is %q", errInconsistent, f.kind)
	}
	if err := json.Unmarshal(f.payload, &h); err != nil {
		return ledger{}, fmt.Errorf("%w: its header: %w", errInconsistent, err)
	}
	if !validSession(h.Session) || h.Epoch == 0 {
		return ledger{}, fmt.Errorf("%w: its header has session %q, epoch %d", errInconsistent, h.Session, h.Epoch)
	}
	b := newLedger(h, f.end)
	for {
		f, err := frames.next()
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
		if err := b.apply(f); err != nil {
			return b, fmt.Errorf("%w at %d: %w", errInconsistent, b.size, err)
		}
	}
}

// apply adds a frame that was read.
func (b *ledger) apply(f frame) error {
	if b.end != nil {
		return errors.New("a frame after the end")
	}
	switch f.kind {
	case frameRecord:
		rec, err := DecodeLine(f.payload)
		if err != nil {
			return err
		}
		if err := b.follows(rec); err != nil {
			return err
		}
		b.record(rec, f.payload, f.end)
	case frameClient:
		var ref ClientRef
		if err := json.Unmarshal(f.payload, &ref); err != nil || ref.ID == "" {
			return fmt.Errorf("a client without id: %w", err)
		}
		b.client(ref, f.end)
	case frameCut:
		if b.open.records == 0 {
			return errors.New("an empty segment")
		}
		b.cut(f.end)
	case frameEnd:
		var e ending
		if err := json.Unmarshal(f.payload, &e); err != nil || b.open.records > 0 {
			return fmt.Errorf("an end that is none: %w", err)
		}
		b.ended(e, f.end)
	default:
		return fmt.Errorf("a frame of kind %q", f.kind)
	}
	return nil
}

// follows says whether rec is the record after the last one.
func (b *ledger) follows(rec Record) error {
	switch {
	case rec.Session != b.header.Session || rec.Epoch != b.header.Epoch:
		return fmt.Errorf("a record of session %q, epoch %d", rec.Session, rec.Epoch)
	case rec.Seq != b.seq+1:
		return fmt.Errorf("record %d after %d", rec.Seq, b.seq)
	case rec.Prev != b.prev:
		return fmt.Errorf("record %d does not continue the chain", rec.Seq)
	}
	return nil
}

// lines reads a segment's lines back from its journal file.
func (s segment) lines(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read segment %d back: %w", s.number, err)
	}
	defer f.Close()
	lines := make([]byte, 0, s.bytes)
	err = newFrameReader(io.NewSectionReader(f, s.from, s.to-s.from), s.from).records(func(line []byte) error {
		lines = append(append(lines, line...), '\n')
		return nil
	})
	if err == nil && len(lines) != s.bytes {
		err = fmt.Errorf("%d bytes, written were %d", len(lines), s.bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read segment %d back: %w", s.number, err)
	}
	return lines, nil
}
