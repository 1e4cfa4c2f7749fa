package index

import (
	"sync"
)

// Arena is a column of texts, one after the other in one piece of memory.
type Arena struct {
	data []byte
	ends []uint32 // end of each text
}

func (a *Arena) add(parts ...string) {
	for _, p := range parts {
		a.data = append(a.data, p...)
	}
	a.ends = append(a.ends, uint32(len(a.data)))
}

func (a *Arena) addBytes(text []byte) {
	a.data = append(a.data, text...)
	a.ends = append(a.ends, uint32(len(a.data)))
}

// bytes gives a text without copying; it must not be changed.
func (a *Arena) bytes(pos int) []byte {
	start := uint32(0)
	if pos > 0 {
		start = a.ends[pos-1]
	}
	return a.data[start:a.ends[pos]:a.ends[pos]]
}

// At gives a text.
func (a *Arena) At(pos int) string { return string(a.bytes(pos)) }

// trim gives back what add has reserved for more.
func (a *Arena) trim() { a.data, a.ends = exact(a.data), exact(a.ends) }

// exact copies a slice that has more room than it needs; what has grown by appending has up to a quarter.
func exact[T any](s []T) []T {
	if cap(s)-len(s) <= cap(s)/64 {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}

// Dict is a column of texts of which many are equal. The code 0 is always the empty text.
type Dict struct {
	Values []string // by code
	// The codes by position, in the narrowest form that holds them all: most columns have few values. Where nobody has
	// a value there are none: a column that is not used costs nothing.
	narrow []uint8
	middle []uint16
	wide   []uint32

	once   sync.Once
	counts []int // by code
}

// At gives a text.
func (d *Dict) At(pos int) string { return d.Values[d.Code(pos)] }

// Code gives the place of a text in Values.
func (d *Dict) Code(pos int) uint32 {
	switch {
	case len(d.Values) == 1:
		return 0
	case d.narrow != nil:
		return uint32(d.narrow[pos])
	case d.middle != nil:
		return uint32(d.middle[pos])
	default:
		return d.wide[pos]
	}
}

// length is the number of people, 0 where nobody has a value.
func (d *Dict) length() int { return len(d.narrow) + len(d.middle) + len(d.wide) }

// bytes is the memory of the column.
func (d *Dict) bytes() int {
	total := cap(d.narrow) + 2*cap(d.middle) + 4*cap(d.wide)
	for _, v := range d.Values {
		total += 16 + len(v)
	}
	return total
}

// Counts tells how many people have each value, by code; it is 0 for the empty text where nobody has another.
func (d *Dict) Counts() []int {
	d.once.Do(func() {
		d.counts = make([]int, len(d.Values))
		for pos := range d.length() {
			d.counts[d.Code(pos)]++
		}
	})
	return d.counts
}

// where gives the positions whose value's code is marked.
func (d *Dict) where(ix *Index, marked []bool) Bits {
	bit := make([]uint64, len(marked)) // without branches: values of neighbors are as good as random
	for code, m := range marked {
		if m {
			bit[code] = 1
		}
	}
	b := ix.NewBits()
	switch {
	case len(d.Values) == 1:
		if marked[0] {
			return ix.everybody
		}
	case d.narrow != nil:
		markCodes(b, d.narrow, bit)
	case d.middle != nil:
		markCodes(b, d.middle, bit)
	default:
		markCodes(b, d.wide, bit)
	}
	return b
}

func markCodes[C uint8 | uint16 | uint32](b Bits, codes []C, bit []uint64) {
	for i := range b {
		word := uint64(0)
		for j, c := range codes[i<<6 : min(i<<6+64, len(codes))] {
			word |= bit[c] << j
		}
		b[i] = word
	}
}

// dictBuilder fills a Dict.
type dictBuilder struct {
	values []string
	coded  []uint32
	codes  map[string]uint32
}

func newDict(size int) *dictBuilder {
	return &dictBuilder{[]string{""}, make([]uint32, 0, size), map[string]uint32{"": 0}}
}

func (b *dictBuilder) add(s string) {
	code, ok := b.codes[s]
	if !ok {
		code = uint32(len(b.values))
		b.codes[s] = code
		b.values = append(b.values, s)
	}
	b.coded = append(b.coded, code)
}

// dict gives what was added.
func (b *dictBuilder) dict() *Dict {
	d := &Dict{Values: exact(b.values)}
	switch {
	case len(b.values) == 1:
	case len(b.values) <= 1<<8:
		d.narrow = narrowed[uint8](b.coded)
	case len(b.values) <= 1<<16:
		d.middle = narrowed[uint16](b.coded)
	default:
		d.wide = exact(b.coded)
	}
	return d
}

func narrowed[C uint8 | uint16](codes []uint32) []C {
	n := make([]C, len(codes))
	for i, c := range codes {
		n[i] = C(c)
	}
	return n
}

// lists is a column of lists: the items of x stand at items[start[x]:start[x+1]].
type lists[T any] struct {
	start []uint32
	items []T
}

func (l *lists[T]) of(x int) []T { return l.items[l.start[x]:l.start[x+1]] }

// group makes lists out of pairs (owner, item) by counting, keeping the order of the pairs within an owner. each calls
// its argument with every pair, twice the same.
func group[T any](owners int, each func(pair func(owner int, item T))) lists[T] {
	l := lists[T]{start: make([]uint32, owners+1)}
	n := 0
	each(func(owner int, _ T) { l.start[owner+1]++; n++ })
	for i := range owners {
		l.start[i+1] += l.start[i]
	}
	l.items = make([]T, n)
	each(func(owner int, item T) { l.items[l.start[owner]] = item; l.start[owner]++ })
	copy(l.start[1:], l.start) // each start has moved to the next one
	l.start[0] = 0
	return l
}
