package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"seatkeeper/backend/domain"
)

// imageVersion is the form of an image. Whoever changes what stands in one, or how a column is made from a person,
// counts it up.
const imageVersion = 4

// errImage says that an image cannot be used; the rows are read instead.
var errImage = errors.New("the image does not fit")

// WriteImage writes the columns, so that the index can be made again without the rows.
func (ix *Index) WriteImage(w io.Writer) error {
	ix.nameOrder()
	c := &coder{w: w}
	ix.code(c, &references{ids(ix.Apps, appID), ids(ix.Groups, groupID)})
	return c.err
}

// SaveImage keeps the index in the local copy, if there is enough about it that is not there yet. Nothing is kept of a
// first sync that is not complete.
func (ix *Index) SaveImage(ctx context.Context, store Store, sourceID string) error {
	if ix.Freshness.Partial || ix.Freshness.Revision == 0 || ix.unsaved.Load() <= int64(ix.n/50) {
		return nil
	}
	if err := store.SaveImage(ctx, sourceID, imageVersion, ix.generation, ix.WriteImage); err != nil {
		return fmt.Errorf("saving the image of the people list: %w", err)
	}
	ix.unsaved.Store(0)
	return nil
}

// readImage fills the columns of an index that has its apps and groups already.
func (ix *Index) readImage(r io.Reader) error {
	c := &coder{r: r}
	var refs references
	ix.code(c, &refs)
	if c.err != nil {
		return c.err
	}
	ix.n = len(ix.ids)
	if !ix.whole() {
		return errImage
	}
	return ix.rename(refs)
}

// references are the mirror's ids of what an index's lists refer to by number.
type references struct{ apps, groups []int64 }

// code reads or writes everything that finish does not derive.
func (ix *Index) code(c *coder, refs *references) {
	numbers(c, &refs.apps)
	numbers(c, &refs.groups)
	numbers(c, &ix.ids)
	for _, a := range []*Arena{&ix.AccountID, &ix.Name, &ix.search.text} {
		c.arena(a)
	}
	for _, d := range ix.dicts() {
		c.dict(d)
	}
	for _, t := range ix.tris() {
		numbers(c, t)
	}
	numbers(c, &ix.Added)
	numbers(c, &ix.access.start)
	c.seats(&ix.access.items)
	numbers(c, &ix.groups.start)
	numbers(c, &ix.groups.items)
	c.odd(ix)
	if c.r == nil {
		numbers(c, &ix.sorts.names)
		return
	}
	var names []uint32
	numbers(c, &names)
	ix.sorts.nameOnce.Do(func() { ix.sorts.names = names })
}

// whole tells whether all columns are of one length and all numbers in them have what they refer to.
func (ix *Index) whole() bool {
	n := ix.n
	for _, a := range []*Arena{&ix.AccountID, &ix.Name, &ix.search.text} {
		if len(a.ends) != n || !slices.IsSorted(a.ends) || (n > 0 && int(a.ends[n-1]) != len(a.data)) {
			return false
		}
	}
	for _, d := range ix.dicts() {
		codes, want := (*d).length(), n
		if len((*d).Values) == 1 {
			want = 0
		}
		if codes != want || len((*d).Values) == 0 {
			return false
		}
		for pos := range codes {
			if int((*d).Code(pos)) >= len((*d).Values) {
				return false
			}
		}
	}
	for _, t := range ix.tris() {
		if len(*t) != n {
			return false
		}
	}
	for pos := range n {
		if bytes.IndexByte(ix.search.text.bytes(pos), separator) < 0 {
			return false
		}
	}
	fits := func(start []uint32, items int) bool {
		return len(start) == n+1 && start[0] == 0 && slices.IsSorted(start) && int(start[n]) == items
	}
	return len(ix.Added) == n && ix.ages.whole(n) && fits(ix.access.start, len(ix.access.items)) && fits(ix.groups.start, len(ix.groups.items)) &&
		len(ix.sorts.names) == n && isOrder(ix.sorts.names)
}

// isOrder tells whether every place is there once.
func isOrder(places []uint32) bool {
	seen := make([]bool, len(places))
	for _, p := range places {
		if int(p) >= len(seen) || seen[p] {
			return false
		}
		seen[p] = true
	}
	return true
}

// rename turns the numbers of apps and groups into those of the present lists. Something that the image does not know
// makes it useless: there may be rows about it that had no place in the columns.
func (ix *Index) rename(refs references) error {
	apps, groups := ids(ix.Apps, appID), ids(ix.Groups, groupID)
	appNow, ok := renumber(refs.apps, apps)
	groupNow, fine := renumber(refs.groups, groups)
	if !ok || !fine {
		return errImage
	}
	if !slices.Equal(refs.apps, apps) && !ix.access.renumber(func(s seat) (seat, int) {
		if int(s.app) >= len(appNow) {
			return s, beyond
		}
		return seat{uint16(max(0, appNow[s.app])), s.day}, appNow[s.app]
	}) {
		return errImage
	}
	if !slices.Equal(refs.groups, groups) && !ix.groups.renumber(func(g uint32) (uint32, int) {
		if int(g) >= len(groupNow) {
			return g, beyond
		}
		return uint32(max(0, groupNow[g])), groupNow[g]
	}) {
		return errImage
	}
	if slices.ContainsFunc(ix.access.items, func(s seat) bool { return int(s.app) >= len(apps) }) ||
		slices.ContainsFunc(ix.groups.items, func(g uint32) bool { return int(g) >= len(groups) }) {
		return errImage
	}
	return nil
}

// beyond and gone stand for numbers that mean nothing.
const (
	gone   = -1
	beyond = -2
)

// renumber gives the present number of each old one, gone if there is none. It fails when something is there that was
// not.
func renumber(was, now []int64) ([]int, bool) {
	numbers := make([]int, len(was))
	old := make(map[int64]bool, len(was))
	present := ordinalsOf(now, func(id int64) int64 { return id })
	for i, id := range was {
		old[id] = true
		numbers[i] = gone
		if n, ok := present[id]; ok {
			numbers[i] = n
		}
	}
	return numbers, !slices.ContainsFunc(now, func(id int64) bool { return !old[id] })
}

// renumber changes the items of lists and takes those out that are gone; false if one is beyond.
func (l *lists[T]) renumber(now func(T) (T, int)) bool {
	kept, from := uint32(0), l.start[0]
	for owner := range len(l.start) - 1 {
		end := l.start[owner+1]
		for _, item := range l.items[from:end] {
			switch item, n := now(item); n {
			case beyond:
				return false
			case gone:
			default:
				l.items[kept] = item
				kept++
			}
		}
		from = end
		l.start[owner+1] = kept
	}
	l.items = l.items[:kept]
	return true
}

func appID(a domain.App) int64     { return a.ID }
func groupID(g domain.Group) int64 { return g.ID }

func ids[T any](things []T, id func(T) int64) []int64 {
	all := make([]int64, len(things))
	for i, t := range things {
		all[i] = id(t)
	}
	return all
}
