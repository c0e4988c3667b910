package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"binnacle/audit"
	"binnacle/objects"
)

// verify reads an archive and says whether it is whole and unchanged.
func verify(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("binnacle verify", flag.ContinueOnError)
	var o audit.VerifyOptions
	fs.StringVar(&o.Session, "session", "", "only this session `id`")
	fs.StringVar(&o.Client, "client", "", "only the sessions of this client `id`")
	fs.StringVar(&o.From, "from", "", "only sessions from this `day` on (yyyy-mm-dd, UTC)")
	fs.StringVar(&o.To, "to", "", "only sessions up to this `day`")
	quiet := fs.Bool("quiet", false, "no progress")
	fs.Usage = func() {
		fmt.Fprint(fs.Output(), "usage: binnacle verify [flags] <archive>\n\n<archive> is the folder \"archive\" in a server's objects, or s3://bucket/prefix/archive?endpoint=https://…\n\n")
		fs.PrintDefaults()
	}
	rest, err := parse(fs, args, environ, stderr)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return &exitError{exitUsage, errors.New("verify needs one archive: a folder or s3://bucket/prefix")}
	}
	store, err := openArchive(ctx, rest[0], environ)
	if err != nil {
		return err
	}
	if !*quiet {
		o.Progress = func(p audit.Progress) {
			fmt.Fprintf(stderr, "\r%d sessions, %d segments, %d records", p.Sessions, p.Segments, p.Records)
		}
	}
	report, err := audit.Verify(ctx, store, o)
	if !*quiet {
		fmt.Fprintln(stderr)
	}
	if err != nil {
		return fmt.Errorf("verify %s: %w", location(rest[0]), err)
	}
	fmt.Fprintln(stdout, report.Summary())
	if !report.OK() {
		return &exitError{exitFailed, errors.New("the archive is not what was written")}
	}
	return nil
}

// openArchive opens what the person named, and refuses a folder that does not exist instead of making it.
func openArchive(ctx context.Context, where string, environ []string) (objects.Store, error) {
	if !strings.HasPrefix(where, "s3://") {
		abs, err := filepath.Abs(where)
		if err != nil {
			return nil, err
		}
		if st, err := os.Stat(abs); err != nil || !st.IsDir() {
			return nil, &exitError{exitUsage, fmt.Errorf("%s is not a folder", where)}
		}
		if _, err := os.Stat(filepath.Join(abs, "v1")); err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("%s holds no archive (no folder v1); in a server's data folder it is objects/archive", where)}
		}
		where = abs
	}
	credentials, err := credentialsFrom(environ)
	if err != nil {
		return nil, err
	}
	return objects.Open(ctx, where, credentials)
}

// location is an archive's name without the query, for messages.
func location(where string) string {
	where, _, _ = strings.Cut(where, "?")
	return where
}
