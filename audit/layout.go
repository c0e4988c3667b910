package audit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Names in the archive; docs/AUDIT.md explains them.
const (
	sessionsFolder = "v1/sessions/"
	clientsFolder  = "v1/clients/"
	headerName     = "header.json"
	closedName     = "closed.json"
	segmentSuffix  = ".jsonl.zst"
	dayLayout      = "2006/01/02"
	dateLayout     = time.DateOnly
)

// sessionFolder is where a session's objects are, with the slash.
func sessionFolder(opened time.Time, session string) string {
	return sessionsFolder + opened.UTC().Format(dayLayout) + "/" + session + "/"
}

func (h Header) folder() string { return sessionFolder(h.Opened, h.Session) }

// ofEpoch is name for the first epoch of a session, and name with the epoch in it for later ones.
func ofEpoch(name string, epoch uint32) string {
	if epoch <= 1 {
		return name
	}
	return strings.TrimSuffix(name, ".json") + fmt.Sprintf("-%04d.json", epoch)
}

func segmentName(epoch uint32, number int) string {
	return fmt.Sprintf("segment-%04d-%06d%s", epoch, number, segmentSuffix)
}

// parseSegment is segmentName's reverse.
func parseSegment(name string) (epoch uint32, number int, ok bool) {
	if _, err := fmt.Sscanf(name, "segment-%d-%d.jsonl.zst", &epoch, &number); err != nil {
		return 0, 0, false
	}
	return epoch, number, segmentName(epoch, number) == name
}

// place is the name of an object in a session's folder.
type place struct {
	Date, Session, Name string // yyyy-mm-dd
}

// parsePlace reads the key of a session's object.
func parsePlace(key string) (place, bool) {
	rest, ok := strings.CutPrefix(key, sessionsFolder)
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 5 || !validSession(parts[3]) {
		return place{}, false
	}
	day, err := time.Parse(dayLayout, strings.Join(parts[:3], "/"))
	if err != nil {
		return place{}, false
	}
	return place{day.Format(dateLayout), parts[3], parts[4]}, true
}

// clientFolder is where a client's pointers are, with the slash. Bytes that keys cannot have are written =XX, long ids
// as =h and their SHA-256.
func clientFolder(client string) string {
	var b strings.Builder
	for i := range len(client) {
		c := client[i]
		if c == '-' || c == '_' || c == '@' || c == '+' || c == '.' && i > 0 ||
			c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	if b.Len() > 200 {
		return clientsFolder + "=h" + hashOf([]byte(client)) + "/"
	}
	return clientsFolder + b.String() + "/"
}

func pointerKey(client string, h Header) string {
	return clientFolder(client) + h.Opened.UTC().Format(dateLayout) + "-" + h.Session + ".json"
}

// parsePointer reads the last part of a pointer's key.
func parsePointer(name string) (date, session string, ok bool) {
	name, ok = strings.CutSuffix(name, ".json")
	if !ok || len(name) <= len(dateLayout)+1 || name[len(dateLayout)] != '-' {
		return "", "", false
	}
	date, session = name[:len(dateLayout)], name[len(dateLayout)+1:]
	if _, err := time.Parse(dateLayout, date); err != nil || !validSession(session) {
		return "", "", false
	}
	return date, session, true
}

// idTime reads the time that a session id begins with: ten base32 digits of Unix milliseconds, as in a ULID.
func idTime(id string) (time.Time, bool) {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	if len(id) != 26 {
		return time.Time{}, false
	}
	var ms int64
	for i := range 10 {
		d := strings.IndexByte(digits, id[i])
		if d < 0 {
			return time.Time{}, false
		}
		ms = ms<<5 | int64(d)
	}
	t := time.UnixMilli(ms).UTC()
	return t, t.Year() <= 9999
}

// journalName is the file of a session's journal; parseJournal its reverse.
func journalName(session string, epoch uint32) string {
	return session + "." + fmt.Sprintf("%04d", epoch) + journalSuffix
}

const journalSuffix = ".journal"

func parseJournal(name string) (session string, epoch uint32, ok bool) {
	name, ok = strings.CutSuffix(name, journalSuffix)
	session, digits, found := strings.Cut(name, ".")
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || !found || err != nil || !validSession(session) {
		return "", 0, false
	}
	return session, uint32(n), true
}
