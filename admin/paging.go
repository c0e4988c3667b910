package admin

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
)

// The sizes of a page of a list.
const (
	DefaultPage = 100
	MaxPage     = 500
)

// List is the answer of every list. Next is the value of "after" for the page that follows, "" on the last one.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// page is what a request wants of a list: at most limit items whose key comes after the key.
type page struct {
	limit int
	after string
}

// readPage reads ?limit= and ?after=.
func readPage(r *http.Request) (page, error) {
	faults := &invalid{}
	query := r.URL.Query()
	p := page{limit: readLimit(query, faults)}
	key, err := base64.RawURLEncoding.DecodeString(query.Get("after"))
	if err != nil || len(key) > 1024 {
		faults.add("after", "bad_value", "must be the \"next\" of the page before")
	}
	p.after = string(key)
	return p, faults.err()
}

// cut takes the page out of items, which are in the order of their keys (ascending bytes).
func cut[T any](items []T, p page, key func(T) string) List[T] {
	list := List[T]{Items: []T{}}
	for _, item := range items {
		if p.after != "" && key(item) <= p.after {
			continue
		}
		if len(list.Items) == p.limit {
			list.Next = base64.RawURLEncoding.EncodeToString([]byte(key(list.Items[p.limit-1])))
			break
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// readLimit reads ?limit= alone.
func readLimit(query url.Values, faults *invalid) int {
	text := query.Get("limit")
	if text == "" {
		return DefaultPage
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MaxPage {
		faults.add("limit", "out_of_range", "must be a whole number from 1 to 500")
	}
	return n
}
