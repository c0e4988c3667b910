package testsite

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

const (
	maxSubmissions = 10_000
	maxBodyBytes   = 12 << 20
	maxMemoryBytes = 1 << 20
)

// Submission is one form as the server received it. It holds what people typed: it stays in memory and is never logged.
type Submission struct {
	Time      time.Time
	Host      string // harbour-bank.test or partner-idcheck.test
	Path      string
	Values    url.Values
	Files     []File
	Accepted  bool   // false: the server's validation refused it
	Reference string // the number that the confirmation shows; "" when this was not the last step
}

// File is an uploaded file; its bytes were read and dropped.
type File struct {
	Field  string
	Name   string
	Bytes  int64
	SHA256 string
}

// ledger keeps the newest submissions.
type ledger struct {
	mu    sync.Mutex
	items []Submission
}

func (l *ledger) add(s Submission) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.items) == maxSubmissions {
		l.items = slices.Delete(l.items, 0, 1)
	}
	l.items = append(l.items, s)
}

func (l *ledger) all() []Submission {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.items)
}

// receive reads the form of a POST. On an error it has answered.
func receive(w http.ResponseWriter, r *http.Request) (Submission, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
	err := r.ParseMultipartForm(maxMemoryBytes)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil // ParseForm was called by it
	}
	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "The form could not be read.", status)
		return Submission{}, fmt.Errorf("read form: %w", err)
	}
	s := Submission{Time: time.Now(), Host: hostname(r), Path: r.URL.Path, Values: r.PostForm}
	if r.MultipartForm == nil {
		return s, nil
	}
	defer r.MultipartForm.RemoveAll()
	for field, headers := range r.MultipartForm.File {
		for _, header := range headers {
			content, err := header.Open()
			if err != nil {
				http.Error(w, "The file could not be read.", http.StatusBadRequest)
				return Submission{}, fmt.Errorf("open uploaded file: %w", err)
			}
			hash := sha256.New()
			n, err := io.Copy(hash, content)
			content.Close()
			if err != nil {
				http.Error(w, "The file could not be read.", http.StatusBadRequest)
				return Submission{}, fmt.Errorf("read uploaded file: %w", err)
			}
			s.Files = append(s.Files, File{Field: field, Name: header.Filename, Bytes: n, SHA256: hex.EncodeToString(hash.Sum(nil))})
		}
	}
	return s, nil
}
