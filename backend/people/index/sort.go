package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"seatkeeper/backend/people/filter"
)

// maxOrders is how many sort orders are kept; each takes four bytes for each person.
const maxOrders = 6

// sorter makes and keeps sort orders.
type sorter struct {
	mu     sync.Mutex
	orders []order // the most recently used one first

	nameOnce sync.Once
	names    []uint32 // by position: its place in the order of names; no two are equal
}

type order struct {
	key       string
	keys      []filter.Order
	positions []int32
}

// byName is the order of those who are equal in all others, and of everybody when none is wanted.
var byName = filter.Order{Field: "name"}

// Prepare makes the two orders that were used last in another index, so that the next list need not wait for them.
func (ix *Index) Prepare(old *Index) {
	old.sorts.mu.Lock()
	orders := slices.Clone(old.sorts.orders[:min(2, len(old.sorts.orders))])
	old.sorts.mu.Unlock()
	for _, o := range orders {
		ix.Sorted(o.keys)
	}
}

// Sorted gives all positions in the order of the keys; equal ones, and everybody when there is no key, by name. Nobody
// without a value comes before somebody with one, in either direction. The result must not be changed.
func (ix *Index) Sorted(keys []filter.Order) []int32 {
	if len(keys) == 0 {
		keys = []filter.Order{byName}
	}
	key := filter.Format(&filter.Query{Order: keys})
	s := &ix.sorts
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.orders, func(o order) bool { return o.key == key })
	var wanted order
	if i >= 0 {
		wanted = s.orders[i]
		s.orders = slices.Delete(s.orders, i, i+1)
	} else {
		wanted = order{key, keys, ix.sort(keys)}
	}
	s.orders = slices.Insert(s.orders, 0, wanted)
	if len(s.orders) > maxOrders {
		s.orders[maxOrders] = order{}
		s.orders = s.orders[:maxOrders]
	}
	return wanted.positions
}

// few is up to which share of the people, 1 in so many, it is cheaper to put those of a set in order than to look for
// them in everybody's.
const few = 4

// InOrder gives the positions of a set in the order of the keys, as Sorted does everybody's. The result must not be
// changed.
func (ix *Index) InOrder(found Bits, keys []filter.Order) []int32 {
	sorted, count := ix.Sorted(keys), found.Count()
	switch {
	case count == ix.n:
		return sorted
	case count < ix.n/few && (len(keys) == 0 || len(keys) == 1 && keys[0] == byName):
		places, positions := ix.NewBits(), make([]int32, 0, count)
		names := ix.nameOrder()
		found.Each(func(pos int) { places.Set(int(names[pos])) })
		places.Each(func(place int) { positions = append(positions, sorted[place]) })
		return positions
	}
	positions := make([]int32, count+1) // one more, so that a position can be written before it is known to be in the set
	next := 0
	for _, pos := range sorted {
		positions[next] = pos
		next += int(found[uint32(pos)>>6] >> (uint32(pos) & 63) & 1) // without a branch: it would be guessed wrong every other time
	}
	return positions[:count:count]
}

// sort computes an order. Each key becomes a number in the upper half of a word whose lower half is the place by name,
// so that one sort of plain numbers does it; further keys are sorted for first, the last one stably winning.
func (ix *Index) sort(keys []filter.Order) []int32 {
	names := ix.nameOrder()
	place := names // by position: its place in the order of what has been sorted for so far
	words := make([]uint64, ix.n)
	positions := make([]int32, ix.n)
	for _, key := range slices.Backward(keys) {
		at := make([]int32, ix.n)
		for pos, p := range place {
			at[p] = int32(pos)
		}
		var column []uint32
		switch f, ok := Fields.Get(key.Field); {
		case ok && f.SortKeyIn != nil:
			column = f.SortKeyIn(ix, ix.sortedIn(key.Arg))
		case ok && f.SortKey != nil:
			column = f.SortKey(ix)
		}
		for pos := range words {
			value := uint32(0)
			if column != nil {
				value = column[pos]
			}
			switch {
			case value == 0:
				value = math.MaxUint32
			case key.Desc:
				value = math.MaxUint32 - value
			}
			words[pos] = uint64(value)<<32 | uint64(place[pos])
		}
		slices.Sort(words)
		next := make([]uint32, ix.n)
		for rank, w := range words {
			pos := at[uint32(w)]
			positions[rank] = pos
			next[pos] = uint32(rank)
		}
		place = next
	}
	return positions
}

// sortedIn gives the apps that a sort key means, nil for all. An app that is gone since the order was asked for is
// none.
func (ix *Index) sortedIn(arg string) []int {
	if arg == "" {
		return nil
	}
	return append([]int{}, ix.FindApps(arg)...)
}

// nameOrder gives each position's place in the order of names: by the folded name, so that case, accents and invisible
// characters matter only between names that are otherwise equal, then by the name as it is, then by e-mail and
// position. Scripts follow one another as in Unicode: Latin, Greek, Cyrillic, ..., Chinese. People without a name come
// last.
func (ix *Index) nameOrder() []uint32 {
	s := &ix.sorts
	s.nameOnce.Do(func() {
		ranks := ix.rankTexts(ix.search.name, func(p, q uint32) int {
			return cmp.Or(
				bytes.Compare(ix.Name.bytes(int(p)), ix.Name.bytes(int(q))),
				bytes.Compare(ix.search.email(int(p)), ix.search.email(int(q))),
				cmp.Compare(p, q),
			)
		})
		s.names = make([]uint32, ix.n)
		for place, pos := range ranks {
			s.names[pos] = uint32(place)
		}
	})
	return s.names
}

// rankTexts sorts the positions by a text, empty ones last, and by tie where texts are equal.
func (ix *Index) rankTexts(text func(pos int) []byte, tie func(p, q uint32) int) []uint32 {
	type item struct {
		prefix uint64 // the first eight bytes: most comparisons end here
		pos    uint32
		empty  bool
	}
	items := make([]item, ix.n)
	for pos := range items {
		t := text(pos)
		var head [8]byte
		copy(head[:], t)
		items[pos] = item{binary.BigEndian.Uint64(head[:]), uint32(pos), len(t) == 0}
	}
	slices.SortFunc(items, func(a, b item) int {
		switch {
		case a.empty != b.empty:
			if a.empty {
				return 1
			}
			return -1
		case a.prefix != b.prefix:
			return cmp.Compare(a.prefix, b.prefix)
		}
		return cmp.Or(bytes.Compare(text(int(a.pos)), text(int(b.pos))), tie(a.pos, b.pos))
	})
	ranks := make([]uint32, ix.n)
	for i, it := range items {
		ranks[i] = it.pos
	}
	return ranks
}
