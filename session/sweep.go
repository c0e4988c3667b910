package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"binnacle/objects"
)

// errDamaged says that an object is not what we wrote. It is told once, and left to people.
var errDamaged = errors.New("object is damaged")

// runSweep removes join tokens that are of no use any more, at the start and then every hour. Close waits for it. It is not
// run's work: run must tell calls their states meanwhile.
func (h *Hub) runSweep() {
	due := map[string]time.Time{} // when the token of a key may go; read from each object once
	for {
		next := sweepEvery
		switch more, err := h.sweep(due); {
		case h.ctx.Err() != nil:
			return
		case err != nil:
			h.log.Error("old join tokens cannot be removed", "error", err)
		case more:
			next = sweepSoon
		}
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-h.ctx.Done():
			timer.Stop()
			return
		}
	}
}

// sweep looks at all tokens and removes those whose time is over, used or not: before its time is over a used one must say so.
// It reads and removes at most MaxSweep of them and tells whether there are more.
func (h *Hub) sweep(due map[string]time.Time) (more bool, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, sweepTime)
	defer cancel()
	there, fresh, err := h.listTokens(ctx, due)
	if err != nil {
		return false, err
	}
	maps.DeleteFunc(due, func(key string, _ time.Time) bool { return !there[key] })
	var faults []error
	steps := 0
	for _, key := range fresh {
		if steps++; steps > MaxSweep {
			return true, errors.Join(faults...)
		}
		at, err := h.tokenDue(ctx, key)
		if err != nil {
			faults = append(faults, err)
		}
		if err != nil && !errors.Is(err, errDamaged) {
			return false, errors.Join(faults...)
		}
		due[key] = at
	}
	now := time.Now()
	for _, key := range slices.Sorted(maps.Keys(due)) {
		if at := due[key]; at.IsZero() || now.Before(at) {
			continue
		}
		if steps++; steps > MaxSweep {
			return true, errors.Join(faults...)
		}
		// The mark first: what stays if the second fails is a token that has expired, never one that could be used again.
		for _, suffix := range []string{".used", ".json"} {
			if err := h.cfg.Store.Delete(ctx, key+suffix); err != nil {
				return false, errors.Join(append(faults, err)...)
			}
		}
		delete(due, key)
	}
	return false, errors.Join(faults...)
}

// listTokens returns the keys of all tokens, without their suffix, and those of them that are not in due.
func (h *Hub) listTokens(ctx context.Context, due map[string]time.Time) (there map[string]bool, fresh []string, err error) {
	there = map[string]bool{}
	for info, err := range h.cfg.Store.List(ctx, "join/") {
		if err != nil {
			return nil, nil, fmt.Errorf("list join tokens: %w", err)
		}
		key, ok := strings.CutSuffix(info.Key, ".json")
		if !ok {
			continue
		}
		there[key] = true
		if _, known := due[key]; !known {
			fresh = append(fresh, key)
		}
	}
	return there, fresh, nil
}

// tokenDue reads when a token may be removed; zero means never: somebody else did, or the object is errDamaged.
func (h *Hub) tokenDue(ctx context.Context, key string) (time.Time, error) {
	body, _, err := h.cfg.Store.Get(ctx, key+".json")
	if errors.Is(err, objects.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read join token: %w", err)
	}
	var t joinToken
	if err := json.Unmarshal(body, &t); err != nil || t.Expires.IsZero() {
		return time.Time{}, fmt.Errorf("read join token %s.json: %w", key, errDamaged)
	}
	return t.Expires.Add(tokenKept), nil
}
