package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"sort"
	"strings"
)

// MaxBodyBytes is the largest request body that is read.
const MaxBodyBytes = 1 << 20

// readBody decodes the JSON object of a request into the struct that into points to. Each field of the struct is one
// member; members that it does not have are refused. All faults are told at once, as *invalid.
func readBody(w http.ResponseWriter, r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return problem(http.StatusUnsupportedMediaType, "not_json", "The body must be JSON.", "Send the header Content-Type: application/json.")
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return problem(http.StatusRequestEntityTooLarge, "too_large", "The body is larger than 1 MiB.", "Send less in one request.")
	}
	if err != nil {
		return problem(http.StatusBadRequest, "bad_body", "The body did not arrive whole.", "Send the request again.")
	}
	return decodeBody(data, into)
}

// decodeBody is readBody's decoder.
func decodeBody(data []byte, into any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil || members == nil {
		return problem(http.StatusBadRequest, "bad_json", "The body is not a JSON object.", "Send one object, such as {\"name\": \"…\"}.")
	}
	faults := &invalid{}
	target := reflect.ValueOf(into).Elem()
	for i := range target.NumField() {
		name, _, _ := strings.Cut(target.Type().Field(i).Tag.Get("json"), ",")
		raw, ok := members[name]
		if !ok {
			continue
		}
		delete(members, name)
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(target.Field(i).Addr().Interface()); err != nil {
			faults.add(name, "wrong_type", inWords(err, target.Field(i).Type()))
		}
	}
	rest := make([]string, 0, len(members))
	for name := range members {
		rest = append(rest, name)
	}
	sort.Strings(rest)
	for _, name := range rest {
		if len(faults.faults) >= 50 {
			break
		}
		faults.add(clip(name, 60), "unknown", "is not a field of this request")
	}
	return faults.err()
}

// inWords says what the decoder expected, without the value that was sent.
func inWords(err error, want reflect.Type) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if wrong.Field != "" {
			return clip(wrong.Field, 60) + " must be " + kindInWords(wrong.Type)
		}
		return "must be " + kindInWords(wrong.Type)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "has the member " + clip(field, 60) + ", which is not part of it"
	}
	return "must be " + kindInWords(want)
}

func kindInWords(t reflect.Type) string {
	if t == nil {
		return "another value"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return kindInWords(t.Elem())
	case reflect.Int, reflect.Int64:
		return "a whole number"
	default:
		return "a number"
	}
}

// clip shortens text to at most n bytes, at a rune's edge.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}
