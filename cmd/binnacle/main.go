// Command binnacle serves co-browsing sessions, shows them in a demo, checks addresses and verifies archives.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `binnacle: one web page for everybody in a call, steered in turn, with evidence of every form interaction

usage:
  binnacle serve  [flags]            run the server
  binnacle demo   [flags]            run everything on this machine, with a test bank, and print the links to open
  binnacle check  [flags] <address>  would this address co-browse, and if not, why
  binnacle verify [flags] <archive>  check that an archive (a folder or s3://bucket/prefix) is whole and unchanged
  binnacle version

Each flag can also be given as an environment variable: --public-url is BINNACLE_PUBLIC_URL.
"binnacle serve -h" lists the flags of a command.
`

// Exit codes, documented in docs/OPERATIONS.md.
const (
	exitOK       = 0
	exitFailed   = 1 // it ran and failed, or a check or verification found something
	exitUsage    = 2 // flags or arguments are wrong
	exitSelfTest = 3 // this machine or its storage cannot do what Binnacle needs
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	var err error
	switch args[0] {
	case "serve":
		err = serve(ctx, args[1:], environ, stderr)
	case "demo":
		err = demo(ctx, args[1:], environ, stdout, stderr)
	case "check":
		err = check(ctx, args[1:], environ, stdout, stderr)
	case "verify":
		err = verify(ctx, args[1:], environ, stdout, stderr)
	case "version", "--version", "-version":
		fmt.Fprintln(stdout, version())
	case "help", "-h", "--help":
		fmt.Fprint(stdout, usage)
	default:
		fmt.Fprintf(stderr, "binnacle: there is no command %q\n\n%s", args[0], usage)
		return exitUsage
	}
	var coded *exitError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &coded):
		fmt.Fprintln(stderr, "binnacle: "+coded.Error())
		return coded.code
	default:
		fmt.Fprintln(stderr, "binnacle: "+err.Error())
		return exitFailed
	}
}

// exitError is an error with the exit code that goes with it.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }
