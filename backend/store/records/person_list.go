package records

import (
	"context"
	"database/sql"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// PersonLists returns all lists of people, by name.
func (s *Store) PersonLists(ctx context.Context) ([]domain.PersonList, error) {
	var all []domain.PersonList
	err := s.db.View(ctx, "read the lists of people", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var l domain.PersonList
			var people string
			var created, updated int64
			err := sqlite.Scan(rows, &l.ID, &l.Name, &people, &created, &updated)
			l.Values, l.CreatedAt, l.UpdatedAt = sqlite.SplitLines(people), sqlite.FromMillis(created), sqlite.FromMillis(updated)
			all = append(all, l)
			return err
		}, `SELECT id, name, people, created_at, updated_at FROM person_lists ORDER BY name_key`)
	})
	return all, err
}

// SavePersonList writes a list of people, new or changed, by its id. It is a Conflict when another one has the name.
func (s *Store) SavePersonList(ctx context.Context, l domain.PersonList) error {
	return s.db.Update(ctx, "save the list of people", func(tx *sql.Tx) error {
		var taken int
		if err := sqlite.One(ctx, tx, `SELECT count(*) FROM person_lists WHERE name_key = ? AND id <> ?`, []any{nameKey(l.Name), l.ID}, &taken); err != nil {
			return err
		}
		if taken > 0 {
			return &domain.Error{
				Code: domain.Conflict, Field: "name", Message: "There is another list with the name “" + l.Name + "”.", Hint: "Choose another name, or replace that list.",
			}
		}
		_, err := sqlite.Exec(ctx, tx, `INSERT INTO person_lists (id, name, name_key, people, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, people = excluded.people, updated_at = excluded.updated_at`,
			l.ID, l.Name, nameKey(l.Name), strings.Join(l.Values, "\n"), sqlite.ToMillis(l.CreatedAt), sqlite.ToMillis(l.UpdatedAt))
		return err
	})
}

// DeletePersonList deletes a list of people; NotFound.
func (s *Store) DeletePersonList(ctx context.Context, id string) error {
	return s.db.Update(ctx, "delete the list of people", func(tx *sql.Tx) error {
		n, err := sqlite.Exec(ctx, tx, `DELETE FROM person_lists WHERE id = ?`, id)
		if err == nil && n == 0 {
			err = domain.Errorf(domain.NotFound, "This list is not there any more.")
		}
		return err
	})
}
