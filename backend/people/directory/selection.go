package directory

import (
	"context"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/index"
)

// SelectOp is what a Selection does with its rows.
type SelectOp string

// The operations. Those that replace the selection put whom they take out of it aside, from where SelectKeep brings
// them back.
const (
	SelectAdd    SelectOp = "add"
	SelectRemove SelectOp = "remove"
	SelectToggle SelectOp = "toggle" // over the whole list: invert
	SelectOnly   SelectOp = "only"   // these and nobody else
	SelectEvery  SelectOp = "all"    // the whole list and nobody else; for it and those below, From and To do not matter
	SelectHere   SelectOp = "here"   // of the selected only those in the list
	SelectKeep   SelectOp = "keep"   // those who were put aside too
)

// Selection changes the selection by the rows From (included) to To (not included) of a list.
type Selection struct {
	SnapshotID string
	Op         SelectOp
	From, To   int
}

// Selected is the selection as a list sees it.
type Selected struct {
	Count int  // people who are selected
	Here  int  // of them in the list
	All   bool // everybody in the list is selected, but for those who are gone since it was made
	Aside int  // people who were put aside
}

// chosen is the selection of a source.
type chosen struct{ in, aside idSet }

func (c *chosen) add(id int64) {
	c.in.add(id)
	c.aside.remove(id)
}

func (c *chosen) toggle(id int64) {
	if c.in.has(id) {
		c.in.remove(id)
		return
	}
	c.add(id)
}

// replace puts others in the place of the selected. Asked for twice it changes nothing, and so whoever was put aside
// stays there.
func (c *chosen) replace(by idSet) {
	var out idSet
	for _, id := range c.in.ids() {
		if !by.has(id) {
			out.add(id)
		}
	}
	if c.in = by; out.count > 0 {
		c.aside = out
	}
	c.aside.retain(func(id int64) bool { return !by.has(id) })
}

// keep selects those who were put aside too.
func (c *chosen) keep() {
	for _, id := range c.aside.ids() {
		c.in.add(id)
	}
	c.aside = idSet{}
}

// retain drops all for whom there is false.
func (c *chosen) retain(there func(id int64) bool) {
	c.in.retain(there)
	c.aside.retain(there)
}

// Select changes the selection of the list's source. The selection holds people and not rows: it outlives filters,
// sorting and syncs, and ends for somebody with the person, with a confirmed run, with the choice of another whole
// list, or by a click.
func (s *Service) Select(_ context.Context, sel Selection) (Selected, error) {
	snap, err := s.snapshot(sel.SnapshotID)
	if err != nil {
		return Selected{}, err
	}
	from, to := sel.From, sel.To
	if sel.Op == SelectEvery || sel.Op == SelectHere {
		from, to = 0, len(snap.positions)
	}
	if from < 0 || to < from || to > len(snap.positions) {
		return Selected{}, domain.Errorf(domain.Invalid, "The list has no rows %d to %d.", from, to)
	}
	p := snap.people
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.change(snap, sel.Op, from, to); err != nil {
		return Selected{}, err
	}
	return p.selectedIn(snap), nil
}

// change carries out an operation. The caller holds the lock.
func (p *people) change(snap *snapshot, op SelectOp, from, to int) error {
	var only idSet
	var each func(id int64)
	switch op {
	case SelectAdd:
		each = p.chosen.add
	case SelectRemove:
		each = p.chosen.in.remove
	case SelectToggle:
		each = p.chosen.toggle
	case SelectOnly, SelectEvery:
		each = only.add
	case SelectHere:
		each = func(id int64) {
			if p.chosen.in.has(id) {
				only.add(id)
			}
		}
	case SelectKeep:
		p.chosen.keep()
		return nil
	default:
		return domain.Errorf(domain.Invalid, "There is no selection operation %s.", domain.Quote(string(op)))
	}
	for _, pos := range snap.positions[from:to] {
		if id := snap.index.ID(int(pos)); op == SelectRemove || p.selectable(snap, id) {
			each(id)
		}
	}
	if op == SelectOnly || op == SelectEvery || op == SelectHere {
		p.chosen.replace(only)
	}
	return nil
}

// selectable is false for somebody who is gone since the list was made. The caller holds the lock.
func (p *people) selectable(snap *snapshot, id int64) bool {
	if p.index == snap.index || p.index.Freshness.Partial {
		return true
	}
	_, there := p.index.Position(id)
	return there
}

// selectedIn sees the selection from a list. The caller holds the lock.
func (p *people) selectedIn(snap *snapshot) Selected {
	n := Selected{Count: p.chosen.in.count, Aside: p.chosen.aside.count, All: true}
	for _, pos := range snap.positions {
		switch id := snap.index.ID(int(pos)); {
		case p.chosen.in.has(id):
			n.Here++
		case n.All && p.selectable(snap, id):
			n.All = false
		}
	}
	n.All = n.All && n.Here > 0
	return n
}

// SelectAll selects everybody in the list and nobody else.
func (s *Service) SelectAll(ctx context.Context, snapshotID string) (Selected, error) {
	return s.Select(ctx, Selection{SnapshotID: snapshotID, Op: SelectEvery})
}

// ClearSelection deselects everybody, those who were put aside too.
func (s *Service) ClearSelection(sourceID string) {
	p := s.source(sourceID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chosen = chosen{}
}

// SelectionCount tells how many people are selected.
func (s *Service) SelectionCount(sourceID string) int {
	p := s.source(sourceID)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chosen.in.count
}

// SelectedIn tells how the selection looks from a list.
func (s *Service) SelectedIn(_ context.Context, snapshotID string) (Selected, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return Selected{}, err
	}
	p := snap.people
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.selectedIn(snap), nil
}

// onlySelected leaves the selected people of a list.
func (p *people) onlySelected(ix *index.Index, positions []int32) []int32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	selected := make([]int32, 0, min(p.chosen.in.count, len(positions)))
	for _, pos := range positions {
		if p.chosen.in.has(ix.ID(int(pos))) {
			selected = append(selected, pos)
		}
	}
	return selected
}

// SelectedUsers reads the selected people as they are now in the local copy.
func (s *Service) SelectedUsers(ctx context.Context, sourceID string) ([]domain.User, error) {
	p := s.source(sourceID)
	p.mu.Lock()
	ids := p.chosen.in.ids()
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
