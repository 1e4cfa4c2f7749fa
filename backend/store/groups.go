package store

import (
	"context"
	"database/sql"
	"time"

	"seatkeeper/backend/domain"
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
	g := &stager{source: key, sourceID: sourceID, schema: mainSchema, refs: newRefKeys(), appsSeen: map[int64]bool{}}
	return s.mirror.update(ctx, "write refreshed groups", func(tx *sql.Tx) error {
		s.mirror.noteNobody() // who is in them is written with the people
		w := &writer{stager: g, tx: tx, refs: newRefKeys(), apps: map[int64]bool{}}
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
	var doc document
	for _, id := range groupIDs {
		doc.value(id)
	}
	return s.mirror.update(ctx, "mark groups as gone", func(tx *sql.Tx) error {
		s.mirror.noteNobody() // as above
		_, err := execute(ctx, tx, `UPDATE groups SET removed_at = ?3 WHERE source = ?1 AND removed_at = 0
			AND group_id IN (SELECT value FROM json_each(?2))`, key, doc.String(), time.Now().Unix())
		return err
	})
}
