package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"binnacle/objects"
)

// ErrUnknown says that neither the archive nor this server's journals have the session.
var ErrUnknown = errors.New("no such session in the archive")

// MaxActivities bounds the sessions that Sessions returns: the newest.
const MaxActivities = 1000

// SessionInfo says what a session's log is about.
type SessionInfo struct {
	ID           string
	Date         string // yyyy-mm-dd, UTC: where the archive has it
	Call         string
	CallTitle    string
	Preset       string
	PresetName   string
	Address      string
	Opened       time.Time
	Closed       *time.Time // nil while the session runs, as far as the archive and this server know
	Interrupted  bool       // the server ended without closing the log
	Failed       bool       // records were refused because the journal's queue was full
	Records      uint64
	Participants []Person
	Clients      []ClientRef
}

func infoOf(h Header, records uint64, people []Person, clients []ClientRef, end *ending) SessionInfo {
	i := SessionInfo{ID: h.Session, Date: h.Opened.UTC().Format(dateLayout), Call: h.Call, CallTitle: h.CallTitle,
		Preset: h.Preset, PresetName: h.PresetName, Address: h.Address, Opened: h.Opened, Records: records,
		Participants: slices.Clone(people), Clients: slices.Clone(clients)}
	if end != nil {
		closed := end.Closed
		i.Closed = &closed
		i.Interrupted = end.Why == WhyInterrupted
		i.Failed = end.Why == WhyFailed
	}
	return i
}

func (b ledger) info() SessionInfo { return infoOf(b.header, b.records, b.people, b.clients, b.end) }

// Session returns what the log of a session is about, or ErrUnknown. Of a session that runs on another server it knows
// what the archive has by now.
func (l *Log) Session(ctx context.Context, id string) (SessionInfo, error) {
	if !validSession(id) {
		return SessionInfo{}, fmt.Errorf("session %.64q: %w", id, ErrUnknown)
	}
	if s := l.local(id); len(s) > 0 {
		return s[len(s)-1].book().info(), nil
	}
	folder, err := findSession(ctx, l.cfg.Store, id)
	if err != nil {
		return SessionInfo{}, fmt.Errorf("session %s: %w", id, err)
	}
	return l.archived(ctx, folder)
}

// local returns this server's journals of a session, oldest epoch first.
func (l *Log) local(id string) []*shipment {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []*shipment
	for _, s := range l.ships {
		if s.book().header.Session == id {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *shipment) int { return strings.Compare(a.path, b.path) })
	return found
}

// archived reads what the archive says about the session in folder.
func (l *Log) archived(ctx context.Context, folder string) (SessionInfo, error) {
	body, _, err := l.cfg.Store.Get(ctx, folder+closedName)
	if err == nil {
		var o closedObject
		if err := unseal(body, &o); err != nil {
			return SessionInfo{}, fmt.Errorf("%s%s: %w", folder, closedName, err)
		}
		return infoOf(o.Header, o.Records, o.People, o.Clients, &o.ending), nil
	}
	if !errors.Is(err, objects.ErrNotFound) {
		return SessionInfo{}, err
	}
	body, _, err = l.cfg.Store.Get(ctx, folder+headerName)
	if errors.Is(err, objects.ErrNotFound) {
		return SessionInfo{}, fmt.Errorf("%s: %w", folder, ErrUnknown)
	}
	if err != nil {
		return SessionInfo{}, err
	}
	var h headerObject
	if err := unseal(body, &h); err != nil {
		return SessionInfo{}, fmt.Errorf("%s%s: %w", folder, headerName, err)
	}
	var records uint64
	var people []Person
	for rec, err := range l.archivedRecords(ctx, folder, nil) {
		if err != nil {
			return SessionInfo{}, err
		}
		records++
		people = addPerson(people, rec.By)
	}
	return infoOf(h.Header, records, people, h.Clients, nil), nil
}

// findSession returns the archive's folder of a session, or ErrUnknown. Ids begin with their time, so there are two days
// to look at: the id's and, for a session opened right after midnight, the next. Other ids are looked for everywhere.
func findSession(ctx context.Context, store objects.Store, id string) (string, error) {
	if t, ok := idTime(id); ok {
		for _, opened := range []time.Time{t, t.AddDate(0, 0, 1)} {
			folder := sessionFolder(opened, id)
			for _, err := range store.List(ctx, folder) {
				return folder, err
			}
		}
		return "", ErrUnknown
	}
	for info, err := range store.List(ctx, sessionsFolder) {
		if err != nil {
			return "", err
		}
		if p, ok := parsePlace(info.Key); ok && p.Session == id {
			return strings.TrimSuffix(info.Key, p.Name), nil
		}
	}
	return "", ErrUnknown
}

// Sessions returns the sessions that a client took part in, newest first, running ones too: at most MaxActivities.
func (l *Log) Sessions(ctx context.Context, clientID string) ([]SessionInfo, error) {
	infos := map[string]SessionInfo{}
	l.mu.Lock()
	for _, s := range l.ships {
		book := s.book()
		if slices.ContainsFunc(book.clients, func(r ClientRef) bool { return r.ID == clientID }) {
			infos[book.header.Session] = book.info()
		}
	}
	l.mu.Unlock()
	var folders []string
	for info, err := range l.cfg.Store.List(ctx, clientFolder(clientID)) {
		if err != nil {
			return nil, fmt.Errorf("sessions of client %s: %w", clientID, err)
		}
		date, session, ok := parsePointer(info.Key[strings.LastIndexByte(info.Key, '/')+1:])
		if _, have := infos[session]; !ok || have {
			continue
		}
		folders = append(folders, sessionsFolder+strings.ReplaceAll(date, "-", "/")+"/"+session+"/")
	}
	if len(folders) > MaxActivities {
		folders = folders[len(folders)-MaxActivities:]
	}
	archived, err := l.readAll(ctx, folders)
	if err != nil {
		return nil, fmt.Errorf("sessions of client %s: %w", clientID, err)
	}
	for _, info := range infos {
		archived = append(archived, info)
	}
	slices.SortFunc(archived, func(a, b SessionInfo) int {
		if c := b.Opened.Compare(a.Opened); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return archived[:min(len(archived), MaxActivities)], nil
}

// readers is how many objects are read at the same time.
const readers = 8

// readAll reads what the archive says about several sessions.
func (l *Log) readAll(ctx context.Context, folders []string) ([]SessionInfo, error) {
	infos, errs := make([]SessionInfo, len(folders)), make([]error, len(folders))
	var wg sync.WaitGroup
	for r := range min(readers, len(folders)) {
		wg.Go(func() {
			for i := r; i < len(folders); i += readers {
				if infos[i], errs[i] = l.archived(ctx, folders[i]); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return infos, errors.Join(errs...)
}
