package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"binnacle/objects"
)

// sessionReport is what was found about one session.
type sessionReport struct {
	session, folder   string
	segments, records int
	bytes             int64
	open              bool
	why               Why
	faults            []Fault
}

func (r *sessionReport) fault(code Code, object string, line int, seq uint64, format string, args ...any) {
	r.faults = append(r.faults, Fault{code, r.session, r.folder + object, line, seq, fmt.Sprintf(format, args...)})
}

// session checks one session. An error means that it could not be read.
func (v *verifier) session(ctx context.Context, in sessionObjects) (sessionReport, error) {
	r := sessionReport{session: in.session, folder: in.folder}
	if in.session == "" {
		for _, name := range in.names {
			r.fault(FaultExtra, name, 0, 0, "nothing in the archive has such a name")
		}
		return r, nil
	}
	if len(in.names) == 0 {
		r.fault(FaultSessionMissing, "", 0, 0, "a client's pointer leads here, and there is nothing")
		return r, nil
	}
	epochs := map[uint32]*epochObjects{}
	at := func(n uint32) *epochObjects {
		if epochs[n] == nil {
			epochs[n] = &epochObjects{number: n}
		}
		return epochs[n]
	}
	for _, name := range in.names {
		if epoch, number, ok := parseSegment(name); ok && epoch > 0 && number > 0 {
			at(epoch).segments = append(at(epoch).segments, number)
		} else if epoch, ok := parseOfEpoch(name, headerName); ok {
			at(epoch).header = true
		} else if epoch, ok := parseOfEpoch(name, closedName); ok {
			at(epoch).closed = true
		} else {
			r.fault(FaultExtra, name, 0, 0, "nothing in a session has such a name")
		}
	}
	order := make([]uint32, 0, len(epochs))
	for n := range epochs {
		order = append(order, n)
	}
	slices.Sort(order)
	for i, n := range order {
		if err := v.epoch(ctx, in, *epochs[n], i == len(order)-1, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// parseOfEpoch is ofEpoch's reverse.
func parseOfEpoch(name, base string) (uint32, bool) {
	if name == base {
		return 1, true
	}
	var epoch uint32
	stem := strings.TrimSuffix(base, ".json")
	if _, err := fmt.Sscanf(name, stem+"-%d.json", &epoch); err != nil || epoch < 2 {
		return 0, false
	}
	return epoch, ofEpoch(base, epoch) == name
}

// epochObjects is what one owner of a session archived.
type epochObjects struct {
	number         uint32
	header, closed bool
	segments       []int // numbers, ascending
}

// epoch checks what one owner of a session archived; last says that none came after it.
func (v *verifier) epoch(ctx context.Context, in sessionObjects, e epochObjects, last bool, r *sessionReport) error {
	c := &chain{r: r, session: in.session, epoch: e.number, prev: noHash}
	headerHash, err := v.header(ctx, in, e, r)
	if err != nil {
		return err
	}
	var closed *closedObject
	if e.closed {
		if closed, err = v.closed(ctx, in, e, headerHash, r); err != nil {
			return err
		}
	} else {
		r.open = last
	}
	want := map[string]segmentInfo{}
	if closed != nil {
		for _, s := range closed.Segments {
			want[s.Name] = s
		}
	}
	next := 1
	for _, number := range e.segments {
		name := segmentName(e.number, number)
		for ; next < number; next++ {
			r.fault(FaultSegmentMissing, segmentName(e.number, next), 0, 0, "%s follows, this one is not there", name)
			c.lost = true
		}
		next = number + 1
		info, listed := want[name]
		if closed != nil && !listed {
			r.fault(FaultExtra, name, 0, 0, "%s does not name it", ofEpoch(closedName, e.number))
		}
		delete(want, name)
		body, _, err := v.store.Get(ctx, in.folder+name)
		if err != nil {
			return err
		}
		if got := hashOf(body); listed && got != info.SHA256 {
			r.fault(FaultSegmentChanged, name, 0, 0, "its SHA-256 is %s, it was closed with %s", got, info.SHA256)
		}
		v.segment(c, name, body)
	}
	for name := range want {
		if _, number, ok := parseSegment(name); !ok || number >= next {
			r.fault(FaultSegmentMissing, name, 0, 0, "%s names it", ofEpoch(closedName, e.number))
		}
	}
	if closed != nil {
		c.compare(closed, ofEpoch(closedName, e.number))
		return v.clients(ctx, closed, r)
	}
	return nil
}

// get reads an object that the list has; ok is false when it is gone meanwhile.
func (v *verifier) get(ctx context.Context, key string) (body []byte, ok bool, err error) {
	body, _, err = v.store.Get(ctx, key)
	if errors.Is(err, objects.ErrNotFound) {
		return nil, false, nil
	}
	return body, err == nil, err
}

// header checks header.json and returns its hash.
func (v *verifier) header(ctx context.Context, in sessionObjects, e epochObjects, r *sessionReport) (string, error) {
	name := ofEpoch(headerName, e.number)
	body, ok, err := v.get(ctx, in.folder+name)
	if err != nil {
		return "", err
	}
	if !ok {
		r.fault(FaultHeaderMissing, name, 0, 0, "the session has no header")
		return "", nil
	}
	var h headerObject
	if err := unseal(body, &h); err != nil {
		r.fault(FaultHeaderBad, name, 0, 0, "%v", err)
	} else if h.V != Version || h.Session != in.session || h.Epoch != e.number || h.folder() != in.folder {
		r.fault(FaultHeaderBad, name, 0, 0, "it is the header of session %s, epoch %d, opened %s", h.Session, h.Epoch, h.Opened)
	}
	return hashOf(body), nil
}

// closed checks closed.json by itself and returns it if it can be read.
func (v *verifier) closed(ctx context.Context, in sessionObjects, e epochObjects, headerHash string, r *sessionReport) (*closedObject, error) {
	name := ofEpoch(closedName, e.number)
	body, _, err := v.store.Get(ctx, in.folder+name)
	if err != nil {
		return nil, err
	}
	var o closedObject
	if err := unseal(body, &o); err != nil {
		r.fault(FaultClosedBad, name, 0, 0, "%v", err)
		return nil, nil
	}
	if o.V != Version || o.Header.Session != in.session || o.Header.Epoch != e.number {
		r.fault(FaultClosedBad, name, 0, 0, "it closes session %s, epoch %d", o.Header.Session, o.Header.Epoch)
		return nil, nil
	}
	if headerHash != "" && headerHash != o.HeaderIs {
		r.fault(FaultHeaderBad, ofEpoch(headerName, e.number), 0, 0, "its SHA-256 is %s, it was closed with %s", headerHash, o.HeaderIs)
	}
	r.why = o.Why
	return &o, nil
}

// segment checks the records of one segment.
func (v *verifier) segment(c *chain, name string, body []byte) {
	c.r.segments++
	lines, err := v.codec.unpack(body)
	if err != nil {
		c.r.fault(FaultSegmentBad, name, 0, 0, "%v", err)
		c.lost = true
		return
	}
	if len(lines) == 0 || !bytes.HasSuffix(lines, []byte("\n")) {
		c.r.fault(FaultSegmentBad, name, 0, 0, "its last line has no end")
	}
	c.r.bytes += int64(len(lines))
	for n, line := range eachLine(lines) {
		c.line(name, n, line)
	}
}

// clients checks the pointers of a closed session's clients.
func (v *verifier) clients(ctx context.Context, closed *closedObject, r *sessionReport) error {
	for _, ref := range closed.Clients {
		key := pointerKey(ref.ID, closed.Header)
		_, ok, err := v.get(ctx, key)
		if err != nil {
			return err
		}
		if !ok {
			r.faults = append(r.faults, Fault{Code: FaultPointer, Session: r.session, Object: key,
				Problem: "the client took part and has no pointer"})
		}
	}
	return nil
}
