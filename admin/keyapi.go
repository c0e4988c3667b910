package admin

import (
	"net/http"
	"slices"
	"strings"
)

// listKeys answers GET /keys: no list ever has the keys themselves.
func (s *Server) listKeys(w http.ResponseWriter, r *http.Request) error {
	p, err := readPage(r)
	if err != nil {
		return err
	}
	keys, err := s.cfg.Settings.Keys(r.Context())
	if err != nil {
		return err
	}
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	writeJSON(w, http.StatusOK, cut(keys, p, Key.sortKey))
	return nil
}

// addKey answers POST /keys. Nobody can give away more than they have.
func (s *Server) addKey(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	own := keyIn(r.Context()).Scopes
	for _, scope := range body.Scopes {
		if slices.Contains(Scopes(), scope) && !slices.Contains(own, scope) {
			return problem(http.StatusForbidden, "scope_missing", "A key without the scope "+scope+" cannot give it to another.", "Use a key with the scope "+scope+".")
		}
	}
	made, secret, err := s.cfg.Settings.CreateKey(r.Context(), body.Name, body.Scopes)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, struct {
		Key
		Secret string `json:"key"`
	}{made, secret})
	return nil
}

// removeKey answers DELETE /keys/{key}.
func (s *Server) removeKey(w http.ResponseWriter, r *http.Request) error {
	if err := s.cfg.Settings.RemoveKey(r.Context(), r.PathValue("key")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sortKey orders keys by age.
func (k Key) sortKey() string { return k.Created.UTC().Format("2006-01-02T15:04:05Z") + k.ID }
