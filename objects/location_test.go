package objects_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"binnacle/internal/s3test"
	"binnacle/objects"
)

var testKeys = objects.Credentials{AccessKey: "AKIDEXAMPLE", SecretKey: "topsecret"}

func TestLocationNamesAFolderOrABucket(t *testing.T) {
	l, err := objects.ParseLocation("data/archive/", testKeys)
	if err != nil || l.Dir != filepath.Join("data", "archive") || l.S3 != nil {
		t.Errorf("folder: %+v, %v", l, err)
	}
	l, err = objects.ParseLocation("s3://evidence/bank/prod?endpoint=https://s3.bank.example:9000&region=eu-1", testKeys)
	if err != nil {
		t.Fatal(err)
	}
	got := *l.S3
	want := objects.S3Config{Endpoint: "s3.bank.example:9000", Bucket: "evidence", Prefix: "bank/prod", Region: "eu-1",
		AccessKey: "AKIDEXAMPLE", SecretKey: "topsecret", Secure: true}
	if got != want {
		t.Error("bucket: not what was asked for")
	}
	if l, err = objects.ParseLocation("s3://evidence?region=eu-central-1", testKeys); err != nil || l.S3.Endpoint != "" || !l.S3.Secure {
		t.Errorf("Amazon: %v, %v", l, err)
	}
	if l, err = objects.ParseLocation("s3://evidence?endpoint=http://127.0.0.1:7070", testKeys); err != nil || l.S3.Secure {
		t.Errorf("loopback: %v, %v", l, err)
	}
	if l, err = objects.ParseLocation("s3://evidence?endpoint=http://store:9000&plain-http=allow", testKeys); err != nil || l.S3.Secure {
		t.Errorf("plain http allowed: %v, %v", l, err)
	}
}

func TestLocationTellsAllFaultsAtOnce(t *testing.T) {
	_, err := objects.ParseLocation("s3://B_d/a//b?endpoint=http://store.example&colour=red&region=a&region=b", objects.Credentials{})
	for _, want := range []string{"bucket", "prefix", "plain http", "colour", "region is given 2 times", "AWS_ACCESS_KEY_ID"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not speak of %q: %v", want, err)
		}
	}
}

func TestBadLocations(t *testing.T) {
	for _, location := range []string{"", "gs://bucket", "https://x", "s3://", "s3://bucket", "s3://bucket?endpoint=ftp://x",
		"s3://bucket?endpoint=https://x/path", "s3://bucket?region=x#f", "s3://bucket?endpoint=%zz", "s3://key:topsecret@bucket?region=x",
		"s3://bucket?endpoint=https://key:topsecret@x", "s3://buc ket:x?endpoint=https://key:topsecret@x"} {
		l, err := objects.ParseLocation(location, testKeys)
		if err == nil {
			t.Errorf("%q was taken as %v", location, l)
		} else if strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%q: the error tells the secret: %v", location, err)
		}
	}
}

func TestCredentialsAreNeverPrinted(t *testing.T) {
	l, err := objects.ParseLocation("s3://evidence?region=eu-1", testKeys)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, v := range []any{testKeys, &testKeys, l, &l, *l.S3, l.S3} {
		fmt.Fprintf(&out, "%v %+v %#v %s\n", v, v, v, v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		if b, err := json.Marshal(v); err != nil {
			t.Error(err)
		} else {
			out.Write(b)
		}
	}
	for _, secret := range []string{testKeys.SecretKey, testKeys.AccessKey} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s was printed:\n%s", secret, out.String())
		}
	}
}

func TestOpenFindsTheKindOfStore(t *testing.T) {
	server := s3test.Start(t)
	cred := objects.Credentials{AccessKey: server.AccessKey, SecretKey: server.SecretKey}
	for _, location := range []string{t.TempDir(), server.Location("some/prefix")} {
		s, err := objects.Open(t.Context(), location, cred)
		if err != nil {
			t.Fatal(err)
		}
		if err := objects.SelfTest(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	if s, err := objects.Open(t.Context(), strings.Replace(server.Location(""), "s3://test", "s3://none", 1), cred); err == nil || s != nil {
		t.Errorf("a bucket that does not exist: %v, %v", s, err)
	}
	cred.SecretKey = "wrong"
	if s, err := objects.Open(t.Context(), server.Location(""), cred); err == nil || s != nil {
		t.Errorf("a wrong secret: %v, %v", s, err)
	}
}
