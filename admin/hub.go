package admin

import (
	"context"
	"iter"
	"net/http"
	"time"

	"binnacle/audit"
	"binnacle/session"
)

// Hub is what the HTTP rim needs of *session.Hub, which says what each method promises.
type Hub interface {
	Calls
	Clients
	Sessions
	Sockets
}

// Calls are the host product's calls and who takes part.
type Calls interface {
	CreateCall(ctx context.Context, n session.NewCall) (session.Call, error)
	Call(ctx context.Context, id string) (session.Call, error)
	AddParticipant(ctx context.Context, call string, n session.NewParticipant) (session.Participant, error)
	Admit(ctx context.Context, call, participant string, admitted bool) (session.Participant, error)
	RemoveParticipant(ctx context.Context, call, participant string) error
	JoinToken(ctx context.Context, call, participant string, ttl time.Duration) (token string, expires time.Time, err error)
}

// Clients are the customers that the host product told us of.
type Clients interface {
	PutClient(ctx context.Context, c session.Client) (session.Client, error)
	Client(ctx context.Context, id string) (session.Client, error)
	Clients(ctx context.Context, query string) ([]session.Client, error)
}

// Sessions are the running ones.
type Sessions interface {
	Start(ctx context.Context, call, by, preset string) (session.SessionRef, error)
	Stop(ctx context.Context, call, by string) error
	State(ctx context.Context, id string) (session.Info, error)
	Running(call string) *session.SessionRef
	Ready() session.Readiness
}

// Sockets are the participants' way in.
type Sockets interface {
	Join(ctx context.Context, token string) (credential string, joined session.Joined, err error)
	Authenticate(credential string) (call, participant string, err error)
	ServeCall(w http.ResponseWriter, r *http.Request, call string)
	ServeSession(w http.ResponseWriter, r *http.Request, id string)
}

// Records is what the HTTP rim needs of *audit.Log, which says what each method promises.
type Records interface {
	Sessions(ctx context.Context, client string) ([]audit.SessionInfo, error)
	Session(ctx context.Context, id string) (audit.SessionInfo, error)
	Records(ctx context.Context, id string) iter.Seq2[audit.Record, error]
	Backlog() audit.Backlog
}
