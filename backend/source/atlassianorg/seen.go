package atlassianorg

import "hash/maphash"

// seen is a set of texts with a byte for each. There is one for each person, so that it keeps 56 bits of a text: two of
// 200,000 are taken for one another in one of millions of reads, and it is good for counting only.
type seen struct {
	seed  maphash.Seed
	slots []uint64 // the bits and the byte; a power of two of them, 0 is free
	count int
}

func newSeen() seen { return seen{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)} }

// add adds a text with its byte, and tells whether it was there. One that was there keeps the byte that it came with
// first.
func (m *seen) add(text string, with byte) (first byte, known bool) {
	if m.count >= len(m.slots)*3/4 {
		old := m.slots
		m.slots = make([]uint64, 2*len(old))
		for _, x := range old {
			if x != 0 {
				*m.find(x) = x
			}
		}
	}
	x := (maphash.String(m.seed, text)|1<<8)&^0xff | uint64(with)
	slot := m.find(x)
	if *slot != 0 {
		return byte(*slot), true
	}
	*slot = x
	m.count++
	return with, false
}

// find gives the slot of a text, or the free one where it belongs.
func (m *seen) find(x uint64) *uint64 {
	for i := x >> 8; ; i++ {
		if slot := &m.slots[i&uint64(len(m.slots)-1)]; *slot == 0 || *slot>>8 == x>>8 {
			return slot
		}
	}
}
