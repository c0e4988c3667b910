package session

import (
	"sort"

	"binnacle/audit"
)

// maxStamps is how many inputs are remembered: what came before these cannot come back from the page any more.
const maxStamps = 100_000

// authors remembers whose input every stamp was, for attribution by cause. Stamps are added in increasing order.
type authors struct {
	turns  []author // one per stretch of inputs by the same participant in the same turn
	stamps []stamp  // a ring once it is full
	first  int      // index of the oldest
}

type author struct {
	by   *audit.Person
	turn uint64
}

type stamp struct {
	time int64
	turn int // number of the author since the beginning
}

// add notes that the input with that stamp is by's, in turn.
func (a *authors) add(time int64, by *audit.Person, turn uint64) {
	if n := len(a.turns); n == 0 || a.turns[n-1].turn != turn || a.turns[n-1].by.ID != by.ID {
		a.turns = append(a.turns, author{by, turn})
	}
	s := stamp{time, len(a.turns) - 1}
	if len(a.stamps) < maxStamps {
		a.stamps = append(a.stamps, s)
		return
	}
	a.stamps[a.first] = s
	a.first = (a.first + 1) % maxStamps
}

// find returns whose input the stamp was.
func (a *authors) find(time int64) (author, bool) {
	n := len(a.stamps)
	at := func(i int) stamp { return a.stamps[(a.first+i)%n] }
	i := sort.Search(n, func(i int) bool { return at(i).time >= time })
	if i == n || at(i).time != time {
		return author{}, false
	}
	return a.turns[at(i).turn], true
}
