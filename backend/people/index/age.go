package index

import (
	"slices"
	"strconv"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// ages says when people were read whose facts are not as old as the last full sync: they were read alone since, or it
// did not deliver them. Mostly there are none.
type ages struct {
	at   []uint32 // positions, ascending
	read []int64  // unix seconds; negative where the last full sync did not deliver the person
}

// add takes in the next person.
func (a *ages) add(pos int, u *domain.User) {
	switch {
	case u.Unread:
		a.put(pos, -u.ReadAt.Unix())
	case !u.ReadAt.IsZero():
		a.put(pos, u.ReadAt.Unix())
	}
}

func (a *ages) put(pos int, read int64) {
	a.at, a.read = append(a.at, uint32(pos)), append(a.read, read)
}

// of gives what is kept about a person, 0 for nothing.
func (a *ages) of(pos int) int64 {
	if i, found := slices.BinarySearch(a.at, uint32(pos)); found {
		return a.read[i]
	}
	return 0
}

// whole tells whether the positions are in order and below n.
func (a *ages) whole(n int) bool {
	for i, pos := range a.at {
		if int(pos) >= n || i > 0 && pos <= a.at[i-1] {
			return false
		}
	}
	return len(a.at) == len(a.read)
}

// completed is the end of the last full sync in unix seconds, 0 for none.
func (ix *Index) completed() int64 {
	if ix.Freshness.CompleteAt.IsZero() {
		return 0
	}
	return ix.Freshness.CompleteAt.Unix()
}

// readAt turns what is kept about a person into unix seconds, 0 where it is not known.
func (ix *Index) readAt(kept int64) int64 {
	if kept < 0 {
		return -kept
	}
	return max(kept, ix.completed())
}

// ReadAt tells when what is known of the person at a position was read; zero while the first sync runs.
func (ix *Index) ReadAt(pos int) time.Time {
	if read := ix.readAt(ix.ages.of(pos)); read != 0 {
		return time.Unix(read, 0).UTC()
	}
	return time.Time{}
}

// MatchAge evaluates conditions on how many whole hours ago the person was read. It depends on the clock.
func MatchAge(e *Eval, n *filter.Node) (Truth, error) {
	ix, now := e.Index, time.Now().Unix()
	answer := func(read int64) (yes, maybe bool) {
		switch {
		case n.Op.Positive() == filter.IsUnknown:
			return read == 0, read == 0
		case read == 0:
			return false, true
		}
		hours := max(0, now-read) / int64(time.Hour/time.Second)
		fits := slices.ContainsFunc(n.Values, func(v filter.Value) bool {
			want, _ := strconv.ParseInt(v.Text, 10, 64)
			return compare(n.Op.Positive(), hours, want)
		})
		return fits, fits
	}
	t := Truth{Yes: ix.NewBits(), Maybe: ix.NewBits()}
	yes, maybe := answer(ix.completed())
	if yes {
		copy(t.Yes, ix.everybody)
	}
	if maybe {
		copy(t.Maybe, ix.everybody)
	}
	for i, pos := range ix.ages.at {
		yes, maybe := answer(ix.readAt(ix.ages.read[i]))
		t.Yes.put(int(pos), yes)
		t.Maybe.put(int(pos), maybe)
	}
	return e.signed(n, t)
}

// put adds a position or takes it out.
func (b Bits) put(pos int, in bool) {
	if in {
		b.Set(pos)
	} else {
		b.Clear(pos)
	}
}

// AgeKey sorts by how long ago people were read, the latest first. That order does not depend on the clock.
func AgeKey(ix *Index) []uint32 {
	newest := ix.completed()
	for _, kept := range ix.ages.read {
		newest = max(newest, ix.readAt(kept))
	}
	key := func(read int64) uint32 {
		if read == 0 {
			return 0
		}
		return uint32(newest-read) + 1
	}
	keys := make([]uint32, ix.n)
	for pos, most := 0, key(ix.completed()); pos < ix.n; pos++ {
		keys[pos] = most
	}
	for i, pos := range ix.ages.at {
		keys[pos] = key(ix.readAt(ix.ages.read[i]))
	}
	return keys
}
