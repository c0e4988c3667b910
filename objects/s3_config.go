package objects

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"
)

// Credentials open a bucket. They never print: formatting and logging show only whether they are set.
type Credentials struct {
	AccessKey    string
	SecretKey    string
	SessionToken string // for temporary credentials, else empty
}

// String tells whether keys are set, and nothing else.
func (c Credentials) String() string {
	if c.AccessKey == "" && c.SecretKey == "" {
		return "no credentials"
	}
	return "credentials set"
}

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// LogValue is String.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is String: credentials do not go into JSON either.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// S3Config says where a bucket is and how to speak with its store. It does not print its credentials.
type S3Config struct {
	Endpoint  string // host or host:port; empty: Amazon S3 in Region
	Bucket    string // must exist
	Prefix    string // what all keys begin with, without the slash; may be empty
	Region    string // default us-east-1 where Endpoint is set
	AccessKey string
	SecretKey string
	Token     string // session token of temporary credentials, else empty
	Secure    bool   // TLS

	AllowPlain bool          // without Secure, speak HTTP beyond loopback too
	Timeout    time.Duration // of one request with its body, default DefaultTimeout
	Attempts   int           // of one call before it gives up, default DefaultAttempts
}

// Defaults of S3Config.
const (
	DefaultTimeout  = 30 * time.Second
	DefaultAttempts = 5
	defaultRegion   = "us-east-1"
	amazon          = "s3.amazonaws.com"
)

// String names the bucket and the store, never the keys.
func (c S3Config) String() string {
	scheme := "http"
	if c.Secure {
		scheme = "https"
	}
	return fmt.Sprintf("s3://%s/%s at %s://%s (%s)", c.Bucket, c.Prefix, scheme, c.Endpoint,
		Credentials{AccessKey: c.AccessKey, SecretKey: c.SecretKey})
}

// GoString is String.
func (c S3Config) GoString() string { return c.String() }

// LogValue is String.
func (c S3Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is String.
func (c S3Config) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Validate returns all faults at once.
func (c S3Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !validBucket(c.Bucket) {
		fault("bucket %q is not a bucket name (3 to 63 lower-case letters, digits, dots, hyphens)", c.Bucket)
	}
	if c.Prefix != "" {
		if err := checkKey(c.Prefix); err != nil {
			fault("prefix: %w", err)
		}
	}
	if c.Endpoint == "" && c.Region == "" {
		fault("neither endpoint nor region is set: which store is meant?")
	}
	if c.Endpoint == "" && !c.Secure {
		fault("Amazon S3 is spoken to over TLS only")
	}
	if c.Endpoint != "" && !c.Secure && !c.AllowPlain && !loopback(c.Endpoint) {
		fault("endpoint %s would get evidence over plain http: use https, or add plain-http=allow in a network that nobody listens to", c.Endpoint)
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		fault("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")
	}
	if c.Timeout < 0 || c.Attempts < 0 {
		fault("timeout and attempts must not be negative")
	}
	return errors.Join(faults...)
}

// validBucket knows the rules that all stores share.
func validBucket(name string) bool {
	if len(name) < 3 || len(name) > 63 || strings.Trim(name, ".-") != name {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

func loopback(endpoint string) bool {
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		host = endpoint
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
