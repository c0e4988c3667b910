package audit_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"binnacle/audit"
)

// BenchmarkAppend is the time until a record is on disk, with 1 and 50 writers: the journal's group commit, and beside it
// one write and fsync per record.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 50} {
		b.Run(fmt.Sprintf("journal/%d", writers), func(b *testing.B) {
			_, store := openDir(b)
			cfg := config(b, store)
			l := openLog(b, cfg)
			j := begin(b, l, sessionID)
			benchWriters(b, writers, func(n int) error { return j.Append(context.Background(), formRecord(n)) })
		})
		b.Run(fmt.Sprintf("fsync-each/%d", writers), func(b *testing.B) {
			f, err := os.Create(filepath.Join(b.TempDir(), "naive"))
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			line, err := formRecord(1).Line()
			if err != nil {
				b.Fatal(err)
			}
			var mu sync.Mutex
			benchWriters(b, writers, func(int) error {
				mu.Lock()
				defer mu.Unlock()
				if _, err := f.Write(line); err != nil {
					return err
				}
				return f.Sync()
			})
		})
	}
}

func benchWriters(b *testing.B, writers int, appendOne func(n int) error) {
	times := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for n := next.Add(1) - 1; n < int64(b.N); n = next.Add(1) - 1 {
				start := time.Now()
				if err := appendOne(int(n)); err != nil {
					b.Error(err)
					return
				}
				times[n] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkVerify is the rate at which a whole archive is checked.
func BenchmarkVerify(b *testing.B) {
	_, store := openDir(b)
	l := openLog(b, config(b, store))
	const sessions, recs = 8, 5000
	for s := range sessions {
		j := begin(b, l, fmt.Sprintf("session-%d", s))
		for n := range recs - 1 {
			j.Enqueue(formRecord(n), nil)
			if n%1000 == 0 {
				appendForms(b, j, n, n+1)
			}
		}
		seal(b, j)
	}
	flush(b, l)
	total := 0
	for b.Loop() {
		report, err := audit.Verify(context.Background(), store, audit.VerifyOptions{})
		if err != nil || !report.OK() {
			b.Fatal(report.Summary(), err)
		}
		total += report.Records
	}
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "records/s")
}
