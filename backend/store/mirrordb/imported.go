package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// What a file said is kept beside what the source said and joined when people are read: a later sync cannot lose it,
// and it never stands in the way of what the source itself tells.

// Imports lists the files that were imported into a source's local copy.
func (s *Store) Imports(ctx context.Context, sourceID string) ([]domain.Import, error) {
	var all []domain.Import
	err := s.db.View(ctx, "list the imports", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			i := domain.Import{SourceID: sourceID}
			var asOf, at int64
			err := sqlite.Scan(rows, &i.Kind, &i.FileName, &asOf, &at, &i.Rows, &i.Matched, &i.Activity)
			i.AsOf, i.ImportedAt = sqlite.FromUnix(asOf), sqlite.FromUnix(at)
			all = append(all, i)
			return err
		}, `SELECT i.kind, i.file_name, i.as_of, i.imported_at, i.rows, i.matched, i.activity FROM imports i
			JOIN sources s ON s.key = i.source WHERE s.source_id = ? ORDER BY i.imported_at, i.kind`, sourceID)
	})
	return all, err
}

// SaveImport keeps what a file says, in place of an earlier file of its kind: all of it or nothing.
func (s *Store) SaveImport(ctx context.Context, i domain.Import, people []domain.ImportedPerson) error {
	key, err := s.sourceKey(ctx, i.SourceID)
	if err != nil {
		return err
	}
	if key == 0 {
		return domain.Errorf(domain.NotFound,
			"This source was never synced.").WithHint("Sync it first: a file adds to what the source tells.")
	}
	return s.db.Update(ctx, "save the import", func(tx *sql.Tx) error {
		if err := s.noteFiles(ctx, tx, key); err != nil {
			return err
		}
		if err := deleteImport(ctx, tx, key, i.Kind); err != nil {
			return err
		}
		if _, err := sqlite.Exec(ctx, tx,
			`INSERT INTO imports (source, kind, file_name, as_of, imported_at, rows, matched, activity)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, key, i.Kind, i.FileName, sqlite.ToUnix(i.AsOf),
			sqlite.ToUnix(i.ImportedAt), i.Rows, i.Matched, i.Activity); err != nil {
			return err
		}
		for chunk := range slices.Chunk(people, usersPerStatement) {
			var facts, access sqlite.Document
			for _, p := range chunk {
				facts.Row(p.UserID, statusCodes[p.Status], int(p.LastDay), sqlite.ToUnix(p.AddedAt), p.Billable, p.MFA,
					p.Policy)
				for app, day := range p.Apps {
					if day != domain.DayUnknown {
						access.Row(p.UserID, app, int(day))
					}
				}
			}
			if _, err := sqlite.Exec(ctx, tx,
				`INSERT INTO imported_people (source, user_id, kind, status, day, added_at, billable, mfa, policy)
				SELECT ?1, value ->> 0, ?3, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
					FROM json_each(?2)`,
				key, facts.String(), i.Kind); err != nil {
				return err
			}
			if access.Len() == 0 {
				continue
			}
			if _, err := sqlite.Exec(ctx, tx, `INSERT INTO imported_access (source, user_id, app_id, day)
				SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2)`, key,
				access.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveImport forgets a file of a source; NotFound.
func (s *Store) RemoveImport(ctx context.Context, sourceID string, kind domain.ImportKind) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, "remove the import", func(tx *sql.Tx) error {
		var there int
		if err := sqlite.One(ctx, tx, "SELECT count(*) FROM imports WHERE source = ? AND kind = ?", []any{key, kind},
			&there); err != nil {
			return err
		}
		if there == 0 {
			return domain.Errorf(domain.NotFound, "This import is not there any more.")
		}
		if err := s.noteFiles(ctx, tx, key); err != nil {
			return err
		}
		return deleteImport(ctx, tx, key, kind)
	})
}

// deleteImport deletes a source's file of one kind. Only the export of users tells of apps.
func deleteImport(ctx context.Context, tx *sql.Tx, source int64, kind domain.ImportKind) error {
	for _, table := range []string{"imports", "imported_people"} {
		if _, err := sqlite.Exec(ctx, tx, "DELETE FROM "+table+" WHERE source = ? AND kind = ?", source,
			kind); err != nil {
			return err
		}
	}
	if kind != domain.ImportUsers {
		return nil
	}
	_, err := sqlite.Exec(ctx, tx, "DELETE FROM imported_access WHERE source = ?", source)
	return err
}

// importTables hold what belongs to a source's imports.
var importTables = []string{"imports", "imported_people", "imported_access"}

// accessDays is the statement that reads app access with the day of the last activity: where the source did not tell
// it, that of a file.
func (r *peopleReader) accessDays(condition string) string {
	if !r.imported {
		return "SELECT user_id, app_id, day FROM access WHERE " + condition + " ORDER BY user_id, app_id"
	}
	return `SELECT user_id, app_id, iif(day = -1, coalesce((SELECT i.day FROM imported_access i
		WHERE i.source = access.source AND i.user_id = access.user_id AND i.app_id = access.app_id), -1), day)
		FROM access WHERE ` + condition + " ORDER BY user_id, app_id"
}

// hasImports tells whether there is anything to join.
func (r *peopleReader) hasImports(ctx context.Context) error {
	var n int
	err := sqlite.One(ctx, r.tx, "SELECT count(*) FROM imports WHERE source = ?", []any{r.source}, &n)
	r.imported = n > 0
	return err
}

// importedReader walks what files say, in step with the people.
type importedReader struct {
	rows *sql.Rows // nil: there is nothing
	user int64     // of the row that is waiting
	now  domain.ImportedFacts
	done bool
}

// newImported begins with the facts of a condition, of each person the newest file's first.
func newImported(ctx context.Context, r *peopleReader, condition string, args []any) (*importedReader, error) {
	if !r.imported {
		return &importedReader{done: true}, nil
	}
	statement := `SELECT user_id, status, day, added_at, billable, mfa, policy FROM imported_people
		WHERE ` + condition + ` ORDER BY user_id,
		(SELECT as_of FROM imports i WHERE i.source = imported_people.source AND i.kind = imported_people.kind) DESC`
	rows, err := sqlite.Query(ctx, r.tx, statement, args)
	if err != nil {
		return nil, err
	}
	f := &importedReader{rows: rows}
	return f, f.next()
}

func (f *importedReader) next() error {
	if !f.rows.Next() {
		f.done = true
		return sqlite.End(f.rows)
	}
	var status int
	var added int64
	err := sqlite.Scan(f.rows, &f.user, &status, &f.now.LastDay, &added, &f.now.Billable, &f.now.MFA, &f.now.Policy)
	f.now.Status, f.now.AddedAt = statusOf(status), sqlite.FromUnix(added)
	return err
}

// into fills in what the source did not tell about the person.
func (f *importedReader) into(u *domain.User) error {
	for !f.done && f.user <= u.ID {
		if f.user == u.ID {
			fill(u, f.now)
		}
		if err := f.next(); err != nil {
			return err
		}
	}
	return nil
}

func (f *importedReader) close() {
	if f.rows != nil {
		_ = f.rows.Close()
	}
}

// fill puts a file's facts where nothing is known yet.
func fill(u *domain.User, facts domain.ImportedFacts) {
	if u.Status == domain.StatusUnknown || u.Status == "" {
		u.Status = facts.Status
	}
	if u.Billable == domain.Unknown {
		u.Billable = facts.Billable
	}
	if u.MFA == domain.Unknown {
		u.MFA = facts.MFA
	}
	if u.AddedAt.IsZero() {
		u.AddedAt = facts.AddedAt
	}
	if u.Policy == "" {
		u.Policy = facts.Policy
	}
	if facts.LastDay != domain.DayUnknown && !u.SeenKnown {
		u.Seen, u.SeenKnown = domain.DateOf(facts.LastDay), true
	}
}

// Matchable calls fn for each current person of a source with what a file's row can be matched by, and tells the apps
// by key.
func (s *Store) Matchable(
	ctx context.Context, sourceID string, fn func(userID int64, accountID, email string),
) ([]domain.App, error) {
	apps, err := s.Apps(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	err = s.db.View(ctx, "read the people", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var id int64
			var account, email string
			if err := sqlite.Scan(rows, &id, &account, &email); err != nil {
				return err
			}
			fn(id, account, email)
			return nil
		}, `SELECT u.id, u.account_id, u.email FROM users u JOIN sources s ON s.key = u.source
			WHERE s.source_id = ? AND u.removed_at = 0`, sourceID)
	})
	if err != nil {
		return nil, fmt.Errorf("find people for a file: %w", err)
	}
	return apps, nil
}
