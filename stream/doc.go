// Package stream carries a session to its participants: the versioned wire protocol, a participant's socket with its two
// kinds of queue, and the picture format. It knows neither pages nor evidence. docs/PROTOCOL.md is its manual.
//
// A Peer has two goroutines: Run's caller reads, runWriter writes. They and everybody else meet in the outbox, under the package's only lock.
package stream
