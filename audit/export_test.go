package audit

import "bytes"

// What tests in audit_test need from inside: a file system of their own, and the decoders that no exported call reaches.

type (
	FileSystem  = fileSystem
	JournalFile = file
	OSFiles     = osFiles
)

// WithFiles returns c with journals written through fs.
func (c Config) WithFiles(fs FileSystem) Config {
	c.files = fs
	return c
}

// The largest header and the golden objects.
var (
	ReadLedger = func(b []byte) (records uint64, size int64, ended bool, err error) {
		l, err := readLedger(bytes.NewReader(b))
		return l.records, l.size, l.end != nil, err
	}
	Unseal        = unseal
	Seal          = seal
	ClientFolder  = clientFolder
	ParsePointer  = parsePointer
	ParsePlaceKey = func(key string) bool { _, ok := parsePlace(key); return ok }
)

type (
	HeaderObject  = headerObject
	ClosedObject  = closedObject
	PointerObject = pointerObject
)
