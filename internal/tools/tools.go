//go:build tools

// Package tools pins the versions of the programs that check the code; they are built into bin/ and never linked into
// the product.
package tools

import (
	_ "golang.org/x/vuln/cmd/govulncheck"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
