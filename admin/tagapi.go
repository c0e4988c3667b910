package admin

import (
	"net/http"

	"binnacle/web/tag"
)

// tagAnswer is one version of the script tag.
type tagAnswer struct {
	Version     string `json:"version"`
	URL         string `json:"url"`
	Integrity   string `json:"integrity"`
	Line        string `json:"line"` // the HTML to copy
	Recommended bool   `json:"recommended"`
	Supported   bool   `json:"supported"`
}

// scriptTag answers GET /script-tag: all versions, the recommended one first.
func (s *Server) scriptTag(w http.ResponseWriter, _ *http.Request) error {
	list := List[tagAnswer]{Items: []tagAnswer{}}
	for _, v := range tag.Versions() {
		item := tagAnswer{Version: v.Number, URL: s.public + v.Path, Integrity: v.Integrity, Line: tag.Line(s.public, v), Recommended: v.Recommended, Supported: v.Supported}
		if v.Recommended {
			list.Items = append([]tagAnswer{item}, list.Items...)
		} else {
			list.Items = append(list.Items, item)
		}
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// serveTag serves a released version, unsupported ones too: pages that carry them must not break. It is the one answer
// that every page of the world may load.
func (s *Server) serveTag(w http.ResponseWriter, r *http.Request) error {
	for _, v := range tag.Versions() {
		if v.Number == r.PathValue("version") {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			newAsset(v.Source, "text/javascript; charset=utf-8").serve(w, r, cacheForever)
			return nil
		}
	}
	return unknown("version of the script tag")
}
