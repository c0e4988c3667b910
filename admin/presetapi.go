package admin

import (
	"context"
	"net/http"
	"strings"
)

// listPresets answers GET /presets.
func (s *Server) listPresets(w http.ResponseWriter, r *http.Request) error {
	p, err := readPage(r)
	if err != nil {
		return err
	}
	presets, err := s.cfg.Settings.List(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, cut(presets, p, Preset.sortKey))
	return nil
}

// addPreset answers POST /presets: the preset is stored whatever its check finds, so that an admin can prepare a list before
// the pages carry the tag.
func (s *Server) addPreset(w http.ResponseWriter, r *http.Request) error {
	var fields PresetFields
	if err := readBody(w, r, &fields); err != nil {
		return err
	}
	id, err := s.once(r, fields, func() (string, error) {
		added, err := s.cfg.Settings.Add(r.Context(), fields)
		return added.ID, err
	})
	if err != nil {
		return err
	}
	preset, err := s.cfg.Settings.Find(r.Context(), id)
	if err != nil {
		return err
	}
	if preset.Check == nil {
		if preset, err = s.check(r.Context(), preset); err != nil {
			return err
		}
	}
	w.Header().Set("Location", "/api/v1/presets/"+id)
	return answerPreset(w, http.StatusCreated, preset)
}

// getPreset answers GET /presets/{preset}.
func (s *Server) getPreset(w http.ResponseWriter, r *http.Request) error {
	preset, err := s.cfg.Settings.Find(r.Context(), r.PathValue("preset"))
	if err != nil {
		return err
	}
	return answerPreset(w, http.StatusOK, preset)
}

// changePreset answers PUT /presets/{preset}.
func (s *Server) changePreset(w http.ResponseWriter, r *http.Request) error {
	var fields PresetFields
	if err := readBody(w, r, &fields); err != nil {
		return err
	}
	ifMatch, err := readIfMatch(r)
	if err != nil {
		return err
	}
	preset, err := s.cfg.Settings.Change(r.Context(), r.PathValue("preset"), fields, ifMatch)
	if err != nil {
		return err
	}
	if preset, err = s.check(r.Context(), preset); err != nil {
		return err
	}
	return answerPreset(w, http.StatusOK, preset)
}

// removePreset answers DELETE /presets/{preset}.
func (s *Server) removePreset(w http.ResponseWriter, r *http.Request) error {
	ifMatch, err := readIfMatch(r)
	if err != nil {
		return err
	}
	if err := s.cfg.Settings.Remove(r.Context(), r.PathValue("preset"), ifMatch); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// checkPreset answers POST /presets/{preset}/check.
func (s *Server) checkPreset(w http.ResponseWriter, r *http.Request) error {
	preset, err := s.cfg.Settings.Find(r.Context(), r.PathValue("preset"))
	if err != nil {
		return err
	}
	if preset, err = s.check(r.Context(), preset); err != nil {
		return err
	}
	return answerPreset(w, http.StatusOK, preset)
}

// checkAddress answers POST /check: nothing is stored.
func (s *Server) checkAddress(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Address string `json:"address"`
		Scope   string `json:"scope"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if body.Scope == "" {
		body.Scope = ScopeOrigin
	}
	if !validScope(body.Scope) {
		return &invalid{faults: []FieldFault{{Field: "scope", Code: "bad_value", Message: "must be exact, prefix or origin"}}}
	}
	writeJSON(w, http.StatusOK, s.checker.Check(r.Context(), body.Address, body.Scope))
	return nil
}

// check checks a preset and stores the report. When the one who asked went away the report says nothing about the page.
func (s *Server) check(ctx context.Context, preset Preset) (Preset, error) {
	report := s.checker.Check(ctx, preset.Address, preset.Scope)
	if ctx.Err() != nil {
		return preset, ctx.Err()
	}
	s.log.Info("check", "request", requestID(ctx), "preset", preset.ID, "result", report.Summary())
	return s.cfg.Settings.noteCheck(ctx, preset, report)
}

func answerPreset(w http.ResponseWriter, status int, preset Preset) error {
	w.Header().Set("ETag", `"`+preset.Version+`"`)
	writeJSON(w, status, preset)
	return nil
}

// readIfMatch returns the version that a change is meant for, "" for any. A list of versions is refused: nobody needs it.
func readIfMatch(r *http.Request) (string, error) {
	text := strings.TrimSpace(r.Header.Get("If-Match"))
	if text == "" || text == "*" {
		return "", nil
	}
	version, ok := strings.CutPrefix(text, `"`)
	version, ok2 := strings.CutSuffix(version, `"`)
	if !ok || !ok2 || version == "" || strings.Contains(version, `"`) {
		return "", &invalid{faults: []FieldFault{{Field: "If-Match", Code: "bad_value", Message: "must be the ETag of the preset, in quotes"}}}
	}
	return version, nil
}
