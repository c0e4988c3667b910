package audit

import "slices"

// chain follows a session's records from line to line. After a fault it goes on from what is there, so that one fault
// is one fault.
type chain struct {
	r       *sessionReport
	session string
	epoch   uint32
	seq     uint64 // of the last record
	prev    string // hash of the last line
	lost    bool   // what came right before could not be read: the next record is taken as it is
	records uint64
	people  []Person
}

// line checks line n of the segment name.
func (c *chain) line(name string, n int, line []byte) {
	c.r.records++
	c.records++
	rec, err := DecodeLine(line)
	if err != nil {
		c.r.fault(FaultRecordBad, name, n, 0, "%v", err)
		c.lost = true
		return
	}
	if rec.Session != c.session || rec.Epoch != c.epoch {
		c.r.fault(FaultRecordForeign, name, n, rec.Seq, "it is of session %s, epoch %d", rec.Session, rec.Epoch)
	}
	if !c.lost && rec.Seq != c.seq+1 {
		c.r.fault(FaultRecordOrder, name, n, rec.Seq, "%d should follow %d", c.seq+1, c.seq)
	}
	if !c.lost && rec.Prev != c.prev {
		c.r.fault(FaultChain, name, n, rec.Seq, "prev is %s, the line before has %s", rec.Prev, c.prev)
	}
	c.seq, c.prev, c.lost = rec.Seq, hashOf(line), false
	c.people = addPerson(c.people, rec.By)
}

// compare checks what closed says about the records.
func (c *chain) compare(closed *closedObject, name string) {
	if closed.Records != c.records || closed.Last != c.prev {
		c.r.fault(FaultCount, name, 0, 0, "it closes over %d records, the last with SHA-256 %s; there are %d, the last with %s",
			closed.Records, closed.Last, c.records, c.prev)
	} else if !slices.Equal(closed.People, c.people) {
		c.r.fault(FaultCount, name, 0, 0, "it names other participants than the records")
	}
	var listed uint64
	for _, s := range closed.Segments {
		listed += uint64(s.Records)
	}
	if listed != closed.Records {
		c.r.fault(FaultCount, name, 0, 0, "its segments have %d records, it closes over %d", listed, closed.Records)
	}
}
