package renderer

import (
	"context"
	"time"
)

const (
	// MaxSnapshotNodes is how many nodes a snapshot has; the rest of the page is left out, and Truncated says so.
	MaxSnapshotNodes = 20_000
	// MaxNodeText is how many characters a name, value or description of a node has.
	MaxNodeText = 2_000

	snapshotQuiet = 150 * time.Millisecond // a page that did nothing for so long has settled
	snapshotLate  = time.Second            // a page that never settles is read even so
	snapshotCost  = 6                      // reading a page takes at most one part in so many of its time: 1 s for 40,000 nodes (2026-11-22)
	snapshotTries = 250 * time.Millisecond // a page behind a dialog is looked at again after this
	snapshotWait  = 10 * time.Second
)

// snapshotState is what runSnapshots and its callers share. The zero value is ready.
type snapshotState struct {
	signal newestSignal
	seq    uint64 // owned by runSnapshots
}

// snapshotSoon says that the page may mean something else now. It never blocks.
func (p *Page) snapshotSoon() { p.agent.snapshot.signal.set() }

// runSnapshots reads the page whenever it has settled, until ctx ends. One goroutine runs it.
func (p *Page) runSnapshots(ctx context.Context) {
	signal := p.agent.snapshot.signal.wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-signal:
		}
		if !settled(ctx, signal) {
			return
		}
		for p.dialogIsOpen() {
			if !pause(ctx, snapshotTries) {
				return
			}
		}
		began := time.Now()
		if s, err := p.capture(ctx); err == nil {
			p.agent.snapshot.seq++
			s.Seq = p.agent.snapshot.seq
			p.publish(*s)
		} else {
			p.snapshotSoon() // the page went on while it was read
		}
		if !pause(ctx, max(snapshotQuiet, snapshotCost*time.Since(began))) {
			return
		}
	}
}

// settled waits until no signal came for snapshotQuiet, but no longer than snapshotLate. It returns false when ctx ended.
func settled(ctx context.Context, signal <-chan struct{}) bool {
	late := time.NewTimer(snapshotLate)
	defer late.Stop()
	quiet := time.NewTimer(snapshotQuiet)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-signal:
			quiet.Reset(snapshotQuiet)
		case <-quiet.C:
			return true
		case <-late.C:
			return true
		}
	}
}

// pause waits, and returns false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// publish replaces the snapshot that nobody took yet.
func (p *Page) publish(s Snapshot) {
	select {
	case <-p.snapshots:
	default:
	}
	p.snapshots <- s
}
