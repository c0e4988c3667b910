package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
)

// options is what the command line and the environment say.
type options struct {
	Dir, Listen, ReadyFile, Bucket string
	StdinLifetime                  bool
	AccessKey, SecretKey           string
}

// prepare fills what is left open and returns all faults at once. Paths become absolute, because the server changes its
// working directory.
func (o *options) prepare() error {
	var faults []error
	if o.Dir == "" {
		faults = append(faults, errors.New("--dir is missing"))
	}
	host, _, err := net.SplitHostPort(o.Listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		faults = append(faults, fmt.Errorf("--listen %s is not a loopback address with a port, such as 127.0.0.1:0", o.Listen))
	}
	if strings.ContainsAny(o.Bucket, "/\\.") {
		faults = append(faults, fmt.Errorf("--bucket %s is not a plain bucket name", o.Bucket))
	}
	if (o.AccessKey == "") != (o.SecretKey == "") {
		faults = append(faults, errors.New("S3DEV_ACCESS_KEY and S3DEV_SECRET_KEY go together"))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if o.AccessKey == "" {
		o.AccessKey, o.SecretKey = rand.Text(), rand.Text()
	}
	for _, p := range []*string{&o.Dir, &o.ReadyFile} {
		if *p == "" {
			continue
		}
		abs, err := filepath.Abs(*p)
		if err != nil {
			return fmt.Errorf("find %s: %w", *p, err)
		}
		*p = abs
	}
	return nil
}
