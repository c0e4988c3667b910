// Package stream carries a session to its participants: the versioned wire protocol, a participant's socket with its two
// kinds of queue, and the picture format. It knows neither pages nor evidence. docs/PROTOCOL.md is its manual.
package stream
