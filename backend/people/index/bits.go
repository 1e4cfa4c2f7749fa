package index

import "math/bits"

// Bits is a set of positions.
type Bits []uint64

// NewBits makes an empty set of positions for the index.
func (ix *Index) NewBits() Bits { return make(Bits, (ix.n+63)/64) }

// all is the set of everybody.
func (ix *Index) all() Bits {
	b := ix.NewBits()
	for i := range b {
		b[i] = ^uint64(0)
	}
	return ix.trim(b)
}

// without is the set of those in b who are not in c.
func (b Bits) without(c Bits) Bits {
	r := make(Bits, len(b))
	for i := range b {
		r[i] = b[i] &^ c[i]
	}
	return r
}

// trim clears the bits past the last position.
func (ix *Index) trim(b Bits) Bits {
	if rest := ix.n % 64; rest != 0 {
		b[len(b)-1] &= 1<<rest - 1
	}
	return b
}

// Set adds a position.
func (b Bits) Set(pos int) { b[pos>>6] |= 1 << (pos & 63) }

// Clear takes a position out.
func (b Bits) Clear(pos int) { b[pos>>6] &^= 1 << (pos & 63) }

// Has tells whether the position is in the set.
func (b Bits) Has(pos int) bool { return b[pos>>6]&(1<<(pos&63)) != 0 }

// Count gives the number of positions.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Each calls fn for each position in ascending order.
func (b Bits) Each(fn func(pos int)) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			fn(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

func (b Bits) and(c Bits) Bits {
	r := make(Bits, len(b))
	for i := range b {
		r[i] = b[i] & c[i]
	}
	return r
}

func (b Bits) or(c Bits) Bits {
	r := make(Bits, len(b))
	for i := range b {
		r[i] = b[i] | c[i]
	}
	return r
}

func (ix *Index) not(b Bits) Bits {
	r := make(Bits, len(b))
	for i := range b {
		r[i] = ^b[i]
	}
	return ix.trim(r)
}

// Truth is the answer to a condition: true for Yes, possibly true for Maybe, which holds Yes, and certainly false for
// all others.
type Truth struct{ Yes, Maybe Bits }

// Certain is the Truth of a condition that is true or false for everybody.
func Certain(yes Bits) Truth { return Truth{Yes: yes, Maybe: yes} }

// certain tells whether nobody is unknown, as far as it is known without comparing.
func (t Truth) certain() bool { return len(t.Yes) == 0 || &t.Yes[0] == &t.Maybe[0] }

// And is true where both are, unknown where neither is false and one is unknown.
func (t Truth) And(u Truth) Truth {
	if t.certain() && u.certain() {
		return Certain(t.Yes.and(u.Yes))
	}
	return Truth{t.Yes.and(u.Yes), t.Maybe.and(u.Maybe)}
}

// Or is true where one is, unknown where none is true and one is unknown.
func (t Truth) Or(u Truth) Truth {
	if t.certain() && u.certain() {
		return Certain(t.Yes.or(u.Yes))
	}
	return Truth{t.Yes.or(u.Yes), t.Maybe.or(u.Maybe)}
}

// Not swaps true and false and leaves unknown.
func (ix *Index) Not(t Truth) Truth {
	if t.certain() {
		return Certain(ix.not(t.Yes))
	}
	return Truth{ix.not(t.Maybe), ix.not(t.Yes)}
}
