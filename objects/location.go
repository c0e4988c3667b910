package objects

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// Location says where objects are: in a folder or in a bucket.
type Location struct {
	Dir string    // absolute or relative path, or empty
	S3  *S3Config // or nil
}

// ParseLocation reads "path/of/a/folder" or "s3://bucket/prefix?endpoint=https://host:port&region=name", with the keys
// of cred; plain-http=allow beside them permits http beyond loopback. A path that begins with a scheme other than s3 is refused. All faults come at once.
func ParseLocation(location string, cred Credentials) (Location, error) {
	scheme, _, isURL := strings.Cut(location, "://")
	switch {
	case location == "":
		return Location{}, errors.New("object storage: the location is empty: give a folder or s3://bucket/prefix?endpoint=…")
	case !isURL:
		return Location{Dir: filepath.Clean(location)}, nil
	case scheme != "s3":
		return Location{}, fmt.Errorf("object storage: %s:// is not known: give a folder or s3://bucket/prefix?endpoint=…", scheme)
	}
	u, err := url.Parse(location)
	if err != nil {
		return Location{}, errors.New("object storage: the location is not a valid address") // not err: it repeats the address, keys too
	}
	var faults []error
	if u.User != nil {
		faults = append(faults, errors.New("keys do not belong into the location: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"))
	}
	if u.Fragment != "" {
		faults = append(faults, errors.New("the location has a fragment (#…)"))
	}
	cfg := S3Config{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Secure: true,
		AccessKey: cred.AccessKey, SecretKey: cred.SecretKey, Token: cred.SessionToken}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		faults = append(faults, errors.New("what follows ? is not name=value&…"))
	}
	for name, values := range query {
		switch {
		case len(values) > 1:
			faults = append(faults, fmt.Errorf("%s is given %d times", name, len(values)))
		case name == "region":
			cfg.Region = values[0]
		case name == "plain-http" && values[0] == "allow":
			cfg.AllowPlain = true
		case name == "endpoint":
			if err := cfg.setEndpoint(values[0]); err != nil {
				faults = append(faults, err)
			}
		default:
			faults = append(faults, fmt.Errorf("%q is not known: endpoint=…, region=… and plain-http=allow are", name))
		}
	}
	if err := errors.Join(append(faults, cfg.Validate())...); err != nil {
		return Location{}, fmt.Errorf("object storage: %w", err)
	}
	return Location{S3: &cfg}, nil
}

// setEndpoint reads https://host:port, or http:// for a store on this machine.
func (c *S3Config) setEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("endpoint is not https://host or https://host:port")
	case u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("endpoint %s://%s must have nothing before the host or after the port", u.Scheme, u.Host)
	}
	c.Endpoint, c.Secure = u.Host, u.Scheme == "https"
	return nil
}

// String names the place, never the keys.
func (l Location) String() string {
	if l.S3 != nil {
		return l.S3.String()
	}
	return l.Dir
}

// Open opens the store at location, which ParseLocation describes.
func Open(ctx context.Context, location string, cred Credentials) (Store, error) {
	l, err := ParseLocation(location, cred)
	if err != nil {
		return nil, err
	}
	if l.S3 != nil {
		s, err := OpenS3(ctx, *l.S3)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	d, err := OpenDir(l.Dir)
	if err != nil {
		return nil, err
	}
	return d, nil
}
