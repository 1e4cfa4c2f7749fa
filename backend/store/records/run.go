package records

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

type runModel struct {
	ID          string `gorm:"primaryKey"`
	PlanID      string
	SourceID    string
	SourceName  string
	Action      string
	ActionTitle string
	Params      document[map[string]string]
	TriggerKind domain.Trigger
	Operator    string
	Selection   string
	Note        string
	UndoOf      string
	Confirmed   string
	Raised      document[*domain.Raised]
	State       domain.RunState
	PauseReason string
	CreatedAt   moment
	FinishedAt  moment
	RefreshedAt moment
	Deleted     bool
	Total       int
	Counts      itemCounts `gorm:"embedded"`
}

func (runModel) TableName() string { return "runs" }

// itemCounts are the columns that count a run's items by state.
type itemCounts struct{ Planned, Intent, Done, Already, Skipped, Refused, Unknown int }

// counted are the states in the order of itemCounts.
var counted = []domain.ItemState{
	domain.ItemPlanned, domain.ItemIntent, domain.ItemDone, domain.ItemAlready, domain.ItemSkipped, domain.ItemRefused, domain.ItemUnknown,
}

// cells points at the counts, in the order of counted.
func (n *itemCounts) cells() []*int {
	return []*int{&n.Planned, &n.Intent, &n.Done, &n.Already, &n.Skipped, &n.Refused, &n.Unknown}
}

func (n *itemCounts) domain() map[domain.ItemState]int {
	counts := make(map[domain.ItemState]int, len(counted))
	for i, cell := range n.cells() {
		counts[counted[i]] = *cell
	}
	return counts
}

// listedRun is a run as it is read, with the newest one that takes it back.
type listedRun struct {
	Run      runModel `gorm:"embedded"`
	UndoneBy string
}

func (l listedRun) domain() domain.Run {
	m := l.Run
	return domain.Run{
		ID: m.ID, PlanID: m.PlanID, SourceID: m.SourceID, SourceName: m.SourceName, Action: m.Action, ActionTitle: m.ActionTitle, Params: m.Params.V,
		Trigger: m.TriggerKind, Operator: m.Operator, Selection: m.Selection, Note: m.Note, UndoOf: m.UndoOf, Confirmed: m.Confirmed, Raised: m.Raised.V,
		State: m.State, PauseReason: m.PauseReason, CreatedAt: m.CreatedAt.time(), FinishedAt: m.FinishedAt.time(), Total: m.Total, Counts: m.Counts.domain(),
		UndoneBy: l.UndoneBy,
	}
}

// active are the states of a run that is not over.
var active = []domain.RunState{domain.RunRunning, domain.RunPaused}

// StartRun turns a plan into a run, in one transaction; see bulk.Store.
func (s *Store) StartRun(ctx context.Context, r domain.Run, hash string, now time.Time) error {
	return s.update(ctx, "start the run", func(tx *gorm.DB) error {
		if err := claimPlan(tx, r, hash, now); err != nil {
			return err
		}
		counts, total, err := verdicts(tx, r.PlanID)
		if err != nil {
			return err
		}
		planned, already := counts[domain.VerdictChange], counts[domain.VerdictAlready]
		err = tx.Create(&runModel{
			ID: r.ID, PlanID: r.PlanID, SourceID: r.SourceID, SourceName: r.SourceName, Action: r.Action, ActionTitle: r.ActionTitle,
			Params: document[map[string]string]{r.Params}, TriggerKind: r.Trigger, Operator: r.Operator, Selection: r.Selection, Note: r.Note,
			UndoOf: r.UndoOf, Confirmed: r.Confirmed, Raised: document[*domain.Raised]{r.Raised}, State: r.State,
			CreatedAt: momentOf(r.CreatedAt), RefreshedAt: momentOf(r.CreatedAt), Total: total,
			Counts: itemCounts{Planned: planned, Already: already, Skipped: total - planned - already},
		}).Error
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO run_items (run_id, seq, account_id, state, reason, evidence, attempts, intent_at, finished_at, receipt)
			SELECT ?, seq, account_id, CASE verdict WHEN 'change' THEN 'planned' WHEN 'already' THEN 'already' ELSE 'skipped' END, reason,
				CASE verdict WHEN 'change' THEN '' ELSE 'plan' END, 0, 0, CASE verdict WHEN 'change' THEN 0 ELSE CAST(? AS BIGINT) END, ''
			FROM plan_changes WHERE plan_id = ?`, r.ID, momentOf(now), r.PlanID).Error
	})
}

// claimPlan marks the plan as confirmed, or says why it cannot be.
func claimPlan(tx *gorm.DB, r domain.Run, hash string, now time.Time) error {
	var m planModel
	err := tx.First(&m, "id = ?", r.PlanID).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return noPlan()
	case err != nil:
		return fmt.Errorf("look up the plan: %w", err)
	case m.RunID != "":
		return domain.Errorf(domain.Conflict, "This plan was confirmed before.").WithHint("Look at its run under Run logs.")
	case m.Hash != hash || momentOf(now) >= m.ExpiresAt:
		return domain.Errorf(domain.Stale, "The plan is not the one that was shown, or too old.").WithHint("Make a new preview.")
	}
	var busy int64
	if err := tx.Model(&runModel{}).Where("source_id = ? AND state IN ?", r.SourceID, active).Count(&busy).Error; err != nil {
		return fmt.Errorf("look for another run: %w", err)
	}
	if busy > 0 {
		return domain.Errorf(domain.Conflict, "Another run of this source is not over yet.").WithHint("Wait for it, or stop it.")
	}
	return tx.Model(&m).Update("run_id", r.ID).Error
}

func verdicts(tx *gorm.DB, planID string) (counts map[domain.Verdict]int, total int, err error) {
	var rows []struct {
		Verdict domain.Verdict
		N       int
	}
	err = tx.Model(&changeModel{}).Select("verdict, count(*) AS n").Where("plan_id = ?", planID).Group("verdict").Find(&rows).Error
	counts = map[domain.Verdict]int{}
	for _, row := range rows {
		counts[row.Verdict] = row.N
		total += row.N
	}
	return counts, total, err
}

// Run returns a run; NotFound.
func (s *Store) Run(ctx context.Context, id string) (r domain.Run, err error) {
	err = s.view(ctx, "read the run", func(tx *gorm.DB) (err error) {
		r, err = runOf(tx, id)
		return err
	})
	return r, err
}

// runs is a query for runs of the log.
func runs(tx *gorm.DB) *gorm.DB {
	return tx.Table("runs").Where("NOT runs.deleted").Select("runs.*, coalesce((SELECT u.id FROM runs u WHERE u.undo_of = runs.id AND NOT u.deleted" +
		" ORDER BY u.created_at DESC LIMIT 1), '') AS undone_by")
}

func runOf(tx *gorm.DB, id string) (domain.Run, error) {
	var m listedRun
	err := runs(tx).Where("runs.id = ?", id).Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = domain.Errorf(domain.NotFound, "This run is not in the log.")
	}
	return m.domain(), err
}

// ItemsOf counts what runs of some actions did, may have done or are about to do at a source; see bulk.Store.
func (s *Store) ItemsOf(ctx context.Context, sourceID string, actions []string, since time.Time) (n int, err error) {
	err = s.view(ctx, "count what runs did", func(tx *gorm.DB) error {
		return tx.Model(&runModel{}).
			Where("NOT deleted AND created_at >= ? AND source_id = ? AND (action IN ? OR action LIKE '%+%')", momentOf(since), sourceID, actions).
			Select("coalesce(sum(done + unknown + intent + CASE WHEN state IN ? THEN planned ELSE 0 END), 0)", active).Take(&n).Error
	})
	return n, err
}

// notRefreshed finds runs whose items came to an end without having been read again since. Runs of the past are told
// apart without a look at their items.
const notRefreshed = `(runs.state IN ('running', 'paused') OR runs.refreshed_at <= runs.finished_at) AND EXISTS (SELECT 1 FROM run_items i
	WHERE i.run_id = runs.id AND ` + notRead + `)`

// notRead finds the items that came to an end while the run went on, since the time that MarkRefreshed noted.
const notRead = `i.finished_at >= runs.refreshed_at AND i.finished_at > 0 AND i.evidence <> 'plan'`

// UnfinishedRuns returns every run that is running, has items in intent or changed people or groups that were not read
// again since, oldest first.
func (s *Store) UnfinishedRuns(ctx context.Context) ([]domain.Run, error) {
	var rows []listedRun
	err := s.view(ctx, "look for unfinished runs", func(tx *gorm.DB) error {
		return runs(tx).Where("runs.state = 'running' OR runs.intent > 0 OR " + notRefreshed).Order("runs.created_at, runs.id").Find(&rows).Error
	})
	return domains(rows), err
}

// SetRunState moves an active run to another state; Conflict when the run is not active.
func (s *Store) SetRunState(ctx context.Context, runID string, state domain.RunState, reason string, finished time.Time) error {
	return s.update(ctx, "record the run's state", func(tx *gorm.DB) error {
		done := tx.Model(&runModel{}).Where("id = ? AND state IN ?", runID, active).
			Updates(map[string]any{"state": state, "pause_reason": plain(reason), "finished_at": momentOf(finished)})
		if done.Error == nil && done.RowsAffected == 0 {
			return domain.Errorf(domain.Conflict, "The run is over.")
		}
		return done.Error
	})
}

// MarkRefreshed notes that what ended before at was read back and stands in the local copy. The last calls of a run
// that was stopped end after the run, and a mark beyond its end says that nothing is left: see notRefreshed.
func (s *Store) MarkRefreshed(ctx context.Context, runID string, at time.Time) error {
	return s.update(ctx, "mark the run as refreshed", func(tx *gorm.DB) error {
		return tx.Exec(`UPDATE runs SET refreshed_at = CASE WHEN finished_at > 0 AND finished_at < ? AND (intent > 0
				OR EXISTS (SELECT 1 FROM run_items i WHERE i.run_id = runs.id AND i.finished_at >= ? AND i.evidence <> 'plan')) THEN finished_at ELSE ? END
			WHERE id = ?`, momentOf(at), momentOf(at), momentOf(at), runID).Error
	})
}
