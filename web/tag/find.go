package tag

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// MaxHTMLBytes is how much of a page Find reads. A script tag further down is not found.
const MaxHTMLBytes = 5 << 20

// ErrNoTag says that the page has no script element whose address ends as the script tag's does.
var ErrNoTag = errors.New("page does not carry the co-browsing script tag")

// Found is a script tag in a page.
type Found struct {
	Version     string // as its address says
	Integrity   string // of the element, spaces around it removed; "" when it has none
	Src         string // as the page has it
	Known       bool   // a version that was released
	Supported   bool   // a version that can be co-browsed
	IntegrityOK bool   // Integrity is exactly that of the released version
}

// Find reads a page's HTML and returns the script tag that it carries, or ErrNoTag. It is a script element, with or without
// integrity, whose src is any address with a path that ends in /tag/{version}/binnacle.js. What a browser would not run does
// not count: comments, templates, noscript, the text of other elements, scripts of another type. Of several tags the first
// counts, as it does for a session. Find reads no further than it must, at most MaxHTMLBytes; another error is the reader's.
func Find(r io.Reader) (Found, error) {
	tokens := html.NewTokenizer(io.LimitReader(r, MaxHTMLBytes))
	for templates := 0; ; {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				return Found{}, fmt.Errorf("read page: %w", err)
			}
			return Found{}, ErrNoTag
		case html.StartTagToken, html.SelfClosingTagToken: // a slash does not close HTML elements
			name, more := tokens.TagName()
			switch {
			case string(name) == "template":
				templates++
			case string(name) == "script" && templates == 0 && more:
				if found, ok := script(attributes(tokens)); ok {
					return found, nil
				}
			}
		case html.EndTagToken:
			if name, _ := tokens.TagName(); string(name) == "template" && templates > 0 {
				templates--
			}
		}
	}
}

// attributes returns the attributes of the current tag; of one that is given twice the first counts, as in browsers.
func attributes(tokens *html.Tokenizer) map[string]string {
	attrs := make(map[string]string)
	for more := true; more; {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if _, twice := attrs[string(key)]; !twice {
			attrs[string(key)] = string(value)
		}
	}
	return attrs
}

func script(attrs map[string]string) (Found, bool) {
	if _, noModule := attrs["nomodule"]; noModule || !runs(attrs["type"]) {
		return Found{}, false
	}
	number, ok := number(attrs["src"])
	if !ok {
		return Found{}, false
	}
	found := Found{Version: number, Integrity: strings.TrimSpace(attrs["integrity"]), Src: attrs["src"]}
	for _, v := range Versions() {
		if v.Number == number {
			found.Known, found.Supported, found.IntegrityOK = true, v.Supported, found.Integrity == v.Integrity
		}
	}
	return found, true
}

// runs says whether browsers run a script of this type.
func runs(typ string) bool {
	switch strings.ToLower(strings.TrimSpace(typ)) {
	case "", "module", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript", "application/ecmascript":
		return true
	}
	return false
}

// number returns the version in the address of a script tag.
func number(src string) (string, bool) {
	address, err := url.Parse(strings.TrimSpace(src))
	if err != nil || address.Opaque != "" {
		return "", false
	}
	page := url.URL{Scheme: "https", Host: "page.invalid", Path: "/"}
	pattern := regexp.MustCompile(`/tag/((?:0|[1-9][0-9]{0,5})\.(?:0|[1-9][0-9]{0,5})\.(?:0|[1-9][0-9]{0,5}))/binnacle\.js$`)
	match := pattern.FindStringSubmatch(page.ResolveReference(address).Path)
	if match == nil {
		return "", false
	}
	return match[1], true
}
