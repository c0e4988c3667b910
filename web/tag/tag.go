package tag

import (
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

// The released files; an embed.FS is read-only.
//
//go:embed 0.9.0/binnacle.js 1.0.0/binnacle.js
var released embed.FS

// Version is one released version of the script tag.
type Version struct {
	Number      string // "1.0.0"
	Path        string // where the server serves it: "/tag/1.0.0/binnacle.js"
	Integrity   string // Subresource Integrity value: "sha384-…"
	Source      []byte // the file; the caller's own copy
	Recommended bool   // the newest supported version, and no other
	Supported   bool   // a page that carries it can be co-browsed
}

// Versions returns all released versions, newest first.
func Versions() []Version {
	return []Version{
		version("1.0.0", true, true),
		version("0.9.0", false, false),
	}
}

// Supported returns the integrity value of each supported version, by its number.
func Supported() map[string]string {
	numbers := make(map[string]string)
	for _, v := range Versions() {
		if v.Supported {
			numbers[v.Number] = v.Integrity
		}
	}
	return numbers
}

// Line returns the HTML to copy into a page. PublicURL is where participants and customers' pages reach this server; a path
// in it stays, a slash at its end does not matter.
func Line(publicURL string, v Version) string {
	src := strings.TrimRight(publicURL, "/") + v.Path
	return fmt.Sprintf(`<script src="%s" integrity="%s" crossorigin="anonymous" async></script>`, html.EscapeString(src), v.Integrity)
}

func version(number string, recommended, supported bool) Version {
	source, err := released.ReadFile(number + "/binnacle.js")
	if err != nil {
		panic(err) // the list above and the embedded files disagree
	}
	sum := sha512.Sum384(source)
	return Version{
		Number:      number,
		Path:        "/tag/" + number + "/binnacle.js",
		Integrity:   "sha384-" + base64.StdEncoding.EncodeToString(sum[:]),
		Source:      source,
		Recommended: recommended,
		Supported:   supported,
	}
}
