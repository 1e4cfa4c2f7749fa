package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"seatkeeper/backend/store/sqlite"
)

// The local copy can be read again, so a damaged one is never worked with and never in the way: from the first sign on
// it refuses every read and write, and the next opening sets it aside and begins an empty one.

// compareIDs finds ids that stand in two tables and are not the same.
func compareIDs(ctx context.Context, in *sql.DB) (string, error) {
	var wrong int
	err := in.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM users u LEFT JOIN accounts a ON a.id = u.id WHERE (a.source, a.account_id)
			IS NOT (u.source, u.account_id)) +
		(SELECT count(*) FROM groups g LEFT JOIN refs r ON r.id = g.id WHERE (r.source, r.kind, r.ref)
			IS NOT (g.source, ?1, g.group_id)) +
		(SELECT count(*) FROM apps p LEFT JOIN refs r ON r.id = p.id WHERE (r.source, r.kind, r.ref)
			IS NOT (p.source, ?2, p.app_id)) +
		(SELECT count(*) FROM directories d LEFT JOIN refs r ON r.id = d.id WHERE (r.source, r.kind, r.ref)
			IS NOT (d.source, ?3, d.directory_id)) +
		(SELECT count(*) FROM users WHERE source
			NOT IN (SELECT key FROM sources))`, refGroup, refApp, refDirectory).Scan(&wrong)
	if err != nil || wrong == 0 {
		return "", err //nolint:wrapcheck // the engine says of which file it is
	}
	return fmt.Sprintf("%d ids are not those of their numbers", wrong), nil
}

// CheckCopy looks through the local copy; an error with the reason "damaged" says that it is built again.
func (s *Store) CheckCopy(ctx context.Context) error { return s.db.LookThrough(ctx, "quick_check") }

// Damaged is closed when the local copy turned out to be damaged: open it anew.
func (s *Store) Damaged() <-chan struct{} { return s.db.Condemned() }

// open opens the local copy, and begins an empty one in place of one that is damaged.
func (s *Store) open(ctx context.Context, d sqlite.File) error {
	if !sqlite.IsCondemned(d.Path) {
		err := s.take(ctx, d)
		if err == nil || ctx.Err() != nil || !sqlite.Replaceable(d.Path, err) {
			return err
		}
		s.o.Log.ErrorContext(ctx, "the local copy cannot be opened and is built again", "error", err)
	}
	next, err := s.setAside(ctx, d)
	if err != nil {
		return err
	}
	if err := s.take(ctx, d); err != nil {
		return err
	}
	return s.db.Update(ctx, "begin a new local copy", func(tx *sql.Tx) error {
		// Numbers of the old copy must not mean something else in the new one: a plan knows its sync, an open page its
		// people.
		if _, err := sqlite.Exec(ctx, tx, "INSERT INTO sqlite_sequence (name, seq) VALUES ('syncs', ?)",
			time.Now().Unix()); err != nil {
			return err
		}
		_, err := sqlite.Exec(ctx, tx, "INSERT INTO accounts (id, source, account_id) VALUES (?, 0, '')", next)
		return err
	})
}

// take opens the local copy as it is.
func (s *Store) take(ctx context.Context, d sqlite.File) (err error) {
	s.counts = false // an upgrade begins without the table for it
	if s.db, err = sqlite.Open(ctx, d); err != nil {
		return err
	}
	s.counts = true
	unknown := !s.db.AsLeft()
	if unknown {
		err = s.db.Compare(ctx)
	}
	if err == nil {
		err = s.settleSyncs(ctx)
	}
	if err == nil && unknown {
		// Nothing tells whether the rows are what was written. Without digests the next full sync compares every one
		// with what it receives.
		_, err = s.db.Write.SQL.ExecContext(ctx, "DELETE FROM digests")
		err = s.db.Fault("forget the digests", err)
	}
	if err != nil {
		_ = s.db.Close()
		s.db = nil
	}
	return err
}
