package audit

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"

	"binnacle/objects"
)

// VerifyOptions says what to look at; the zero value means the whole archive.
type VerifyOptions struct {
	Session  string         // only this session
	Client   string         // only sessions of this client
	From, To string         // only sessions opened on these days and between, yyyy-mm-dd, UTC; either may be empty
	Progress func(Progress) // called now and then from one goroutine; may be nil
}

// Verify reads an archive and checks that each session's records form one unbroken chain, that segments are the ones that
// closed.json was written over, that none is missing or added, and that clients' pointers and sessions belong together.
// An error means that it could not look, or that there was nothing to look at; what it found is in the report.
func Verify(ctx context.Context, store objects.Store, opts VerifyOptions) (Report, error) {
	v, err := newVerifier(store, opts)
	if err != nil {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	defer v.codec.close()
	report, err := v.run(ctx)
	if err == nil && report.Sessions == 0 && report.OK() && (opts.Session != "" || opts.Client != "") {
		err = ErrUnknown
	}
	if err != nil {
		return report, fmt.Errorf("verify: %w", err)
	}
	return report, nil
}

type verifier struct {
	store objects.Store
	opts  VerifyOptions
	codec *codec
}

func newVerifier(store objects.Store, opts VerifyOptions) (*verifier, error) {
	var faults []error
	for _, day := range []string{opts.From, opts.To} {
		if _, err := time.Parse(dateLayout, day); day != "" && err != nil {
			faults = append(faults, fmt.Errorf("%q is no day like 2026-11-22", day))
		}
	}
	if opts.Session != "" && !validSession(opts.Session) {
		faults = append(faults, fmt.Errorf("%q is no session id", opts.Session))
	}
	if opts.Session != "" && opts.Client != "" {
		faults = append(faults, errors.New("a session or a client, not both"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	c, err := newCodec()
	return &verifier{store, opts, c}, err
}

func (v *verifier) inRange(date string) bool {
	return (v.opts.From == "" || date >= v.opts.From) && (v.opts.To == "" || date <= v.opts.To)
}

// run lists sessions in one goroutine, checks them in several, and adds up in this one.
func (v *verifier) run(ctx context.Context) (Report, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs, results := make(chan sessionObjects), make(chan sessionReport)
	var lister, workers sync.WaitGroup
	lister.Go(func() {
		defer close(jobs)
		if err := v.list(ctx, jobs); err != nil {
			cancel(err)
		}
	})
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for job := range jobs {
				r, err := v.session(ctx, job)
				if err != nil {
					cancel(err)
					continue // empty jobs, so that the lister ends
				}
				results <- r
			}
		})
	}
	done := make(chan struct{})
	go func() { workers.Wait(); close(results); close(done) }()
	var report Report
	known := map[string]bool{} // folders of sessions that the archive has
	for r := range results {
		report.add(r)
		known[r.folder] = true
		if v.opts.Progress != nil {
			v.opts.Progress(report.Progress)
		}
	}
	<-done
	lister.Wait()
	if err := context.Cause(ctx); err != nil {
		return report, err
	}
	if v.opts.Session == "" && v.opts.Client == "" {
		if err := v.pointers(ctx, known, &report); err != nil {
			return report, err
		}
	}
	report.sort()
	return report, nil
}

// sessionObjects is a session's folder with the names in it.
type sessionObjects struct {
	folder, date, session string
	names                 []string
}

// list sends the sessions to look at.
func (v *verifier) list(ctx context.Context, jobs chan<- sessionObjects) error {
	switch {
	case v.opts.Session != "":
		folder, err := findSession(ctx, v.store, v.opts.Session)
		if err != nil {
			return fmt.Errorf("session %s: %w", v.opts.Session, err)
		}
		return v.listUnder(ctx, folder, jobs)
	case v.opts.Client != "":
		for info, err := range v.store.List(ctx, clientFolder(v.opts.Client)) {
			if err != nil {
				return err
			}
			date, session, ok := parsePointer(path.Base(info.Key))
			if !ok || !v.inRange(date) {
				continue
			}
			folder := sessionsFolder + strings.ReplaceAll(date, "-", "/") + "/" + session + "/"
			if err := v.listUnder(ctx, folder, jobs); err != nil {
				return err
			}
		}
		return nil
	}
	return v.listUnder(ctx, sessionsFolder+commonDays(v.opts.From, v.opts.To), jobs)
}

// commonDays is the part of the folders that all days of a range share.
func commonDays(from, to string) string {
	from, to = strings.ReplaceAll(from, "-", "/"), strings.ReplaceAll(to, "-", "/")
	n := 0
	for n < min(len(from), len(to)) && from[n] == to[n] {
		n++
	}
	return from[:n]
}

// listUnder sends the sessions whose keys begin with prefix. Keys come in order, so a session's objects are neighbours.
// A folder that is asked for and has nothing in it is sent empty.
func (v *verifier) listUnder(ctx context.Context, prefix string, jobs chan<- sessionObjects) error {
	var at sessionObjects
	if p, ok := parsePlace(prefix + headerName); ok {
		at = sessionObjects{folder: prefix, date: p.Date, session: p.Session}
	}
	send := func() error {
		if at.folder == "" {
			return nil
		}
		select {
		case jobs <- at:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for info, err := range v.store.List(ctx, prefix) {
		if err != nil {
			return err
		}
		folder, name := path.Split(info.Key)
		p, ok := parsePlace(info.Key)
		if ok && !v.inRange(p.Date) {
			continue
		}
		if folder != at.folder {
			if err := send(); err != nil {
				return err
			}
			at = sessionObjects{folder: folder, date: p.Date, session: p.Session}
		}
		at.names = append(at.names, name)
	}
	return send()
}

// pointers checks that every client's pointer leads to a session.
func (v *verifier) pointers(ctx context.Context, known map[string]bool, report *Report) error {
	for info, err := range v.store.List(ctx, clientsFolder) {
		if err != nil {
			return err
		}
		date, session, ok := parsePointer(path.Base(info.Key))
		if ok && !v.inRange(date) {
			continue
		}
		if !ok || strings.Count(info.Key, "/") != 3 {
			report.fault(Fault{Code: FaultExtra, Object: info.Key, Problem: "nothing in the archive has such a name"})
			continue
		}
		folder := sessionsFolder + strings.ReplaceAll(date, "-", "/") + "/" + session + "/"
		if !known[folder] {
			report.fault(Fault{Code: FaultSessionMissing, Session: session, Object: info.Key,
				Problem: "the client took part in a session that the archive does not have"})
			continue
		}
		body, _, err := v.store.Get(ctx, info.Key)
		if err != nil {
			return err
		}
		var p pointerObject
		if err := unseal(body, &p); err != nil {
			report.fault(Fault{Code: FaultPointer, Session: session, Object: info.Key, Problem: err.Error()})
		} else if p.V != Version || p.Folder != folder || clientFolder(p.Client)+path.Base(info.Key) != info.Key {
			report.fault(Fault{Code: FaultPointer, Session: session, Object: info.Key, Problem: "it is not in its place"})
		}
	}
	return nil
}
