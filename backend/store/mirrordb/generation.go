package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// A transaction that writes to mirror.db says by one of the note methods whose people may be different afterwards. One
// that does not is taken to be about everybody: to forget it makes the next start and the next full sync slower, never
// wrong.

// declaration is what the writing transaction has said. There is only one at a time.
type declaration struct {
	declared bool // something was noted
	changed  bool // somebody was noted
}

// notePeople says that the transaction is about some people of a source, and is to be called while it runs. query
// selects their keys.
func (s *Store) notePeople(ctx context.Context, tx *sql.Tx, source int64, query string, args ...any) error {
	s.declaration.declared = true
	n, err := sqlite.Exec(ctx, tx, `INSERT OR IGNORE INTO main.people_changes (source, generation, user_id)
		SELECT `+strconv.FormatInt(source, 10)+`, (SELECT generation + 1 FROM main.copy_state), who.id
			FROM (`+query+`) who`, args...)
	s.declaration.changed = s.declaration.changed || n > 0
	if err == nil {
		_, err = sqlite.Exec(ctx, tx, `DELETE FROM main.digests WHERE source = ?1 AND user_id
			IN (SELECT user_id FROM main.people_changes
			WHERE source = ?1 AND generation = (SELECT generation + 1 FROM main.copy_state))`, source)
	}
	if err != nil {
		return fmt.Errorf("note who changes: %w", err)
	}
	return nil
}

// noteSource says that the transaction may be about everybody of one source.
func (s *Store) noteSource(ctx context.Context, tx *sql.Tx, source int64) error {
	s.declaration.declared, s.declaration.changed = true, true
	_, err := sqlite.Exec(ctx, tx, "DELETE FROM main.people_changes WHERE source = ?", source)
	if err == nil {
		_, err = sqlite.Exec(ctx, tx, "DELETE FROM main.digests WHERE source = ?", source)
	}
	if err == nil {
		_, err = sqlite.Exec(ctx, tx,
			"INSERT INTO main.people_changes (source, generation, user_id) SELECT ?, generation + 1, 0 FROM main.copy_state", source)
	}
	if err != nil {
		return fmt.Errorf("note what changes: %w", err)
	}
	return nil
}

// noteFiles says that the transaction is about files that were imported into a source: what is shown of everybody may
// be different, the rows of people are not.
func (s *Store) noteFiles(ctx context.Context, tx *sql.Tx, source int64) error {
	s.declaration.declared, s.declaration.changed = true, true
	if _, err := sqlite.Exec(ctx, tx, `INSERT OR IGNORE INTO main.people_changes (source, generation, user_id)
		SELECT ?, generation + 1, 0 FROM main.copy_state`, source); err != nil {
		return fmt.Errorf("note what changes: %w", err)
	}
	return nil
}

// noteNobody says that the transaction is about nobody.
func (s *Store) noteNobody() { s.declaration.declared = true }

// noteMerged says whom a sync has changed.
func (s *Store) noteMerged(ctx context.Context, tx *sql.Tx, m *merger) error {
	if m.first() {
		return s.noteSource(ctx, tx, m.source)
	}
	return s.notePeople(ctx, tx, m.source, m.sql(`SELECT user_id AS id FROM sync.touched
		UNION SELECT id FROM main.users WHERE source = ?1 AND removed_at = ?2`), m.source, m.now)
}

// countGeneration ends every transaction that writes to the file.
func (s *Store) countGeneration(ctx context.Context, tx *sql.Tx) error {
	said := s.declaration
	if !s.counts || (said.declared && !said.changed) {
		return nil
	}
	if !said.declared {
		if _, err := sqlite.Exec(ctx, tx, "DELETE FROM main.digests"); err != nil {
			return fmt.Errorf("drop the digests: %w", err)
		}
	}
	if _, err := sqlite.Exec(ctx, tx, `UPDATE main.copy_state
		SET generation = generation + 1, whole_at = iif(?, whole_at, generation + 1)`,
		said.declared); err != nil {
		return fmt.Errorf("count the generation up: %w", err)
	}
	return nil
}

// PeopleChanges tells what was written to the local copy of a source after a generation.
func (s *Store) PeopleChanges(ctx context.Context, sourceID string, since int64) (domain.PeopleChanges, error) {
	var c domain.PeopleChanges
	err := s.db.View(ctx, "read what has changed", func(tx *sql.Tx) (err error) {
		c, err = changesSince(ctx, tx, sourceID, since)
		return err
	})
	return c, err
}

func changesSince(ctx context.Context, tx *sql.Tx, sourceID string, since int64) (domain.PeopleChanges, error) {
	var c domain.PeopleChanges
	var whole, id int64
	if err := sqlite.One(ctx, tx, "SELECT generation, whole_at FROM copy_state", nil, &c.Generation,
		&whole); err != nil {
		return c, err
	}
	err := sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
		err := sqlite.Scan(rows, &id)
		c.IDs = append(c.IDs, id)
		return err
	}, `SELECT DISTINCT c.user_id FROM people_changes c JOIN sources s ON s.key = c.source
		WHERE s.source_id = ? AND c.generation > ? ORDER BY c.user_id`, sourceID, since)
	if c.Whole = whole > since || len(c.IDs) > 0 && c.IDs[0] == 0; c.Whole {
		c.IDs = nil
	}
	return c, err
}
