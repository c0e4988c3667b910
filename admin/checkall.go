package admin

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"binnacle/session"
)

// checksAtOnce is how many presets CheckUnchecked checks at the same time.
const checksAtOnce = 4

// CheckUnchecked checks the presets that were never checked since they were made or changed, a few at a time, and stores the
// reports, so that the settings page shows them. It blocks until all are done or ctx ends; presets that it did not get to
// stay unchecked. It returns ctx's error and those of the storage; what is wrong with a page is no error, but its report.
func (s *Server) CheckUnchecked(ctx context.Context) error {
	presets, err := s.cfg.Settings.List(ctx)
	if err != nil {
		return fmt.Errorf("check presets: %w", err)
	}
	var (
		checks sync.WaitGroup
		room   = make(chan struct{}, checksAtOnce)
		mu     sync.Mutex // guards faults
		faults []error
	)
	for _, p := range presets {
		if p.Check != nil {
			continue
		}
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		checks.Go(func() {
			defer func() { <-room }()
			if err := s.checkOne(ctx, p); err != nil {
				mu.Lock()
				defer mu.Unlock()
				faults = append(faults, err)
			}
		})
	}
	checks.Wait()
	return errors.Join(append(faults, ctx.Err())...)
}

// checkOne checks a preset. That it was removed meanwhile is fine. No page may end the server: outside of a request there is
// nobody else to recover.
func (s *Server) checkOne(ctx context.Context, p Preset) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("check preset %s: panic: %v\n%s", p.ID, cause, debug.Stack())
		}
	}()
	_, err = s.check(ctx, p)
	if known := new(session.Error); err == nil || ctx.Err() != nil || errors.As(err, &known) && known.Code == "not_found" {
		return nil
	}
	return fmt.Errorf("check preset %s: %w", p.ID, err)
}
