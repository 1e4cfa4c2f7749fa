package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// keepDeleted is how long the deletion of a saved filter can be taken back.
const keepDeleted = 24 * time.Hour

const savedColumns = `id, name, description, filter, columns, sort, descending, density, pinned, created_at, updated_at`

// SavedFilters returns all saved filters, by name.
func (s *Store) SavedFilters(ctx context.Context) ([]domain.SavedFilter, error) {
	var all []domain.SavedFilter
	err := s.db.View(ctx, "list the saved filters", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			f, err := scanSaved(rows)
			all = append(all, f)
			return err
		}, `SELECT `+savedColumns+` FROM saved_filters WHERE deleted_at = 0 ORDER BY name_key, id`)
	})
	return all, err
}

// SavedFilter returns one saved filter; NotFound.
func (s *Store) SavedFilter(ctx context.Context, id string) (domain.SavedFilter, error) {
	var found []domain.SavedFilter
	err := s.db.View(ctx, "read a saved filter", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			f, err := scanSaved(rows)
			found = append(found, f)
			return err
		}, `SELECT `+savedColumns+` FROM saved_filters WHERE id = ? AND deleted_at = 0`, id)
	})
	if err == nil && len(found) == 0 {
		err = noSavedFilter()
	}
	if err != nil {
		return domain.SavedFilter{}, err
	}
	return found[0], nil
}

// SaveFilters writes saved filters, new or changed, by their ids: all of them or none. It is a Conflict when another one has the name.
func (s *Store) SaveFilters(ctx context.Context, filters []domain.SavedFilter) error {
	return s.db.Update(ctx, "save filters", func(tx *sql.Tx) error {
		for _, f := range filters {
			if err := nameIsFree(ctx, tx, f.ID, nameKey(f.Name), f.Name); err != nil {
				return err
			}
			columns, err := json.Marshal(append([]string{}, f.Columns...))
			if err != nil {
				return fmt.Errorf("write the columns as JSON: %w", err)
			}
			_, err = sqlite.Exec(ctx, tx, `INSERT INTO saved_filters (`+savedColumns+`, name_key, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
				ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, description = excluded.description,
					filter = excluded.filter, columns = excluded.columns, sort = excluded.sort, descending = excluded.descending,
					density = excluded.density, pinned = excluded.pinned, updated_at = excluded.updated_at, deleted_at = 0`,
				f.ID, f.Name, f.Description, f.Filter, string(columns), f.Sort, f.Desc, f.Density, f.Pinned, sqlite.ToMillis(f.CreatedAt), sqlite.ToMillis(f.UpdatedAt), nameKey(f.Name))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteSavedFilter deletes a saved filter; for a day RestoreSavedFilter takes it back. NotFound.
func (s *Store) DeleteSavedFilter(ctx context.Context, id string, at time.Time) error {
	return s.db.Update(ctx, "delete a saved filter", func(tx *sql.Tx) error {
		if _, err := sqlite.Exec(ctx, tx, `DELETE FROM saved_filters WHERE deleted_at <> 0 AND deleted_at < ?`, sqlite.ToMillis(at.Add(-keepDeleted))); err != nil {
			return err
		}
		n, err := sqlite.Exec(ctx, tx, `UPDATE saved_filters SET deleted_at = ? WHERE id = ? AND deleted_at = 0`, sqlite.ToMillis(at), id)
		if err == nil && n == 0 {
			err = noSavedFilter()
		}
		return err
	})
}

// RestoreSavedFilter takes a deletion back; NotFound when it was too long ago, Conflict when another filter has the name by now.
func (s *Store) RestoreSavedFilter(ctx context.Context, id string) error {
	return s.db.Update(ctx, "restore a saved filter", func(tx *sql.Tx) error {
		var names []string
		err := sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var name string
			err := sqlite.Scan(rows, &name)
			names = append(names, name)
			return err
		}, `SELECT name FROM saved_filters WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			return noSavedFilter()
		}
		if err := nameIsFree(ctx, tx, id, nameKey(names[0]), names[0]); err != nil {
			return err
		}
		_, err = sqlite.Exec(ctx, tx, `UPDATE saved_filters SET deleted_at = 0 WHERE id = ?`, id)
		return err
	})
}

func scanSaved(rows *sql.Rows) (domain.SavedFilter, error) {
	var f domain.SavedFilter
	var columns string
	var created, updated int64
	err := sqlite.Scan(rows, &f.ID, &f.Name, &f.Description, &f.Filter, &columns, &f.Sort, &f.Desc, &f.Density, &f.Pinned, &created, &updated)
	if err != nil {
		return f, err
	}
	f.CreatedAt, f.UpdatedAt = sqlite.FromMillis(created), sqlite.FromMillis(updated)
	if err := json.Unmarshal([]byte(columns), &f.Columns); err != nil {
		return f, fmt.Errorf("read the columns of a saved filter: %w", err)
	}
	return f, nil
}

// nameKey is what two names must differ in.
func nameKey(name string) string { return strings.ToLower(name) }

func nameIsFree(ctx context.Context, tx *sql.Tx, id, key, name string) error {
	var taken int
	if err := sqlite.One(ctx, tx, `SELECT count(*) FROM saved_filters WHERE name_key = ? AND id <> ? AND deleted_at = 0`, []any{key, id}, &taken); err != nil {
		return err
	}
	if taken > 0 {
		return &domain.Error{
			Code: domain.Conflict, Field: "name", Message: "There is another saved filter with the name “" + name + "”.", Hint: "Choose another name.",
		}
	}
	return nil
}

func noSavedFilter() error {
	return domain.Errorf(domain.NotFound, "This saved filter is not there any more.")
}
