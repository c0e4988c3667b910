package admin_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"binnacle/admin"
)

func TestPresetsThatWereNeverCheckedAreChecked(t *testing.T) {
	w := newCheckedWorld(t)
	good, bad := w.addPreset(t, "Apply", "https://example.com/apply"), w.addPreset(t, "None", "https://example.com/none")
	var checked admin.Preset
	w.ask(t, "POST", "/api/v1/presets", map[string]any{"name": "Checked", "address": "https://example.com/old"}).into(t, 201, &checked)
	if err := w.server.CheckUnchecked(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{good.ID: "", bad.ID: "no_tag", checked.ID: "old_version"} {
		var now admin.Preset
		w.ask(t, "GET", "/api/v1/presets/"+id, nil).into(t, 200, &now)
		if now.Check == nil || codes(*now.Check) != want || now.Version != "1" {
			t.Errorf("preset %s: check = %+v, version %s; want %q", now.Name, now.Check, now.Version, want)
		}
		if id == checked.ID && now.Check != nil && !now.Check.At.Equal(checked.Check.At) {
			t.Error("a preset was checked again")
		}
	}
	if err := w.server.CheckUnchecked(t.Context()); err != nil {
		t.Errorf("with nothing to check: %v", err)
	}
}

// TestChecksRunAFewAtATime holds every page until four are asked for, and counts.
func TestChecksRunAFewAtATime(t *testing.T) {
	const most, presets = 4, 10
	var now, peak, answered atomic.Int32
	arrived, release := make(chan struct{}, presets), make(chan struct{})
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n := now.Add(1); n > peak.Load() {
			peak.Store(n)
		}
		arrived <- struct{}{}
		<-release
		now.Add(-1)
		answered.Add(1)
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, tagLine(t, "1.0.0"))
	}))
	site.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	site.StartTLS()
	defer site.Close()
	cfg := admin.CheckerConfig{Resolve: map[string]string{"example.com:443": site.Listener.Addr().String()}}
	cfg.TrustCerts = append(cfg.TrustCerts, site.Certificate())
	w := newWorld(t, func(c *admin.Config) { c.Checker = admin.NewChecker(cfg) })
	for i := range presets {
		w.addPreset(t, fmt.Sprint("Page ", i), fmt.Sprintf("https://example.com/%d", i))
	}
	done := make(chan error, 1)
	go func() { done <- w.server.CheckUnchecked(t.Context()) }() // its end is waited for below
	for range most {
		<-arrived
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if peak.Load() != most || answered.Load() != presets {
		t.Errorf("%d at a time, %d in all; want %d and %d", peak.Load(), answered.Load(), most, presets)
	}
}

func TestChecksEndWithTheServer(t *testing.T) {
	w := newCheckedWorld(t)
	for i := range 9 {
		w.addPreset(t, fmt.Sprint("Slow ", i), "https://example.com/slow")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := w.server.CheckUnchecked(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want that the time was over", err)
	}
	all, err := w.settings.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Check != nil {
			t.Errorf("%s: check = %+v, want none: it says nothing about the page", p.Name, p.Check)
		}
	}
}
