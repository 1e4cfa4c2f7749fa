package bindings

import (
	"context"
	"encoding/json"
	"errors"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/source"
)

// People is people, filter and selection.
type People struct{ *core }

// Query makes a list; a mistake in the filter is in the answer, not an error.
func (x *People) Query(q PeopleQuery) (SnapshotView, error) {
	return call(x.given(q), "People.Query", func(ctx context.Context, s *Services) (SnapshotView, error) {
		snap, err := s.Directory.Query(ctx, directory.Query(q))
		if mistake, ok := errors.AsType[*filter.Error](err); ok {
			return SnapshotView{Error: filterError(q.Filter, mistake)}, nil
		}
		view := SnapshotView{
			ID: snap.ID, Total: snap.Total, Filter: snap.Filter, Partial: snap.Partial, Stale: snap.Stale, All: snap.All,
		}
		if len(snap.Order) > 0 {
			view.Sort, view.Desc = snap.Order[0].Key(), snap.Order[0].Desc
		}
		return view, err
	})
}

// Drift tells how far a list is from what the same query would show now.
func (x *People) Drift(snapshot string) (DriftView, error) {
	return call(x.given(snapshot), "People.Drift", func(ctx context.Context, s *Services) (DriftView, error) {
		d, err := s.Directory.Check(ctx, snapshot)
		return DriftView(d), err
	})
}

// Rows reads at most 1,000 rows of a list; code "stale" when the list is gone.
func (x *People) Rows(snapshot string, from, count int) ([]PersonRow, error) {
	return call(x.given(snapshot), "People.Rows", func(ctx context.Context, s *Services) ([]PersonRow, error) {
		if err := checkPage(from, count); err != nil {
			return nil, err
		}
		rows, err := s.Directory.Rows(ctx, snapshot, from, count)
		return list(rows, personRow), err
	})
}

// maxPersonRuns is how much of what was done to a person is given at once.
const maxPersonRuns = 50

// Place tells in which row of a list a person stands, -1 for nobody in it; code "stale" when the list is gone.
func (x *People) Place(snapshot string, id int64) (int, error) {
	return call(x.given(snapshot), "People.Place", func(ctx context.Context, s *Services) (int, error) {
		return s.Directory.Place(ctx, snapshot, id)
	})
}

// Person reads one person.
func (x *People) Person(sourceID string, id int64) (PersonView, error) {
	return call(x.given(sourceID), "People.Person", func(ctx context.Context, s *Services) (PersonView, error) {
		p, err := s.Directory.Person(ctx, sourceID, id)
		if err != nil {
			return PersonView{}, err
		}
		view := personView(p)
		rule, err := s.Protected.Of(ctx, sourceID)
		if err != nil {
			return PersonView{}, err
		}
		view.Protected = rule.Reason(p.User)
		deeds, total, err := s.Runs.OfPerson(ctx, sourceID, p.User.AccountID, maxPersonRuns)
		view.Runs, view.RunsTotal = list(deeds, personRunView), total
		return view, err
	})
}

// CheckAccess asks the source how the person came by the apps, and explains them with what it tells.
func (x *People) CheckAccess(sourceID string, id int64) ([]AccessView, error) {
	return call(x.given(sourceID), "People.CheckAccess", func(ctx context.Context, s *Services) ([]AccessView, error) {
		p, err := s.Directory.Person(ctx, sourceID, id)
		if err != nil {
			return nil, err
		}
		src, err := s.Connections.Open(ctx, sourceID)
		if err != nil {
			return nil, err
		}
		reader, able := src.(source.AccessEditor)
		if !able {
			return nil, domain.Errorf(domain.Unsupported, "This kind of source does not tell how access was given.")
		}
		told, err := reader.ReadRoles(ctx, p.User.AccountID)
		if err != nil {
			return nil, err
		}
		p.Confirm(told)
		return personView(p).Access, nil
	})
}

// Select changes the selection and tells how it looks from the list.
func (x *People) Select(req SelectRequest) (SelectionView, error) {
	return call(x.given(req), "People.Select", func(ctx context.Context, s *Services) (SelectionView, error) {
		n, err := s.Directory.Select(ctx, directory.Selection{SnapshotID: req.Snapshot, Op: directory.SelectOp(req.Op), From: req.From, To: req.To})
		return SelectionView(n), err
	})
}

// ClearSelection empties the selection.
func (x *People) ClearSelection(sourceID string) error {
	return do(x.given(sourceID), "People.ClearSelection", func(_ context.Context, s *Services) error {
		s.Directory.ClearSelection(sourceID)
		return nil
	})
}

// SelectionCount tells how many people are selected.
func (x *People) SelectionCount(sourceID string) (int, error) {
	return call(x.given(sourceID), "People.SelectionCount", func(_ context.Context, s *Services) (int, error) {
		return s.Directory.SelectionCount(sourceID), nil
	})
}

// SelectedIn tells how the selection looks from a list.
func (x *People) SelectedIn(snapshot string) (SelectionView, error) {
	return call(x.given(snapshot), "People.SelectedIn", func(ctx context.Context, s *Services) (SelectionView, error) {
		n, err := s.Directory.SelectedIn(ctx, snapshot)
		return SelectionView(n), err
	})
}

// Groups finds groups by name.
func (x *People) Groups(sourceID, search string, limit int) (GroupPage, error) {
	return call(x.given(sourceID, searched(search)), "People.Groups", func(ctx context.Context, s *Services) (GroupPage, error) {
		if err := checkPage(0, limit); err != nil {
			return GroupPage{}, err
		}
		groups, total, err := s.Directory.Groups(ctx, sourceID, search, limit)
		return GroupPage{Groups: list(groups, groupView), Total: total}, err
	})
}

// Overview summarizes each app.
func (x *People) Overview(sourceID string, inactiveDays int) ([]AppTile, error) {
	return call(x.given(sourceID), "People.Overview", func(ctx context.Context, s *Services) ([]AppTile, error) {
		tiles, err := s.Directory.Overview(ctx, sourceID, inactiveDays)
		return list(tiles, appTile), err
	})
}

// Fields lists the fields of the filter language.
func (x *People) Fields() ([]FilterField, error) {
	return call(x.core, "People.Fields", func(_ context.Context, s *Services) ([]FilterField, error) {
		return list(s.Directory.Fields(), filterField), nil
	})
}

// Parse checks a filter text.
func (x *People) Parse(sourceID, text string) (ParsedFilter, error) {
	return call(x.given(sourceID), "People.Parse", func(ctx context.Context, s *Services) (ParsedFilter, error) {
		p, err := s.Directory.Parse(ctx, sourceID, text)
		if err != nil {
			return ParsedFilter{}, err
		}
		return parsedFilter(text, p)
	})
}

// Format turns a tree (as JSON text) into a filter text.
func (x *People) Format(tree string) (ParsedFilter, error) {
	return call(x.given(tree), "People.Format", func(_ context.Context, s *Services) (ParsedFilter, error) {
		var query filter.Query
		if err := json.Unmarshal([]byte(tree), &query); err != nil {
			return ParsedFilter{}, domain.Errorf(domain.Invalid, "The filter's tree is not understood: %w", err)
		}
		p := s.Directory.Format(&query)
		return parsedFilter(p.Canonical, p)
	})
}

// Complete proposes how a filter text goes on at the cursor, a UTF-16 offset.
func (x *People) Complete(sourceID, text string, cursor int) ([]Completion, error) {
	return call(x.given(sourceID), "People.Complete", func(ctx context.Context, s *Services) ([]Completion, error) {
		all, err := s.Directory.Complete(ctx, sourceID, text, cursor)
		return list(all, func(c filter.Completion) Completion {
			return Completion{Label: c.Label, Detail: c.Detail, Insert: c.Insert, Start: c.From, End: c.To}
		}), err
	})
}
