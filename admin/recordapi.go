package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"binnacle/audit"
)

// recordAnswer is the record of one session: its header, without what was done in it.
type recordAnswer struct {
	Session      string         `json:"session"`
	Call         titled         `json:"call"`
	Preset       presetRef      `json:"preset"`
	Opened       time.Time      `json:"opened"`
	Closed       *time.Time     `json:"closed"`      // null: it runs, or its log was not closed yet
	Interrupted  bool           `json:"interrupted"` // the server ended without closing the log
	Failed       bool           `json:"failed"`      // lines were refused because the journal could not keep up: input stopped then
	Participants []audit.Person `json:"participants"`
}

type titled struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type presetRef struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

func showRecord(info audit.SessionInfo) recordAnswer {
	return recordAnswer{
		Session: info.ID, Call: titled{info.Call, info.CallTitle}, Preset: presetRef{info.Preset, info.PresetName, info.Address},
		Opened: info.Opened.UTC(), Closed: info.Closed, Interrupted: info.Interrupted, Failed: info.Failed, Participants: append([]audit.Person{}, info.Participants...),
	}
}

// sortKey orders records newest first: ids of sessions begin with their time, so their digits are turned round.
func (a recordAnswer) sortKey() string {
	return strconv.FormatInt(1<<62-a.Opened.UnixMicro(), 10) + a.Session
}

// listActivities answers GET /clients/{client}/activities: the sessions that the client took part in, newest first.
func (s *Server) listActivities(w http.ResponseWriter, r *http.Request) error {
	p, err := readPage(r)
	if err != nil {
		return err
	}
	client, err := s.cfg.Hub.Client(r.Context(), r.PathValue("client"))
	if err != nil {
		return err
	}
	infos, err := s.cfg.Records.Sessions(r.Context(), client.ID)
	if err != nil {
		return err
	}
	shown := make([]recordAnswer, 0, len(infos))
	for _, info := range infos {
		shown = append(shown, showRecord(info))
	}
	slices.SortFunc(shown, func(a, b recordAnswer) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	writeJSON(w, http.StatusOK, cut(shown, p, recordAnswer.sortKey))
	return nil
}

// summary adds to a record what its lines say.
type summary struct {
	recordAnswer
	Records  int            `json:"records"`
	Kinds    map[string]int `json:"kinds"`
	Actions  map[string]int `json:"actions"`  // of form interactions
	OpenedBy *audit.Person  `json:"openedBy"` // null: the host product
	ClosedBy *audit.Person  `json:"closedBy"` // null: the server or the host product, or it runs
	Reason   string         `json:"reason"`   // why it ended
}

// getRecord answers GET /records/{session}.
func (s *Server) getRecord(w http.ResponseWriter, r *http.Request) error {
	info, err := s.record(r)
	if err != nil {
		return err
	}
	sum := summary{recordAnswer: showRecord(info), Kinds: map[string]int{}, Actions: map[string]int{}}
	for rec, err := range s.cfg.Records.Records(r.Context(), info.ID) {
		if err != nil {
			return fmt.Errorf("summarise record %s: %w", info.ID, err)
		}
		sum.Records++
		sum.Kinds[string(rec.Kind)]++
		switch rec.Kind {
		case audit.KindForm:
			sum.Actions[string(rec.Action)]++
		case audit.KindOpened:
			sum.OpenedBy = rec.By
		case audit.KindStopped:
			sum.ClosedBy, sum.Reason = rec.By, rec.Detail["reason"]
		case audit.KindInterrupted:
			sum.Reason = string(rec.Kind)
		}
	}
	writeJSON(w, http.StatusOK, sum)
	return nil
}

// record finds the session that the address names.
func (s *Server) record(r *http.Request) (audit.SessionInfo, error) {
	info, err := s.cfg.Records.Session(r.Context(), r.PathValue("session"))
	if errors.Is(err, audit.ErrUnknown) {
		return audit.SessionInfo{}, unknown("record")
	}
	return info, err
}

// timeline answers GET /records/{session}/timeline: the lines as they are in the log. ?after= is a record's seq.
func (s *Server) timeline(w http.ResponseWriter, r *http.Request) error {
	query, faults := r.URL.Query(), &invalid{}
	limit, after := readLimit(query, faults), uint64(0)
	if text := query.Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 63); err != nil {
			faults.add("after", "bad_value", "must be the seq of a record")
		}
	}
	if err := faults.err(); err != nil {
		return err
	}
	info, err := s.record(r)
	if err != nil {
		return err
	}
	list := List[audit.Record]{Items: []audit.Record{}}
	for rec, err := range s.cfg.Records.Records(r.Context(), info.ID) {
		if err != nil {
			return fmt.Errorf("read record %s: %w", info.ID, err)
		}
		if rec.Seq <= after {
			continue
		}
		if len(list.Items) == limit {
			list.Next = strconv.FormatUint(list.Items[limit-1].Seq, 10)
			break
		}
		list.Items = append(list.Items, rec)
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// downloadLog answers GET /records/{session}/log?format=jsonl|csv. When the log cannot be read to its end the connection is
// cut, so that nobody takes half a log for a whole one.
func (s *Server) downloadLog(w http.ResponseWriter, r *http.Request) error {
	format := r.URL.Query().Get("format")
	kind, write := "application/x-ndjson", audit.WriteJSONL
	switch format {
	case "", "jsonl":
		format = "jsonl"
	case "csv":
		kind, write = "text/csv; charset=utf-8", audit.WriteCSV
	default:
		return &invalid{faults: []FieldFault{{Field: "format", Code: "bad_value", Message: "must be jsonl or csv"}}}
	}
	info, err := s.record(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="cobrowse-`+info.Opened.UTC().Format(time.DateOnly)+"-"+info.ID+"."+format+`"`)
	s.log.Info("download", "request", requestID(r.Context()), "key", keyIn(r.Context()).ID, "session", info.ID, "format", format)
	out := &begun{w: w}
	if err := write(out, s.cfg.Records.Records(r.Context(), info.ID)); err != nil {
		if !out.yes {
			h.Del("Content-Disposition")
			return fmt.Errorf("download log %s: %w", info.ID, err)
		}
		if !errors.Is(err, context.Canceled) {
			s.log.Error("download", "request", requestID(r.Context()), "session", info.ID, "error", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// begun notes whether anything was written.
type begun struct {
	w   io.Writer
	yes bool
}

func (b *begun) Write(data []byte) (int, error) {
	b.yes = true
	return b.w.Write(data)
}
