package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// PutGroups writes groups that were read afresh outside a sync; what they grant only where that is known.
func (s *Store) PutGroups(ctx context.Context, sourceID string, groups []domain.Group) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil {
		return err
	}
	if key == 0 {
		return domain.Errorf(domain.NotFound, "This source was never synced.").WithHint("Sync it first.")
	}
	b := domain.Batch{Groups: groups}
	for _, g := range groups {
		if g.GrantsKnown {
			b.Grants = append(b.Grants, domain.Granting{GroupID: g.GroupID, Grants: g.Grants})
		}
	}
	g := alone(key, sourceID)
	ids := make([]string, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.GroupID)
	}
	s.noteAfresh(sourceID, ids)
	return s.db.Update(ctx, "write refreshed groups", func(tx *sql.Tx) error {
		s.noteNobody() // who is in them is written with the people
		w := newWriter(s, g)
		w.tx = tx
		if err := w.intern(ctx, b); err != nil {
			return err
		}
		if err := w.things(ctx, b); err != nil {
			return err
		}
		return w.grants(ctx, b.Grants)
	})
}

// RemoveGroups marks groups as gone that a fresh reading did not find. Unknown ids are no error.
func (s *Store) RemoveGroups(ctx context.Context, sourceID string, groupIDs []string) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil || key == 0 {
		return err
	}
	var doc sqlite.Document
	for _, id := range groupIDs {
		doc.Value(id)
	}
	s.noteAfresh(sourceID, groupIDs)
	return s.db.Update(ctx, "mark groups as gone", func(tx *sql.Tx) error {
		s.noteNobody() // as above
		_, err := sqlite.Exec(ctx, tx, `UPDATE groups SET removed_at = ?3 WHERE source = ?1 AND removed_at = 0
			AND group_id IN (SELECT value FROM json_each(?2))`, key, doc.String(), time.Now().Unix())
		return err
	})
}

// noteAfresh tells a sync that is running which groups it must leave as they are written now. It comes before that
// writing, so that no commit goes between; were the writing to fail, the next sync would bring what this one leaves.
func (s *Store) noteAfresh(sourceID string, groupIDs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.stagers[sourceID]
	if g == nil {
		return
	}
	if g.afresh == nil {
		g.afresh = map[string]bool{}
	}
	for _, id := range groupIDs {
		g.afresh[id] = true
	}
}

// leaveGroups takes groups that were read alone meanwhile out of what a sync has staged, and puts in what is known of
// them now, so that it changes nothing about them.
func (m *merger) leaveGroups(ctx context.Context, ids []string) error {
	const these = ` IN (SELECT g.id FROM main.groups g WHERE g.source = ?1 AND g.group_id
		IN (SELECT value FROM json_each(?2)))`
	columns := "id, source, removed_at, " + strings.Join(thingColumns["groups"], ", ")
	for _, statement := range []string{
		`DELETE FROM staged.group_grants WHERE group_id` + these,
		`DELETE FROM staged.grants_read WHERE group_id` + these,
		`DELETE FROM staged.groups WHERE id` + these,
		`INSERT INTO staged.group_grants (source, group_id, app_id, role, is_default)
			SELECT source, group_id, app_id, role, is_default FROM main.group_grants WHERE source = ?1
				AND group_id` + these,
		`INSERT INTO staged.grants_read (source, group_id) SELECT source, group_id FROM main.grants_read
			WHERE source = ?1 AND group_id` + these,
		`INSERT INTO staged.groups (` + columns + `) SELECT ` + columns + ` FROM main.groups WHERE removed_at = 0
			AND id` + these,
	} {
		if _, err := m.exec(ctx, statement, m.source, sqlite.Texts(ids)); err != nil {
			return fmt.Errorf("leave groups as they were read: %w", err)
		}
	}
	return nil
}
