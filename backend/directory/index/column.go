package index

import (
	"slices"
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

func (a *Arena) clip() {
	a.data, a.ends = slices.Clip(a.data), slices.Clip(a.ends)
}

// Dict is a column of texts of which many are equal. The code 0 is always the empty text.
type Dict struct {
	Values []string // by code
	codes  []uint32 // by position

	once   sync.Once
	counts []int // by code
}

// At gives a text.
func (d *Dict) At(pos int) string { return d.Values[d.codes[pos]] }

// Counts tells how many people have each value, by code.
func (d *Dict) Counts() []int {
	d.once.Do(func() {
		d.counts = make([]int, len(d.Values))
		for _, c := range d.codes {
			d.counts[c]++
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
	for i := range b {
		word := uint64(0)
		for j, c := range d.codes[i<<6 : min(i<<6+64, len(d.codes))] {
			word |= bit[c] << j
		}
		b[i] = word
	}
	return b
}

// dictBuilder fills a Dict.
type dictBuilder struct {
	dict  *Dict
	codes map[string]uint32
}

func newDict(size int) *dictBuilder {
	return &dictBuilder{&Dict{Values: []string{""}, codes: make([]uint32, 0, size)}, map[string]uint32{"": 0}}
}

func (b *dictBuilder) add(s string) {
	code, ok := b.codes[s]
	if !ok {
		code = uint32(len(b.dict.Values))
		b.codes[s] = code
		b.dict.Values = append(b.dict.Values, s)
	}
	b.dict.codes = append(b.dict.codes, code)
}

// lists is a column of lists: the items of x stand at items[start[x]:start[x+1]].
type lists[T any] struct {
	start []uint32
	items []T
}

func (l *lists[T]) of(x int) []T { return l.items[l.start[x]:l.start[x+1]] }

// group makes lists out of pairs (owner, item) by counting, keeping the order of the pairs within an owner.
func group[P, T any](owners int, pairs []P, owner func(P) int, item func(P) T) lists[T] {
	l := lists[T]{start: make([]uint32, owners+1), items: make([]T, len(pairs))}
	for _, p := range pairs {
		l.start[owner(p)+1]++
	}
	for i := range owners {
		l.start[i+1] += l.start[i]
	}
	next := slices.Clone(l.start)
	for _, p := range pairs {
		o := owner(p)
		l.items[next[o]] = item(p)
		next[o]++
	}
	return l
}
