package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"binnacle/admin"
)

// check tells whether an address would co-browse, and if not, why and what to do.
func check(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("binnacle check", flag.ContinueOnError)
	var c config
	c.commonFlags(fs)
	scope := fs.String("scope", "origin", "how far the page may lead: exact, prefix or origin")
	fs.Usage = func() {
		fmt.Fprint(fs.Output(), "usage: binnacle check [flags] <address>\n\n")
		fs.PrintDefaults()
	}
	rest, err := parse(fs, args, environ, stderr)
	if err != nil {
		return err
	}
	var f faults
	c.validateCommon(&f)
	if *scope != "exact" && *scope != "prefix" && *scope != "origin" {
		f.add("scope", "%q is not exact, prefix or origin", *scope)
	}
	if err := f.err(); err != nil {
		return err
	}
	if len(rest) != 1 {
		return &exitError{exitUsage, errors.New("check needs one address, such as https://www.bank.example/open-account")}
	}
	report := admin.NewChecker(admin.CheckerConfig{Resolve: c.resolved, TrustCerts: c.trusted, AllowPrivate: c.private}).Check(ctx, rest[0], *scope)
	if report.OK {
		fmt.Fprintf(stdout, "yes: a session would start there (script tag %s)\n", report.TagVersion)
		return nil
	}
	fmt.Fprintln(stdout, "no:")
	for _, fault := range report.Faults {
		fmt.Fprintf(stdout, "  %s: %s\n    %s\n", fault.Code, fault.Message, fault.Hint)
	}
	return &exitError{exitFailed, errors.New("the address would not co-browse")}
}
