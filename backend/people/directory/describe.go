package directory

import (
	"context"
	"strings"

	"seatkeeper/backend/people/filter"
)

// Listed describes a list that is kept.
type Listed struct {
	Snapshot

	Search string // as typed into the search field
	Order  string // how it is sorted, as the filter language says it: "lastActive DESC"; "" is by name
}

// Describe tells what a list is; Stale when it is no longer kept.
func (s *Service) Describe(_ context.Context, snapshotID string) (Listed, error) {
	snap, err := s.snapshot(snapshotID)
	if err != nil {
		return Listed{}, err
	}
	ix := snap.index
	d := Listed{
		Snapshot: Snapshot{
			ID: snap.id, SourceID: snap.people.sourceID, Revision: ix.Freshness.Revision, Total: len(snap.positions), All: ix.Len(),
			Filter: filter.Format(&filter.Query{Where: snap.query.Where}), Partial: ix.Freshness.Partial, Built: ix.Built, Stale: snap.people.latest() != ix,
			Order: snap.query.Order, Selected: snap.selected,
		},
		Search: snap.search,
	}
	d.Order = strings.TrimPrefix(filter.Format(&filter.Query{Order: snap.query.Order}), "ORDER BY ")
	return d, nil
}
