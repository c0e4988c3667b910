// Command s3dev is a real S3 server for tests and demonstrations: versitygw over a folder, on a loopback address, with
// keys of its own. It is a module of its own so that the product never links it. It loses data that the kernel has not
// written yet when the machine stops (no fsync on PUT): never keep evidence in it.
//
//	s3dev --dir D [--listen 127.0.0.1:0] [--ready-file F] [--bucket B] [--stdin-lifetime]
//
// It prints {"endpoint","access_key","secret_key","region","bucket"} as one JSON line, and writes the same to F when it
// serves. S3DEV_ACCESS_KEY and S3DEV_SECRET_KEY set the keys, else they are random. It ends on SIGTERM or SIGINT, when
// its parent ends, and with --stdin-lifetime when its standard input is closed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	var opt options
	flag.StringVar(&opt.Dir, "dir", "", "folder that holds the buckets (made when missing)")
	flag.StringVar(&opt.Listen, "listen", "127.0.0.1:0", "loopback address; port 0 picks a free one")
	flag.StringVar(&opt.ReadyFile, "ready-file", "", "file that gets the server's address and keys once it serves")
	flag.StringVar(&opt.Bucket, "bucket", "", "bucket to make when missing")
	flag.BoolVar(&opt.StdinLifetime, "stdin-lifetime", false, "end when standard input is closed")
	flag.Parse()
	opt.AccessKey, opt.SecretKey = os.Getenv("S3DEV_ACCESS_KEY"), os.Getenv("S3DEV_SECRET_KEY")

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, opt); err != nil {
		fmt.Fprintln(os.Stderr, "s3dev:", err)
		os.Exit(1)
	}
}
