package directory

import "math/bits"

// idSet is a set of mirror ids. These are given one after the other from 1 on, so a page for each 65,536 of them wastes
// little.
type idSet struct {
	pages []*idPage // nil where nobody is in the set
	count int
}

type idPage [1 << 10]uint64

// place gives the word and the bit of an id; the word is nil where there is no page.
func (s *idSet) place(id int64) (word *uint64, bit uint64) {
	if page := id >> 16; page >= 0 && page < int64(len(s.pages)) && s.pages[page] != nil {
		return &s.pages[page][id>>6&(1<<10-1)], 1 << (id & 63)
	}
	return nil, 0
}

func (s *idSet) has(id int64) bool {
	word, bit := s.place(id)
	return word != nil && *word&bit != 0
}

func (s *idSet) add(id int64) {
	word, bit := s.place(id)
	if word == nil {
		if more := int(id>>16) + 1 - len(s.pages); more > 0 {
			s.pages = append(s.pages, make([]*idPage, more)...)
		}
		s.pages[id>>16] = &idPage{}
		word, bit = s.place(id)
	}
	if *word&bit == 0 {
		*word |= bit
		s.count++
	}
}

func (s *idSet) remove(id int64) {
	if word, bit := s.place(id); word != nil && *word&bit != 0 {
		*word &^= bit
		s.count--
	}
}

// ids gives the members in ascending order.
func (s *idSet) ids() []int64 {
	ids := make([]int64, 0, s.count)
	for at, page := range s.pages {
		if page == nil {
			continue
		}
		for block, word := range page {
			for ; word != 0; word &= word - 1 {
				ids = append(ids, int64(at)<<16+int64(block)<<6+int64(bits.TrailingZeros64(word)))
			}
		}
	}
	return ids
}

// retain removes all for whom keep is false.
func (s *idSet) retain(keep func(id int64) bool) {
	for _, id := range s.ids() {
		if !keep(id) {
			s.remove(id)
		}
	}
}
