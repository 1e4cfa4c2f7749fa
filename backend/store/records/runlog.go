package records

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// How many runs one page has at most, how many ids one statement takes, and how many rows one step of clearing away
// takes: a run that goes on meanwhile must not wait long for its own write.
const (
	maxRuns     = 500
	defaultRuns = 100
	idStep      = 500
	clearStep   = 5000
)

// Runs returns a page of runs, newest first, and how many match in all, both of the same moment.
func (s *Store) Runs(ctx context.Context, q domain.RunQuery) ([]domain.Run, int, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultRuns
	}
	var rows []listedRun
	var total int64
	err := s.view(ctx, "list the runs", func(tx *gorm.DB) error {
		if err := filtered(tx.Model(&runModel{}).Where("NOT runs.deleted"), q).Count(&total).Error; err != nil {
			return err
		}
		return filtered(runs(tx), q).Order("runs.created_at DESC, runs.id").Limit(min(limit, maxRuns)).Offset(max(q.Offset, 0)).Find(&rows).Error
	})
	return domains(rows), int(total), err
}

// filtered narrows a query for runs.
func filtered(tx *gorm.DB, q domain.RunQuery) *gorm.DB {
	if len(q.Actions) > 0 {
		tx = tx.Where("runs.action IN ?", q.Actions)
	}
	if len(q.SourceIDs) > 0 {
		tx = tx.Where("runs.source_id IN ?", q.SourceIDs)
	}
	if len(q.States) > 0 {
		tx = tx.Where("runs.state IN ?", q.States)
	}
	switch q.Outcome {
	case domain.OutcomeClean:
		tx = tx.Where("runs.refused = 0 AND runs.unknown = 0")
	case domain.OutcomeRefused:
		tx = tx.Where("runs.refused > 0")
	case domain.OutcomeUnknown:
		tx = tx.Where("runs.unknown > 0")
	}
	if !q.From.IsZero() {
		tx = tx.Where("runs.created_at >= ?", momentOf(q.From))
	}
	if !q.To.IsZero() {
		tx = tx.Where("runs.created_at < ?", momentOf(q.To))
	}
	if q.Search != "" {
		holds, words := search("c.search", q.Search)
		tx = tx.Where("EXISTS (SELECT 1 FROM plan_changes c WHERE c.plan_id = runs.plan_id AND "+holds+")", words)
	}
	return tx
}

// DeleteRuns deletes runs with their plans and returns how many. Conflict, and none is deleted, when one of them is not
// over or a call's outcome is still open; ids that are not there are passed over. The runs are gone from the log at
// once; their rows are cleared away step by step, and what a crash leaves is cleared away by the next deletion.
func (s *Store) DeleteRuns(ctx context.Context, ids []string) (int, error) {
	n := 0
	err := s.update(ctx, "delete runs", func(tx *gorm.DB) error {
		for some := range slices.Chunk(ids, idStep) {
			of := func() *gorm.DB { return tx.Model(&runModel{}).Where("NOT deleted AND id IN ?", some) }
			var open int64
			if err := of().Where("state IN ? OR intent > 0", active).Count(&open).Error; err != nil {
				return err
			}
			if open > 0 {
				return domain.Errorf(domain.Conflict, "A run that is not over cannot be deleted.").WithHint("Wait for it, or stop it first.")
			}
			done := of().Update("deleted", true)
			if done.Error != nil {
				return done.Error
			}
			n += int(done.RowsAffected)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, s.clearRuns(ctx)
}

// clearRuns removes the rows of deleted runs.
func (s *Store) clearRuns(ctx context.Context) error {
	const doing = "clear deleted runs away"
	var gone []runModel
	if err := s.view(ctx, doing, func(tx *gorm.DB) error { return tx.Where("deleted").Find(&gone).Error }); err != nil {
		return err
	}
	for _, r := range gone {
		for from := 0; from <= r.Total; from += clearStep {
			err := s.update(ctx, doing, func(tx *gorm.DB) error {
				if err := tx.Delete(&itemModel{}, "run_id = ? AND seq BETWEEN ? AND ?", r.ID, from, from+clearStep).Error; err != nil {
					return err
				}
				return tx.Delete(&changeModel{}, "plan_id = ? AND seq BETWEEN ? AND ?", r.PlanID, from, from+clearStep).Error
			})
			if err != nil {
				return err
			}
		}
		err := s.update(ctx, doing, func(tx *gorm.DB) error {
			if err := tx.Delete(&runModel{}, "id = ?", r.ID).Error; err != nil {
				return err
			}
			return tx.Delete(&planModel{}, "id = ?", r.PlanID).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}
