// Package renderer drives one page in one headless Chrome process: starts and kills it, delivers frames, snapshots,
// events and dialogs, takes input, and keeps the page where the preset allows. Nobody else in Binnacle knows CDP.
//
// # Who does what
//
// chrome is the process, profile its folder, family its children. conn multiplexes CDP sessions over Chrome's pipe: one goroutine
// reads, one writes. Everything that Chrome says runs as a callback on the reader and must not block: callbacks send, put into a
// slot, or change a field under a lock. What has to wait has a goroutine of its own, which Page.Close waits for:
//
//	run            the page's end: crash, loss, Close
//	runNavigation  judges each top-level document: address, answer, script tag; confirms it, or goes back
//	runFrames      newest frame to the receiver, PNG or JPEG
//	runInput       the navigator's acts, in order
//	runGate        one per session with paused requests: lets them go when the events before them are on disk
//	runSnapshots   the page's meaning
//	formQueue.run  form events, named and in order
//
// # Locks
//
// Each guards fields and no logic. Page.mu, navigation.mu, caster.mu, gate.mu, inputQueue.mu, outbox.mu, conn.mu and the agent's
// are never held while another of them is taken, nor during a callback or a call to Chrome.
//
// # Measured (2026-11-22, 4 cores, Chromium 156, 1280×800)
//
// A top-level request that is failed with ERR_ABORTED leaves the page that is there; any other error shows Chrome's error page.
// Security.certificateError, no longer in the protocol's description, still comes and is the only way to tell a bad certificate
// from another failure when the page itself navigates. A new window that is closed while it waits for the debugger leaves its
// opener hanging: resume it first. A second startScreencast does not change the format: stop it first; asked for while a navigation
// commits, it sends nothing. A Chrome process that runs page script names no profile folder on its command line, but all are
// in the browser's process group. keydown 229 before Input.insertText carries the time that text itself cannot.
package renderer
