package bindings

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/task"
)

// Tasks are what is done without being asked.
type Tasks struct{ *core }

// TaskView is a task with its schedule.
type TaskView struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"` // "sync"
	SourceID string `json:"sourceId"`
	Active   bool   `json:"active"`
	Mode     string `json:"mode"`  // "off", "daily", "hours"
	Hours    int    `json:"hours"` // for "hours": 1 to 168
	At       string `json:"at"`    // for "daily": "05:30"
	Zone     string `json:"zone"`  // for "daily": IANA name, "" for this computer's
	// Params is what the kind asks for besides. Of "sync": changesMinutes, how often only what has changed is read, "0"
	// for never.
	Params map[string]string `json:"params"`
	Fields []FieldView       `json:"fields"` // the form of Params
	NextAt string            `json:"nextAt"` // "" for never
	LastAt string            `json:"lastAt"` // when the schedule last began it, "" for never
}

// TaskRunView is one occurrence of a task.
type TaskRunView struct {
	ID         int64  `json:"id"`
	What       string `json:"what"` // "Full sync"
	DueAt      string `json:"dueAt"`
	StartedAt  string `json:"startedAt"` // "" when it was missed
	FinishedAt string `json:"finishedAt"`
	Outcome    string `json:"outcome"` // "running", "done", "failed", "stopped", "interrupted", "missed"
	Result     string `json:"result"`  // the outcome and why, in words
	Attempts   int    `json:"attempts"`
}

// OfSource tells of the task of a kind that a source has.
func (x *Tasks) OfSource(sourceID, kind string) (TaskView, error) {
	return call(x.given(sourceID, kind), "Tasks.OfSource", func(ctx context.Context, s *Services) (TaskView, error) {
		t, err := s.Tasks.OfSource(ctx, sourceID, kind)
		if err != nil {
			return TaskView{}, err
		}
		return taskView(ctx, s, t)
	})
}

// Set changes a task; what only tells (fields, next, last) is ignored.
func (x *Tasks) Set(v TaskView) (TaskView, error) {
	return call(x.given(v), "Tasks.Set", func(ctx context.Context, s *Services) (TaskView, error) {
		t, err := s.Tasks.Set(ctx, domain.Task{
			ID: v.ID, Active: v.Active, Params: v.Params,
			Schedule: domain.Schedule{Mode: domain.ScheduleMode(v.Mode), Hours: v.Hours, At: v.At, Zone: v.Zone},
		})
		if err != nil {
			return TaskView{}, err
		}
		return taskView(ctx, s, t)
	})
}

// Runs lists the history of a task, newest first: what comes before the run with the id before (0: all), at most limit
// and never more than a hundred.
func (x *Tasks) Runs(id string, before int64, limit int) ([]TaskRunView, error) {
	return call(x.given(id), "Tasks.Runs", func(ctx context.Context, s *Services) ([]TaskRunView, error) {
		t, runs, err := s.Tasks.Runs(ctx, id, before, limit)
		views := make([]TaskRunView, len(runs))
		for i, r := range runs {
			what, result := task.Words(t.Kind, r)
			views[i] = TaskRunView{
				ID: r.ID, What: what, DueAt: stamp(r.DueAt), StartedAt: stamp(r.StartedAt), FinishedAt: stamp(r.FinishedAt),
				Outcome: string(r.Outcome), Result: result, Attempts: r.Attempts,
			}
		}
		return views, err
	})
}

func taskView(ctx context.Context, s *Services, t domain.Task) (TaskView, error) {
	draw, err := drawer(ctx, s, t.SourceID)
	if err != nil {
		return TaskView{}, err
	}
	kind, _ := task.Kinds.Get(t.Kind)
	return TaskView{
		ID: t.ID, Kind: t.Kind, SourceID: t.SourceID, Active: t.Active, Params: t.Params, Fields: draw(kind.Params),
		Mode: string(t.Schedule.Mode), Hours: t.Schedule.Hours, At: t.Schedule.At, Zone: t.Schedule.Zone,
		NextAt: stamp(t.Upcoming()), LastAt: stamp(t.LastRun),
	}, nil
}
