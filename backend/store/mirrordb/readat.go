package mirrordb

import (
	"context"
	"database/sql"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// How old what is known of a person is: as old as the copy, unless the person was read alone since, or a listing that
// was cut off left the person out. Both are few, so only they are kept.

// noteUnread keeps who is still shown without having been delivered by a full sync, and forgets who was delivered
// again. It runs before the copy gets its new time.
func (s *Store) noteUnread(ctx context.Context, m *merger) error {
	if m.changes != nil || m.first() {
		return nil
	}
	const unread = "SELECT user_id AS id FROM main.unread_people WHERE source = ?1"
	if err := s.notePeople(ctx, m.tx, m.source, unread, m.source); err != nil {
		return err
	}
	if !m.short.FewerPeople {
		_, err := m.exec(ctx, "DELETE FROM main.unread_people WHERE source = ?1", m.source)
		return err
	}
	if _, err := m.exec(ctx,
		"DELETE FROM main.unread_people WHERE source = ?1 AND user_id NOT IN (SELECT user_id FROM sync.missing)",
		m.source); err != nil {
		return err
	}
	if _, err := m.exec(ctx, `INSERT OR IGNORE INTO main.unread_people (source, user_id, read_at)
		SELECT u.source, u.id, s.complete_at FROM sync.missing x CROSS JOIN main.users u ON u.id = x.user_id
			JOIN main.sources s ON s.key = u.source
		WHERE u.source = ?1 AND u.removed_at = 0 AND u.refreshed_at NOT BETWEEN ?2 AND ?3`,
		m.source, m.started, m.now); err != nil {
		return err
	}
	return s.notePeople(ctx, m.tx, m.source, unread, m.source)
}

// Unread returns the account ids of those who are still shown although the last full sync did not deliver them.
func (s *Store) Unread(ctx context.Context, sourceID string) ([]string, error) {
	var ids []string
	err := s.db.View(ctx, "find the people who were missed", func(tx *sql.Tx) error {
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := sqlite.Scan(rows, &id)
			ids = append(ids, id)
			return err
		}, `SELECT u.account_id FROM sources s JOIN unread_people p ON p.source = s.key JOIN users u ON u.id = p.user_id
			AND u.removed_at = 0
			WHERE s.source_id = ? ORDER BY u.id`, sourceID)
	})
	return ids, err
}

// noteRead notes when a sync of changes has read whom it delivered.
func (s *Store) noteRead(ctx context.Context, m *merger) error {
	if m.changes == nil {
		return nil
	}
	if _, err := m.exec(ctx, `UPDATE main.users SET refreshed_at = max(refreshed_at, ?2) WHERE source = ?1
		AND removed_at = 0
		AND id IN (SELECT user_id FROM sync.received)`, m.source, m.started); err != nil {
		return err
	}
	return s.notePeople(ctx, m.tx, m.source, m.sql("SELECT user_id AS id FROM sync.received"))
}

// aged fills in when people were read whose facts are not as old as the copy.
type aged struct {
	complete int64           // the end of the last full sync
	unread   map[int64]int64 // by person: the end of the last full sync that delivered the person
}

func (r *peopleReader) ages(ctx context.Context) (aged, error) {
	a := aged{unread: map[int64]int64{}}
	if err := sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error { return sqlite.Scan(rows, &a.complete) },
		"SELECT complete_at FROM sources WHERE key = ?", r.source); err != nil {
		return a, err
	}
	return a, sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
		var id, at int64
		err := sqlite.Scan(rows, &id, &at)
		a.unread[id] = at
		return err
	}, "SELECT user_id, read_at FROM unread_people WHERE source = ?", r.source)
}

// of fills in when the person was read; refreshed is when the person alone was.
func (a *aged) of(u *domain.User, refreshed int64) {
	switch at, unread := a.unread[u.ID]; {
	case unread:
		u.ReadAt, u.Unread = sqlite.FromUnix(max(at, refreshed)), true
	case refreshed > a.complete:
		u.ReadAt = sqlite.FromUnix(refreshed)
	}
}
