package index

import (
	"bytes"
	"slices"
)

// AppsOf calls fn for each app that the person at a position may open; day is a day of activity or one of its markers.
func (ix *Index) AppsOf(pos int, fn func(app int, day int32)) {
	for _, s := range ix.access.of(pos) {
		fn(int(s.app), s.last())
	}
}

// GroupsOf gives the ordinals of the groups of the person at a position.
func (ix *Index) GroupsOf(pos int) []uint32 { return ix.groups.of(pos) }

// MemberCount tells how many people the group has in the local copy.
func (ix *Index) MemberCount(group int) int { return len(ix.people.of(group)) }

// HolderCount tells how many people may open the app.
func (ix *Index) HolderCount(app int) int { return len(ix.seats.of(app)) }

// SamePerson tells whether a person looks the same in two indexes of one source.
func SamePerson(a *Index, p int, b *Index, q int) bool {
	for i, column := range a.dicts() {
		if (*column).At(p) != (*b.dicts()[i]).At(q) {
			return false
		}
	}
	for i, column := range a.tris() {
		if (*column)[p] != (*b.tris()[i])[q] {
			return false
		}
	}
	if a.Added[p] != b.Added[q] || a.Activity.Day[p] != b.Activity.Day[q] || a.Activity.Unsure.Has(p) != b.Activity.Unsure.Has(q) {
		return false
	}
	return bytes.Equal(a.Name.bytes(p), b.Name.bytes(q)) && bytes.Equal(a.search.text.bytes(p), b.search.text.bytes(q)) &&
		slices.EqualFunc(a.access.of(p), b.access.of(q), func(s, t seat) bool { return s.day == t.day && a.Apps[s.app].ID == b.Apps[t.app].ID }) &&
		slices.EqualFunc(a.groups.of(p), b.groups.of(q), func(g, h uint32) bool { return a.Groups[g].ID == b.Groups[h].ID })
}

// Bytes estimates the memory that the index holds, sort orders and remembered answers included.
func (ix *Index) Bytes() int {
	total := len(ix.ids)*8 + len(ix.ages.at)*12 + len(ix.byID)*4 + len(ix.Added)*4 + len(ix.Activity.Day)*4
	total += (len(ix.Activity.Unsure) + len(ix.Activity.open)) * 8
	for _, column := range ix.tris() {
		total += len(*column)
	}
	for _, a := range []*Arena{&ix.AccountID, &ix.Name, &ix.search.text} {
		total += cap(a.data) + 4*cap(a.ends)
	}
	for _, d := range ix.dicts() {
		total += (*d).bytes()
	}
	total += 8 * (len(ix.search.slices) + len(ix.search.nameless) + len(ix.search.mailless) + len(ix.everybody))
	total += 4 * (len(ix.access.items) + len(ix.seats.items) + len(ix.groups.items) + len(ix.people.items))
	total += 4 * (len(ix.access.start) + len(ix.seats.start) + len(ix.groups.start) + len(ix.people.start))
	total += len(ix.Groups)*groupBytes + ix.memo.bytes()
	ix.sorts.mu.Lock()
	defer ix.sorts.mu.Unlock()
	return total + 4*len(ix.sorts.names) + 4*ix.n*len(ix.sorts.orders)
}

const groupBytes = 300 // a domain.Group with its texts, roughly
