package renderer

import (
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/runtime"
)

// coverSheet hides in the picture what Chrome would show in the clear: card numbers, one-time codes, what the page's author marked.
// Chrome itself hides passwords. A blocked part becomes one flat area: no contrast, no light.
const coverSheet = `
input[autocomplete*="cc-" i]:not([type=password]), textarea[autocomplete*="cc-" i], select[autocomplete*="cc-" i],
[autocomplete~="one-time-code" i], input[autocomplete~="current-password" i], input[autocomplete~="new-password" i],
[data-binnacle-mask], [data-binnacle-mask] * { -webkit-text-security: disc !important }
[data-binnacle-mask] :is(img, video, canvas, svg), :is(img, video, canvas, svg)[data-binnacle-mask],
[data-binnacle-block] { filter: contrast(0) !important; background: #808080 !important; overflow: clip !important }
`

// cover gives a new document the sheet. It is the inspector's own sheet: neither document.styleSheets nor the DOM show it, and no page
// can take it away. It comes a few milliseconds after the document, sometimes after the first paint (measured 2026-11-22); until then the
// agent covers what it meets with a sheet of its own, which a page could see. It runs on the reader goroutine.
func (w *world) cover() {
	ask(w.s, css.CreateStyleSheet, css.CreateStyleSheetParams{FrameID: w.frame}, func(res css.CreateStyleSheetResult, err error) {
		if err != nil {
			return // the document is gone, or the agent's sheet stays
		}
		ask(w.s, css.SetStyleSheetText, css.SetStyleSheetTextParams{StyleSheetID: res.StyleSheetID, Text: coverSheet},
			func(_ css.SetStyleSheetTextResult, err error) {
				if err == nil {
					silent := true
					post(w.s, runtime.Evaluate, runtime.EvaluateParams{Expression: "__binnacle.covered()", ContextID: w.id, Silent: &silent})
				}
			})
	})
}
