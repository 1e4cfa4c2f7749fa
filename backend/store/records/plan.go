package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

const (
	planBatch   = 1000           // changes in one statement
	maxPageRows = 1000           // rows in one page
	keepExpired = 24 * time.Hour // a plan that was never confirmed is forgotten so long after it expired
)

type planModel struct {
	ID        string `gorm:"primaryKey"`
	Hash      string
	RunID     string
	ExpiresAt moment
	Body      document[domain.Plan]
}

func (planModel) TableName() string { return "plans" }

type changeModel struct {
	PlanID    string `gorm:"primaryKey"`
	Seq       int    `gorm:"primaryKey"`
	Verdict   domain.Verdict
	Reason    string
	AccountID string
	Used      bool
	Search    string
	Body      document[domain.Change]
}

func (changeModel) TableName() string { return "plan_changes" }

func newChangeModel(planID string, c domain.Change) changeModel {
	t := c.Target
	return changeModel{
		PlanID: planID, Seq: c.Seq, Verdict: c.Verdict, Reason: plain(c.Reason), AccountID: plain(t.AccountID), Used: c.Used != "",
		Search: plain(strings.ToLower(t.Name + "\n" + t.Email + "\n" + t.AccountID + "\n" + t.GroupName)), Body: document[domain.Change]{c},
	}
}

// SavePlan stores a plan with its changes, whole or not at all, and forgets old plans that were never confirmed.
func (s *Store) SavePlan(ctx context.Context, p domain.Plan, changes []domain.Change) error {
	head := p
	head.Hash, head.RunID = "", ""
	return s.update(ctx, "save the plan", func(tx *gorm.DB) error {
		if err := tx.Delete(&planModel{}, "run_id = '' AND expires_at < ?", momentOf(p.CreatedAt.Add(-keepExpired))).Error; err != nil {
			return err
		}
		if err := tx.Create(&planModel{ID: p.ID, Hash: p.Hash, ExpiresAt: momentOf(p.ExpiresAt), Body: document[domain.Plan]{head}}).Error; err != nil {
			return err
		}
		for len(changes) > 0 {
			rows := make([]changeModel, min(planBatch, len(changes)))
			for i, c := range changes[:len(rows)] {
				rows[i] = newChangeModel(p.ID, c)
			}
			if err := tx.Create(&rows).Error; err != nil {
				return err
			}
			changes = changes[len(rows):]
		}
		return nil
	})
}

// Plan returns a stored plan; NotFound.
func (s *Store) Plan(ctx context.Context, id string) (p domain.Plan, err error) {
	err = s.view(ctx, "read the plan", func(tx *gorm.DB) (err error) {
		p, err = planOf(tx, id)
		return err
	})
	return p, err
}

func planOf(tx *gorm.DB, id string) (domain.Plan, error) {
	var m planModel
	err := tx.First(&m, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = noPlan()
	}
	p := m.Body.V
	p.Hash, p.RunID = m.Hash, m.RunID
	return p, err
}

func noPlan() error {
	return domain.Errorf(domain.NotFound, "This plan is not there any more.").WithHint("Make a new preview.")
}

// PlanChanges returns a page of a plan's changes in their order, and how many match in all; NotFound.
func (s *Store) PlanChanges(ctx context.Context, planID string, q domain.ChangeQuery) (changes []domain.Change, total int, err error) {
	where, args := "plan_id = ?", []any{planID}
	if q.Verdict != "" {
		where, args = where+" AND verdict = ?", append(args, q.Verdict)
	}
	if q.Search != "" {
		holds, words := search("search", q.Search)
		where, args = where+" AND "+holds, append(args, words)
	}
	if q.Used {
		where += " AND used"
	}
	err = s.view(ctx, readingChanges, func(tx *gorm.DB) error {
		if _, err := planOf(tx, planID); err != nil {
			return err
		}
		var n int64
		if err := tx.Model(&changeModel{}).Where(where, args...).Count(&n).Error; err != nil {
			return err
		}
		total = int(n)
		if len(args) == 1 && !q.Used { // seq has no gaps, so the page is found by its number
			where, args = where+" AND seq > ?", append(args, q.From)
			q.From = 0
		}
		changes = []domain.Change{}
		return eachChange(tx, where+" ORDER BY seq LIMIT ? OFFSET ?", append(args, pageSize(q.Count), max(q.From, 0)), func(c domain.Change) error {
			changes = append(changes, c)
			return nil
		})
	})
	return changes, total, err
}

// EachChange streams a plan's changes in their order.
func (s *Store) EachChange(ctx context.Context, planID string, fn func(domain.Change) error) error {
	return s.stream(ctx, readingChanges, func(tx *gorm.DB, taken func(error) error) error {
		return eachChange(tx, "plan_id = ? ORDER BY seq", []any{planID}, func(c domain.Change) error { return taken(fn(c)) })
	})
}

const readingChanges = "read the plan's changes"

// eachChange reads changes one by one.
func eachChange(tx *gorm.DB, where string, args []any, fn func(domain.Change) error) error {
	return eachRow(tx, `SELECT body FROM plan_changes WHERE `+where, args, func(row scanner) error {
		var body sql.RawBytes
		if err := scan(row, &body); err != nil {
			return err
		}
		var c domain.Change
		if err := json.Unmarshal(body, &c); err != nil {
			return fmt.Errorf("decode a change: %w", err)
		}
		return fn(c)
	})
}

// DeletePlan forgets a plan that was not confirmed; Conflict when it was. Deleting one that is not there is no error.
func (s *Store) DeletePlan(ctx context.Context, id string) error {
	return s.update(ctx, "discard the plan", func(tx *gorm.DB) error {
		p, err := planOf(tx, id)
		switch {
		case domain.CodeOf(err) == domain.NotFound:
			return nil
		case err != nil:
			return err
		case p.RunID != "":
			return domain.Errorf(domain.Conflict, "This plan was confirmed: it belongs to its run.")
		}
		return tx.Delete(&planModel{}, "id = ?", id).Error
	})
}

func pageSize(n int) int { return min(max(n, 0), maxPageRows) }
