package session

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"binnacle/audit"
	"binnacle/objects"
	"binnacle/renderer"
)

// Renderer opens pages. Chrome makes one of a *renderer.Renderer.
type Renderer interface {
	// Open starts a page and blocks until it is shown or ctx ends; after an error nothing is left.
	Open(ctx context.Context, o renderer.Options) (Page, error)
}

// Page is what a session needs of a page; *renderer.Page says what each method promises. None of them blocks, but Close.
type Page interface {
	Frames() <-chan renderer.Frame
	Snapshots() <-chan renderer.Snapshot
	Events() <-chan renderer.Event
	Input(in renderer.Input) error
	AnswerDialog(id uint64, accept bool, text string) error
	Go(where string) error
	Refresh()
	Size() (width, height int, scale float64)
	Version() string // of Chrome, for the log's header
	Close() error
}

// Log begins the evidence of sessions. Evidence makes one of an *audit.Log.
type Log interface {
	Begin(ctx context.Context, h audit.Header) (Journal, error)
}

// Journal is the evidence of one session; *audit.Journal says what each method promises.
type Journal interface {
	Enqueue(rec audit.Record, done func(error))
	AddClient(ctx context.Context, c audit.ClientRef) error
	Close(ctx context.Context) error
}

// ErrLost says that another server owns the session now; a Directory's Renew wraps it.
var ErrLost = errors.New("session belongs to another server")

// Directory is where a server says which sessions are its own, so that others find them. All methods may be called
// concurrently and block until the directory answered or ctx ends.
type Directory interface {
	// Claim makes this server the owner of a session and returns the epoch of its ownership: 1, 2, 3 …
	Claim(ctx context.Context, session string) (epoch uint32, err error)
	// Renew says that the owner is alive; an error that wraps ErrLost ends the session.
	Renew(ctx context.Context, session string, epoch uint32) error
	// Release gives the session up, at its end.
	Release(ctx context.Context, session string, epoch uint32) error
}

// Config is what a hub is made of.
type Config struct {
	Renderer    Renderer          // required
	Log         Log               // required
	Presets     Presets           // required
	Store       objects.Store     // required: calls, clients, join tokens and the credentials' key
	Directory   Directory         // nil: this server is the only one, every epoch is 1
	Origins     []string          // of the pages that may open sockets, exact
	Limits      Limits            // zero value: the defaults
	TagVersions map[string]string // supported versions of the script tag with their integrity values
	TagVersion  string            // the recommended one, for the log
	Node        string            // this server's name, for the log
	Insecure    bool              // Chrome runs without its sandbox; stamped into each log
	Logger      *slog.Logger      // nil: slog.Default()
}

// Limits bound a session's life. Zero fields take the default.
type Limits struct {
	Idle            time.Duration // without input, mark or take-over; default 15 min
	IdleWarning     time.Duration // how long before its end people are warned; default 2 min
	Absolute        time.Duration // of a session's life; default 2 h
	AbsoluteWarning time.Duration // default 5 min
	Reconnect       time.Duration // how long a participant whose socket closed keeps the place; default 20 s
	Empty           time.Duration // how long a session outlives its last participant; default 2 min
	Open            time.Duration // how long a page may take to open; default 30 s
	MaxSessions     int           // at once, on this server; default 16
}

// Limits that are not configured, with a test each.
const (
	MaxParticipants = 50   // of one call
	MaxNameRunes    = 80   // of a participant
	MaxTitleRunes   = 120  // of a call
	MaxClientBytes  = 120  // of a client's id
	MaxEmailBytes   = 254  // of a client's e-mail address
	MaxClients      = 200  // in one answer of Clients
	MaxSweep        = 500  // tokens read or removed at a time
	MaxRecoveries   = 3    // of one session within RecoveryWindow
	maxEffects      = 4096 // changes that wait for the disk
)

// RecoveryWindow is the time in which MaxRecoveries are allowed.
const RecoveryWindow = 10 * time.Minute

const (
	credentialLife = 12 * time.Hour
	tokenLife      = 10 * time.Minute
	maxTokenLife   = 24 * time.Hour
	tokenKept      = 24 * time.Hour   // after its life: until then a link says that it has expired, later that it is not valid
	sweepEvery     = time.Hour        // tokens are looked through
	sweepSoon      = time.Minute      // the same, when MaxSweep were not enough
	sweepTime      = time.Minute      // for one look
	renewEvery     = 5 * time.Second  // of the directory's entry
	storeTime      = 10 * time.Second // for one step that talks to storage
	stopTime       = 5 * time.Second  // for the last record to reach the disk
	evidencePause  = 30 * time.Second // how long no session is begun after the evidence could not be kept
)

func (l Limits) withDefaults() Limits {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&l.Idle, 15*time.Minute)
	def(&l.IdleWarning, 2*time.Minute)
	def(&l.Absolute, 2*time.Hour)
	def(&l.AbsoluteWarning, 5*time.Minute)
	def(&l.Reconnect, 20*time.Second)
	def(&l.Empty, 2*time.Minute)
	def(&l.Open, 30*time.Second)
	l.IdleWarning = min(l.IdleWarning, l.Idle/2)
	l.AbsoluteWarning = min(l.AbsoluteWarning, l.Absolute/2)
	if l.MaxSessions <= 0 {
		l.MaxSessions = 16
	}
	return l
}

// Validate tells all that is missing, at once.
func (c Config) Validate() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New("session: Config."+what+" is required"))
		}
	}
	need(c.Renderer != nil, "Renderer")
	need(c.Log != nil, "Log")
	need(c.Presets != nil, "Presets")
	need(c.Store != nil, "Store")
	return errors.Join(errs...)
}
