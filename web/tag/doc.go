// Package tag holds the released versions of the script tag that a co-browsable page carries, and finds it in a page's HTML.
//
// A released file never changes: customers' pages pin its bytes with an integrity attribute. A change is a new version, in a
// new folder, with a new line in testdata/released.golden.
//
// The script and the agent that a session runs in the page speak through two DOM events on document, both with a string as
// detail, so that they cross from one JavaScript world to the other. The script says "binnacle:ready" (its version) when it
// has run. The agent says "binnacle:session" with JSON {"active": bool, "event": "navigator"|"end"|absent, "detail": any}. The
// page itself could say the same, so neither side may trust it with more than the page's own appearance.
package tag
