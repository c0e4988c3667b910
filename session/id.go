package session

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// IDLength is the length of every id that NewID gives.
const IDLength = 26

// Crockford's digits in ascending order: ids sort as their times do.
const idDigits = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID returns an id that nobody can guess and that sorts by time: 48 bits of Unix milliseconds and 80 random bits as 26
// lower-case base32 digits.
func NewID() string {
	var b [20]byte // 32 zero bits in front make 160, which base32 writes as 32 digits; the last 26 hold our 128
	binary.BigEndian.PutUint64(b[2:], uint64(time.Now().UnixMilli()))
	rand.Read(b[10:])
	digits := base32.NewEncoding(idDigits).WithPadding(base32.NoPadding).EncodeToString(b[:])
	return digits[len(digits)-IDLength:]
}

func validID(id string) bool {
	if len(id) != IDLength {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
