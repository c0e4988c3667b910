package tag_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"binnacle/web/tag"
)

const good = `<script src="/tag/1.0.0/binnacle.js" integrity="INTEGRITY" async></script>`

func page(s string) string {
	return strings.ReplaceAll(s, "INTEGRITY", tag.Supported()["1.0.0"])
}

func TestFindSeesTheTagWhereBrowsersRunIt(t *testing.T) {
	for name, html := range map[string]string{
		"in the head":              `<!doctype html><html><head>` + good + `</head><body></body></html>`,
		"in the body":              `<!doctype html><html><body><p>Hello` + good + `</body></html>`,
		"without a document":       good,
		"upper case, no quotes":    `<SCRIPT SRC=/tag/1.0.0/binnacle.js Integrity=INTEGRITY></SCRIPT>`,
		"self-closed":              `<script src="/tag/1.0.0/binnacle.js" integrity="INTEGRITY" />`,
		"self-hosted, query":       `<script src="https://static.example/a/tag/1.0.0/binnacle.js?v=2#x" integrity="INTEGRITY"></script>`,
		"relative":                 `<script src="tag/1.0.0/binnacle.js" integrity="INTEGRITY"></script>`,
		"relative, dots":           `<script src="../assets/./tag/1.0.0/binnacle.js" integrity="INTEGRITY"></script>`,
		"spaces":                   `<script src=" /tag/1.0.0/binnacle.js " integrity="  INTEGRITY "></script>`,
		"type of old times":        `<script type="text/javascript" src="/tag/1.0.0/binnacle.js" integrity="INTEGRITY"></script>`,
		"module":                   `<script type=module src="/tag/1.0.0/binnacle.js" integrity="INTEGRITY"></script>`,
		"after other scripts":      `<script>var a = "</p><!-- ";</script><script src=/a.js></script>` + good,
		"after a closed template":  `<template><template>x</template></template>` + good,
		"after text that looks so": `<textarea><script src="/tag/0.9.0/binnacle.js"></script></textarea>` + good,
		"after a broken tag":       `<p <b =""><i>` + good,
		"second src is ignored":    `<script src="/tag/1.0.0/binnacle.js" src="/other.js" integrity="INTEGRITY"></script>`,
		"before an old one":        good + `<script src="/tag/0.9.0/binnacle.js"></script>`,
	} {
		found, err := tag.Find(strings.NewReader(page(html)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if found.Version != "1.0.0" || !found.Known || !found.Supported || !found.IntegrityOK {
			t.Errorf("%s: found %+v", name, found)
		}
	}
}

func TestFindIgnoresWhatBrowsersDoNotRun(t *testing.T) {
	for name, html := range map[string]string{
		"nothing":             ``,
		"comment":             `<!-- ` + good + ` -->`,
		"conditional comment": `<!--[if IE]>` + good + `<![endif]-->`,
		"template":            `<template>` + good + `</template>`,
		"nested template":     `<template><template></template>` + good + `</template>`,
		"noscript":            `<noscript>` + good + `</noscript>`,
		"textarea":            `<textarea>` + good + `</textarea>`,
		"title":               `<title>` + good + `</title>`,
		"style":               `<style>` + good + `</style>`,
		"text of a script":    `<script>document.write('<script src="/tag/1.0.0/binnacle.js">')</script>`,
		"iframe":              `<iframe>` + good + `</iframe>`,
		"escaped":             `&lt;script src="/tag/1.0.0/binnacle.js"&gt;`,
		"attribute":           `<p title='<script src="/tag/1.0.0/binnacle.js"></script>'>`,
		"no src":              `<script integrity="INTEGRITY"></script>`,
		"data-src":            `<script data-src="/tag/1.0.0/binnacle.js"></script>`,
		"link":                `<link href="/tag/1.0.0/binnacle.js" rel="preload" as="script">`,
		"other type":          `<script type="text/template" src="/tag/1.0.0/binnacle.js"></script>`,
		"nomodule":            `<script nomodule src="/tag/1.0.0/binnacle.js"></script>`,
		"other folder":        `<script src="/tags/1.0.0/binnacle.js"></script>`,
		"other file":          `<script src="/tag/1.0.0/binnacle.js.map"></script>`,
		"longer folder":       `<script src="/mytag/1.0.0/binnacle.js"></script>`,
		"not a version":       `<script src="/tag/latest/binnacle.js"></script>`,
		"two numbers":         `<script src="/tag/1.0/binnacle.js"></script>`,
		"leading zero":        `<script src="/tag/01.0.0/binnacle.js"></script>`,
		"only in the query":   `<script src="/a.js?/tag/1.0.0/binnacle.js"></script>`,
		"only in the host":    `<script src="//tag.example"></script>`,
		"bad address":         `<script src="http://[/tag/1.0.0/binnacle.js"></script>`,
		"data address":        `<script src="data:text/javascript,/tag/1.0.0/binnacle.js"></script>`,
	} {
		if found, err := tag.Find(strings.NewReader(page(html))); !errors.Is(err, tag.ErrNoTag) {
			t.Errorf("%s: found %+v, %v; want ErrNoTag", name, found, err)
		}
	}
}

func TestFindTellsWhatIsWrongWithATag(t *testing.T) {
	old := tag.Versions()[1]
	for name, c := range map[string]struct {
		html string
		want tag.Found
	}{
		"old version": {`<script src="/tag/0.9.0/binnacle.js" integrity="` + old.Integrity + `"></script>`,
			tag.Found{Version: "0.9.0", Integrity: old.Integrity, Src: "/tag/0.9.0/binnacle.js", Known: true, IntegrityOK: true}},
		"unknown version": {`<script src="/tag/12.34.56/binnacle.js" integrity="INTEGRITY"></script>`,
			tag.Found{Version: "12.34.56", Integrity: tag.Supported()["1.0.0"], Src: "/tag/12.34.56/binnacle.js"}},
		"no integrity": {`<script src="/tag/1.0.0/binnacle.js"></script>`,
			tag.Found{Version: "1.0.0", Src: "/tag/1.0.0/binnacle.js", Known: true, Supported: true}},
		"other integrity": {`<script src="/tag/1.0.0/binnacle.js" integrity="sha384-AAAA"></script>`,
			tag.Found{Version: "1.0.0", Integrity: "sha384-AAAA", Src: "/tag/1.0.0/binnacle.js", Known: true, Supported: true}},
		"an old one first": {`<script src="/tag/0.9.0/binnacle.js"></script>` + page(good),
			tag.Found{Version: "0.9.0", Src: "/tag/0.9.0/binnacle.js", Known: true}},
	} {
		found, err := tag.Find(strings.NewReader(page(c.html)))
		if err != nil || found != c.want {
			t.Errorf("%s: found %+v, %v; want %+v", name, found, err, c.want)
		}
	}
}

func TestFindReadsNoFurtherThanItsLimit(t *testing.T) {
	r := &endless{}
	if _, err := tag.Find(r); !errors.Is(err, tag.ErrNoTag) {
		t.Errorf("err = %v, want ErrNoTag", err)
	}
	if r.read > tag.MaxHTMLBytes {
		t.Errorf("read %d bytes, want at most %d", r.read, tag.MaxHTMLBytes)
	}
	below := strings.Repeat(" ", tag.MaxHTMLBytes) + page(good)
	if _, err := tag.Find(strings.NewReader(below)); !errors.Is(err, tag.ErrNoTag) {
		t.Errorf("a tag below the limit: err = %v, want ErrNoTag", err)
	}
}

func TestFindReportsTheReadersError(t *testing.T) {
	broken := errors.New("connection reset")
	r := io.MultiReader(strings.NewReader("<p>Hello"), iotest.ErrReader(broken))
	if _, err := tag.Find(r); !errors.Is(err, broken) || errors.Is(err, tag.ErrNoTag) {
		t.Errorf("err = %v, want the reader's", err)
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{page(good), `<template>` + good, `<!--` + good, `<script src="//tag/1.0.0/binnacle.js`, `<noscript>` + good,
		`<svg><script src=tag/0.9.0/binnacle.js />`, "<script src=\"\x00/tag/1.0.0/binnacle.js\">", `<plaintext>` + good} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, html string) {
		found, err := tag.Find(strings.NewReader(html))
		if err != nil {
			if !errors.Is(err, tag.ErrNoTag) || found != (tag.Found{}) {
				t.Fatalf("found %+v, %v", found, err)
			}
			return
		}
		integrity, supported := tag.Supported()[found.Version]
		if found.Supported != supported || found.Supported && !found.Known || found.IntegrityOK && !found.Known {
			t.Fatalf("found %+v contradicts the released versions", found)
		}
		if found.Supported && found.IntegrityOK != (found.Integrity == integrity) {
			t.Fatalf("found %+v, integrity of the version is %s", found, integrity)
		}
		if !strings.Contains(found.Src, "binnacle.js") && !strings.Contains(found.Src, "%") {
			t.Fatalf("found %+v", found)
		}
	})
}

// endless is a page that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}
