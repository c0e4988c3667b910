package stream

import "time"

// Everything that a participant sends is bounded by the numbers of this file, and so is everything that waits for one.
// docs/PROTOCOL.md repeats them for people; TestLimits* exceeds each.
const (
	// MaxMessageBytes is the longest message that a client may send.
	MaxMessageBytes = 64 << 10
	// MaxTextBytes is the longest text of one input or dialog answer (UTF-8): a long paste, and half a message even when escaped.
	MaxTextBytes = 32 << 10
	// MaxKeyBytes bounds the key, code and text of one key: "BrowserFavorites" is 16, a composed character has several runes.
	MaxKeyBytes = 64
	// MaxCredentialBytes bounds the credential of hello.
	MaxCredentialBytes = 2048
	// MaxMarkIDBytes bounds a stroke's id: letters, digits, - and _.
	MaxMarkIDBytes = 32
	// MaxMarkPoints is how many points one mark message may add.
	MaxMarkPoints = 256
	// MaxCoordinate bounds every coordinate and wheel distance, in both directions.
	MaxCoordinate = 1e6
	// MaxTouches is how many fingers one input may have.
	MaxTouches = 10
	// MaxDepth is how deep objects and arrays of a client message may nest: message, list, point.
	MaxDepth = 3
	// MaxFields is how many fields one object of a client message may have; no type has as many.
	MaxFields = 32

	// MaxPicturesInFlight is how many pictures may be sent and not acknowledged. With two, a viewer on 4 Mbit/s sees pictures
	// 0.45 s old; without a bound, 23 s old and growing (measured 2026-11-22).
	MaxPicturesInFlight = 2
	// ControlQueue is how many control messages may wait for one participant. One that does not take them is cut off.
	ControlQueue = 256
	// MaxLasers is how many participants' laser pointers may wait for one participant; more are left out.
	MaxLasers = 64
	// MaxSnapshotBytes is the longest snapshot body that is sent; a longer one is left out, and logged.
	MaxSnapshotBytes = 4 << 20
	// MaxServerMessageBytes is the longest text message that a server sends; DecodeServer refuses longer ones.
	MaxServerMessageBytes = 8 << 20
	// KeepBufferBytes is how large a peer's own write buffer may stay after a long message.
	KeepBufferBytes = 64 << 10
	// MaxPictureBytes is the longest picture message, header included.
	MaxPictureBytes = 32 << 20
	// SocketBufferBytes bounds what the kernel holds for one participant: old pictures must not queue where nobody can drop them,
	// and a ping must not wait behind megabytes. 256 KiB carry 20 Mbit/s over 100 ms.
	SocketBufferBytes = 256 << 10
)

// Times that Config can change; these are the defaults.
const (
	HelloTimeout = 10 * time.Second // from the upgrade to a whole hello
	PingInterval = 15 * time.Second // between the server's pings
	PongTimeout  = 30 * time.Second // a socket silent for longer is dead
	WriteTimeout = 10 * time.Second // a socket that takes not one byte for this long is closed
	CloseTimeout = 5 * time.Second  // for what still waits, the final message and the client's own close
)

// Rates per participant: a token bucket for each kind of message. Moves and laser pointers over their rate are dropped (the next
// one replaces them anyway); everything else over its rate closes the socket with code too_fast.
const (
	MovesPerSecond    = 250 // mouse and touch moves
	MovesBurst        = 500
	InputsPerSecond   = 250 // all other inputs
	InputsBurst       = 500
	MarksPerSecond    = 60
	MarksBurst        = 120
	PointersPerSecond = 60
	PointersBurst     = 120
	ControlsPerSecond = 10 // take_over, stop, leave, clear_marks, answer, go
	ControlsBurst     = 20
	AcksPerSecond     = 120 // twice as many as Chrome paints
	AcksBurst         = 240
	PingsPerSecond    = 2 // WebSocket pings and pongs of the client
	PingsBurst        = 20
	BytesPerSecond    = 1 << 20 // of all messages together
	BytesBurst        = 4 << 20
)
