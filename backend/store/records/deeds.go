package records

import (
	"context"
	"fmt"

	"seatkeeper/backend/domain"
)

// Deeds returns what runs did to a person of a source, newest run first and at most limit, and how much there is in all. Changes that a
// run has not come to yet are not among them. CROSS JOIN keeps to the index by person, however many runs there are.
func (s *Store) Deeds(ctx context.Context, sourceID, accountID string, limit int) ([]domain.Deed, int, error) {
	const doing = "read what was done to a person"
	rows, err := s.db.Read.SQL.QueryContext(ctx, `SELECT count(*) OVER (), r.id, r.action_title, r.note, r.operator, r.undo_of <> '', `+itemColumns+`
		FROM plan_changes c CROSS JOIN runs r ON r.plan_id = c.plan_id CROSS JOIN run_items i ON i.run_id = r.id AND i.seq = c.seq
		WHERE c.body ->> '$.target.accountId' = ?1 AND r.source_id = ?2 AND r.deleted = 0 AND i.state <> 'planned'
		ORDER BY r.created_at DESC, r.id, c.seq LIMIT ?3`, accountID, sourceID, limit)
	if err != nil {
		return nil, 0, s.db.Fault(doing, err)
	}
	defer func() { _ = rows.Close() }()
	deeds, total := []domain.Deed{}, 0
	for rows.Next() {
		var d domain.Deed
		var runID string
		d.Item, err = scanItem(leading{rows, []any{&total, &runID, &d.ActionTitle, &d.Note, &d.Operator, &d.Undo}}, "")
		if err != nil {
			return nil, 0, s.db.Fault(doing, err)
		}
		d.Item.RunID = runID
		deeds = append(deeds, d)
	}
	return deeds, total, s.db.Fault(doing, rows.Err())
}

// leading reads its own columns before those that are asked for.
type leading struct {
	scanner

	columns []any
}

// Scan implements scanner.
func (l leading) Scan(into ...any) error {
	if err := l.scanner.Scan(append(l.columns, into...)...); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return nil
}
