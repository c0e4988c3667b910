package session

import (
	"context"
	"errors"
	"time"
)

// runErrands does what waits for storage, so that run never does: notes clients, and says in the directory that the owner
// lives. run waits for it.
func (s *session) runErrands(ctx context.Context, epoch uint32) {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case e := <-s.errands:
			s.errand(e)
		case <-ticker.C:
			s.renew(ctx, epoch)
		case <-ctx.Done():
			for {
				select {
				case e := <-s.errands:
					s.errand(e)
				default:
					return
				}
			}
		}
	}
}

// errand does one thing, also at the end of the session.
func (s *session) errand(e func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	if err := e(ctx); err != nil {
		s.log.Error("client could not be noted in the log", "error", err)
	}
}

func (s *session) renew(ctx context.Context, epoch uint32) {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	err := s.hub.cfg.Directory.Renew(ctx, s.id, epoch)
	switch {
	case err == nil || ctx.Err() != nil && s.ctx.Err() != nil:
	case errors.Is(err, ErrLost):
		s.do(func() {
			s.stop(&ending{code: "crashed", reason: "another server took over", text: "Co-browsing ended: another server took it over."})
		})
	default:
		s.log.Warn("session could not be renewed in the directory", "error", err)
	}
}

// alone is the directory of a server that is the only one.
type alone struct{}

func (alone) Claim(context.Context, string) (uint32, error) { return 1, nil }
func (alone) Renew(context.Context, string, uint32) error   { return nil }
func (alone) Release(context.Context, string, uint32) error { return nil }
