package session_test

import (
	"context"
	"log/slog"
	"testing"

	"binnacle/audit"
	"binnacle/objects"
)

// realLog is an audit log on disk, with an archive in a folder.
func realLog(t testing.TB) (*audit.Log, objects.Store) {
	t.Helper()
	archive, err := objects.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(context.Background(), audit.Config{Dir: t.TempDir(), Store: archive, Node: "test", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return l, archive
}
