package tag_test

import (
	"crypto/sha512"
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"binnacle/web/tag"
)

// TestReleasedFilesNeverChange compares each version with the hash it was released with. When it fails, do not mend the
// golden file: put the released bytes back and release a new version.
func TestReleasedFilesNeverChange(t *testing.T) {
	golden, err := os.ReadFile("testdata/released.golden")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	for line := range strings.Lines(string(golden)) {
		number, integrity, _ := strings.Cut(strings.TrimSpace(line), " ")
		want[number] = integrity
	}
	for _, v := range tag.Versions() {
		sum := sha512.Sum384(v.Source)
		if got := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); got != want[v.Number] || v.Integrity != got {
			t.Errorf("version %s: hash of its file is %s, Integrity is %s, released was %q", v.Number, got, v.Integrity, want[v.Number])
		}
		delete(want, v.Number)
	}
	for number := range want {
		t.Errorf("version %s was released and is gone", number)
	}
}

func TestNewestSupportedVersionIsRecommended(t *testing.T) {
	seen := false
	for _, v := range tag.Versions() {
		want := v.Supported && !seen
		seen = seen || v.Supported
		if v.Recommended != want {
			t.Errorf("version %s: Recommended = %v, want %v", v.Number, v.Recommended, want)
		}
		if v.Path != "/tag/"+v.Number+"/binnacle.js" {
			t.Errorf("version %s: Path = %q", v.Number, v.Path)
		}
		if got, listed := tag.Supported()[v.Number]; listed != v.Supported || listed && got != v.Integrity {
			t.Errorf("version %s: Supported() has %q, %v", v.Number, got, listed)
		}
	}
	if !seen {
		t.Error("no version is supported")
	}
}

func TestCallersCannotChangeAReleasedFile(t *testing.T) {
	tag.Versions()[0].Source[0] = 'X'
	if tag.Versions()[0].Source[0] == 'X' {
		t.Error("Source is shared between callers")
	}
}

func TestScriptIsSmallAndAsksForNothing(t *testing.T) {
	source := string(tag.Versions()[0].Source)
	if len(source) > 2048 {
		t.Errorf("the script has %d bytes, want at most 2048", len(source))
	}
	for _, word := range []string{"eval", "Function(", "fetch", "XMLHttpRequest", "sendBeacon", "WebSocket", "localStorage", "sessionStorage",
		"cookie", "indexedDB", ".style", "innerHTML", "createElement", "import"} {
		if strings.Contains(source, word) {
			t.Errorf("the script contains %q", word)
		}
	}
}

func TestLineIsFoundInAPage(t *testing.T) {
	for _, publicURL := range []string{"https://cobrowse.example.com", "https://cobrowse.example.com/", "https://example.com/a&b"} {
		for _, v := range tag.Versions() {
			line := tag.Line(publicURL, v)
			found, err := tag.Find(strings.NewReader("<!doctype html><title>A</title>" + line))
			if err != nil {
				t.Fatalf("Find(%s): %v", line, err)
			}
			want := tag.Found{Version: v.Number, Integrity: v.Integrity, Src: strings.TrimRight(publicURL, "/") + v.Path,
				Known: true, Supported: v.Supported, IntegrityOK: true}
			if found != want {
				t.Errorf("Find(%s) = %+v, want %+v", line, found, want)
			}
		}
	}
	v := tag.Versions()[0]
	want := `<script src="https://c.example/tag/1.0.0/binnacle.js" integrity="` + v.Integrity + `" crossorigin="anonymous" async></script>`
	if got := tag.Line("https://c.example/", v); got != want {
		t.Errorf("Line = %s, want %s", got, want)
	}
}
