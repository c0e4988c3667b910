package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"binnacle/session"
)

// FieldFault says what is wrong with one field of a request.
type FieldFault struct {
	Field   string `json:"field"`   // its name; "" when the whole body is meant
	Code    string `json:"code"`    // missing, unknown, wrong_type, out_of_range, bad_value, taken
	Message string `json:"message"` // in plain words
}

// invalid is a request whose fields are wrong: it names all of them at once.
type invalid struct{ faults []FieldFault }

// Error returns the faults in one line, without any value that was sent.
func (e *invalid) Error() string {
	words := make([]string, 0, len(e.faults))
	for _, f := range e.faults {
		words = append(words, strings.TrimSpace(f.Field+" "+f.Message))
	}
	return strings.Join(words, "; ")
}

// add notes a fault.
func (e *invalid) add(field, code, message string) {
	e.faults = append(e.faults, FieldFault{Field: field, Code: code, Message: message})
}

// err returns nil when no fault was noted.
func (e *invalid) err() error {
	if len(e.faults) == 0 {
		return nil
	}
	return e
}

// problem makes an error for people; it exists because most of them are one line.
func problem(status int, code, message, hint string) *session.Error {
	return &session.Error{Status: status, Code: code, Message: message, Hint: hint}
}

// unknown is the answer for a thing that does not exist.
func unknown(what string) *session.Error {
	return problem(http.StatusNotFound, "not_found", "There is no such "+what+".", "Check the id in the address.")
}

// errorBody is what every error answer looks like.
type errorBody struct {
	Error errorAnswer `json:"error"`
}

type errorAnswer struct {
	Code    string       `json:"code"`
	Message string       `json:"message"`
	Hint    string       `json:"hint"`
	Fields  []FieldFault `json:"fields,omitempty"`
	Request string       `json:"request"` // id of the request, to be found in the server's log
}

// statusGone is what the access log says when the sender did not wait for the answer.
const statusGone = 499

// answerError writes err as JSON. What is no session.Error and no invalid becomes "internal": the log has it in full.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, err error) {
	id := requestID(r.Context())
	answer := errorAnswer{Request: id}
	status := http.StatusInternalServerError
	var known *session.Error
	var fields *invalid
	switch {
	case errors.As(err, &fields):
		status = http.StatusUnprocessableEntity
		answer.Code, answer.Fields = "invalid", fields.faults
		answer.Message = "The request has fields that are not right."
		answer.Hint = "The list of fields says what to change."
	case errors.As(err, &known):
		status = known.Status
		if status < 400 || status > 599 {
			status = http.StatusUnprocessableEntity
		}
		answer.Code, answer.Message, answer.Hint = known.Code, known.Message, known.Hint
	case r.Context().Err() != nil: // nobody reads the answer; the status is for the access log, as nginx writes it
		status = statusGone
		answer.Code, answer.Message = "canceled", "The request was given up by its sender."
	default:
		s.log.Error("request", "request", id, "route", r.Pattern, "error", err)
		answer.Code, answer.Message = "internal", "internal error"
		answer.Hint = "Try again; if it stays, give the operator the request id " + id + "."
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="binnacle"`)
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	writeJSON(w, status, errorBody{Error: answer})
}

// writeJSON writes one JSON answer that nobody may store.
func writeJSON(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil { // only a programmer's mistake: our answers are plain structs
		panic("admin: answer does not encode: " + err.Error())
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // the reader went away: nobody is left to tell
}
