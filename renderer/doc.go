// Package renderer drives one page in one headless Chrome process: starts and kills it, delivers frames, snapshots,
// events and dialogs, takes input, and keeps the page where the preset allows. Nobody else in Binnacle knows CDP.
package renderer
