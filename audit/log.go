package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Log is this server's evidence: journals of running sessions in a folder, and the archive that they go to. All methods
// may be called concurrently.
type Log struct {
	cfg   Config
	files fileSystem
	codec *codec
	lock  *os.File
	slots chan struct{}      // one for each upload under way
	stop  context.CancelFunc // ends the shipments
	runs  context.Context    // of the shipments
	wait  sync.WaitGroup     // shipments and journals
	close func() error       // once

	mu      sync.Mutex
	ships   map[string]*shipment // by path: what is not archived yet, running sessions too
	live    map[string]*Journal  // by path: what is written
	closed  bool
	changed chan struct{} // closed and replaced with each progress of a shipment
	lost    int           // journals that could not be read
}

// ErrExists says that a session's log was begun already.
var ErrExists = errors.New("the session has a journal already")

// Open takes the journal folder for this process (ErrLocked when another has it), seals what an earlier process left
// there with a KindInterrupted record, and begins to archive it. It does not wait for the archive. The caller closes it.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	cfg = cfg.withDefaults()
	if err := os.MkdirAll(cfg.Dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the journal folder: %w", err)
	}
	lock, err := lockFolder(cfg.Dir)
	if err != nil {
		return nil, err
	}
	codec, err := newCodec()
	if err != nil {
		lock.Close()
		return nil, err
	}
	l := &Log{cfg: cfg, files: cfg.files, codec: codec, lock: lock, slots: make(chan struct{}, cfg.Uploads),
		ships: map[string]*shipment{}, live: map[string]*Journal{}, changed: make(chan struct{})}
	l.runs, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	l.close = sync.OnceValue(l.release)
	if err := l.recover(ctx); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// Begin opens a session's journal. It returns once the journal and its header are on disk. The caller closes it.
func (l *Log) Begin(ctx context.Context, h Header) (*Journal, error) {
	h, err := h.prepare(l.cfg.Node, l.cfg.Insecure, time.Now())
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("begin a journal: %w", err)
	}
	path := filepath.Join(l.cfg.Dir, journalName(h.Session, h.Epoch))
	j, err := l.begin(h, path)
	if err != nil {
		return nil, fmt.Errorf("begin the journal of session %s: %w", h.Session, err)
	}
	return j, nil
}

func (l *Log) begin(h Header, path string) (*Journal, error) {
	payload, err := encodeJSON(h)
	if err != nil {
		return nil, err
	}
	f, err := l.files.Create(path)
	if errors.Is(err, os.ErrExist) {
		return nil, ErrExists
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	start := appendFrame([]byte(journalMagic), frameHeader, payload)
	if err := l.firstWrite(f, start); err != nil {
		_ = f.Close()
		_ = l.files.Remove(path) // nothing was promised yet
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j := &Journal{log: l, file: f, wake: make(chan struct{}, 1), failed: make(chan struct{}), ended: make(chan struct{}),
		book: newLedger(h, int64(len(start)))}
	j.draft = j.book
	j.ship = newShipment(l, path, j.published)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = f.Close()
		_ = l.files.Remove(path)
		return nil, ErrClosed
	}
	l.live[path] = j
	l.wait.Go(func() {
		j.run()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.live, path)
	})
	l.startShipment(j.ship)
	return j, nil
}

func (l *Log) firstWrite(f file, start []byte) error {
	if err := writeSynced(f, start, 0); err != nil {
		return err
	}
	if err := l.files.SyncDir(l.cfg.Dir); err != nil {
		return fmt.Errorf("sync the journal folder: %w", err)
	}
	return nil
}

// startShipment runs s until everything is archived or the log is closed; l.mu is held, or nobody else has l yet.
func (l *Log) startShipment(s *shipment) {
	l.ships[s.path] = s
	l.wait.Go(func() { s.run(l.runs) })
}

// forget drops a shipment that is through.
func (l *Log) forget(s *shipment) {
	l.mu.Lock()
	delete(l.ships, s.path)
	l.mu.Unlock()
	l.progressed()
}

// progressed tells those who wait in Flush to look again.
func (l *Log) progressed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
}

// Flush waits until everything that is sealed or cut is confirmed by the archive, or ctx ends. The newest records of a
// running session, not cut into a segment yet, are not waited for.
func (l *Log) Flush(ctx context.Context) error {
	for {
		l.mu.Lock()
		changed := l.changed
		waits := 0
		problem := ""
		for _, s := range l.ships {
			missing, _, why := s.standing()
			if missing > 0 || s.book().end != nil {
				waits++
				problem = why
			}
		}
		l.mu.Unlock()
		if waits == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d sessions are not archived yet (%s): %w", waits, problem, ctx.Err())
		}
	}
}

// Close stops writing and archiving. Journals that are still open are left as they are: the next Open seals them as
// interrupted. It waits for the archive until ctx ends, then for everything it started; what is not archived stays in
// the folder for the next Open. Closing again waits for the same.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	var ending []*Journal
	for _, j := range l.live {
		j.finish(entry{stop: true})
		ending = append(ending, j)
	}
	l.mu.Unlock()
	for _, j := range ending {
		select {
		case <-j.ended:
		case <-ctx.Done():
		}
	}
	flushErr := l.Flush(ctx)
	return errors.Join(flushErr, l.close())
}

// release ends what runs and lets go of the folder.
func (l *Log) release() error {
	l.stop()
	l.wait.Wait()
	l.codec.close()
	return l.lock.Close()
}
