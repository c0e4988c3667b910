package renderer

import (
	"errors"
	"fmt"
	"math"
	"regexp"
)

const (
	defaultWidth, minWidth, maxWidth    = 1280, 320, 3840
	defaultHeight, minHeight, maxHeight = 800, 240, 2160
	defaultScale, minScale, maxScale    = 1, 1, 3
	defaultLanguage                     = "en-GB"
)

// withDefaults fills in what is zero and tells all faults at once.
func (o Options) withDefaults() (Options, error) {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	if o.Height == 0 {
		o.Height = defaultHeight
	}
	if o.Scale == 0 {
		o.Scale = defaultScale
	}
	if o.Language == "" {
		o.Language = defaultLanguage
	}
	if o.Width < minWidth || o.Width > maxWidth {
		fault("width %d is not within %d–%d", o.Width, minWidth, maxWidth)
	}
	if o.Height < minHeight || o.Height > maxHeight {
		fault("height %d is not within %d–%d", o.Height, minHeight, maxHeight)
	}
	if math.IsNaN(o.Scale) || o.Scale < minScale || o.Scale > maxScale {
		fault("scale %g is not within %d–%d", o.Scale, minScale, maxScale)
	}
	if !regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`).MatchString(o.Language) {
		fault("language %q is not a language tag", o.Language)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_+-]{0,40}(/[A-Za-z0-9_+-]{1,40}){0,2}$`).MatchString(o.TimeZone) {
		fault("time zone %q is not a name of a zone", o.TimeZone)
	}
	return o, errors.Join(errs...)
}
