package records

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"seatkeeper/backend/store/sqlite"
)

// FileName is the name of the file within the data folder.
const FileName = "runs.db"

// Store is the open database. Its methods may be called from several goroutines.
type Store struct {
	db      *sqlite.DB
	touches touchBook
}

// Close ends all work and closes the file.
func (s *Store) Close() error {
	return s.db.Close()
}

// update runs fn in one writing transaction; an error of fn rolls it back and is returned as it is. doing completes
// "could not ...", for the log.
func (s *Store) update(ctx context.Context, doing string, fn func(tx *gorm.DB) error) error {
	return s.db.Update(ctx, doing, func(tx *sql.Tx) error { return fn(within(ctx, tx, s.db.Write.ORM)) })
}

// view runs fn in one reading transaction: everything that fn reads is of the same moment.
func (s *Store) view(ctx context.Context, doing string, fn func(tx *gorm.DB) error) error {
	return s.db.View(ctx, doing, func(tx *sql.Tx) error { return fn(within(ctx, tx, s.db.Read.ORM)) })
}

// stream is view for rows that go on to somebody else one by one, through taken: an error of theirs is not about this
// database.
func (s *Store) stream(ctx context.Context, doing string, fn func(tx *gorm.DB, taken func(error) error) error) error {
	var refused error
	err := s.view(ctx, doing, func(tx *gorm.DB) error {
		return fn(tx, func(err error) error {
			refused = err
			return err
		})
	})
	if refused != nil {
		return refused
	}
	return err
}

// within gives GORM in a transaction of database/sql.
func within(ctx context.Context, tx *sql.Tx, orm *gorm.DB) *gorm.DB {
	db := orm.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = tx
	return db
}

// search is the condition that a search column holds the words, in whatever case, and its value.
func search(column, words string) (where string, value any) {
	return contains(column), strings.ToLower(words)
}

// domains gives the values of rows.
func domains[M interface{ domain() D }, D any](rows []M) []D {
	all := make([]D, len(rows))
	for i, m := range rows {
		all[i] = m.domain()
	}
	return all
}

// scanner is a row.
type scanner interface{ Scan(into ...any) error }

func scan(row scanner, into ...any) error {
	if err := row.Scan(into...); err != nil {
		return fmt.Errorf("read a row: %w", err)
	}
	return nil
}

// eachRow reads the rows of a plain statement one by one.
func eachRow(tx *gorm.DB, query string, args []any, fn func(row scanner) error) error {
	rows, err := tx.Raw(query, args...).Rows()
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}
