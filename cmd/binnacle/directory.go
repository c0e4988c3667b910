package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"binnacle/cluster"
	"binnacle/session"
)

// directory lets a hub claim its sessions in a cluster's directory, in the name of this node.
type directory struct {
	in        cluster.Directory
	node, url string

	mu    sync.Mutex
	owned map[string]cluster.Entry // as the directory last answered
}

func newDirectory(in cluster.Directory, node, url string) *directory {
	return &directory{in: in, node: node, url: url, owned: map[string]cluster.Entry{}}
}

// Claim makes this node the owner of the session.
func (d *directory) Claim(ctx context.Context, id string) (uint32, error) {
	e, err := d.in.Claim(ctx, cluster.Entry{Session: id, Node: d.node, URL: d.url})
	if err == nil {
		d.keep(e)
	}
	return e.Epoch, err
}

// Renew keeps the claim; session.ErrLost when another node has it.
func (d *directory) Renew(ctx context.Context, id string, epoch uint32) error {
	e, err := d.in.Renew(ctx, d.entry(id, epoch))
	if errors.Is(err, cluster.ErrLost) {
		return fmt.Errorf("%w: %w", session.ErrLost, err)
	}
	if err == nil {
		d.keep(e)
	}
	return err
}

// Release ends the claim.
func (d *directory) Release(ctx context.Context, id string, epoch uint32) error {
	e := d.entry(id, epoch)
	d.mu.Lock()
	delete(d.owned, id)
	d.mu.Unlock()
	return d.in.Release(ctx, e)
}

func (d *directory) keep(e cluster.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.owned[e.Session] = e
}

func (d *directory) entry(id string, epoch uint32) cluster.Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e, ok := d.owned[id]; ok && e.Epoch == epoch {
		return e
	}
	return cluster.Entry{Session: id, Node: d.node, URL: d.url, Epoch: epoch}
}
