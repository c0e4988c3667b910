package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// objectVersion is the version of the directory's objects (field "v").
const objectVersion = 1

// object is an entry as other nodes read it. Its JSON is guarded by a golden file.
type object struct {
	V       int    `json:"v"`
	Session string `json:"session"`
	Node    string `json:"node"`
	URL     string `json:"url,omitempty"`
	Epoch   uint32 `json:"epoch"`
	Beat    uint64 `json:"beat"`
	TTL     int64  `json:"ttl_ms"`
	Ended   bool   `json:"ended,omitempty"` // the session is over; the object is about to be deleted
}

func encode(e Entry, ended bool) []byte {
	b, err := json.Marshal(object{objectVersion, e.Session, e.Node, e.URL, e.Epoch, e.Beat, e.TTL.Milliseconds(), ended})
	if err != nil {
		panic(err) // strings and numbers only
	}
	return append(b, '\n')
}

// decode reads an object of the directory; ended says that its session is over.
func decode(b []byte) (e Entry, ended bool, err error) {
	var o object
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&o); err != nil {
		return Entry{}, false, fmt.Errorf("read directory entry: %w", err)
	}
	if o.V != objectVersion || o.Session == "" || o.Node == "" || o.Epoch == 0 || o.TTL <= 0 || o.TTL > maxTTL.Milliseconds() {
		return Entry{}, false, fmt.Errorf("read directory entry: version %d, session %q, node %q, epoch %d, ttl %d ms: not valid",
			o.V, o.Session, o.Node, o.Epoch, o.TTL)
	}
	return Entry{o.Session, o.Node, o.URL, o.Epoch, o.Beat, time.Duration(o.TTL) * time.Millisecond}, o.Ended, nil
}
