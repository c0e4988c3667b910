package testsite

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"

	"binnacle/web/tag"
)

// The bank's pages and files; an embed.FS is read-only.
//
//go:embed pages static
var files embed.FS

// pages are the parsed templates by name. Each is pages/{name}.html within one of the shells.
type pages map[string]*template.Template

// view is what a template gets.
type view struct {
	Title  string
	Nav    string        // the entry of the menu that is current
	Script template.HTML // the script tag; render sets it unless NoTag
	NoTag  bool
	Form   form
	Data   any
}

// shells says which pages are not within the bank's own header and footer.
func shells() map[string]string {
	return map[string]string{
		"frame-mortgage": "shell-frame", "frame-mortgage-thanks": "shell-frame",
		"partner-form": "shell-partner", "partner-result": "shell-partner",
		"moved-elsewhere": "shell-moved",
	}
}

func parsePages() (pages, error) {
	entries, err := files.ReadDir("pages")
	if err != nil {
		return nil, fmt.Errorf("list pages of the test bank: %w", err)
	}
	parsed := make(pages)
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".html")
		if strings.HasPrefix(name, "shell") || name == "parts" {
			continue
		}
		shell := shells()[name]
		if shell == "" {
			shell = "shell"
		}
		t := template.New(shell + ".html").Funcs(functions())
		t, err := t.ParseFS(files, "pages/"+shell+".html", "pages/parts.html", "pages/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("parse page %s of the test bank: %w", name, err)
		}
		parsed[name] = t
	}
	return parsed, nil
}

// functions are what the templates may call.
func functions() template.FuncMap {
	return template.FuncMap{
		"field":     newControl,
		"countries": countries,
		"list":      func(items ...string) []string { return items },
		"next":      func(i int) int { return i + 1 },
	}
}

// control is a field as the parts of a page show it.
type control struct {
	form
	Name, ID, Hint string
}

// newControl is the template function "field": form, name, id, ids of elements that describe it.
func newControl(f form, name, id string, hint ...string) control {
	return control{f, name, id, strings.Join(hint, " ")}
}

// Text is what is wrong with the field, or "".
func (c control) Text() string { return c.Problem(c.Name) }

// Aria are the attributes that tie hint and problem to the field.
func (c control) Aria() template.HTMLAttr {
	by, invalid := c.Hint, ""
	if c.Text() != "" {
		by, invalid = strings.TrimSpace(by+" "+c.ID+"-error"), ` aria-invalid="true"`
	}
	if by == "" {
		return template.HTMLAttr(invalid)
	}
	return template.HTMLAttr(`aria-describedby="` + by + `"` + invalid)
}

func (p pages) render(w http.ResponseWriter, status int, name string, v view) {
	if !v.NoTag && v.Script == "" {
		v.Script = scriptTag(tag.Versions()[0])
	}
	var body bytes.Buffer
	if err := p[name].Execute(&body, v); err != nil {
		http.Error(w, "This page is broken: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}

// scriptTag is the line that the bank's pages carry; the bank hosts the file itself.
func scriptTag(v tag.Version) template.HTML {
	return template.HTML(tag.Line("https://"+BankHost+"/static", v))
}

// static serves the files of the bank and, as a customer would, its own copies of the script tag.
func static(w http.ResponseWriter, r *http.Request) {
	for _, v := range tag.Versions() {
		if r.URL.Path == "/static"+v.Path {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Write(v.Source)
			return
		}
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	content, err := files.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Write(content)
}
