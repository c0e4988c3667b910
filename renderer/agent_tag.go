package renderer

import (
	"context"
	"fmt"
)

// findTag looks for the co-browsing script tag in the top document, as the agent sees it: a script element whose path ends in
// /tag/{version}/binnacle.js. It waits for the agent if the document is that young.
func (p *Page) findTag(ctx context.Context) (version, integrity string, found bool, err error) {
	for {
		w, newer := p.worldOf(p.top, p.top.frameID())
		if w != nil {
			var tag *struct {
				Version   string `json:"version"`
				Integrity string `json:"integrity"`
			}
			if _, err = w.evaluate(ctx, "__binnacle.tag()", true, &tag); err == nil {
				if tag == nil {
					return "", "", false, nil
				}
				return tag.Version, tag.Integrity, true, nil
			}
			if again, _ := p.worldOf(p.top, p.top.frameID()); again != w {
				continue // the document was replaced meanwhile
			}
		}
		select {
		case <-newer:
		case <-ctx.Done():
			if err == nil {
				err = ctx.Err()
			}
			return "", "", false, fmt.Errorf("look for the script tag: %w", err)
		}
	}
}
