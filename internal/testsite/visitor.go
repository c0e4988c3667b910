package testsite

import (
	"crypto/rand"
	"net/http"
	"slices"
	"sync"
)

const (
	sessionCookie = "__Host-harbour"
	maxVisitors   = 1_000
)

// visitor is what the bank knows of one browser, by its session cookie. Its fields are guarded by mu.
type visitor struct {
	mu          sync.Mutex
	application application
}

// visitors finds visitors by cookie; the oldest is forgotten when there are too many.
type visitors struct {
	mu    sync.Mutex
	known map[string]*visitor
	order []string
}

// of returns the visitor who sent r; a new one gets a cookie.
func (v *visitors) of(w http.ResponseWriter, r *http.Request) *visitor {
	v.mu.Lock()
	defer v.mu.Unlock()
	if cookie, err := r.Cookie(sessionCookie); err == nil && v.known[cookie.Value] != nil {
		return v.known[cookie.Value]
	}
	if len(v.order) == maxVisitors {
		delete(v.known, v.order[0])
		v.order = slices.Delete(v.order, 0, 1)
	}
	id, fresh := rand.Text(), &visitor{}
	if v.known == nil {
		v.known = make(map[string]*visitor)
	}
	v.known[id] = fresh
	v.order = append(v.order, id)
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return fresh
}
