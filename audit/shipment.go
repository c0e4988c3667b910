package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"binnacle/objects"
)

// errConflict says that the archive has an object of the same name with other content. It is retried like everything
// else, slowly, and reported: an operator must find out who wrote it.
var errConflict = errors.New("the archive has another object of this name")

// shipment brings one journal to the archive: its header, its clients' pointers and its segments as they are cut, the
// closing object at the end; then the journal file goes. Everything is repeatable: names and bytes follow from the file.
type shipment struct {
	log  *Log
	path string
	book func() ledger // what is on disk

	wake chan struct{} // capacity 1

	mu       sync.Mutex // changed by run only
	header   string     // hash of header.json, once confirmed
	pointers int        // clients whose pointers are confirmed
	segments []segmentInfo
	done     bool      // the closing object is confirmed
	since    time.Time // of the last progress, or when there was nothing to do
	problem  string    // why the last try failed, empty when it did not
}

func newShipment(l *Log, path string, book func() ledger) *shipment {
	return &shipment{log: l, path: path, book: book, wake: make(chan struct{}, 1), since: time.Now()}
}

// run ships until everything is confirmed or ctx ends.
func (s *shipment) run(ctx context.Context) {
	wait := s.log.cfg.RetryMin
	for ctx.Err() == nil {
		book := s.book()
		if s.missing(book) == 0 && book.end != nil {
			s.remove()
			return
		}
		if s.missing(book) == 0 {
			s.note(nil)
			select {
			case <-s.wake:
			case <-ctx.Done():
			}
			continue
		}
		err := s.step(ctx, book)
		if ctx.Err() != nil {
			return
		}
		s.note(err)
		if err == nil {
			wait = s.log.cfg.RetryMin
			continue
		}
		if errors.Is(err, errConflict) {
			wait = s.log.cfg.RetryMax
		}
		pause := time.NewTimer(wait/2 + rand.N(wait/2+1))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
		wait = min(2*wait, s.log.cfg.RetryMax)
	}
}

// missing returns how many objects of book are not confirmed.
func (s *shipment) missing(book ledger) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(book.clients) - s.pointers + len(book.segments) - len(s.segments)
	if s.header == "" {
		n++
	}
	if book.end != nil && !s.done {
		n++
	}
	return n
}

// step ships the next object. The header comes first, the closing object last.
func (s *shipment) step(ctx context.Context, book ledger) error {
	select {
	case s.log.slots <- struct{}{}:
		defer func() { <-s.log.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	folder := book.header.folder()
	switch {
	case s.header == "":
		b, err := book.headerBytes()
		if err != nil {
			return err
		}
		if _, err := s.put(ctx, folder+ofEpoch(headerName, book.header.Epoch), b, nil); err != nil {
			return err
		}
		s.confirm(func() { s.header = hashOf(b) })
	case s.pointers < len(book.clients):
		ref := book.clients[s.pointers]
		b, err := book.pointerBytes(ref)
		if err != nil {
			return err
		}
		// Another epoch of the session may have written it, with other names.
		same := func(there []byte) bool {
			var p pointerObject
			return unseal(there, &p) == nil && p.Client == ref.ID && p.Session == book.header.Session
		}
		if _, err := s.put(ctx, pointerKey(ref.ID, book.header), b, same); err != nil {
			return err
		}
		s.confirm(func() { s.pointers++ })
	case len(s.segments) < len(book.segments):
		info, err := s.putSegment(ctx, folder, book, book.segments[len(s.segments)])
		if err != nil {
			return err
		}
		s.confirm(func() { s.segments = append(s.segments, info) })
	default:
		b, err := book.closedBytes(s.header, s.segments)
		if err != nil {
			return err
		}
		if _, err := s.put(ctx, folder+ofEpoch(closedName, book.header.Epoch), b, nil); err != nil {
			return err
		}
		s.confirm(func() { s.done = true })
	}
	return nil
}

func (s *shipment) putSegment(ctx context.Context, folder string, book ledger, seg segment) (segmentInfo, error) {
	lines, err := seg.lines(s.path)
	if err != nil {
		return segmentInfo{}, err
	}
	// A program with another zstd may have packed the same lines into other bytes before it crashed.
	same := func(there []byte) bool {
		unpacked, err := s.log.codec.unpack(there)
		return err == nil && bytes.Equal(unpacked, lines)
	}
	name := segmentName(book.header.Epoch, seg.number)
	stored, err := s.put(ctx, folder+name, s.log.codec.pack(lines), same)
	if err != nil {
		return segmentInfo{}, err
	}
	return segmentInfo{name, seg.first, seg.last, seg.records, seg.bytes, len(stored), hashOf(stored)}, nil
}

// put writes a new object and returns what is stored under key: body, or what was there before if that is the same.
func (s *shipment) put(ctx context.Context, key string, body []byte, same func(there []byte) bool) ([]byte, error) {
	_, err := s.log.cfg.Store.PutIfAbsent(ctx, key, body)
	if err == nil {
		return body, nil
	}
	if !errors.Is(err, objects.ErrExists) {
		return nil, err
	}
	there, _, err := s.log.cfg.Store.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(there, body) || same != nil && same(there) {
		return there, nil
	}
	return nil, fmt.Errorf("%s: %w", key, errConflict)
}

func (s *shipment) confirm(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	s.since = time.Now()
}

// note tells the others how the last try went.
func (s *shipment) note(err error) {
	s.mu.Lock()
	before := s.problem
	s.problem = ""
	if err != nil {
		s.problem = err.Error()
	}
	s.mu.Unlock()
	s.log.progressed()
	switch logger := s.log.cfg.Logger.With("journal", filepath.Base(s.path)); {
	case err != nil && before == "":
		logger.Warn("archiving waits", "error", err)
	case err == nil && before != "":
		logger.Info("archiving goes on")
	}
}

// remove ends a shipment whose objects are all confirmed. A file that cannot be removed is shipped again at the next
// start, which changes nothing.
func (s *shipment) remove() {
	if err := s.log.files.Remove(s.path); err != nil {
		s.log.cfg.Logger.Warn("archived journal stays on disk", "journal", filepath.Base(s.path), "error", err)
	} else if err := s.log.files.SyncDir(s.log.cfg.Dir); err != nil {
		s.log.cfg.Logger.Warn("sync the journal folder", "error", err)
	}
	s.log.forget(s)
}

// standing returns how many objects wait, since when nothing moved, and why.
func (s *shipment) standing() (missing int, since time.Time, problem string) {
	missing = s.missing(s.book())
	s.mu.Lock()
	defer s.mu.Unlock()
	return missing, s.since, s.problem
}

func (s *shipment) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
