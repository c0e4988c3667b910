package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// Waits between tries: each between half of and the whole of a time that doubles.
const (
	firstWait = 50 * time.Millisecond
	maxWait   = 2 * time.Second
)

var (
	errPrecondition = errors.New("the condition of the put does not hold")
	errCutShort     = errors.New("the answer was cut short")
	errBusy         = errors.New("the object store is busy or broken")
)

// retry calls f until it succeeds, fails for good, the attempts are used up, or ctx ends. It translates f's errors.
func (s *S3) retry(ctx context.Context, f func(context.Context) error) error {
	wait := firstWait
	for attempt := 1; ; attempt++ {
		err := translate(f(ctx))
		if err == nil || !transient(err) {
			return err
		}
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		if attempt == s.cfg.Attempts {
			return fmt.Errorf("after %d attempts: %w", attempt, err)
		}
		timer := time.NewTimer(wait/2 + rand.N(wait/2))
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), err)
		case <-timer.C:
		}
		wait = min(2*wait, maxWait)
	}
}

// translate turns a store's answer into this package's errors; others stay as they are.
func translate(err error) error {
	var answer minio.ErrorResponse
	if err == nil || !errors.As(err, &answer) {
		return err
	}
	status, code := answer.StatusCode, answer.Code
	switch {
	case code == "NoSuchBucket":
		return err
	case code == "PreconditionFailed" || status == http.StatusPreconditionFailed:
		return errPrecondition
	case code == "NoSuchKey" || status == http.StatusNotFound:
		return ErrNotFound
	case code == "EntityTooLarge":
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests,
		code == "ConditionalRequestConflict", code == "OperationAborted", code == "SlowDown", code == "RequestTimeout":
		return fmt.Errorf("%w: %w", errBusy, err)
	}
	return err
}

// transient says whether another try may help: the store is busy, or there was no answer at all.
func transient(err error) bool {
	var answer minio.ErrorResponse
	switch {
	case errors.Is(err, errPrecondition), errors.Is(err, ErrNotFound), errors.Is(err, ErrTooLarge):
		return false
	case errors.Is(err, errBusy), errors.Is(err, errCutShort), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	}
	return !errors.As(err, &answer)
}
