package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// rowsPerInsert is how many rows one statement inserts. More rows make it no cheaper.
const rowsPerInsert = 128

// Insertion is an INSERT of any number of rows.
type Insertion struct {
	Into string // table and columns, as in "users (id, name, removed_at)"
	Row  string // one row, as in "(?, ?, 0)"
	Then string // what follows the rows, as in "ON CONFLICT DO NOTHING"
}

// statement gives the text for a number of rows.
func (i Insertion) statement(rows int) string {
	return "INSERT INTO " + i.Into + " VALUES " + strings.Repeat(i.Row+",", rows-1) + i.Row + " " + i.Then
}

// Insert inserts rows whose values stand one after the other, many rows by one statement that is compiled once.
func Insert(ctx context.Context, tx *sql.Tx, i Insertion, values []any) error {
	width := strings.Count(i.Row, "?")
	if many := width * rowsPerInsert; len(values) >= many {
		statement, err := tx.PrepareContext(ctx, i.statement(rowsPerInsert))
		if err != nil {
			return fmt.Errorf("prepare an insertion: %w", err)
		}
		defer func() { _ = statement.Close() }()
		for ; len(values) >= many; values = values[many:] {
			if _, err := statement.ExecContext(ctx, values[:many]...); err != nil {
				return fmt.Errorf("insert %d rows: %w", rowsPerInsert, err)
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := Exec(ctx, tx, i.statement(len(values)/width), values...)
	return err
}
