// Package audit keeps the evidence of sessions: records in a chained journal on disk, archived as immutable segments in
// object storage, read back and verified from there.
package audit
