package index

import (
	"bytes"
	"cmp"
	"seatkeeper/backend/domain"
	"slices"
)

// NameKey sorts by name.
func NameKey(ix *Index) []uint32 {
	keys := make([]uint32, ix.n)
	for pos, place := range ix.nameOrder() {
		if len(ix.search.name(pos)) > 0 {
			keys[pos] = place + 1
		}
	}
	return keys
}

// EmailKey sorts by e-mail address.
func EmailKey(ix *Index) []uint32 {
	return ix.textKey(ix.search.email)
}

// AccountKey sorts by account id.
func AccountKey(ix *Index) []uint32 { return ix.textKey(ix.AccountID.bytes) }

func (ix *Index) textKey(text func(pos int) []byte) []uint32 {
	keys := make([]uint32, ix.n)
	key, last := uint32(0), []byte(nil)
	for _, pos := range ix.rankTexts(text, cmp.Compare[uint32]) {
		t := text(int(pos))
		if len(t) == 0 {
			break
		}
		if key == 0 || !bytes.Equal(t, last) {
			key, last = key+1, t
		}
		keys[pos] = key
	}
	return keys
}

// DictKey sorts by the folded values of a column.
func DictKey(column func(*Index) *Dict) func(*Index) []uint32 {
	return func(ix *Index) []uint32 {
		d := column(ix)
		codes := make([]int, len(d.Values))
		folded := make([]string, len(d.Values))
		for i, v := range d.Values {
			codes[i], folded[i] = i, Fold(v)
		}
		slices.SortFunc(codes, func(a, b int) int {
			return cmp.Or(cmp.Compare(folded[a], folded[b]), cmp.Compare(d.Values[a], d.Values[b]))
		})
		return ix.keyed(d.Code, places(codes, func(code int) bool { return d.Values[code] == "" }))
	}
}

// places numbers codes in their order from 1, with 0 for those without a value.
func places(codes []int, none func(code int) bool) []uint32 {
	place := make([]uint32, len(codes))
	next := uint32(1)
	for _, code := range codes {
		if none(code) {
			continue
		}
		place[code] = next
		next++
	}
	return place
}

func (ix *Index) keyed(code func(pos int) uint32, place []uint32) []uint32 {
	keys := make([]uint32, ix.n)
	for pos := range keys {
		keys[pos] = place[code(pos)]
	}
	return keys
}

// OrderedKey sorts by a given order of words; others come after these, and the empty word has no place.
func OrderedKey(column func(*Index) *Dict, words []string) func(*Index) []uint32 {
	return func(ix *Index) []uint32 {
		d := column(ix)
		place := make([]uint32, len(d.Values))
		for code, v := range d.Values {
			switch i := slices.Index(words, v); {
			case i >= 0:
				place[code] = uint32(i + 1)
			case v != "":
				place[code] = uint32(len(words) + 1)
			}
		}
		return ix.keyed(d.Code, place)
	}
}

// TriKey sorts yes before no; unknown has no place.
func TriKey(column func(*Index) []domain.Tri) func(*Index) []uint32 {
	return func(ix *Index) []uint32 {
		values := column(ix)
		return keysOf(ix, func(pos int) uint32 { return uint32(values[pos]) })
	}
}

// CountKey sorts by a number of which 0 is a value.
func CountKey(number func(*Index, int) int) func(*Index) []uint32 {
	return func(ix *Index) []uint32 {
		return keysOf(ix, func(pos int) uint32 { return uint32(number(ix, pos)) + 1 })
	}
}

// DayKey sorts by a column of days in which 0 is unknown.
func DayKey(column func(*Index) []int32) func(*Index) []uint32 {
	return func(ix *Index) []uint32 {
		days := column(ix)
		return keysOf(ix, func(pos int) uint32 { return uint32(max(0, days[pos])) })
	}
}

func keysOf(ix *Index, key func(pos int) uint32) []uint32 {
	keys := make([]uint32, ix.n)
	for pos := range keys {
		keys[pos] = key(pos)
	}
	return keys
}

// ActivityKey sorts by the last activity in any of the apps, or for nil in all apps: never is before any day, unknown
// has no place.
func ActivityKey(ix *Index, apps []int) []uint32 {
	days := ix.activityIn(apps).Day
	return keysOf(ix, func(pos int) uint32 { return uint32(max(0, days[pos]+1)) })
}
