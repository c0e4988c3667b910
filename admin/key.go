package admin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// KeyPrefix begins every API key, so that people and secret scanners know one when they see it.
const KeyPrefix = "bnk_"

// The scopes of API keys.
const (
	ScopePresetsRead  = "presets:read"
	ScopePresetsWrite = "presets:write"
	ScopeCallsRead    = "calls:read"
	ScopeCallsWrite   = "calls:write"
	ScopeRecordsRead  = "records:read"
	ScopeClientsWrite = "clients:write"
	ScopeKeysWrite    = "keys:write"
)

// Scopes returns all scopes.
func Scopes() []string {
	return []string{ScopePresetsRead, ScopePresetsWrite, ScopeCallsRead, ScopeCallsWrite, ScopeRecordsRead, ScopeClientsWrite, ScopeKeysWrite}
}

// Key describes an API key. The key itself is told once, when it is made.
type Key struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Scopes   []string  `json:"scopes"`
	Created  time.Time `json:"created"`
	LastUsed string    `json:"lastUsed"` // day, "2026-11-22"; "" when never
}

// key is a Key as stored: SHA-256 is enough because the key has 256 random bits.
type key struct {
	Key
	Hash string `json:"hash"`
}

// Keys returns all keys, oldest first.
func (s *Settings) Keys(ctx context.Context) ([]Key, error) {
	doc, _, err := s.read(ctx)
	keys := make([]Key, 0, len(doc.Keys))
	for _, k := range doc.Keys {
		keys = append(keys, k.Key)
	}
	return keys, err
}

// CreateKey makes a key with the scopes and returns it with its secret, which cannot be had again.
func (s *Settings) CreateKey(ctx context.Context, name string, scopes []string) (Key, string, error) {
	faults := &invalid{}
	name = tidyName(name, faults)
	scopes = tidyScopes(scopes, faults)
	if err := faults.err(); err != nil {
		return Key{}, "", err
	}
	secret := newSecret()
	made := key{Key: Key{ID: newID(), Name: name, Scopes: scopes, Created: time.Now().UTC().Truncate(time.Second)}, Hash: hashKey(secret)}
	err := s.update(ctx, func(doc *document) error {
		if len(doc.Keys) >= MaxKeys {
			return problem(http.StatusConflict, "too_many", "There are 200 keys already.", "Remove one that is not used.")
		}
		doc.Keys = append(doc.Keys, made)
		return nil
	})
	if err != nil {
		return Key{}, "", err
	}
	return made.Key, secret, nil
}

// EnsureKey makes sure that exactly this secret is a key with all scopes: the one that an operator starts with. Its name
// is "bootstrap".
func (s *Settings) EnsureKey(ctx context.Context, secret string) error {
	if !wellFormedKey(secret) {
		return fmt.Errorf("bootstrap key: it must be %q and 52 letters of base32", KeyPrefix)
	}
	made := key{Key: Key{ID: newID(), Name: "bootstrap", Scopes: Scopes(), Created: time.Now().UTC().Truncate(time.Second)}, Hash: hashKey(secret)}
	return s.update(ctx, func(doc *document) error {
		if _, ok := findKey(doc, secret); ok {
			return errUnchanged
		}
		doc.Keys = append(doc.Keys, made)
		return nil
	})
}

// RemoveKey removes a key; from then on it opens nothing. A key that does not exist is code "not_found".
func (s *Settings) RemoveKey(ctx context.Context, id string) error {
	return s.update(ctx, func(doc *document) error {
		i := slices.IndexFunc(doc.Keys, func(k key) bool { return k.ID == id })
		if i < 0 {
			return unknown("key")
		}
		doc.Keys = slices.Delete(doc.Keys, i, i+1)
		return nil
	})
}

// keyOf returns the key of a secret and notes the day; ok is false when there is none.
func (s *Settings) keyOf(ctx context.Context, secret string, now time.Time) (found Key, ok bool, err error) {
	if !wellFormedKey(secret) {
		return Key{}, false, nil
	}
	doc, _, err := s.read(ctx)
	if err != nil {
		return Key{}, false, err
	}
	i, ok := findKey(&doc, secret)
	if !ok {
		return Key{}, false, nil
	}
	found = doc.Keys[i].Key
	day := now.UTC().Format(time.DateOnly)
	if found.LastUsed == day {
		return found, true, nil
	}
	err = s.update(ctx, func(doc *document) error {
		i, ok := findKey(doc, secret)
		if !ok || doc.Keys[i].LastUsed == day {
			return errUnchanged
		}
		doc.Keys[i].LastUsed = day
		return nil
	})
	return found, true, err
}

// findKey compares with all keys in constant time.
func findKey(doc *document, secret string) (int, bool) {
	at, hash := -1, []byte(hashKey(secret))
	for i := range doc.Keys {
		if subtle.ConstantTimeCompare([]byte(doc.Keys[i].Hash), hash) == 1 {
			at = i
		}
	}
	return at, at >= 0
}

func hashKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func newSecret() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	return KeyPrefix + strings.ToLower(keyEncoding().EncodeToString(random[:]))
}

func keyEncoding() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

func wellFormedKey(secret string) bool {
	text, ok := strings.CutPrefix(secret, KeyPrefix)
	if !ok || len(text) != 52 || text != strings.ToLower(text) {
		return false
	}
	_, err := keyEncoding().DecodeString(strings.ToUpper(text))
	return err == nil
}

// tidyScopes sorts scopes, drops doubles and notes those that do not exist.
func tidyScopes(scopes []string, faults *invalid) []string {
	known := Scopes()
	tidy := []string{}
	for _, scope := range known {
		if slices.Contains(scopes, scope) {
			tidy = append(tidy, scope)
		}
	}
	if slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(known, scope) }) {
		faults.add("scopes", "bad_value", "must be some of "+strings.Join(known, ", "))
	} else if len(tidy) == 0 {
		faults.add("scopes", "missing", "must name at least one scope")
	}
	return tidy
}
