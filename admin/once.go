package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"binnacle/objects"
)

// How long a repeated request is known, at least, and how long one that never ended keeps others out.
const (
	OnceFor        = 24 * time.Hour
	onceUnfinished = time.Minute
)

// oncePrefix begins the keys of the objects that remember requests: once/{day}/{hash}.json. Days sort by age.
const oncePrefix = "once/"

// onceNote remembers one request with an Idempotency-Key, and the id of what it made: nothing of its content.
type onceNote struct {
	V    int       `json:"v"`
	At   time.Time `json:"at"`
	Body string    `json:"body"` // SHA-256 of the request
	ID   string    `json:"id"`   // "" until it is made
}

// once runs create at most once for requests with the same Idempotency-Key, API key, address and content, on all nodes, and
// returns the id of what was made then. Without the header it just runs create. A node that dies between making a thing and
// noting it lets the request be made again after a minute: the header bounds repetition, it is no transaction.
func (s *Server) once(r *http.Request, body any, create func() (id string, err error)) (string, error) {
	name := r.Header.Get("Idempotency-Key")
	if name == "" {
		return create()
	}
	if len(name) > 200 || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c > '~' }) {
		return "", &invalid{faults: []FieldFault{{Field: "Idempotency-Key", Code: "bad_value", Message: "must be at most 200 printable ASCII characters"}}}
	}
	content, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("remember request: %w", err)
	}
	now := time.Now().UTC()
	note := onceNote{V: 1, At: now, Body: hexHash(string(content))}
	hash := hexHash(strings.Join([]string{keyIn(r.Context()).ID, r.Method, r.URL.Path, name}, "\x00"))
	at, etag, err := s.findOnce(r.Context(), hash, now)
	if err != nil {
		return "", err
	}
	if at.note.Body != "" {
		switch {
		case at.note.Body != note.Body:
			return "", problem(http.StatusUnprocessableEntity, "idempotency_reused", "This Idempotency-Key belongs to another request.", "Take a new key for each new request.")
		case at.note.ID != "":
			return at.note.ID, nil
		case now.Sub(at.note.At) < onceUnfinished:
			return "", errOnceRunning()
		}
	}
	if etag, err = s.putOnce(r.Context(), at.key, note, etag); err != nil {
		return "", err
	}
	id, err := create()
	after := context.WithoutCancel(r.Context()) // it is made or not: the note must say so though the caller went away
	if err != nil {
		return "", errors.Join(err, s.cfg.Store.Delete(after, at.key))
	}
	note.ID = id
	if _, err := s.putOnce(after, at.key, note, etag); err != nil {
		s.log.Warn("remember request", "request", requestID(after), "error", err)
	}
	if err := s.sweepOnce(after, now); err != nil {
		s.log.Warn("forget old requests", "request", requestID(after), "error", err)
	}
	return id, nil
}

// oncePlace is where a note is, or would be.
type oncePlace struct {
	key  string
	note onceNote
}

// findOnce looks for the note of a request, which may be from yesterday; else it says where to put it.
func (s *Server) findOnce(ctx context.Context, hash string, now time.Time) (oncePlace, string, error) {
	var today oncePlace
	for _, day := range []time.Time{now.Add(-OnceFor), now} {
		today.key = oncePrefix + day.Format(time.DateOnly) + "/" + hash + ".json"
		data, etag, err := s.cfg.Store.Get(ctx, today.key)
		if errors.Is(err, objects.ErrNotFound) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(data, &today.note)
		}
		if err != nil {
			return oncePlace{}, "", fmt.Errorf("read remembered request: %w", err)
		}
		return today, etag, nil
	}
	return today, "", nil
}

// putOnce writes the note; whoever comes second is told so.
func (s *Server) putOnce(ctx context.Context, key string, note onceNote, etag string) (string, error) {
	data, err := json.Marshal(note)
	if err != nil {
		return "", fmt.Errorf("remember request: %w", err)
	}
	if etag == "" {
		etag, err = s.cfg.Store.PutIfAbsent(ctx, key, data)
	} else {
		etag, err = s.cfg.Store.PutIfMatch(ctx, key, data, etag)
	}
	if errors.Is(err, objects.ErrExists) || errors.Is(err, objects.ErrChanged) || errors.Is(err, objects.ErrNotFound) {
		return "", errOnceRunning()
	}
	if err != nil {
		return "", fmt.Errorf("remember request: %w", err)
	}
	return etag, nil
}

// sweepOnce forgets some of the requests that are older than two days.
func (s *Server) sweepOnce(ctx context.Context, now time.Time) error {
	limit, left := oncePrefix+now.Add(-2*OnceFor).Format(time.DateOnly), 20
	for info, err := range s.cfg.Store.List(ctx, oncePrefix) {
		if err != nil {
			return err
		}
		if left == 0 || info.Key >= limit {
			break
		}
		if err := s.cfg.Store.Delete(ctx, info.Key); err != nil {
			return err
		}
		left--
	}
	return nil
}

func errOnceRunning() error {
	return problem(http.StatusConflict, "idempotency_running", "The first request with this Idempotency-Key is still under way.", "Try again in a moment.")
}

func hexHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
