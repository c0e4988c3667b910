package admin_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"binnacle/admin"
	"binnacle/objects"
)

// settingsStore is where the world's settings are.
func settingsStore(w *world) objects.Store { return objects.Sub(w.store, "settings") }

// fill brings the settings to that many presets and keys, in one write: one by one would take long.
func (w *world) fill(t testing.TB, presets, keys int) {
	t.Helper()
	data, etag, err := settingsStore(w).Get(t.Context(), admin.SettingsKey)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		V       int              `json:"v"`
		Presets []map[string]any `json:"presets"`
		Keys    []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for i := len(doc.Presets); i < presets; i++ {
		doc.Presets = append(doc.Presets, map[string]any{"id": fmt.Sprint("p", i), "name": fmt.Sprint("Preset ", i), "address": "https://example.com/", "scope": "origin", "version": "1"})
	}
	for i := len(doc.Keys); i < keys; i++ {
		doc.Keys = append(doc.Keys, map[string]any{"id": fmt.Sprint("k", i), "name": "key", "scopes": []string{"calls:read"}, "hash": fmt.Sprintf("%064x", i)})
	}
	if data, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	if _, err := settingsStore(w).PutIfMatch(t.Context(), admin.SettingsKey, data, etag); err != nil {
		t.Fatal(err)
	}
}
