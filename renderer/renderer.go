package renderer

import (
	"fmt"
	"log/slog"
)

// Renderer starts pages. Its methods may be called from any goroutine.
type Renderer struct {
	cfg  Config
	exec string
	root string
	who  account
	log  *slog.Logger
}

// New finds Chrome, or returns ErrNoChrome with what to install, and removes profile folders and processes that earlier
// processes left. It starts nothing.
func New(cfg Config) (*Renderer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("renderer: %w", err)
	}
	exec, err := findChrome(cfg.Exec)
	if err != nil {
		return nil, err
	}
	who, err := findAccount(cfg.User)
	if err != nil {
		return nil, fmt.Errorf("renderer: %w", err)
	}
	root, err := profileRoot(cfg.Dir, who)
	if err != nil {
		return nil, fmt.Errorf("renderer: %w", err)
	}
	r := &Renderer{cfg: cfg, exec: exec, root: root, who: who, log: cfg.Logger}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if err := sweepProfiles(root); err != nil {
		r.log.Warn("old profile folder could not be removed", "error", err)
	}
	return r, nil
}
