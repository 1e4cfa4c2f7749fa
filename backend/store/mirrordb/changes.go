package mirrordb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// Place tells up to where the audit log was followed; the zero value where it was not.
func (s *Store) Place(ctx context.Context, sourceID string) (domain.Place, error) {
	var p domain.Place
	err := s.db.View(ctx, "read how far the audit log was followed", func(tx *sql.Tx) error {
		var at int64
		var handled string
		err := sqlite.One(ctx, tx, "SELECT followed_to, followed FROM sources WHERE source_id = ?", []any{sourceID},
			&at, &handled)
		if errors.Is(err, sql.ErrNoRows) || err == nil && at == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		p.At = time.UnixMilli(at).UTC()
		if err := json.Unmarshal([]byte(handled), &p.Handled); err != nil {
			return fmt.Errorf("the events that were met: %w", err)
		}
		return nil
	})
	return p, err
}

// Follow sets the place that a running full sync keeps when it is saved; the zero value where the audit log cannot be
// followed.
func (s *Store) Follow(syncID int64, p domain.Place) error {
	g, err := s.stager(syncID)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g.place = p
	return nil
}

// Explain keeps with a running sync why it read everything though only changes were asked for.
func (s *Store) Explain(syncID int64, note string) error {
	g, err := s.stager(syncID)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g.note = note
	return nil
}

// CommitChanges is CommitSync for a sync of changes: only who was delivered and who is named as gone is touched, and
// the place is kept in the same transaction. The short lists (directories, apps, domains) must have been delivered
// whole.
func (s *Store) CommitChanges(ctx context.Context, syncID int64, c domain.Changes) (domain.Sync, error) {
	return s.commit(ctx, syncID, domain.Shortfall{FewerPeople: true, FewerGroups: true}, &c)
}

// keepPlace writes how far the audit log was followed, and when.
func (m *merger) keepPlace(ctx context.Context) error {
	p := m.place
	if m.changes != nil {
		p = m.changes.Place
	}
	at, handled := int64(0), []byte("{}")
	if !p.At.IsZero() {
		at = p.At.UnixMilli()
		var err error
		if handled, err = json.Marshal(p.Handled); err != nil {
			return fmt.Errorf("the events that were met: %w", err)
		}
	}
	if m.changes != nil {
		_, err := m.exec(ctx,
			"UPDATE main.sources SET changes_at = ?2, followed_to = ?3, followed = ?4 WHERE key = ?1", m.source, m.now,
			at, handled)
		return err
	}
	_, err := m.exec(ctx, `UPDATE main.sources
		SET revision = ?2, complete_at = ?3, changes_at = 0, followed_to = ?4, followed = ?5
		WHERE key = ?1`, m.source, m.id, m.now, at, handled)
	return err
}

// keepBillable leaves who counts for Atlassian Guard as it is, because only a whole read lists that; of people in
// another state than before, or who have apps now or none, it is not known any more.
func (m *merger) keepBillable(ctx context.Context) error {
	_, err := m.exec(ctx, `UPDATE staged.users SET billable = u.billable FROM main.users u
		WHERE u.id = users.id AND users.billable = 0 AND u.status = users.status AND u.removed_at = 0
		AND EXISTS (SELECT 1 FROM main.access a WHERE a.source = ?1 AND a.user_id = u.id)
			= EXISTS (SELECT 1 FROM staged.access a WHERE a.source = ?1 AND a.user_id = u.id)`, m.source)
	return err
}

// removeGone notes the people as missing whom the source does not know any more, and marks such groups as removed.
func (m *merger) removeGone(ctx context.Context) error {
	var people, groups sqlite.Document
	for _, id := range m.changes.GonePeople {
		people.Value(id)
	}
	for _, id := range m.changes.GoneGroups {
		groups.Value(id)
	}
	if _, err := m.exec(ctx, `INSERT OR IGNORE INTO sync.missing SELECT id FROM main.accounts
		WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))`, m.source, people.String()); err != nil {
		return err
	}
	_, err := m.exec(ctx, `UPDATE main.groups SET removed_at = ?3 WHERE source = ?1 AND removed_at = 0
		AND group_id IN (SELECT value FROM json_each(?2))`, m.source, groups.String(), m.now)
	return err
}

// MembersOf returns the account ids of the people who are in at least one of the groups.
func (s *Store) MembersOf(ctx context.Context, sourceID string, groupIDs []string) ([]string, error) {
	var ids []string
	err := s.db.View(ctx, "read the members of groups", func(tx *sql.Tx) error {
		var doc sqlite.Document
		for _, id := range groupIDs {
			doc.Value(id)
		}
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := sqlite.Scan(rows, &id)
			ids = append(ids, id)
			return err
		}, `SELECT DISTINCT u.account_id FROM sources s CROSS JOIN refs r ON r.source = s.key AND r.kind = ?3
				AND r.ref IN (SELECT value FROM json_each(?2))
			CROSS JOIN memberships m ON m.source = s.key AND m.group_id = r.id
			JOIN users u ON u.id = m.user_id AND u.removed_at = 0
			WHERE s.source_id = ?1`, sourceID, doc.String(), refGroup)
	})
	return ids, err
}
