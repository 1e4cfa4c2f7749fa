package index

import (
	"encoding/binary"
	"io"
	"maps"
	"math"
	"slices"
)

// coder reads columns from r, or writes them to w when there is no r.
type coder struct {
	r   io.Reader
	w   io.Writer
	buf [1 << 14]byte
	err error
}

func (c *coder) through(p []byte) {
	switch {
	case c.err != nil:
	case c.r != nil:
		_, c.err = io.ReadFull(c.r, p)
	default:
		_, c.err = c.w.Write(p)
	}
}

// length reads or writes how many items follow.
func (c *coder) length(n int) int {
	p := c.buf[:8]
	binary.LittleEndian.PutUint64(p, uint64(n))
	c.through(p)
	size := binary.LittleEndian.Uint64(p)
	if c.err == nil && size > math.MaxUint32 {
		c.err = errImage
	}
	if c.err != nil {
		return 0
	}
	return int(size)
}

// number is what a column may be made of.
type number interface {
	~uint8 | ~int8 | ~uint16 | ~int32 | ~uint32 | ~int64
}

// numbers reads or writes a column of numbers, a piece at a time.
func numbers[T number](c *coder, column *[]T) {
	width := binary.Size(*new(T))
	n := c.length(len(*column))
	if c.r != nil {
		*column = make([]T, 0, min(n, 1<<22)) // no more than a wrong length could cost
	}
	for from := 0; from < n && c.err == nil; {
		count := min(n-from, len(c.buf)/width)
		p := c.buf[:count*width]
		if c.r == nil {
			for i, v := range (*column)[from : from+count] {
				put(p[i*width:], uint64(v), width)
			}
		}
		if c.through(p); c.r != nil && c.err == nil {
			for i := range count {
				*column = append(*column, T(get(p[i*width:], width)))
			}
		}
		from += count
	}
	if c.r != nil {
		*column = exact(*column)
	}
}

func put(p []byte, v uint64, width int) {
	switch width {
	case 1:
		p[0] = byte(v)
	case 2:
		binary.LittleEndian.PutUint16(p, uint16(v))
	case 4:
		binary.LittleEndian.PutUint32(p, uint32(v))
	default:
		binary.LittleEndian.PutUint64(p, v)
	}
}

func get(p []byte, width int) uint64 {
	switch width {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(p))
	case 4:
		return uint64(binary.LittleEndian.Uint32(p))
	default:
		return binary.LittleEndian.Uint64(p)
	}
}

const arenaPiece = 1 << 16

func (c *coder) arena(a *Arena) {
	n := c.length(len(a.data))
	for from := 0; from < n && c.err == nil; from += arenaPiece { // a piece at a time: a wrong length costs no more than what is there
		if c.r != nil {
			a.data = slices.Grow(a.data, max(min(n, 1<<25)-len(a.data), arenaPiece))
			a.data = a.data[:min(n, from+arenaPiece)]
		}
		c.through(a.data[from:min(n, from+arenaPiece)])
	}
	if c.r != nil {
		a.data = exact(a.data)
	}
	numbers(c, &a.ends)
}

func (c *coder) texts(all *[]string) {
	var a Arena
	if c.r == nil {
		for _, s := range *all {
			a.add(s)
		}
	}
	c.arena(&a)
	if c.r == nil || c.err != nil {
		return
	}
	if !slices.IsSorted(a.ends) || (len(a.ends) > 0 && int(a.ends[len(a.ends)-1]) > len(a.data)) {
		c.err = errImage
		return
	}
	*all = make([]string, len(a.ends))
	for i := range *all {
		(*all)[i] = a.At(i)
	}
}

func (c *coder) dict(d **Dict) {
	if *d == nil {
		*d = &Dict{}
	}
	c.texts(&(*d).Values)
	numbers(c, &(*d).narrow)
	numbers(c, &(*d).middle)
	numbers(c, &(*d).wide)
	if c.r == nil { // what is written is in use by others
		return
	}
	if len((*d).narrow) == 0 {
		(*d).narrow = nil
	}
	if len((*d).middle) == 0 {
		(*d).middle = nil
	}
}

func (c *coder) seats(seats *[]seat) {
	packed := make([]uint32, len(*seats))
	for i, s := range *seats {
		packed[i] = uint32(s.app)<<16 | uint32(s.day)
	}
	numbers(c, &packed)
	if c.r == nil {
		return
	}
	*seats = make([]seat, len(packed))
	for i, p := range packed {
		(*seats)[i] = seat{uint16(p >> 16), uint16(p)}
	}
}

// odd reads or writes what few people have.
func (c *coder) odd(ix *Index) {
	mailed := slices.Sorted(maps.Keys(ix.emails))
	positions, emails := make([]uint32, len(mailed)), make([]string, len(mailed))
	for i, pos := range mailed {
		positions[i], emails[i] = uint32(pos), ix.emails[pos]
	}
	numbers(c, &positions)
	c.texts(&emails)
	seen := slices.Sorted(maps.Keys(ix.seen))
	days := make([]int32, len(seen))
	for i, pos := range seen {
		days[i] = ix.seen[pos]
	}
	numbers(c, &seen)
	numbers(c, &days)
	numbers(c, &ix.ages.at)
	numbers(c, &ix.ages.read)
	if c.r == nil || c.err != nil {
		return
	}
	n := uint32(len(ix.ids))
	if len(positions) != len(emails) || len(seen) != len(days) || slices.ContainsFunc(slices.Concat(positions, seen), func(pos uint32) bool { return pos >= n }) {
		c.err = errImage
		return
	}
	for i, pos := range positions {
		ix.emails[int(pos)] = emails[i]
	}
	for i, pos := range seen {
		if ix.seen == nil {
			ix.seen = make(map[uint32]int32, len(seen))
		}
		ix.seen[pos] = days[i]
	}
}
