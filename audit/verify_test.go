package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"binnacle/audit"
	"binnacle/objects"
)

// memory is an archive in memory, for a test to change.
type memory map[string][]byte

func (m memory) Get(_ context.Context, key string) ([]byte, string, error) {
	b, ok := m[key]
	if !ok {
		return nil, "", objects.ErrNotFound
	}
	return b, "tag", nil
}

func (m memory) List(_ context.Context, prefix string) iter.Seq2[objects.Info, error] {
	return func(yield func(objects.Info, error) bool) {
		var found []string
		for k := range m {
			if strings.HasPrefix(k, prefix) {
				found = append(found, k)
			}
		}
		slices.Sort(found)
		for _, k := range found {
			if !yield(objects.Info{Key: k, Size: int64(len(m[k]))}, nil) {
				return
			}
		}
	}
}

func (memory) PutIfAbsent(context.Context, string, []byte) (string, error) { panic("read only") }
func (memory) PutIfMatch(context.Context, string, []byte, string) (string, error) {
	panic("read only")
}
func (memory) Delete(context.Context, string) error { panic("read only") }

// The names of the archive that archive makes.
const (
	closedID = sessionID
	openID   = "01m819ekerabcdefghjkmnpqrs"
	folder   = "v1/sessions/2026/11/22/"
)

// archive writes a closed session of three segments and a running one of two, both of client 7, and returns a copy.
func archive(t testing.TB) memory {
	t.Helper()
	_, store := openDir(t)
	cfg := config(t, store)
	cfg.SegmentMaxBytes = 2000
	l := openLog(t, cfg)
	j := begin(t, l, closedID)
	appendForms(t, j, 0, 8)
	seal(t, j)
	appendForms(t, begin(t, l, openID), 0, 7)
	flush(t, l)
	m := memory{}
	for _, key := range keys(t, store, "") {
		body, _, err := store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		m[key] = body
	}
	if len(m) != 2+3+1+1+2+1 {
		t.Fatalf("the archive has %d objects: %q", len(m), keys(t, store, ""))
	}
	return m
}

func (m memory) clone() memory {
	c := memory{}
	for k, b := range m {
		c[k] = b
	}
	return c
}

func segmentKey(session string, n int) string {
	return fmt.Sprintf("%s%s/segment-0001-%06d.jsonl.zst", folder, session, n)
}

// lines unpacks a segment with nothing of ours; pack is the reverse.
func lines(t testing.TB, segment []byte) []string {
	t.Helper()
	d, err := zstd.NewReader(bytes.NewReader(segment))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(d); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func pack(t testing.TB, lines []string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte(strings.Join(lines, "\n") + "\n"))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWholeArchiveVerifies(t *testing.T) {
	m := archive(t)
	var seen []audit.Progress
	report, err := audit.Verify(t.Context(), m, audit.VerifyOptions{Progress: func(p audit.Progress) { seen = append(seen, p) }})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() || report.Sessions != 2 || report.Segments != 5 || report.Records != 8+6 || !slices.Equal(report.Open, []string{openID}) {
		t.Errorf("%s\n%v", report.Summary(), report.Faults)
	}
	if len(seen) != 2 || seen[1] != report.Progress {
		t.Errorf("progress = %v", seen)
	}
	if s := report.Summary(); !strings.Contains(s, "OK") || !strings.Contains(s, "1 open (first: "+openID) {
		t.Errorf("summary = %q", s)
	}
}

func TestEmptyArchiveVerifies(t *testing.T) {
	report, err := audit.Verify(t.Context(), memory{}, audit.VerifyOptions{})
	if err != nil || !report.OK() || report.Sessions != 0 {
		t.Errorf("%s, %v", report.Summary(), err)
	}
}

func TestEveryFaultIsFoundByName(t *testing.T) {
	whole := archive(t)
	other, err := audit.Seal(map[string]int{"v": 1})
	if err != nil {
		t.Fatal(err)
	}
	// edit changes the lines of a segment.
	edit := func(session string, n int, change func([]string) []string) func(memory) {
		return func(m memory) {
			key := segmentKey(session, n)
			m[key] = pack(t, change(lines(t, m[key])))
		}
	}
	remove := func(key string) func(memory) { return func(m memory) { delete(m, key) } }
	set := func(key string, b []byte) func(memory) { return func(m memory) { m[key] = b } }
	swapFirst := func(l []string) []string { l[0], l[1] = l[1], l[0]; return l }
	dropFirst := func(l []string) []string { return l[1:] }
	double := func(l []string) []string { return append(l[:1:1], l...) }
	rename := func(l []string) []string {
		l[0] = strings.Replace(l[0], "Annual income", "Annual outgo!", 1)
		return l
	}
	pointer := "v1/clients/client=207/2026-11-22-" + closedID + ".json"
	for name, c := range map[string]struct {
		tamper func(memory)
		code   audit.Code
		object string
		line   int
	}{
		"a record changed":            {edit(closedID, 2, rename), audit.FaultSegmentChanged, segmentKey(closedID, 2), 0},
		"a record changed, line":      {edit(closedID, 2, rename), audit.FaultChain, segmentKey(closedID, 2), 2},
		"a record changed, running":   {edit(openID, 1, rename), audit.FaultChain, segmentKey(openID, 1), 2},
		"a record dropped":            {edit(closedID, 2, dropFirst), audit.FaultRecordOrder, segmentKey(closedID, 2), 1},
		"a record added":              {edit(closedID, 2, double), audit.FaultRecordOrder, segmentKey(closedID, 2), 2},
		"records reordered":           {edit(openID, 2, swapFirst), audit.FaultRecordOrder, segmentKey(openID, 2), 1},
		"a record of another session": {func(m memory) { m[segmentKey(openID, 1)] = m[segmentKey(closedID, 1)] }, audit.FaultRecordForeign, segmentKey(openID, 1), 1},
		"a line that is no record":    {edit(openID, 2, func(l []string) []string { l[0] = "{}"; return l }), audit.FaultRecordBad, segmentKey(openID, 2), 1},
		"a segment removed":           {remove(segmentKey(closedID, 2)), audit.FaultSegmentMissing, segmentKey(closedID, 2), 0},
		"the first segment removed":   {remove(segmentKey(closedID, 1)), audit.FaultSegmentMissing, segmentKey(closedID, 1), 0},
		"the last segment removed":    {remove(segmentKey(closedID, 3)), audit.FaultSegmentMissing, segmentKey(closedID, 3), 0},
		"all segments removed": {func(m memory) {
			remove(segmentKey(closedID, 1))(m)
			remove(segmentKey(closedID, 2))(m)
			remove(segmentKey(closedID, 3))(m)
		}, audit.FaultSegmentMissing, segmentKey(closedID, 1), 0},
		"a segment of a running one removed": {remove(segmentKey(openID, 1)), audit.FaultSegmentMissing, segmentKey(openID, 1), 0},
		"a segment added":                    {set(segmentKey(closedID, 4), whole[segmentKey(closedID, 3)]), audit.FaultExtra, segmentKey(closedID, 4), 0},
		"a segment emptied":                  {set(segmentKey(closedID, 2), nil), audit.FaultSegmentBad, segmentKey(closedID, 2), 0},
		"a segment that is garbage":          {set(segmentKey(openID, 2), []byte("garbage")), audit.FaultSegmentBad, segmentKey(openID, 2), 0},
		"a segment cut short":                {set(segmentKey(openID, 2), whole[segmentKey(openID, 2)][:100]), audit.FaultSegmentBad, segmentKey(openID, 2), 0},
		"the header removed":                 {remove(folder + closedID + "/header.json"), audit.FaultHeaderMissing, folder + closedID + "/header.json", 0},
		"the header of another session":      {set(folder+closedID+"/header.json", whole[folder+openID+"/header.json"]), audit.FaultHeaderBad, folder + closedID + "/header.json", 0},
		"the closing object of another":      {set(folder+openID+"/closed.json", whole[folder+closedID+"/closed.json"]), audit.FaultClosedBad, folder + openID + "/closed.json", 0},
		"the closing object is something":    {set(folder+closedID+"/closed.json", other), audit.FaultClosedBad, folder + closedID + "/closed.json", 0},
		"a client's pointer removed":         {remove(pointer), audit.FaultPointer, pointer, 0},
		"a client's pointer to another":      {set(pointer, whole["v1/clients/client=207/2026-11-22-"+openID+".json"]), audit.FaultPointer, pointer, 0},
		"a whole session removed": {func(m memory) {
			for k := range m {
				if strings.HasPrefix(k, folder+closedID) {
					delete(m, k)
				}
			}
		}, audit.FaultSessionMissing, pointer, 0},
		"a file that is not ours":     {set(folder+closedID+"/notes.txt", nil), audit.FaultExtra, folder + closedID + "/notes.txt", 0},
		"a file beside the sessions":  {set("v1/sessions/notes.txt", nil), audit.FaultExtra, "v1/sessions/notes.txt", 0},
		"a session under another day": {func(m memory) { move(m, folder+closedID, "v1/sessions/2026/11/23/"+closedID) }, audit.FaultHeaderBad, "v1/sessions/2026/11/23/" + closedID + "/header.json", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := whole.clone()
			c.tamper(m)
			report, err := audit.Verify(t.Context(), m, audit.VerifyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(report.Faults, func(f audit.Fault) bool {
				return f.Code == c.code && f.Object == c.object && f.Line == c.line
			})
			if report.OK() || !found {
				t.Errorf("%s in %s line %d is not among\n%v", c.code, c.object, c.line, report.Faults)
			}
			if s := report.Summary(); !strings.Contains(s, "BAD") || !strings.Contains(s, report.Faults[0].String()) {
				t.Errorf("summary = %q", s)
			}
		})
	}
}

func move(m memory, from, to string) {
	for k, b := range m.clone() {
		if rest, ok := strings.CutPrefix(k, from); ok {
			delete(m, k)
			m[to+rest] = b
		}
	}
}

// In a closed session every flip is found. Of a running session's segments no hash is archived yet: there a flip is found,
// or it is one that changes no record.
func TestEveryBitFlipIsFound(t *testing.T) {
	whole := archive(t)
	type flip struct {
		key string
		at  int
	}
	flips := make(chan flip)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for f := range flips {
				m := whole.clone()
				b := bytes.Clone(m[f.key])
				b[f.at] ^= 1 << (f.at % 8)
				m[f.key] = b
				report, err := audit.Verify(context.Background(), m, audit.VerifyOptions{})
				if err != nil {
					t.Errorf("%s byte %d: %v", f.key, f.at, err)
				} else if report.OK() && !(strings.Contains(f.key, openID+"/segment") && slices.Equal(lines(t, b), lines(t, whole[f.key]))) {
					t.Errorf("%s byte %d: not found", f.key, f.at)
				}
			}
		})
	}
	for key, b := range whole {
		for at := range b {
			flips <- flip{key, at}
		}
	}
	close(flips)
	wg.Wait()
}

func TestVerifyOfAPart(t *testing.T) {
	m := archive(t)
	m[folder+closedID+"/notes.txt"] = nil // a fault in the closed session
	for name, c := range map[string]struct {
		opts     audit.VerifyOptions
		sessions int
		ok       bool
	}{
		"a session":         {audit.VerifyOptions{Session: openID}, 1, true},
		"a bad session":     {audit.VerifyOptions{Session: closedID}, 1, false},
		"a client":          {audit.VerifyOptions{Client: "client 7"}, 2, false},
		"the day":           {audit.VerifyOptions{From: "2026-11-22", To: "2026-11-22"}, 2, false},
		"from a later day":  {audit.VerifyOptions{From: "2026-11-23"}, 0, true},
		"to an earlier day": {audit.VerifyOptions{To: "2026-11-21"}, 0, true},
		"the month":         {audit.VerifyOptions{From: "2026-11-01", To: "2026-11-30"}, 2, false},
	} {
		report, err := audit.Verify(t.Context(), m, c.opts)
		if err != nil || report.Sessions != c.sessions || report.OK() != c.ok {
			t.Errorf("%s: %d sessions, ok %v, %v; want %d, %v", name, report.Sessions, report.OK(), err, c.sessions, c.ok)
		}
	}
	for name, opts := range map[string]audit.VerifyOptions{"session": {Session: "nobody"}, "client": {Client: "nobody"}} {
		if _, err := audit.Verify(t.Context(), m, opts); !errors.Is(err, audit.ErrUnknown) {
			t.Errorf("unknown %s: %v, want ErrUnknown", name, err)
		}
	}
	for _, opts := range []audit.VerifyOptions{{From: "yesterday"}, {To: "2026-13-01"}, {Session: "../x"}, {Session: "a", Client: "b"}} {
		if _, err := audit.Verify(t.Context(), m, opts); err == nil || errors.Is(err, audit.ErrUnknown) {
			t.Errorf("%+v: %v", opts, err)
		}
	}
}

// unreadable is an archive whose store fails for one object.
type unreadable struct {
	memory
	key string
}

func (u unreadable) Get(ctx context.Context, key string) ([]byte, string, error) {
	if key == u.key {
		return nil, "", errDown
	}
	return u.memory.Get(ctx, key)
}

func TestVerifyDoesNotCallAnUnreadableArchiveGood(t *testing.T) {
	m := archive(t)
	for key := range m {
		if _, err := audit.Verify(t.Context(), unreadable{m, key}, audit.VerifyOptions{}); !errors.Is(err, errDown) {
			t.Errorf("%s cannot be read: %v", key, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audit.Verify(ctx, m, audit.VerifyOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

// What docs/AUDIT.md tells people to do by hand, with nothing of this package.
func TestChainCanBeCheckedByHand(t *testing.T) {
	m := archive(t)
	prev := strings.Repeat("0", 64)
	for n := 1; n <= 3; n++ {
		for _, line := range lines(t, m[segmentKey(closedID, n)]) {
			var rec struct {
				Prev string    `json:"prev"`
				Time time.Time `json:"time"`
			}
			if err := json.Unmarshal([]byte(line), &rec); err != nil || rec.Prev != prev {
				t.Fatalf("prev = %s, want %s, %v", rec.Prev, prev, err)
			}
			prev = sha256Hex([]byte(line))
		}
	}
	closed := string(m[folder+closedID+"/closed.json"])
	if !strings.Contains(closed, `"last_sha256":"`+prev+`"`) {
		t.Errorf("closed.json does not have the last hash %s: %s", prev, closed)
	}
	cut := strings.LastIndex(closed, `,"sum":"`)
	if sum := sha256Hex([]byte(closed[:cut] + "}")); closed[cut:] != `,"sum":"`+sum+"\"}\n" {
		t.Errorf("closed.json ends with %q, want the sum %s", closed[cut:], sum)
	}
}
