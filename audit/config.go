package audit

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"binnacle/objects"
)

// Config says where evidence goes. Dir and Store are needed; zero is a good default for the rest.
type Config struct {
	Dir             string        // folder of the journals; made when missing; one process at a time
	Store           objects.Store // the archive's root
	Node            string        // name of this server, for headers
	Insecure        bool          // the browser runs without its sandbox: stamped into each header
	Logger          *slog.Logger  // default: none
	SegmentMaxBytes int           // of a segment's lines, default 1 MiB, at most 8 MiB
	SegmentMaxAge   time.Duration // until a running session's records go to the archive, default 60 s
	Uploads         int           // objects on their way at the same time, default 4
	RetryMin        time.Duration // first wait after a failed upload, default 500 ms
	RetryMax        time.Duration // longest wait after failed uploads, default 30 s

	files fileSystem // the operating system's, or a test's
}

// Defaults of Config.
const (
	DefaultSegmentBytes = 1 << 20
	DefaultSegmentAge   = 60 * time.Second
	DefaultUploads      = 4
	DefaultRetryMin     = 500 * time.Millisecond
	DefaultRetryMax     = 30 * time.Second
	maxSegmentBytes     = MaxSegmentBytes / 2
)

// Validate returns all faults at once.
func (c Config) Validate() error {
	var faults []error
	if c.Dir == "" {
		faults = append(faults, errors.New("the journal folder is not set"))
	}
	if c.Store == nil {
		faults = append(faults, errors.New("the archive's store is not set"))
	}
	if c.SegmentMaxBytes < 0 || c.SegmentMaxBytes > maxSegmentBytes {
		faults = append(faults, fmt.Errorf("segment size %d is not between 0 and %d bytes", c.SegmentMaxBytes, maxSegmentBytes))
	}
	if c.SegmentMaxAge < 0 || c.Uploads < 0 || c.RetryMin < 0 || c.RetryMax < 0 {
		faults = append(faults, errors.New("segment age, uploads and retry times must not be negative"))
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.SegmentMaxBytes == 0 {
		c.SegmentMaxBytes = DefaultSegmentBytes
	}
	if c.SegmentMaxAge == 0 {
		c.SegmentMaxAge = DefaultSegmentAge
	}
	if c.Uploads == 0 {
		c.Uploads = DefaultUploads
	}
	if c.RetryMin == 0 {
		c.RetryMin = DefaultRetryMin
	}
	if c.RetryMax == 0 {
		c.RetryMax = DefaultRetryMax
	}
	if c.files == nil {
		c.files = osFiles{}
	}
	return c
}
