package records

import (
	"context"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// deedsQuery finds a person's items by their index, however many runs there are.
const deedsQuery = `SELECT count(*) OVER (), runs.action_title, runs.note, runs.operator, runs.undo_of <> '', ` + itemColumns + itemsFrom + `
	AND i.account_id = ? AND runs.source_id = ? AND i.state <> 'planned' ORDER BY runs.created_at DESC, runs.id, i.seq LIMIT ?`

// Deeds returns what runs did to a person of a source, newest run first and at most limit, and how much there is in
// all. Changes that a run has not come to yet are not among them.
func (s *Store) Deeds(ctx context.Context, sourceID, accountID string, limit int) (deeds []domain.Deed, total int, err error) {
	deeds = []domain.Deed{}
	if accountID == "" {
		return deeds, 0, nil // that of changes of groups
	}
	err = s.view(ctx, "read what was done to a person", func(tx *gorm.DB) error {
		return eachRow(tx, deedsQuery, []any{accountID, sourceID, limit}, func(row scanner) (err error) {
			var d domain.Deed
			d.Item, err = scanItem(row, &total, &d.ActionTitle, &d.Note, &d.Operator, &d.Undo)
			deeds = append(deeds, d)
			return err
		})
	})
	return deeds, total, err
}
