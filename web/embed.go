// Package web holds the pages that people see, the viewer, and their styles, as they are served: there is nothing to build.
package web

import "embed"

// FS holds every page, script, style and drawing of this folder, by file name.
//
//go:embed *.html *.css *.js *.svg
var FS embed.FS
