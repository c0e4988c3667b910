package objects

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// User metadata of every object. The SHA-256 is for people and tools; the put's own random name tells, after an answer
// was lost, whether what is there now is ours.
const (
	metaSum = "Sha256"
	metaPut = "Binnacle-Put"
)

// S3 is a Store in a bucket of S3-compatible storage that takes If-None-Match and If-Match on PUT. A call is tried again
// when the store is busy, broken or silent; Attempts and the context end that.
type S3 struct {
	client *minio.Client
	core   minio.Core
	cfg    S3Config
	base   string // cfg.Prefix with a slash, or empty
	close  func()
}

// OpenS3 returns the store after it found the bucket. Faults of cfg come all at once.
func OpenS3(ctx context.Context, cfg S3Config) (*S3, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("object storage: %w", err)
	}
	if cfg.Region == "" {
		cfg.Region = defaultRegion
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = amazon
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.Attempts == 0 {
		cfg.Attempts = DefaultAttempts
	}
	transport, err := minio.DefaultTransport(cfg.Secure)
	if err != nil {
		return nil, fmt.Errorf("object storage: %w", err)
	}
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, cfg.Token),
		Secure:     cfg.Secure,
		Region:     cfg.Region,
		Transport:  deadline{transport, cfg.Timeout},
		MaxRetries: 1, // ours, because a put's retry must know about its first try
	})
	if err != nil {
		return nil, fmt.Errorf("object storage %s: %w", cfg.Endpoint, err)
	}
	s := &S3{client: client, core: minio.Core{Client: client}, cfg: cfg, close: transport.CloseIdleConnections}
	if cfg.Prefix != "" {
		s.base = cfg.Prefix + "/"
	}
	var found bool
	err = s.retry(ctx, func(ctx context.Context) (err error) {
		found, err = client.BucketExists(ctx, cfg.Bucket)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("bucket %s: %w", cfg.Bucket, ErrNotFound)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("object storage %s: %w", cfg.Endpoint, err)
	}
	return s, nil
}

// Close lets go of idle connections. The store must not be used afterwards.
func (s *S3) Close() error { s.close(); return nil }

// PutIfAbsent writes a new object; see Store. When an answer was lost and the object is there at the next try, the put's
// own mark on it tells success from ErrExists.
func (s *S3) PutIfAbsent(ctx context.Context, key string, body []byte) (string, error) {
	if err := checkPut(key, body); err != nil {
		return "", fmt.Errorf("put %s: %w", key, err)
	}
	etag, err := s.put(ctx, key, body, func(o *minio.PutObjectOptions) { o.SetMatchETagExcept("*") })
	if errors.Is(err, errPrecondition) {
		err = ErrExists
	}
	if err != nil {
		return "", fmt.Errorf("put %s: %w", key, err)
	}
	return etag, nil
}

// PutIfMatch replaces an object; see Store. After ErrChanged the object may have had our content for a moment, when an
// answer was lost and somebody replaced it before the next try.
func (s *S3) PutIfMatch(ctx context.Context, key string, body []byte, etag string) (string, error) {
	if err := checkPut(key, body); err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	newETag, err := s.put(ctx, key, body, func(o *minio.PutObjectOptions) { o.SetMatchETag(etag) })
	if errors.Is(err, errPrecondition) {
		err = ErrChanged
		if _, statErr := s.stat(ctx, key); errors.Is(statErr, ErrNotFound) {
			err = ErrNotFound // some stores answer 412 for both
		}
	}
	if err != nil {
		return "", fmt.Errorf("replace %s: %w", key, err)
	}
	return newETag, nil
}

// put writes body if condition holds. errPrecondition says that it does not, and that this call did not write.
func (s *S3) put(ctx context.Context, key string, body []byte, condition func(*minio.PutObjectOptions)) (string, error) {
	sum := sha256.Sum256(body)
	mark := rand.Text()
	sum256, sumMD5 := hex.EncodeToString(sum[:]), md5.Sum(body) // buckets with object lock demand MD5 on a put
	opts := minio.PutObjectOptions{
		UserMetadata: map[string]string{metaSum: sum256, metaPut: mark},
		ContentType:  contentType(key),
		// Not in signed chunks: the signature covers the whole body's SHA-256. versitygw 1.8.0 answers a chunked put of an
		// empty body twice, the second time with 400 to the connection's next request (2026-11-22).
		DisableContentSha256: true,
	}
	condition(&opts)
	var etag string
	mayHaveLanded := false
	err := s.retry(ctx, func(ctx context.Context) error {
		// Core's put is a single request, never multipart: conditions hold on those only.
		info, err := s.core.PutObject(ctx, s.cfg.Bucket, s.base+key, bytes.NewReader(body), int64(len(body)),
			base64.StdEncoding.EncodeToString(sumMD5[:]), sum256, opts)
		if err == nil {
			etag = info.ETag
			return nil
		}
		err = translate(err)
		if errors.Is(err, errPrecondition) && mayHaveLanded {
			there, statErr := s.statOnce(ctx, key)
			switch {
			case errors.Is(statErr, ErrNotFound): // gone again
			case statErr != nil:
				return statErr
			case there.UserMetadata[metaPut] == mark && there.Size == int64(len(body)):
				etag = there.ETag
				return nil
			}
		}
		if transient(err) {
			mayHaveLanded = true // everything but a clear refusal
		}
		return err
	})
	return etag, err
}

// Get reads an object; see Store.
func (s *S3) Get(ctx context.Context, key string) ([]byte, string, error) {
	if err := checkKey(key); err != nil {
		return nil, "", fmt.Errorf("get %s: %w", key, err)
	}
	var body []byte
	var etag string
	err := s.retry(ctx, func(ctx context.Context) error {
		r, info, _, err := s.core.GetObject(ctx, s.cfg.Bucket, s.base+key, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer r.Close()
		if info.Size > MaxObjectBytes {
			return fmt.Errorf("%w: %d bytes, more than %d", ErrTooLarge, info.Size, MaxObjectBytes)
		}
		if body, err = readLimited(r, info.Size); err != nil {
			return err
		}
		if int64(len(body)) != info.Size {
			return fmt.Errorf("%w: %d of %d bytes", errCutShort, len(body), info.Size)
		}
		etag = info.ETag
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("get %s: %w", key, err)
	}
	return body, etag, nil
}

// List yields the bucket's keys; see Store. A page that fails is asked for again from where the list stands.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkPrefix(prefix); err != nil {
			yield(Info{}, fmt.Errorf("list %s: %w", prefix, err))
			return
		}
		for last, done := "", false; !done; {
			before := last
			err := s.retry(ctx, func(ctx context.Context) (err error) {
				last, err = s.listFrom(ctx, prefix, last, yield)
				return err
			})
			done = err == nil
			if err != nil && (last == before || !transient(err) || ctx.Err() != nil) {
				yield(Info{}, fmt.Errorf("list %s: %w", prefix, err))
				return
			}
		}
	}
}

// listFrom yields the keys after the whole key last, and returns the last one that it yielded.
func (s *S3) listFrom(ctx context.Context, prefix, last string, yield func(Info, error) bool) (string, error) {
	opts := minio.ListObjectsOptions{Prefix: s.base + prefix, Recursive: true, StartAfter: last}
	for o := range s.client.ListObjectsIter(ctx, s.cfg.Bucket, opts) {
		if o.Err != nil {
			return last, o.Err
		}
		last = o.Key
		key := strings.TrimPrefix(o.Key, s.base)
		if checkKey(key) != nil {
			continue // folder markers and what else is not ours
		}
		if !yield(Info{Key: key, Size: o.Size}, nil) {
			return last, nil
		}
	}
	return last, ctx.Err()
}

// Delete removes an object; see Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.client.RemoveObject(ctx, s.cfg.Bucket, s.base+key, minio.RemoveObjectOptions{})
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

func (s *S3) stat(ctx context.Context, key string) (info minio.ObjectInfo, err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		info, err = s.statOnce(ctx, key)
		return err
	})
	return info, err
}

func (s *S3) statOnce(ctx context.Context, key string) (minio.ObjectInfo, error) {
	info, err := s.client.StatObject(ctx, s.cfg.Bucket, s.base+key, minio.StatObjectOptions{})
	return info, translate(err)
}

// contentType lets browsers and tools show what they can.
func contentType(key string) string {
	switch {
	case strings.HasSuffix(key, ".json"):
		return "application/json"
	case strings.HasSuffix(key, ".zst"):
		return "application/zstd"
	}
	return "application/octet-stream"
}
