package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"binnacle/session"
)

// MaxNameRunes is the longest name of a preset or key, in characters.
const MaxNameRunes = 80

// Preset is an address that an admin allowed, with the result of its last check.
type Preset struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"` // unique, without regard to case
	Address string    `json:"address"`
	Scope   string    `json:"scope"`   // exact, prefix, origin
	Width   int       `json:"width"`   // viewport, CSS pixels; 0: the server's default
	Height  int       `json:"height"`  // the same
	Scale   float64   `json:"scale"`   // device pixels per CSS pixel; 0: the server's default
	Version string    `json:"version"` // changes with every change by an admin; the ETag
	Changed time.Time `json:"changed"`
	Check   *Report   `json:"check"` // nil: not checked yet
}

// PresetFields is what an admin sets. The zero value of Scope is origin.
type PresetFields struct {
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Scope   string  `json:"scope"`
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	Scale   float64 `json:"scale"`
}

// tidy validates the fields and brings them into the form in which they are stored. All faults are told at once.
func (f PresetFields) tidy() (PresetFields, error) {
	faults := &invalid{}
	f.Name = tidyName(f.Name, faults)
	if address, err := ParseAddress(f.Address); err != nil {
		faults.add("address", FaultBadAddress, err.Error())
	} else {
		f.Address = address.String()
	}
	if f.Scope == "" {
		f.Scope = ScopeOrigin
	}
	if !validScope(f.Scope) {
		faults.add("scope", "bad_value", "must be exact, prefix or origin")
	}
	if f.Width != 0 && (f.Width < 320 || f.Width > 3840) {
		faults.add("width", "out_of_range", "must be from 320 to 3840, or 0 for the server's default")
	}
	if f.Height != 0 && (f.Height < 240 || f.Height > 2160) {
		faults.add("height", "out_of_range", "must be from 240 to 2160, or 0 for the server's default")
	}
	if f.Scale != 0 && !(f.Scale >= 1 && f.Scale <= 3) {
		faults.add("scale", "out_of_range", "must be from 1 to 3, or 0 for the server's default")
	}
	return f, faults.err()
}

// tidyName trims a name and notes what is wrong with it.
func tidyName(name string, faults *invalid) string {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		faults.add("name", "missing", "must not be empty")
	case utf8.RuneCountInString(name) > MaxNameRunes:
		faults.add("name", "out_of_range", "must have at most 80 characters")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		faults.add("name", "bad_value", "must not have control characters")
	}
	return name
}

// apply puts the fields into p as a new version.
func (f PresetFields) apply(p *Preset, now time.Time) {
	n, _ := strconv.Atoi(p.Version) // "" counts as 0
	p.Name, p.Address, p.Scope, p.Width, p.Height, p.Scale = f.Name, f.Address, f.Scope, f.Width, f.Height, f.Scale
	p.Version, p.Changed, p.Check = strconv.Itoa(n+1), now.UTC().Truncate(time.Millisecond), nil
}

// List returns all presets in the order of their names.
func (s *Settings) List(ctx context.Context) ([]Preset, error) {
	doc, _, err := s.read(ctx)
	slices.SortFunc(doc.Presets, func(a, b Preset) int { return cmp.Compare(a.sortKey(), b.sortKey()) })
	return doc.Presets, err
}

// sortKey orders presets by name, then id.
func (p Preset) sortKey() string { return strings.ToLower(p.Name) + "\x00" + p.ID }

// Find returns one preset, or a *session.Error with code "not_found".
func (s *Settings) Find(ctx context.Context, id string) (Preset, error) {
	doc, _, err := s.read(ctx)
	if err != nil {
		return Preset{}, err
	}
	i := indexPreset(&doc, id)
	if i < 0 {
		return Preset{}, unknown("preset")
	}
	return doc.Presets[i], nil
}

// Add stores a new preset. A name that is taken is a *session.Error with code "name_taken".
func (s *Settings) Add(ctx context.Context, fields PresetFields) (Preset, error) {
	fields, err := fields.tidy()
	if err != nil {
		return Preset{}, err
	}
	added := Preset{ID: newID()}
	fields.apply(&added, time.Now())
	err = s.update(ctx, func(doc *document) error {
		if len(doc.Presets) >= MaxPresets {
			return problem(http.StatusConflict, "too_many", "There are 500 presets already.", "Remove one that is not used.")
		}
		if nameTaken(doc, fields.Name, added.ID) {
			return errNameTaken()
		}
		doc.Presets = append(doc.Presets, added)
		return nil
	})
	return added, err
}

// Change replaces the fields of a preset whose version is ifMatch; "" means any version. Errors: code "not_found",
// "name_taken", or "version_changed" when somebody else changed it.
func (s *Settings) Change(ctx context.Context, id string, fields PresetFields, ifMatch string) (Preset, error) {
	fields, err := fields.tidy()
	if err != nil {
		return Preset{}, err
	}
	var changed Preset
	err = s.update(ctx, func(doc *document) error {
		i, err := matchPreset(doc, id, ifMatch)
		if err != nil {
			return err
		}
		if nameTaken(doc, fields.Name, id) {
			return errNameTaken()
		}
		fields.apply(&doc.Presets[i], time.Now())
		changed = doc.Presets[i]
		return nil
	})
	return changed, err
}

// Remove removes a preset whose version is ifMatch; "" means any. Running sessions go on. Errors as for Change.
func (s *Settings) Remove(ctx context.Context, id, ifMatch string) error {
	return s.update(ctx, func(doc *document) error {
		i, err := matchPreset(doc, id, ifMatch)
		if err != nil {
			return err
		}
		doc.Presets = slices.Delete(doc.Presets, i, i+1)
		return nil
	})
}

// noteCheck stores the report of a check of that version and returns the preset as it is now. When it was changed or
// removed meanwhile the report belongs to nothing any more and is dropped.
func (s *Settings) noteCheck(ctx context.Context, checked Preset, report Report) (Preset, error) {
	now := checked
	err := s.update(ctx, func(doc *document) error {
		i := indexPreset(doc, checked.ID)
		if i < 0 {
			return unknown("preset")
		}
		if doc.Presets[i].Version == checked.Version {
			doc.Presets[i].Check = &report
		}
		now = doc.Presets[i]
		return nil
	})
	return now, err
}

// Preset returns the preset as a session needs it, or a *session.Error with code "preset_unknown".
func (s *Settings) Preset(ctx context.Context, id string) (session.Preset, error) {
	doc, _, err := s.read(ctx)
	if err != nil {
		return session.Preset{}, err
	}
	if i := indexPreset(&doc, id); i >= 0 {
		return doc.Presets[i].forSession(), nil
	}
	return session.Preset{}, problem(http.StatusNotFound, "preset_unknown", "This page is not in the list any more.", "Choose another one.")
}

// Presets returns all, by name.
func (s *Settings) Presets(ctx context.Context) ([]session.Preset, error) {
	all, err := s.List(ctx)
	presets := make([]session.Preset, 0, len(all))
	for _, p := range all {
		presets = append(presets, p.forSession())
	}
	return presets, err
}

func (p Preset) forSession() session.Preset {
	return session.Preset{ID: p.ID, Name: p.Name, Address: p.Address, Scope: p.Scope, Width: p.Width, Height: p.Height, Scale: p.Scale}
}

func indexPreset(doc *document, id string) int {
	return slices.IndexFunc(doc.Presets, func(p Preset) bool { return p.ID == id })
}

func matchPreset(doc *document, id, ifMatch string) (int, error) {
	i := indexPreset(doc, id)
	if i < 0 {
		return 0, unknown("preset")
	}
	if ifMatch != "" && doc.Presets[i].Version != ifMatch {
		return 0, problem(http.StatusPreconditionFailed, "version_changed", "Somebody else changed this preset.", "Load it again, then make your change.")
	}
	return i, nil
}

func nameTaken(doc *document, name, exceptID string) bool {
	return slices.ContainsFunc(doc.Presets, func(p Preset) bool { return p.ID != exceptID && strings.EqualFold(p.Name, name) })
}

func errNameTaken() error {
	return problem(http.StatusConflict, "name_taken", "Another preset has this name.", "Choose another name.")
}
