package stream

import (
	"errors"

	"github.com/gorilla/websocket"
)

// ErrOrigin: the page that asked for the socket is not on the list, or the request names no page.
var ErrOrigin = errors.New("origin is not allowed")

// ErrSlow: the participant did not take its control messages and was cut off.
var ErrSlow = errors.New("participant does not take its messages")

// Codes of a Fault, and of the Failure that a participant gets for it.
const (
	CodeTooLarge       = "too_large"       // longer than MaxMessageBytes
	CodeNotText        = "not_text"        // a binary message
	CodeNotUTF8        = "not_utf8"        // text that is not UTF-8
	CodeNotJSON        = "not_json"        // not one JSON object
	CodeTrailing       = "trailing_data"   // something follows the object
	CodeTooDeep        = "too_deep"        // nested deeper than MaxDepth
	CodeUnknownType    = "unknown_type"    // no "t", or one that a client cannot send
	CodeUnknownField   = "unknown_field"   // a field that the type does not have
	CodeDuplicateField = "duplicate_field" // a field that is there twice
	CodeMissingField   = "missing_field"   // a field that must be there
	CodeWrongType      = "wrong_type"      // a string for a number, null, …
	CodeOutOfRange     = "out_of_range"    // a number outside its range
	CodeTooLong        = "too_long"        // a string or list over its limit
	CodeBadValue       = "bad_value"       // a word that the field does not have
	CodeVersion        = "version"         // another protocol version
	CodeHello          = "hello"           // hello is missing, late or not the first message
	CodeTooFast        = "too_fast"        // over the rate of its kind
	CodeTooSlow        = "too_slow"        // the control queue is full
	CodeInternal       = "internal"        // ours
)

// Fault is what is wrong with a message. Field names the field; nothing that the client sent is repeated in it.
type Fault struct {
	Code    string
	Field   string
	Message string
}

// Error returns the sentence.
func (f *Fault) Error() string { return f.Message }

func (f *Fault) failure() Failure {
	hint := "Reload the page to get the current viewer."
	switch f.Code {
	case CodeTooFast:
		hint = "Wait a moment, then connect again."
	case CodeTooSlow:
		hint = "The connection is slow; it is set up again by itself."
	case CodeHello, CodeInternal:
		hint = "Connect again."
	}
	return Failure{Code: f.Code, Message: f.Message, Hint: hint}
}

// closeCode is the WebSocket close code that goes with the fault.
func (f *Fault) closeCode() int {
	switch f.Code {
	case CodeTooLarge:
		return websocket.CloseMessageTooBig
	case CodeNotText:
		return websocket.CloseUnsupportedData
	case CodeInternal:
		return websocket.CloseInternalServerErr
	case CodeTooSlow, CodeTooFast:
		return websocket.CloseTryAgainLater
	}
	return websocket.ClosePolicyViolation
}
