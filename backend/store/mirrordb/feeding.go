package mirrordb

import (
	"context"
	"database/sql"
	"fmt"

	"seatkeeper/backend/store/mirrordb/feed"
	"seatkeeper/backend/store/sqlite"
)

// feed lets statements of the writing transaction read tables as fed.name, once in a transaction.
func (s *Store) feed(ctx context.Context, tx *sql.Tx, tables ...*feed.Table) error {
	if s.shelf == nil {
		var err error
		if s.shelf, err = feed.NewShelf(); err != nil {
			return fmt.Errorf("hand rows over: %w", err)
		}
	}
	s.fed = true
	_, err := sqlite.Exec(ctx, tx, "ATTACH ? AS fed", s.shelf.Put(feed.Database(tables...)))
	return err
}

// unfeed takes away what an earlier transaction was fed with, which it could not do itself: SQLite detaches nothing within one.
func (s *Store) unfeed(ctx context.Context, conn *sql.Conn) error {
	if !s.fed {
		return nil
	}
	var attached bool
	err := conn.QueryRowContext(ctx, "SELECT count(*) FROM pragma_database_list WHERE name = 'fed'").Scan(&attached)
	if err == nil && attached {
		_, err = conn.ExecContext(ctx, "DETACH fed")
	}
	if err != nil {
		return fmt.Errorf("take rows away: %w", err)
	}
	s.shelf.Put(nil)
	s.fed = false
	return nil
}
