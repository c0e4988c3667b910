// Package binnacle_test guards the shape of the house: which package may know which (docs/decisions/2026-11-22-layout.md).
package binnacle_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed is the picture of the packages: what each may import of ours, directly.
var allowed = map[string][]string{
	"binnacle/objects":           {},
	"binnacle/cluster":           {"binnacle/objects"},
	"binnacle/audit":             {"binnacle/objects"},
	"binnacle/renderer":          {},
	"binnacle/stream":            {},
	"binnacle/session":           {"binnacle/renderer", "binnacle/stream", "binnacle/audit", "binnacle/objects"},
	"binnacle/web":               {},
	"binnacle/web/tag":           {},
	"binnacle/admin":             {"binnacle/session", "binnacle/audit", "binnacle/objects", "binnacle/web", "binnacle/web/tag"},
	"binnacle/internal/testsite": {"binnacle/web/tag"},
	"binnacle/internal/s3test":   {},
	"binnacle/cmd/binnacle": {"binnacle/admin", "binnacle/audit", "binnacle/cluster", "binnacle/objects", "binnacle/renderer", "binnacle/session",
		"binnacle/stream", "binnacle/web", "binnacle/web/tag", "binnacle/internal/testsite"},
}

// leaves drive the page, carry the stream and keep the evidence; none may reach another, not even through a third package.
var leaves = []string{"binnacle/renderer", "binnacle/stream", "binnacle/audit"}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestPackagesFollowTheLayout(t *testing.T) {
	packages := list(t)
	for _, p := range packages {
		want, known := allowed[p.ImportPath]
		if !known {
			t.Errorf("package %s is not in the picture: add it here and a page in docs/decisions", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			if ours(i) && !slices.Contains(want, i) {
				t.Errorf("%s imports %s, which the layout does not allow", p.ImportPath, i)
			}
		}
		if slices.Contains(leaves, p.ImportPath) {
			for _, d := range p.Deps {
				if d != p.ImportPath && slices.Contains(leaves, d) {
					t.Errorf("leaf %s reaches leaf %s", p.ImportPath, d)
				}
			}
		}
	}
	for name := range allowed {
		if !slices.ContainsFunc(packages, func(p listed) bool { return p.ImportPath == name }) {
			t.Errorf("package %s of the picture does not exist", name)
		}
	}
}

// TestOnlyRendererKnowsCDP: a change of Chrome's protocol must never be felt outside of one package.
func TestOnlyRendererKnowsCDP(t *testing.T) {
	for _, p := range list(t) {
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "github.com/chromedp/") && p.ImportPath != "binnacle/renderer" {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
}

// TestTheServerForTestsIsNotLinked: the S3 test server lives in a module of its own.
func TestTheServerForTestsIsNotLinked(t *testing.T) {
	for _, p := range list(t) {
		for _, d := range p.Deps {
			if strings.HasPrefix(d, "github.com/versity/") {
				t.Errorf("%s depends on %s", p.ImportPath, d)
			}
		}
	}
}

func ours(path string) bool { return path == "binnacle" || strings.HasPrefix(path, "binnacle/") }

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var found []listed
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		if ours(p.ImportPath) && p.ImportPath != "binnacle" {
			found = append(found, p)
		}
	}
	return found
}
