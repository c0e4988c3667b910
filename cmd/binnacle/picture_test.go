package main_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"strings"
	"testing"
)

// TestEachPresetShowsItsPage: the first picture of a session is that of the page, also of the second session in a call.
func TestEachPresetShowsItsPage(t *testing.T) {
	s := startDemo(t, t.TempDir(), nil)
	call := s.newCall("Pictures", person{"Ada Byron", ""}, person{"Eve Eyes", ""})
	ada := openBrowser(t).open("ada", call.link("Ada Byron"))
	eve := joinAsEyes(t, s.origin(), call.link("Eve Eyes"))
	for _, p := range s.presets() {
		if strings.HasPrefix(p.Name, "Will not start") {
			continue
		}
		step(t, p.Name, func() {
			if status, raw := s.api("POST", "/calls/"+call.id+"/session", map[string]string{"preset": p.ID, "by": call.ids["Ada Byron"]}, nil); status != http.StatusCreated {
				t.Fatalf("start: %d %s", status, raw)
			}
			eve.watch(eve.session())
			eve.until("a picture that is not blank", func() bool { return eve.picture != nil && colours(t, eve.picture.Data) > 10 })
			ada.wait("application", "Shared page")
			samePicture(t, ada)
			if status, raw := s.api("DELETE", "/calls/"+call.id+"/session", nil, nil); status >= 300 {
				t.Fatalf("stop: %d %s", status, raw)
			}
			ada.gone("application", "Shared page")
		})
	}
}

// colours counts the different colours of a picture, up to 100.
func colours(t *testing.T, encoded []byte) int {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatalf("decode picture: %v", err)
	}
	seen := map[[3]uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y && len(seen) < 100; y += 3 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}
