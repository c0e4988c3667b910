package session

import "context"

// Preset is an address that an admin allowed, as a session needs it.
type Preset struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Scope   string  `json:"scope"`           // exact, prefix, origin
	Width   int     `json:"width,omitempty"` // viewport, CSS pixels; 0: the server's default
	Height  int     `json:"height,omitempty"`
	Scale   float64 `json:"scale,omitempty"`
}

// Presets is where sessions find them. The admin package implements it; both methods may be called concurrently.
type Presets interface {
	// Preset returns the preset, or an *Error with code "preset_unknown".
	Preset(ctx context.Context, id string) (Preset, error)
	// Presets returns all, by name.
	Presets(ctx context.Context) ([]Preset, error)
}
