package admin

import (
	"net/http"
	"time"

	"binnacle/session"
)

// serveHealth answers GET /healthz: the process is alive and serves.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, struct {
		OK bool `json:"ok"`
	}{true})
	return nil
}

// readyAnswer says whether new sessions may come here.
type readyAnswer struct {
	Accepting bool          `json:"accepting"`
	Sessions  int           `json:"sessions"`
	Free      int           `json:"free"` // slots for further sessions
	Archive   archiveAnswer `json:"archive"`
	Problems  []string      `json:"problems"`
}

// archiveAnswer is what is on this machine's disk only.
type archiveAnswer struct {
	Journals   int        `json:"journals"` // sessions with something that waits
	Objects    int        `json:"objects"`  // that wait
	Failed     int        `json:"failed"`   // running journals that take nothing any more
	Unreadable int        `json:"unreadable"`
	Oldest     *time.Time `json:"oldest"` // null: nothing waits
}

// serveReady answers GET /readyz: 503 while no new session is accepted. A backlog of the archive alone is no reason: the
// journal on disk is the evidence until the archive has it.
func (s *Server) serveReady(w http.ResponseWriter, _ *http.Request) error {
	ready, backlog := s.cfg.Hub.Ready(), s.cfg.Records.Backlog()
	shown := readyAnswer{Accepting: ready.Accepting, Sessions: ready.Sessions, Free: ready.Free, Problems: append([]string{}, ready.Problems...),
		Archive: archiveAnswer{Journals: backlog.Journals, Objects: backlog.Objects, Failed: backlog.Failed, Unreadable: backlog.Unreadable}}
	if !backlog.Oldest.IsZero() {
		oldest := backlog.Oldest.UTC()
		shown.Archive.Oldest = &oldest
	}
	if backlog.Problem != "" { // the words themselves name sessions and storage: they are in the log, not for everybody
		shown.Problems = append(shown.Problems, "the archive does not take what waits; the server's log says why")
	}
	status := http.StatusOK
	if !ready.Accepting {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, shown)
	return nil
}

// serveConfig answers GET /config.json: what the pages need to know.
func (s *Server) serveConfig(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, struct {
		PublicURL       string   `json:"publicUrl"`
		ProtocolVersion int      `json:"protocolVersion"`
		TagVersion      string   `json:"tagVersion"`
		Demo            bool     `json:"demo"`
		FrameParents    []string `json:"frameParents"` // origins that may frame the viewer
	}{s.public, session.ProtocolVersion, recommendedTag().Number, s.cfg.Demo, origins(s.cfg.FrameAncestors)})
	return nil
}
