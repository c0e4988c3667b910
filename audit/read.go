package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"binnacle/objects"
)

// Records yields a session's records in order, each once: from this server's journal when it has one, else from the
// archive. Of a running session it yields what is on disk at the time of the call. It stops at the first error, which is
// ErrUnknown for a session that nobody knows.
func (l *Log) Records(ctx context.Context, sessionID string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := l.records(ctx, sessionID, yield); err != nil && !errors.Is(err, errStop) {
			yield(Record{}, fmt.Errorf("read session %.64s: %w", sessionID, err))
		}
	}
}

// errStop says that the caller wants no more.
var errStop = errors.New("stop")

func (l *Log) records(ctx context.Context, id string, yield func(Record, error) bool) error {
	if !validSession(id) {
		return ErrUnknown
	}
	// A journal's file has all records of its epoch until the archive has them, so one of the two is enough; opened
	// before the archive is asked, it stays readable also when it is archived and removed meanwhile.
	journals, err := openJournals(l.local(id))
	if err != nil {
		return err
	}
	defer func() {
		for _, j := range journals {
			j.file.Close()
		}
	}()
	each := func(rec Record) error {
		if !yield(rec, nil) {
			return errStop
		}
		return ctx.Err()
	}
	if len(journals) == 0 || journals[0].book.header.Epoch > 1 {
		folder, err := findSession(ctx, l.cfg.Store, id)
		if err == nil {
			local := map[uint32]bool{}
			for _, j := range journals {
				local[j.book.header.Epoch] = true
			}
			for rec, err := range l.archivedRecords(ctx, folder, local) {
				if err == nil {
					err = each(rec)
				}
				if err != nil {
					return err
				}
			}
		} else if !errors.Is(err, ErrUnknown) || len(journals) == 0 {
			return err
		}
	}
	for _, j := range journals {
		if err := j.records(each); err != nil {
			return err
		}
	}
	return nil
}

// openJournal is a journal's file with what is on disk in it.
type openJournal struct {
	file *os.File
	book ledger
}

// openJournals opens the files; one that is gone has been archived.
func openJournals(ships []*shipment) ([]openJournal, error) {
	var open []openJournal
	for _, s := range ships {
		book := s.book()
		f, err := os.Open(s.path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			for _, j := range open {
				j.file.Close()
			}
			return nil, err
		}
		open = append(open, openJournal{f, book})
	}
	return open, nil
}

// records calls each with the records up to what was on disk.
func (j openJournal) records(each func(Record) error) error {
	frames := newFrameReader(io.NewSectionReader(j.file, 0, j.book.size), 0)
	if err := frames.magic(); err != nil {
		return err
	}
	return frames.records(func(line []byte) error {
		rec, err := DecodeLine(line)
		if err != nil {
			return err
		}
		return each(rec)
	})
}

// archivedRecords yields what the archive has in folder, without some epochs.
func (l *Log) archivedRecords(ctx context.Context, folder string, without map[uint32]bool) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for key, err := range segmentKeys(ctx, l.cfg.Store, folder, without) {
			if err != nil {
				yield(Record{}, err)
				return
			}
			body, _, err := l.cfg.Store.Get(ctx, key)
			if err == nil {
				body, err = l.codec.unpack(body)
			}
			if err != nil {
				yield(Record{}, fmt.Errorf("%s: %w", key, err))
				return
			}
			for n, line := range eachLine(body) {
				rec, err := DecodeLine(line)
				if err != nil {
					yield(Record{}, fmt.Errorf("%s line %d: %w", key, n, err))
					return
				}
				if !yield(rec, nil) {
					return
				}
			}
		}
	}
}

// segmentKeys yields the keys of a session's segments in order.
func segmentKeys(ctx context.Context, store objects.Store, folder string, without map[uint32]bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for info, err := range store.List(ctx, folder+"segment-") {
			if err != nil {
				yield("", err)
				return
			}
			epoch, _, ok := parseSegment(strings.TrimPrefix(info.Key, folder))
			if ok && !without[epoch] && !yield(info.Key, nil) {
				return
			}
		}
	}
}

// eachLine yields the lines with their numbers from 1, without newlines.
func eachLine(lines []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for n := 1; len(lines) > 0; n++ {
			line, rest, _ := bytes.Cut(lines, []byte("\n"))
			if !yield(n, line) {
				return
			}
			lines = rest
		}
	}
}
