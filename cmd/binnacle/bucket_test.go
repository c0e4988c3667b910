package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"sort"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"binnacle/audit"
	"binnacle/internal/s3test"
	"binnacle/objects"
)

// bucket is a bucket of a real S3 server, read with a plain client that knows nothing of Binnacle.
type bucket struct {
	s3     *s3test.Server
	client *minio.Client
	name   string
}

func startBucket(t *testing.T) *bucket {
	t.Helper()
	s3 := s3test.Start(t)
	client, err := minio.New(strings.TrimPrefix(s3.Endpoint, "http://"), &minio.Options{Creds: credentials.NewStaticV4(s3.AccessKey, s3.SecretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	b := &bucket{s3, client, "evidence"}
	if err := client.MakeBucket(context.Background(), b.name, minio.MakeBucketOptions{}); err != nil {
		t.Fatalf("make bucket: %v", err)
	}
	return b
}

func (b *bucket) location() string {
	return "s3://" + b.name + "/prod?endpoint=http://" + strings.TrimPrefix(b.s3.Endpoint, "http://") + "&region=us-east-1"
}

func (b *bucket) environ() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + b.s3.AccessKey, "AWS_SECRET_ACCESS_KEY=" + b.s3.SecretKey}
}

// archive opens the evidence through the product's own reader.
func (b *bucket) archive(t *testing.T) objects.Store {
	t.Helper()
	store, err := objects.Open(context.Background(), b.location(), objects.Credentials{AccessKey: b.s3.AccessKey, SecretKey: b.s3.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	return objects.Sub(store, "archive")
}

// evidence is every object of the archive, by key, segments unpacked: what `aws s3 cp` and `zstdcat` show.
func (b *bucket) evidence(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for o := range b.client.ListObjects(context.Background(), b.name, minio.ListObjectsOptions{Prefix: "prod/archive/", Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		object, err := b.client.GetObject(context.Background(), b.name, o.Key, minio.GetObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(object)
		object.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(o.Key, ".zst") {
			r, err := zstd.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(r); err != nil {
				t.Fatalf("unpack %s: %v", o.Key, err)
			}
			r.Close()
		}
		all[o.Key] = string(body)
	}
	return all
}

// log waits until the session's log is closed in the archive, and returns its records in order.
func (b *bucket) log(t *testing.T, session string) []audit.Record {
	t.Helper()
	var segments []string
	var all map[string]string
	eventually(t, "the closed log of "+session+" in the archive", func() bool {
		all, segments = b.evidence(t), nil
		closed := false
		for key := range all {
			if strings.Contains(key, session) && strings.HasSuffix(key, ".jsonl.zst") {
				segments = append(segments, key)
			}
			closed = closed || strings.Contains(key, session) && strings.HasSuffix(key, "/closed.json")
		}
		return closed && len(segments) > 0
	})
	sort.Strings(segments)
	var records []audit.Record
	for _, key := range segments {
		lines := bufio.NewScanner(strings.NewReader(all[key]))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var r audit.Record
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			records = append(records, r)
		}
	}
	return records
}
