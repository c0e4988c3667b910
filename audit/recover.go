package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// unreadableSuffix is what a journal that cannot be read is renamed with: it is kept for people to look at.
const unreadableSuffix = ".unreadable"

// recover seals the journals that an earlier process left and starts to archive them.
func (l *Log) recover(ctx context.Context) error {
	entries, err := os.ReadDir(l.cfg.Dir)
	if err != nil {
		return fmt.Errorf("read the journal folder: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, _, ok := parseJournal(e.Name()); !ok {
			continue
		}
		path := filepath.Join(l.cfg.Dir, e.Name())
		book, err := l.recoverJournal(path)
		if errors.Is(err, errTorn) || errors.Is(err, errInconsistent) {
			if err := l.setAside(path, err); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("recover the journal %s: %w", e.Name(), err)
		}
		l.startShipment(newShipment(l, path, func() ledger { return book }))
	}
	return nil
}

// setAside renames a journal that cannot be read. One whose header never got to the disk had no record yet.
func (l *Log) setAside(path string, why error) error {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return l.files.Remove(path)
	}
	l.lost++
	l.cfg.Logger.Error("journal cannot be read; it is kept aside", "file", filepath.Base(path)+unreadableSuffix, "error", why)
	if err := os.Rename(path, path+unreadableSuffix); err != nil {
		return fmt.Errorf("set aside the journal: %w", err)
	}
	return l.files.SyncDir(l.cfg.Dir)
}

// recoverJournal reads a journal, cuts a torn tail, and seals it unless it is sealed. errTorn and errInconsistent say
// that there is nothing to seal.
func (l *Log) recoverJournal(path string) (ledger, error) {
	in, err := os.Open(path)
	if err != nil {
		return ledger{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return ledger{}, err
	}
	book, err := readLedger(in)
	torn := info.Size() - book.size
	switch {
	case err != nil && (!errors.Is(err, errTorn) || book.size == 0):
		return ledger{}, err
	case book.end != nil && torn == 0:
		return book, nil
	}
	l.cfg.Logger.Warn("journal was left open: sealing it as interrupted", "journal", filepath.Base(path), "torn_bytes", torn)
	if err := l.seal(path, &book, torn); err != nil {
		return ledger{}, err
	}
	return book, nil
}

// seal cuts what is torn and, unless the journal has its end, appends the interrupted record and the end, in one write.
func (l *Log) seal(path string, book *ledger, torn int64) (err error) {
	f, err := l.files.Edit(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if torn > 0 {
		if err := f.Truncate(book.size); err != nil {
			return fmt.Errorf("cut the torn tail: %w", err)
		}
	}
	// The same steps as a running journal's, on a journal that nobody runs.
	j := &Journal{log: l, file: f, book: *book, draft: *book}
	start := book.size
	var buf []byte
	if book.end == nil {
		if book.lastKind != KindInterrupted { // else a crash came between the two frames of an earlier seal
			rec := Record{Time: time.Now(), Kind: KindInterrupted, Turn: book.turn,
				Detail: map[string]string{"reason": "the server ended without closing this log"}}
			if torn > 0 {
				rec.Detail["torn_bytes"] = strconv.FormatInt(torn, 10)
			}
			if buf, err = j.add(buf, start, entry{kind: frameRecord, rec: rec}); err != nil {
				return err
			}
		}
		if buf, err = j.addEnd(buf, start, ending{instant(time.Now()), WhyInterrupted}); err != nil {
			return err
		}
	}
	if err := j.flush(buf, start); err != nil {
		return err
	}
	if len(buf) == 0 {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	*book = j.draft
	return nil
}
