package renderer_test

import (
	"image"

	"binnacle/renderer"
)

// isColour tells whether the middle of the picture has the colour, about.
func isColour(r, g, b int) func(renderer.Frame, image.Image) bool {
	return func(f renderer.Frame, img image.Image) bool {
		return near(img, f.Width/2, f.Height/2, r, g, b)
	}
}

func near(img image.Image, x, y, r, g, b int) bool {
	cr, cg, cb, _ := img.At(x, y).RGBA()
	close := func(have uint32, want int) bool { d := int(have>>8) - want; return d > -12 && d < 12 }
	return close(cr, r) && close(cg, g) && close(cb, b)
}
