package directory

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Query asks for a list.
type Query struct {
	SourceID string
	Filter   string // filter language; "" for everybody
	Search   string // as typed into the search field: every word must stand in name, e-mail address, user name or account id
	Sort     string // what to sort by, as after ORDER BY: lastActive("Jira"); "" for the filter's ORDER BY, else the name
	Desc     bool   // for Sort
	Selected bool   // only those who are selected now
	Shown    bool   // the operator is shown it: see Outside
}

// Snapshot describes a list.
type Snapshot struct {
	ID       string
	SourceID string
	Revision int64           // of the local copy it shows
	Total    int             // people in the list
	All      int             // people in the local copy
	Filter   string          // the filter in canonical form, without the sort key of the query
	Partial  bool            // the local copy comes from a first sync that is not complete
	Built    time.Time       // when the local copy was read
	Stale    bool            // a newer one is there: see Check
	Order    []filter.Order  // by which it is sorted; none is by name
	Selected bool            // only those are in it who were selected
	Warnings []*filter.Error // what is no mistake but probably not meant
}

const (
	maxSnapshots = 16 // lists kept for each source
	keptOld      = 2  // of them over older indexes
)

// snapshot is a list: positions in an index, in order.
type snapshot struct {
	id        string
	index     *index.Index
	positions []int32
	query     *filter.Query // with the order that was used
	search    string
	selected  bool
	people    *people
}

// Query makes a list. A mistake in the filter is a *filter.Error, whose positions refer to the text in q.
func (s *Service) Query(ctx context.Context, q Query) (Snapshot, error) {
	tree, mistake := filter.Parse(q.Filter, s.schema())
	if mistake != nil {
		return Snapshot{}, mistake
	}
	canonical := filter.Format(tree)
	if q.Sort != "" {
		by, mistake := filter.Parse("ORDER BY "+q.Sort, s.schema())
		if mistake != nil || len(by.Order) != 1 || by.Order[0].Desc {
			return Snapshot{}, &domain.Error{Code: domain.Invalid, Field: "sort", Message: "The list cannot be sorted by “" + q.Sort + "”."}
		}
		tree.Order = []filter.Order{{Field: by.Order[0].Field, Arg: by.Order[0].Arg, Desc: q.Desc}}
	}
	p := s.source(q.SourceID)
	asked := 0
	if q.Shown {
		asked = p.asks()
	}
	ix, err := s.current(ctx, p)
	if err != nil {
		return Snapshot{}, err
	}
	positions, warnings, err := list(ix, tree, q.Search)
	if err != nil {
		return Snapshot{}, located(err, q.Filter)
	}
	for _, w := range warnings {
		_ = w.Locate(q.Filter)
	}
	if q.Selected {
		positions = p.onlySelected(ix, positions)
	}
	snap := &snapshot{id: rand.Text(), index: ix, positions: positions, query: tree, search: q.Search, selected: q.Selected, people: p}
	p.keep(snap)
	if q.Shown {
		p.show(snap, asked)
	}
	return Snapshot{
		ID: snap.id, SourceID: q.SourceID, Revision: ix.Freshness.Revision, Total: len(positions), All: ix.Len(), Filter: canonical,
		Partial: ix.Freshness.Partial, Built: ix.Built, Stale: p.latest() != ix, Warnings: warnings,
		Order: tree.Order, Selected: q.Selected,
	}, nil
}

// list evaluates and sorts.
func list(ix *index.Index, q *filter.Query, search string) ([]int32, []*filter.Error, error) {
	found, warnings, err := ix.Evaluate(q)
	if err != nil {
		return nil, nil, err
	}
	return ix.InOrder(ix.Search(found, search), q.Order), warnings, nil
}

// located fills in the place of a mistake in the text.
func located(err error, text string) error {
	if mistake, ok := index.AsMistake(err); ok {
		return mistake.Locate(text)
	}
	return err
}

// keep remembers a list and forgets the one that has not been used for the longest time.
func (p *people) keep(snap *snapshot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.snapshots = slices.Insert(p.snapshots, 0, snap)
	if len(p.snapshots) > maxSnapshots {
		p.snapshots[maxSnapshots] = nil
		p.snapshots = p.snapshots[:maxSnapshots]
	}
}

// snapshot finds a list by id.
func (s *Service) snapshot(id string) (*snapshot, error) {
	s.mu.Lock()
	sources := make([]*people, 0, len(s.sources))
	for _, p := range s.sources {
		sources = append(sources, p)
	}
	s.mu.Unlock()
	for _, p := range sources {
		if snap := p.find(id); snap != nil {
			return snap, nil
		}
	}
	return nil, domain.Errorf(domain.Stale, "This list is no longer kept.").WithHint("Show the list again.")
}

func (p *people) find(id string) *snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.snapshots, func(snap *snapshot) bool { return snap.id == id })
	if i < 0 {
		return nil
	}
	snap := p.snapshots[i]
	copy(p.snapshots[1:i+1], p.snapshots[:i])
	p.snapshots[0] = snap
	return snap
}

// Drift is how far a list is from what the same query would show now.
type Drift struct {
	Stale   bool // there is a newer local copy
	Changes int  // people who came, went, or look different
	Total   int  // people whom the same query would list now
}

// Check compares a list with the newest local copy. A filter that no longer makes sense there (its group is gone) is a
// *filter.Error about the canonical filter.
func (s *Service) Check(ctx context.Context, snapshotID string) (Drift, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return Drift{}, err
	}
	ix, err := s.current(ctx, snap.people)
	if err != nil {
		return Drift{}, err
	}
	if ix == snap.index {
		return Drift{Total: len(snap.positions)}, nil
	}
	now, _, err := list(ix, snap.query, snap.search)
	if err != nil {
		return Drift{}, err
	}
	drift := Drift{Stale: true, Total: len(now)}
	listed := ix.NewBits()
	for _, pos := range now {
		listed.Set(int(pos))
	}
	stayed := 0
	for _, pos := range snap.positions {
		at, there := ix.Position(snap.index.ID(int(pos)))
		if !there || !listed.Has(at) {
			drift.Changes++
			continue
		}
		stayed++
		if !index.SamePerson(snap.index, int(pos), ix, at) {
			drift.Changes++
		}
	}
	drift.Changes += len(now) - stayed
	return drift, nil
}
