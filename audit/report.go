package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MaxFaults bounds the faults that a Report lists; it counts all.
const MaxFaults = 1000

// Code names a kind of fault.
type Code string

// What Verify finds.
const (
	FaultHeaderMissing  Code = "header_missing"     // records without header.json
	FaultHeaderBad      Code = "header_bad"         // header.json is not what was written, or in a wrong place
	FaultClosedBad      Code = "closed_bad"         // closed.json is not what was written, or in a wrong place
	FaultSegmentMissing Code = "segment_missing"    // closed.json names a segment, or the numbers have a gap
	FaultSegmentChanged Code = "segment_changed"    // its SHA-256 is not the one in closed.json
	FaultSegmentBad     Code = "segment_unreadable" // it cannot be unpacked, or its last line has no end
	FaultExtra          Code = "object_unexpected"  // an object that nothing speaks of
	FaultRecordBad      Code = "record_unreadable"  // a line that is no record
	FaultRecordForeign  Code = "record_foreign"     // a record of another session or epoch
	FaultRecordOrder    Code = "record_order"       // seq does not grow by one
	FaultChain          Code = "chain_broken"       // prev is not the SHA-256 of the line before
	FaultCount          Code = "count_wrong"        // closed.json has other numbers than the records
	FaultPointer        Code = "pointer_bad"        // a client's pointer is missing or not what was written
	FaultSessionMissing Code = "session_missing"    // a client's pointer leads nowhere
)

// Fault is one thing that is wrong, by name.
type Fault struct {
	Code    Code
	Session string
	Object  string // key
	Line    int    // of a segment, from 1; 0 when the fault is not in a line
	Seq     uint64 // of the record, when it could be read
	Problem string // in words
}

// String names the place and the problem in one line.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "session %s: %s", f.Session, f.Object)
	if f.Line > 0 {
		fmt.Fprintf(&b, " line %d", f.Line)
	}
	if f.Seq > 0 {
		fmt.Fprintf(&b, " (record %d)", f.Seq)
	}
	fmt.Fprintf(&b, ": %s: %s", f.Code, f.Problem)
	return b.String()
}

// Progress is how far Verify is.
type Progress struct {
	Sessions int // looked at whole
	Segments int
	Records  int
}

// Report is what Verify found.
type Report struct {
	Progress
	Bytes       int64    // unpacked
	Open        []string // sessions without closed.json: they run, or their server has not archived the rest
	Interrupted []string // sessions whose server ended without closing the log
	Failed      []string // sessions that refused records
	Faults      []Fault  // by session, object and line; at most MaxFaults
	FaultCount  int
}

// OK says that nothing is wrong. Open, interrupted and failed sessions are no fault of the archive.
func (r Report) OK() bool { return r.FaultCount == 0 }

// Summary says it in a few lines for people: the first fault by name.
func (r Report) Summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d sessions, %d segments, %d records, %d bytes", r.Sessions, r.Segments, r.Records, r.Bytes)
	for _, part := range []struct {
		name string
		list []string
	}{{"open", r.Open}, {"interrupted", r.Interrupted}, {"with refused records", r.Failed}} {
		if len(part.list) > 0 {
			fmt.Fprintf(&b, "; %d %s (first: %s)", len(part.list), part.name, part.list[0])
		}
	}
	if r.OK() {
		b.WriteString("\nOK: every chain holds, every segment is the one that was closed over, nothing is missing from a closed log")
	} else {
		fmt.Fprintf(&b, "\nBAD: %d faults; the first: %s", r.FaultCount, r.Faults[0])
	}
	return b.String()
}

func (r *Report) add(s sessionReport) {
	r.Sessions++
	r.Segments += s.segments
	r.Records += s.records
	r.Bytes += s.bytes
	switch {
	case s.open:
		r.Open = append(r.Open, s.session)
	case s.why == WhyInterrupted:
		r.Interrupted = append(r.Interrupted, s.session)
	case s.why == WhyFailed:
		r.Failed = append(r.Failed, s.session)
	}
	r.fault(s.faults...)
}

func (r *Report) fault(faults ...Fault) {
	r.FaultCount += len(faults)
	r.Faults = append(r.Faults, faults...)
	if len(r.Faults) > 2*MaxFaults {
		r.sort()
	}
}

// sort brings the lists into order, whoever came first.
func (r *Report) sort() {
	slices.SortStableFunc(r.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Line, b.Line))
	})
	r.Faults = r.Faults[:min(len(r.Faults), MaxFaults)]
	slices.Sort(r.Open)
	slices.Sort(r.Interrupted)
	slices.Sort(r.Failed)
}
