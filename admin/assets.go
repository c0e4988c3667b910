package admin

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// asset is one file as it is served.
type asset struct {
	body []byte
	kind string // content type
	etag string
}

// assets are all files, by name. They are read once: the file system is embedded and small.
type assets map[string]asset

// pageFiles are the pages, by the path at which people find them.
func pageFiles() map[string]string {
	return map[string]string{"/{$}": "index.html", "/call": "call.html", viewerPath: "view.html", "/settings": "settings.html", "/compliance": "compliance.html"}
}

func readAssets(files fs.FS) (assets, error) {
	read := assets{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		kind, ok := contentType(name)
		if !ok {
			return nil // what we have no type for is no asset
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		read[name] = newAsset(body, kind)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range pageFiles() {
		if _, ok := read[name]; !ok {
			return nil, fmt.Errorf("%s is missing", name)
		}
	}
	return read, nil
}

func newAsset(body []byte, kind string) asset {
	sum := sha256.Sum256(body)
	return asset{body: body, kind: kind, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`}
}

// contentType does not ask the system's table: it differs from machine to machine.
func contentType(name string) (string, bool) {
	kinds := map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".json": "application/json; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
		".webp": "image/webp", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	}
	kind, ok := kinds[path.Ext(name)]
	return kind, ok
}

// serve writes the file, or only that it has not changed.
func (a asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.etag)
	h.Set("Cache-Control", cache)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// embedScript is the one asset that pages of call products load from here: it puts the viewer into a frame.
const embedScript = "embed.js"

// Cache rules: what never changes under its name, and what is asked for again each time.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheCheck   = "no-cache"
)

// servePage serves one of the pages.
func (s *Server) servePage(name string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		s.assets[name].serve(w, r, cacheCheck)
		return nil
	}
}

// serveAsset serves scripts, styles and images. Pages are not among them: they have paths of their own.
func (s *Server) serveAsset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	file, ok := s.assets[name]
	if !ok || path.Ext(name) == ".html" {
		return unknown("file")
	}
	cache := cacheCheck
	if hashed(name) {
		cache = cacheForever
	}
	if name == embedScript {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	file.serve(w, r, cache)
	return nil
}

// hashed says whether a name carries a hash of its content, as in viewer.3f9a2c41.js.
func hashed(name string) bool {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) < 3 {
		return false
	}
	hash := parts[len(parts)-2]
	return len(hash) >= 8 && strings.Trim(hash, "0123456789abcdef") == ""
}
