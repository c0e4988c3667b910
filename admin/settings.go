package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"binnacle/objects"
)

// SettingsKey is the object that the settings are in; SettingsVersion is the version of its format (field "v").
const (
	SettingsKey     = "settings.json"
	SettingsVersion = 1
)

// Limits of the settings, with a test each.
const (
	MaxPresets = 500
	MaxKeys    = 200
)

// errUnchanged is what a change returns that finds nothing to do.
var errUnchanged = errors.New("nothing to change")

// settingsTries is how often a change is tried again when another node changed the settings at the same time.
const settingsTries = 30

// Settings are the presets and the API keys. They are one versioned object in a store: every call reads it afresh, so all
// nodes see a change at once, and writes it only when nobody changed it meanwhile. All methods may be called concurrently.
type Settings struct {
	store objects.Store
	turn  chan struct{} // one change at a time in this process: retries are for other processes
}

// document is the object as stored.
type document struct {
	V       int      `json:"v"`
	Presets []Preset `json:"presets"`
	Keys    []key    `json:"keys"`
}

// NewSettings returns the settings in store. An empty store is empty settings.
func NewSettings(store objects.Store) *Settings {
	return &Settings{store: store, turn: make(chan struct{}, 1)}
}

// read returns the document and its version, "" when there is none yet.
func (s *Settings) read(ctx context.Context) (document, string, error) {
	data, etag, err := s.store.Get(ctx, SettingsKey)
	if errors.Is(err, objects.ErrNotFound) {
		return document{V: SettingsVersion}, "", nil
	}
	if err != nil {
		return document{}, "", fmt.Errorf("read settings: %w", err)
	}
	doc, err := decodeDocument(data)
	return doc, etag, err
}

// decodeDocument refuses what this program did not write: a field that it would lose at the next change.
func decodeDocument(data []byte) (document, error) {
	var doc document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return document{}, fmt.Errorf("read settings: decode: %w", err)
	}
	if doc.V != SettingsVersion {
		return document{}, fmt.Errorf("read settings: version %d, this program knows %d", doc.V, SettingsVersion)
	}
	return doc, nil
}

// update applies change to the newest document and writes it. Change may run several times; its error is returned as it is
// and nothing is written. After errUnchanged nothing is written either, and that is no error.
func (s *Settings) update(ctx context.Context, change func(*document) error) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return fmt.Errorf("change settings: %w", ctx.Err())
	}
	for try := range settingsTries {
		doc, etag, err := s.read(ctx)
		if err != nil {
			return err
		}
		if err := change(&doc); errors.Is(err, errUnchanged) {
			return nil
		} else if err != nil {
			return err
		}
		data, err := json.Marshal(doc)
		if err != nil {
			return fmt.Errorf("change settings: encode: %w", err)
		}
		if etag == "" {
			_, err = s.store.PutIfAbsent(ctx, SettingsKey, data)
		} else {
			_, err = s.store.PutIfMatch(ctx, SettingsKey, data, etag)
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, objects.ErrChanged) && !errors.Is(err, objects.ErrExists) && !errors.Is(err, objects.ErrNotFound) {
			return fmt.Errorf("change settings: %w", err)
		}
		if err := pause(ctx, rand.N(time.Duration(try+1)*5*time.Millisecond)); err != nil {
			return fmt.Errorf("change settings: %w", err)
		}
	}
	return problem(409, "settings_busy", "The settings were changed by others at the same time.", "Try again.")
}

// pause waits for d or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
