package admin_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"binnacle/admin"
	"binnacle/web"
)

// TestEveryFileThatAPageNamesIsServedAndThePolicyLetsItRun looks at the pages that people get.
func TestEveryFileThatAPageNamesIsServedAndThePolicyLetsItRun(t *testing.T) {
	w := newWorld(t, func(c *admin.Config) { c.Assets = web.FS })
	for _, page := range []string{"/", "/call", "/view", "/settings", "/compliance"} {
		got := w.ask(t, "GET", page, nil, as("")).into(t, 200, nil)
		tokens := html.NewTokenizer(bytes.NewReader(got.body))
		for tokens.Next() != html.ErrorToken {
			element := tokens.Token()
			if element.Type != html.StartTagToken && element.Type != html.SelfClosingTagToken {
				continue
			}
			inline := element.Data == "style" || element.Data == "script"
			for _, a := range element.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: %s: the policy forbids what stands in the page itself", page, element)
				}
				if a.Key == "src" && element.Data == "script" {
					inline = false
				}
				if (a.Key == "src" || a.Key == "href") && element.Data != "a" {
					if file := w.raw(t, "GET", a.Val); file.status != 200 {
						t.Errorf("%s names %s: status %d", page, a.Val, file.status)
					}
				}
			}
			if inline {
				t.Errorf("%s: %s: the policy forbids what stands in the page itself", page, element)
			}
		}
	}
}
