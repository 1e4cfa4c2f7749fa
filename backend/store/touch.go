package store

import (
	"context"

	"seatkeeper/backend/domain"
)

// Touches returns what runs of a source did about people, oldest first: of each person and run the last change. Changes that a run has not
// come to yet are not among them.
func (s *Store) Touches(ctx context.Context, sourceID string) ([]domain.Touch, error) {
	const doing = "read whom runs have touched"
	rows, err := s.runs.read.sql.QueryContext(ctx, `SELECT c.body ->> '$.target.accountId', r.id, r.action, i.state, max(i.finished_at, i.intent_at)
		FROM runs r CROSS JOIN run_items i ON i.run_id = r.id CROSS JOIN plan_changes c ON c.plan_id = r.plan_id AND c.seq = i.seq
		WHERE r.source_id = ? AND r.deleted = 0 AND i.state <> 'planned' AND c.body ->> '$.target.accountId' <> '' ORDER BY r.created_at, r.id, i.seq`, sourceID)
	if err != nil {
		return nil, s.runs.fault(doing, err)
	}
	defer func() { _ = rows.Close() }()
	var all []domain.Touch
	for rows.Next() {
		var t domain.Touch
		var at int64
		if err := rows.Scan(&t.AccountID, &t.RunID, &t.Action, &t.State, &at); err != nil {
			return nil, s.runs.fault(doing, err)
		}
		t.At = fromMillis(at)
		all = append(all, t)
	}
	return all, s.runs.fault(doing, rows.Err())
}
