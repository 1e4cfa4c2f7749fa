package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// Exec executes a statement within a transaction and returns how many rows it wrote.
func Exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) (int, error) {
	r, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("execute: %w", err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("count the rows written: %w", err)
	}
	return int(n), nil
}

// One reads the single row of a query.
func One(ctx context.Context, tx *sql.Tx, query string, args []any, into ...any) error {
	if err := tx.QueryRowContext(ctx, query, args...).Scan(into...); err != nil {
		return fmt.Errorf("read one row: %w", err)
	}
	return nil
}

// Each calls fn for each row of a query.
func Each(ctx context.Context, tx *sql.Tx, fn func(*sql.Rows) error, statement string, args ...any) error {
	rows, err := Query(ctx, tx, statement, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return End(rows)
}

// Query starts a query; the caller closes the rows.
func Query(ctx context.Context, tx *sql.Tx, statement string, args []any) (*sql.Rows, error) {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return rows, nil
}

// Scan reads the row that rows stands on.
func Scan(rows *sql.Rows, into ...any) error {
	if err := rows.Scan(into...); err != nil {
		return fmt.Errorf("read a row: %w", err)
	}
	return nil
}

// End tells whether rows ended because there are no more.
func End(rows *sql.Rows) error {
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}
