package session

// Error is what a participant, admin or integrator sees: a code for programs, a sentence for people, the next step.
// Anything that is not an Error reaches them as code "internal", and the server's log in full.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Status  int    `json:"-"` // HTTP status that goes with it
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }
