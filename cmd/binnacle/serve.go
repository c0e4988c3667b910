package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"binnacle/admin"
)

// adminKeyFile is where the first API key of a server is written, in the data folder.
const adminKeyFile = "admin-key"

// serve runs the server until ctx ends.
func serve(ctx context.Context, args, environ []string, stderr io.Writer) error {
	var c config
	fs := flag.NewFlagSet("binnacle serve", flag.ContinueOnError)
	c.serveFlags(fs)
	rest, err := parse(fs, args, environ, stderr)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return &exitError{exitUsage, fmt.Errorf("serve takes no arguments, only flags: %q", rest)}
	}
	if err := c.validateServe(); err != nil {
		return err
	}
	log := c.logger(stderr)
	a, err := newApp(ctx, &c, environ, log)
	if err != nil {
		return err
	}
	if err := a.firstKey(ctx); err != nil {
		return errors.Join(err, a.close())
	}
	return a.run(ctx)
}

// firstKey makes a key with all scopes when there is none at all, so that somebody can begin.
func (a *app) firstKey(ctx context.Context) error {
	keys, err := a.settings.Keys(ctx)
	if err != nil || len(keys) > 0 {
		return err
	}
	_, secret, err := a.settings.CreateKey(ctx, "first key", admin.Scopes())
	if err != nil {
		return fmt.Errorf("make the first API key: %w", err)
	}
	file := filepath.Join(a.cfg.dataDir, adminKeyFile)
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the first API key: %w", err)
	}
	a.log.Info("the first API key, with all scopes, is in a file: make narrower ones with it, then delete it", "file", file)
	return nil
}
