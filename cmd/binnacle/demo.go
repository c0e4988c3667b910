package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"binnacle/admin"
	"binnacle/internal/testsite"
	"binnacle/session"
)

// demoTokens is how long the links of a demo can be used for the first time.
const demoTokens = 12 * time.Hour

// demoLinks is what the demo prints, and writes to --ready-file as JSON.
type demoLinks struct {
	Adviser    string `json:"adviser"`
	Customer   string `json:"customer"`
	Settings   string `json:"settings"`
	Compliance string `json:"compliance"`
	API        string `json:"api"`
	APIKey     string `json:"api_key"`
	DataDir    string `json:"data_dir"`
	Archive    string `json:"archive"`
}

// demo runs everything on this machine, with the test bank as the page, until ctx ends.
func demo(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (err error) {
	c := config{demo: true}
	fs := flag.NewFlagSet("binnacle demo", flag.ContinueOnError)
	c.serveFlags(fs)
	readyFile := fs.String("ready-file", "", "`file` to write the links to, as JSON, once everything is ready")
	for name, value := range map[string]string{"log-level": "warn", "listen": "127.0.0.1:0", "data-dir": filepath.Join("data", "demo")} {
		f := fs.Lookup(name)
		f.DefValue = value
		_ = f.Value.Set(value)
	}
	rest, err := parse(fs, args, environ, stderr)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return &exitError{exitUsage, fmt.Errorf("demo takes no arguments, only flags: %q", rest)}
	}
	bank, err := testsite.Start(ctx, testsite.Options{})
	if err != nil {
		return fmt.Errorf("start the test bank: %w", err)
	}
	defer func() { err = errors.Join(err, bank.Close()) }()
	if err := c.validateServe(); err != nil {
		return err
	}
	for from, to := range bank.Resolve() {
		c.resolved[from] = to
	}
	c.trusted = append(c.trusted, bank.Certificate())
	a, err := newApp(ctx, &c, environ, c.logger(stderr))
	if err != nil {
		return err
	}
	links, err := a.furnish(ctx, bank)
	if err == nil {
		err = announce(links, *readyFile, stdout)
	}
	if err != nil {
		return errors.Join(err, a.close())
	}
	return a.run(ctx)
}

// furnish makes what a first look needs: presets of the bank's pages, a key, a client, a call with two people.
func (a *app) furnish(ctx context.Context, bank *testsite.Site) (demoLinks, error) {
	links := demoLinks{API: a.cfg.publicURL + "/api/v1", Archive: a.cfg.objects + "/" + archiveDir}
	if where, query, ok := strings.Cut(a.cfg.objects, "?"); ok {
		links.Archive = where + "/" + archiveDir + "?" + query
	} else if abs, err := filepath.Abs(links.Archive); err == nil && !strings.HasPrefix(links.Archive, "s3://") {
		links.Archive = abs
	}
	var err error
	if links.DataDir, err = filepath.Abs(a.cfg.dataDir); err != nil {
		return links, err
	}
	if err := a.demoPresets(ctx, bank); err != nil {
		return links, fmt.Errorf("demo presets: %w", err)
	}
	if links.APIKey, err = a.demoKey(ctx); err != nil {
		return links, fmt.Errorf("demo key: %w", err)
	}
	customer, err := a.hub.PutClient(ctx, session.Client{ID: "client-1001", Name: "Sam Rivera", Email: "sam.rivera@example.com"})
	if err != nil {
		return links, fmt.Errorf("demo client: %w", err)
	}
	call, err := a.hub.CreateCall(ctx, session.NewCall{Title: "Advice about a current account", Participants: []session.NewParticipant{
		{Name: "Alex Morgan", Admitted: true}, {Name: customer.Name, Client: customer.ID, Admitted: true}}})
	if err != nil {
		return links, fmt.Errorf("demo call: %w", err)
	}
	for i, link := range []*string{&links.Adviser, &links.Customer} {
		token, _, err := a.hub.JoinToken(ctx, call.ID, call.Participants[i].ID, demoTokens)
		if err != nil {
			return links, fmt.Errorf("demo link: %w", err)
		}
		*link = a.cfg.publicURL + "/call#t=" + token
	}
	links.Settings = a.cfg.publicURL + "/settings#key=" + links.APIKey
	links.Compliance = a.cfg.publicURL + "/compliance#key=" + links.APIKey
	return links, nil
}

// demoPresets adds the bank's pages that are not there yet: a data folder may have served a demo before.
func (a *app) demoPresets(ctx context.Context, bank *testsite.Site) error {
	there, err := a.settings.Presets(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, p := range there {
		known[p.Name] = true
	}
	for _, p := range bank.Presets() {
		if known[p.Name] {
			continue
		}
		if _, err := a.settings.Add(ctx, admin.PresetFields{Name: p.Name, Address: p.Address, Scope: p.Scope}); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// demoKey keeps one key in the data folder, so that a second start of the demo has the same.
func (a *app) demoKey(ctx context.Context) (string, error) {
	file := filepath.Join(a.cfg.dataDir, "demo-key")
	if b, err := os.ReadFile(file); err == nil {
		secret := strings.TrimSpace(string(b))
		return secret, a.settings.EnsureKey(ctx, secret)
	}
	_, secret, err := a.settings.CreateKey(ctx, "demo", admin.Scopes())
	if err != nil {
		return "", err
	}
	return secret, os.WriteFile(file, []byte(secret+"\n"), 0o600)
}

// announce tells people and programs that the demo is ready.
func announce(l demoLinks, readyFile string, stdout io.Writer) error {
	if readyFile != "" {
		b, err := json.MarshalIndent(l, "", "  ")
		if err != nil {
			return err
		}
		// Whole or not at all: somebody waits for this file.
		if err := os.WriteFile(readyFile+".new", append(b, '\n'), 0o600); err != nil {
			return fmt.Errorf("ready file: %w", err)
		}
		if err := os.Rename(readyFile+".new", readyFile); err != nil {
			return fmt.Errorf("ready file: %w", err)
		}
	}
	_, err := fmt.Fprintf(stdout, `
Binnacle is ready. Open these links (each call link works once; the window keeps its place):

  the call as adviser    %s
  the call as customer   %s
  the settings           %s
  the compliance page    %s

In the call, choose "Co-browse a page". Evidence is archived in %s
Stop with Ctrl+C.
`, l.Adviser, l.Customer, l.Settings, l.Compliance, location(l.Archive))
	return err
}
