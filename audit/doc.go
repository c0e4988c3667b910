// Package audit keeps the evidence of sessions: records in a chained journal on disk, archived as immutable segments in
// object storage, read back and verified from there.
//
// Lock order: Log.mu before Journal.mu or shipment.mu; neither of these two before anything.
package audit
