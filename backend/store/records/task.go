package records

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"seatkeeper/backend/domain"
)

// keepTaskRuns is how many runs of a task are kept, of each of its parts: more than a year of days.
const keepTaskRuns = 400

// maxTaskRuns is how many are read at once.
const maxTaskRuns = 100

type taskModel struct {
	ID             string `gorm:"primaryKey"`
	Kind           string
	Name           string
	SourceID       string
	Schedule       domain.Schedule `gorm:"embedded;embeddedPrefix:schedule_"`
	Params         document[map[string]string]
	Active         bool
	NextDue        moment
	LastRun        moment
	LastOccurrence string
	RetryAt        moment
	Retries        int
}

func (taskModel) TableName() string { return "tasks" }

func newTaskModel(t domain.Task) taskModel {
	return taskModel{
		ID: t.ID, Kind: t.Kind, Name: t.Name, SourceID: t.SourceID, Schedule: t.Schedule, Params: document[map[string]string]{t.Params}, Active: t.Active,
		NextDue: momentOf(t.NextDue), LastRun: momentOf(t.LastRun), LastOccurrence: t.LastOccurrence, RetryAt: momentOf(t.RetryAt), Retries: t.Retries,
	}
}

func (m taskModel) domain() domain.Task {
	return domain.Task{
		ID: m.ID, Kind: m.Kind, Name: m.Name, SourceID: m.SourceID, Schedule: m.Schedule, Params: m.Params.V, Active: m.Active,
		NextDue: m.NextDue.time(), LastRun: m.LastRun.time(), LastOccurrence: m.LastOccurrence, RetryAt: m.RetryAt.time(), Retries: m.Retries,
	}
}

type taskRunModel struct {
	ID         int64 `gorm:"primaryKey"`
	TaskID     string
	Occurrence string
	Part       string
	DueAt      moment
	StartedAt  moment
	SeenAt     moment
	FinishedAt moment
	Attempts   int
	Outcome    domain.TaskOutcome
	Reason     string
	Ref        string
}

func (taskRunModel) TableName() string { return "task_runs" }

func newTaskRunModel(r domain.TaskRun) taskRunModel {
	return taskRunModel{
		ID: r.ID, TaskID: r.TaskID, Occurrence: r.Occurrence, Part: r.Part, DueAt: momentOf(r.DueAt), StartedAt: momentOf(r.StartedAt),
		SeenAt: momentOf(r.SeenAt), FinishedAt: momentOf(r.FinishedAt), Attempts: r.Attempts, Outcome: r.Outcome, Reason: r.Reason, Ref: r.Ref,
	}
}

func (m taskRunModel) domain() domain.TaskRun {
	return domain.TaskRun{
		ID: m.ID, TaskID: m.TaskID, Occurrence: m.Occurrence, Part: m.Part, DueAt: m.DueAt.time(), StartedAt: m.StartedAt.time(),
		SeenAt: m.SeenAt.time(), FinishedAt: m.FinishedAt.time(), Attempts: m.Attempts, Outcome: m.Outcome, Reason: m.Reason, Ref: m.Ref,
	}
}

// Tasks returns all tasks, by id.
func (s *Store) Tasks(ctx context.Context) ([]domain.Task, error) {
	var rows []taskModel
	err := s.view(ctx, "list the tasks", func(tx *gorm.DB) error { return tx.Order("id").Find(&rows).Error })
	return domains(rows), err
}

// ChangeTask changes a task: nobody comes between reading and writing it. It is NotFound when there is no such task.
func (s *Store) ChangeTask(ctx context.Context, id string, change func(t *domain.Task)) (domain.Task, error) {
	return s.taskUpdate(ctx, "change the task", id, func(_ *gorm.DB, t *domain.Task) error {
		change(t)
		return nil
	})
}

// ClaimTaskRun records that a run begins, and changes its task with it, unless take says that the task is not any more
// as it was when this was decided. Of several who claim one occurrence one wins; for the others nothing changes.
func (s *Store) ClaimTaskRun(ctx context.Context, r domain.TaskRun, take func(t *domain.Task) bool) (domain.TaskRun, bool, error) {
	m := newTaskRunModel(r)
	_, err := s.taskUpdate(ctx, "begin a task", r.TaskID, func(tx *gorm.DB, t *domain.Task) error {
		if !take(t) {
			return errTaken
		}
		done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&m)
		if done.Error == nil && done.RowsAffected == 0 {
			return errTaken
		}
		return errors.Join(done.Error, pruneTaskRuns(tx, r.TaskID, r.Part))
	})
	if errors.Is(err, errTaken) {
		return domain.TaskRun{}, false, nil
	}
	return m.domain(), err == nil, err
}

// RepeatTaskRun records that the run of an occurrence begins once more; else like ClaimTaskRun. A run that is not kept
// any more is not begun, and its task is changed all the same.
func (s *Store) RepeatTaskRun(ctx context.Context, taskID, occurrence string, at time.Time, take func(t *domain.Task) bool) (domain.TaskRun, bool, error) {
	var found []taskRunModel
	_, err := s.taskUpdate(ctx, "begin a task again", taskID, func(tx *gorm.DB, t *domain.Task) error {
		if !take(t) {
			return errTaken
		}
		if err := tx.Where("task_id = ? AND occurrence = ?", taskID, occurrence).Find(&found).Error; err != nil || len(found) == 0 {
			return err
		}
		m := &found[0]
		m.Attempts, m.StartedAt, m.SeenAt, m.FinishedAt = m.Attempts+1, momentOf(at), momentOf(at), 0
		m.Outcome, m.Reason, m.Ref = domain.TaskRunning, "", ""
		return tx.Model(m).Select("*").Updates(m).Error //nolint:unqueryvet // an update of all columns
	})
	if errors.Is(err, errTaken) || err == nil && len(found) == 0 {
		return domain.TaskRun{}, false, nil
	}
	if err != nil {
		return domain.TaskRun{}, false, err
	}
	return found[0].domain(), true, nil
}

// EndTaskRun records how a run ended and changes its task with it, also one that was taken for interrupted. It does
// nothing and says so when the run was begun again by somebody else meanwhile, or is not there any more.
func (s *Store) EndTaskRun(ctx context.Context, r domain.TaskRun, then func(t *domain.Task)) (bool, error) {
	_, err := s.taskUpdate(ctx, "end a task", r.TaskID, func(tx *gorm.DB, t *domain.Task) error {
		done := ofAttempt(tx, r, domain.TaskRunning, domain.TaskInterrupted).Updates(map[string]any{
			"finished_at": momentOf(r.FinishedAt), "outcome": r.Outcome, "reason": r.Reason, "ref": r.Ref,
		})
		if done.Error != nil || done.RowsAffected == 0 {
			return errors.Join(done.Error, errTaken)
		}
		then(t)
		return nil
	})
	if errors.Is(err, errTaken) || domain.CodeOf(err) == domain.NotFound {
		return false, nil
	}
	return err == nil, err
}

// SeeTaskRun records that a run goes on.
func (s *Store) SeeTaskRun(ctx context.Context, r domain.TaskRun, at time.Time) error {
	return s.update(ctx, "note that a task goes on", func(tx *gorm.DB) error {
		return ofAttempt(tx, r, domain.TaskRunning).Update("seen_at", momentOf(at)).Error
	})
}

func ofAttempt(tx *gorm.DB, r domain.TaskRun, outcomes ...domain.TaskOutcome) *gorm.DB {
	return tx.Model(&taskRunModel{}).Where("id = ? AND attempts = ? AND outcome IN ?", r.ID, r.Attempts, outcomes)
}

// MissTaskRuns records occurrences of a task that were missed, oldest first; those that are recorded already stay as
// they are.
func (s *Store) MissTaskRuns(ctx context.Context, taskID string, missed []domain.TaskRun) error {
	if len(missed) == 0 {
		return nil
	}
	rows := make([]taskRunModel, len(missed))
	for i, r := range missed {
		rows[i] = newTaskRunModel(r)
	}
	_, err := s.taskUpdate(ctx, "record what was missed", taskID, func(tx *gorm.DB, _ *domain.Task) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 50).Error; err != nil {
			return err
		}
		return pruneTaskRuns(tx, taskID, "")
	})
	return err
}

// TaskRuns returns runs of a task, newest first: those before the one with the id before (0: all), at most limit of
// them and never more than a hundred.
func (s *Store) TaskRuns(ctx context.Context, taskID string, before int64, limit int) ([]domain.TaskRun, error) {
	return s.taskRuns(ctx, func(tx *gorm.DB) *gorm.DB {
		q := tx.Where("task_id = ?", taskID)
		if before > 0 {
			q = q.Where("id < ?", before)
		}
		return q.Order("id DESC").Limit(min(max(limit, 1), maxTaskRuns))
	})
}

// LastTaskRun returns the newest run of a part of a task; the zero value for none.
func (s *Store) LastTaskRun(ctx context.Context, taskID, part string) (domain.TaskRun, error) {
	found, err := s.taskRuns(ctx, func(tx *gorm.DB) *gorm.DB {
		return tx.Where("task_id = ? AND part = ?", taskID, part).Order("id DESC").Limit(1)
	})
	if err != nil || len(found) == 0 {
		return domain.TaskRun{}, err
	}
	return found[0], nil
}

// OpenTaskRuns returns the runs that have not ended.
func (s *Store) OpenTaskRuns(ctx context.Context) ([]domain.TaskRun, error) {
	return s.taskRuns(ctx, func(tx *gorm.DB) *gorm.DB { return tx.Where("outcome = ?", domain.TaskRunning).Order("id") })
}

func (s *Store) taskRuns(ctx context.Context, which func(tx *gorm.DB) *gorm.DB) ([]domain.TaskRun, error) {
	var rows []taskRunModel
	err := s.view(ctx, "read the runs of a task", func(tx *gorm.DB) error { return which(tx).Find(&rows).Error })
	return domains(rows), err
}

// ClockWasAhead frees the occurrences of a task that were due after a moment, because a clock that was ahead has begun
// them: they come again. Their runs stay in the history.
func (s *Store) ClockWasAhead(ctx context.Context, id string, after time.Time) (domain.Task, error) {
	return s.taskUpdate(ctx, "set the clock of a task back", id, func(tx *gorm.DB, t *domain.Task) error {
		t.LastRun, t.LastOccurrence = time.Time{}, ""
		return tx.Model(&taskRunModel{}).Where("task_id = ? AND due_at > ?", id, momentOf(after)).
			Update("occurrence", gorm.Expr("occurrence || ' of run ' || id")).Error
	})
}

// errTaken ends a transaction that comes too late.
var errTaken = domain.Errorf(domain.Conflict, "Another process was faster.")

// taskUpdate changes a task and what belongs to it in one transaction.
func (s *Store) taskUpdate(ctx context.Context, doing, id string, fn func(tx *gorm.DB, t *domain.Task) error) (domain.Task, error) {
	var m taskModel
	err := s.update(ctx, doing, func(tx *gorm.DB) error {
		if err := tx.First(&m, "id = ?", id).Error; err != nil {
			return err
		}
		t := m.domain()
		if err := fn(tx, &t); err != nil {
			return err
		}
		m = newTaskModel(t)
		return tx.Model(&m).Select("*").Updates(&m).Error //nolint:unqueryvet // as above
	})
	return m.domain(), err
}

func pruneTaskRuns(tx *gorm.DB, taskID, part string) error {
	ofPart := func() *gorm.DB { return tx.Model(&taskRunModel{}).Where("task_id = ? AND part = ?", taskID, part) }
	var oldest []int64
	if err := ofPart().Order("id DESC").Offset(keepTaskRuns).Limit(1).Pluck("id", &oldest).Error; err != nil || len(oldest) == 0 {
		return err
	}
	return ofPart().Where("id <= ?", oldest[0]).Delete(&taskRunModel{}).Error
}
