package session

import (
	"context"

	"binnacle/audit"
	"binnacle/renderer"
)

// Chrome makes a Renderer of a *renderer.Renderer.
func Chrome(r *renderer.Renderer) Renderer { return chrome{r} }

type chrome struct{ r *renderer.Renderer }

func (c chrome) Open(ctx context.Context, o renderer.Options) (Page, error) {
	p, err := c.r.Open(ctx, o)
	if err != nil {
		return nil, err // never a Page that holds a nil
	}
	return p, nil
}

// Evidence makes a Log of an *audit.Log.
func Evidence(l *audit.Log) Log { return evidence{l} }

type evidence struct{ l *audit.Log }

func (e evidence) Begin(ctx context.Context, h audit.Header) (Journal, error) {
	j, err := e.l.Begin(ctx, h)
	if err != nil {
		return nil, err
	}
	return j, nil
}
