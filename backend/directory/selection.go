package directory

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"seatkeeper/backend/directory/index"
	"seatkeeper/backend/domain"
)

// SelectOp is what a Selection does with its rows.
type SelectOp string

// The operations.
const (
	SelectAdd    SelectOp = "add"
	SelectRemove SelectOp = "remove"
	SelectToggle SelectOp = "toggle" // over the whole list: invert
	SelectOnly   SelectOp = "only"   // these and nobody else
	SelectEvery  SelectOp = "all"    // add the whole list; From and To do not matter
)

// Selection changes the selection by the rows From (included) to To (not included) of a list.
type Selection struct {
	SnapshotID string
	Op         SelectOp
	From, To   int
}

// Select changes the selection of the list's source and gives the number of selected people. The selection holds people and not rows: it
// outlives filters, sorting and syncs, and ends for somebody only with the person or by a click.
func (s *Service) Select(_ context.Context, sel Selection) (int, error) {
	snap, err := s.snapshot(sel.SnapshotID)
	if err != nil {
		return 0, err
	}
	from, to := sel.From, sel.To
	if sel.Op == SelectEvery {
		from, to = 0, len(snap.positions)
	}
	if from < 0 || to < from || to > len(snap.positions) {
		return 0, domain.Errorf(domain.Invalid, "The list has no rows %d to %d.", from, to)
	}
	p := snap.people
	p.mu.Lock()
	defer p.mu.Unlock()
	var change func(id int64)
	switch sel.Op {
	case SelectAdd, SelectEvery:
		change = p.selection.add
	case SelectRemove:
		change = p.selection.remove
	case SelectToggle:
		change = p.selection.toggle
	case SelectOnly:
		p.selection = idSet{}
		change = p.selection.add
	default:
		return 0, domain.Errorf(domain.Invalid, "There is no selection operation %s.", domain.Quote(string(sel.Op)))
	}
	now := p.index
	for _, pos := range snap.positions[from:to] {
		id := snap.index.ID(int(pos))
		if now != snap.index && !now.Freshness.Partial && sel.Op != SelectRemove {
			if _, there := now.Position(id); !there {
				continue // somebody who is gone since the list was made cannot be selected any more
			}
		}
		change(id)
	}
	return p.selection.count, nil
}

// SelectAll adds everybody in the list and gives the number of selected people.
func (s *Service) SelectAll(ctx context.Context, snapshotID string) (int, error) {
	return s.Select(ctx, Selection{SnapshotID: snapshotID, Op: SelectEvery})
}

// ClearSelection deselects everybody.
func (s *Service) ClearSelection(sourceID string) {
	p := s.source(sourceID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.selection = idSet{}
}

// SelectionCount tells how many people are selected.
func (s *Service) SelectionCount(sourceID string) int {
	p := s.source(sourceID)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.selection.count
}

// SelectedIn tells how many people of a list are selected.
func (s *Service) SelectedIn(_ context.Context, snapshotID string) (int, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return 0, err
	}
	p := snap.people
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, pos := range snap.positions {
		if p.selection.has(snap.index.ID(int(pos))) {
			n++
		}
	}
	return n, nil
}

// onlySelected leaves the selected people of a list.
func (p *people) onlySelected(ix *index.Index, positions []int32) []int32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	selected := make([]int32, 0, min(p.selection.count, len(positions)))
	for _, pos := range positions {
		if p.selection.has(ix.ID(int(pos))) {
			selected = append(selected, pos)
		}
	}
	return selected
}

// SelectedUsers reads the selected people as they are now in the local copy.
func (s *Service) SelectedUsers(ctx context.Context, sourceID string) ([]domain.User, error) {
	p := s.source(sourceID)
	p.mu.Lock()
	ids := p.selection.ids()
	p.mu.Unlock()
	if len(ids) == 0 {
		return nil, nil
	}
	users, err := s.store.UsersByID(ctx, sourceID, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the selected people: %w", err)
	}
	return slices.DeleteFunc(users, func(u domain.User) bool { return !u.RemovedAt.IsZero() }), nil
}

// idSet is a set of mirror ids. These are given one after the other from 1 on, so a page for each 65,536 of them wastes little.
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

func (s *idSet) toggle(id int64) {
	if s.has(id) {
		s.remove(id)
		return
	}
	s.add(id)
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
