package audit

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of the evidence, with a test each.
const (
	MaxRecordBytes  = 64 << 10 // one record's line
	MaxTitleChars   = 500      // titles of pages and frames
	MaxMessageChars = 1000     // messages, and values in Detail
	MaxNameChars    = 300      // names, labels, ids, roles, file names
	MaxAddressChars = 2000     // addresses
	MaxOptions      = 100      // chosen options of a record
	MaxFiles        = 100      // chosen files of a record
	MaxDetails      = 32       // entries of Detail
	MaxClients      = 100      // clients of a session
	MaxPeople       = 1000     // participants that a session's summary names
	MaxQueued       = 4096     // records waiting for the disk, per journal
	MaxSegmentBytes = 16 << 20 // a segment's lines, for readers; writers cut far earlier
	MaxSealedBytes  = 4 << 20  // header.json, closed.json, a client's pointer
)

// cutMark ends a string that was longer than its limit. Detail["cut"] names the fields.
const cutMark = "…"

// clipper shortens what is over its limit, and remembers what it shortened.
type clipper struct {
	divisor int // of all limits: more than 1 when the record was still too large
	cut     []string
}

func (c *clipper) text(field string, s *string, limit int) {
	*s = strings.ToValidUTF8(*s, "�")
	limit = max(limit/c.divisor, 8)
	if len(*s) <= limit || utf8.RuneCountInString(*s) <= limit {
		return
	}
	n := 0
	for i := range *s {
		if n == limit-1 {
			*s = (*s)[:i] + cutMark
			break
		}
		n++
	}
	c.note(field)
}

func (c *clipper) note(field string) {
	if !slices.Contains(c.cut, field) {
		c.cut = append(c.cut, field)
	}
}

// clip returns rec within the limits, its fields copied where they change.
func clip(rec Record, divisor int) Record {
	c := &clipper{divisor: divisor}
	kind, action, cause := string(rec.Kind), string(rec.Action), string(rec.Cause)
	c.text("kind", &kind, MaxNameChars)
	c.text("action", &action, MaxNameChars)
	c.text("cause", &cause, MaxNameChars)
	rec.Kind, rec.Action, rec.Cause = Kind(kind), Action(action), Cause(cause)
	c.text("message", &rec.Message, MaxMessageChars)
	if rec.By != nil {
		by := *rec.By
		c.person(&by)
		rec.By = &by
	}
	if rec.Page != nil {
		page := *rec.Page
		c.text("page.address", &page.Address, MaxAddressChars)
		c.text("page.title", &page.Title, MaxTitleChars)
		rec.Page = &page
	}
	if rec.Frame != nil {
		frame := *rec.Frame
		c.text("frame.address", &frame.Address, MaxAddressChars)
		c.text("frame.title", &frame.Title, MaxTitleChars)
		rec.Frame = &frame
	}
	if rec.Element != nil {
		el := *rec.Element
		for name, s := range map[string]*string{"element.name": &el.Name, "element.label": &el.Label, "element.id": &el.ID,
			"element.field": &el.Field, "element.type": &el.Type, "element.role": &el.Role, "element.form": &el.Form} {
			c.text(name, s, MaxNameChars)
		}
		rec.Element = &el
	}
	rec.Options = clipList(c, "options", rec.Options, MaxOptions, func(s *string) { c.text("options", s, MaxNameChars) })
	rec.Files = clipList(c, "files", rec.Files, MaxFiles, func(f *File) {
		c.text("files", &f.Name, MaxNameChars)
		c.text("files", &f.SHA256, 64*c.divisor)
	})
	rec.Detail = c.detail(rec.Detail)
	return rec
}

func (c *clipper) person(p *Person) {
	c.text("by.id", &p.ID, MaxNameChars)
	c.text("by.name", &p.Name, MaxNameChars)
	c.text("by.client", &p.Client, MaxNameChars)
}

// clipList returns a copy of list with at most limit elements, each clipped.
func clipList[T any](c *clipper, field string, list []T, limit int, each func(*T)) []T {
	limit = max(limit/c.divisor, 2)
	if len(list) > limit {
		list = list[:limit]
		c.note(field)
	}
	list = slices.Clone(list)
	for i := range list {
		each(&list[i])
	}
	return list
}

// detail returns a copy of d within the limits, with the fields that were cut under "cut".
func (c *clipper) detail(d map[string]string) map[string]string {
	clipped := make(map[string]string, len(d)+1)
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if len(clipped) == max(MaxDetails/c.divisor, 4) {
			c.note("detail")
			break
		}
		name, value := k, d[k]
		c.text("detail", &name, MaxNameChars)
		c.text("detail."+name, &value, MaxMessageChars)
		clipped[name] = value
	}
	if len(c.cut) > 0 {
		slices.Sort(c.cut)
		clipped["cut"] = strings.Join(c.cut, " ")
	}
	if len(clipped) == 0 {
		return nil
	}
	return clipped
}

// instant brings a time to what records have: UTC, microseconds, a year that JSON can hold.
func instant(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1 || t.Year() > 9999 {
		t = time.Unix(0, 0).UTC()
	}
	return t
}
