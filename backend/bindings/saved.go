package bindings

import (
	"context"
	"io"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/saved"
	"seatkeeper/backend/report"
)

// Saved is saved filters.
type Saved struct{ *core }

// List gives all saved filters by name, with what they find at a source now.
func (x *Saved) List(sourceID string) ([]SavedFilter, error) {
	return call(x.given(sourceID), "Saved.List", func(ctx context.Context, s *Services) ([]SavedFilter, error) {
		all, err := s.Saved.List(ctx, sourceID)
		return list(all, savedFilter), err
	})
}

// Save writes a saved filter: a new one when its id is "", else what it is to become. The filter is checked at the
// source.
func (x *Saved) Save(sourceID string, draft SavedDraft) (SavedFilter, error) {
	return call(x.given(sourceID, draft), "Saved.Save", func(ctx context.Context, s *Services) (SavedFilter, error) {
		e, err := s.Saved.Save(ctx, sourceID, domain.SavedFilter{
			ID: draft.ID, Name: draft.Name, Description: draft.Description, Filter: draft.Filter, Columns: draft.Columns, Sort: draft.Sort,
			Desc: draft.Desc, Density: draft.Density, Pinned: draft.Pinned,
		})
		return savedFilter(e), err
	})
}

// Delete deletes a saved filter.
func (x *Saved) Delete(id string) error {
	return do(x.given(id), "Saved.Delete", func(ctx context.Context, s *Services) error { return s.Saved.Delete(ctx, id) })
}

// Restore takes a deletion back.
func (x *Saved) Restore(id string) error {
	return do(x.given(id), "Saved.Restore", func(ctx context.Context, s *Services) error { return s.Saved.Restore(ctx, id) })
}

// Export writes saved filters to a file that the operator chooses; with no ids all of them.
func (x *Saved) Export(ids []string) (Exported, error) {
	return call(x.given(ids), "Saved.Export", func(ctx context.Context, s *Services) (Exported, error) {
		name := "seatkeeper-filters-" + time.Now().Format(time.DateOnly) + ".json"
		return x.save("Export saved filters", name, func(to report.Place) (rows int, err error) {
			err = report.WriteFile(to, func(w io.Writer) (err error) {
				rows, err = s.Saved.Export(ctx, w, ids)
				return err
			})
			return rows, err
		})
	})
}

// Import adds the saved filters of a file, whose text the page has read: all of them or none.
func (x *Saved) Import(text string) (SavedImport, error) {
	return call(x.given(text), "Saved.Import", func(ctx context.Context, s *Services) (SavedImport, error) {
		done, err := s.Saved.Import(ctx, []byte(text))
		return SavedImport{Added: list(done.Added, same), Renamed: done.Renamed, Same: done.Same}, err
	})
}

func savedFilter(e saved.Entry) SavedFilter {
	return SavedFilter{
		ID: e.ID, Name: e.Name, Description: e.Description, Filter: e.Filter, Columns: list(e.Columns, same), Sort: e.Sort, Desc: e.Desc,
		Density: e.Density, Pinned: e.Pinned, UpdatedAt: stamp(e.UpdatedAt), Count: e.Count, Error: filterError(e.Filter, e.Mistake),
	}
}
