package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// rowsPerInsert is how many rows one statement inserts. More rows make it no cheaper.
const rowsPerInsert = 128

var errDriver = errors.New("the driver cannot prepare statements")

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

// Insert inserts rows whose values (int64, string, []byte) stand one after the other, within the function of an Update.
// Many rows go by one statement that is compiled once, and straight to the driver: database/sql would copy and check
// each value.
func (d *DB) Insert(ctx context.Context, i Insertion, values []any) error {
	width := strings.Count(i.Row, "?")
	for _, rows := range []int{rowsPerInsert, len(values) / width % rowsPerInsert} {
		size := rows * width
		if size == 0 || len(values) < size {
			continue
		}
		err := d.writing.Raw(func(c any) error {
			conn, ok := c.(driver.ConnPrepareContext)
			if !ok {
				return errDriver
			}
			prepared, err := conn.PrepareContext(ctx, i.statement(rows))
			if err != nil {
				return fmt.Errorf("prepare an insertion: %w", err)
			}
			defer func() { _ = prepared.Close() }()
			statement, ok := prepared.(driver.StmtExecContext)
			if !ok {
				return errDriver
			}
			named := make([]driver.NamedValue, size)
			for ; len(values) >= size; values = values[size:] {
				for k := range named {
					named[k] = driver.NamedValue{Ordinal: k + 1, Value: values[k]}
				}
				if _, err := statement.ExecContext(ctx, named); err != nil {
					return fmt.Errorf("insert %d rows: %w", rows, err)
				}
			}
			return nil
		})
		if err != nil {
			return err //nolint:wrapcheck // it says what was tried
		}
	}
	return nil
}
