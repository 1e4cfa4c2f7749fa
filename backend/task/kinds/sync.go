package kinds

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/task"
)

// The parts of a sync beside the full one of the schedule.
const (
	partChanges = "changes" // between two full ones only what has changed is read
	partResume  = "resume"  // one that the end of the program has interrupted goes on where it was
)

// changesMinutes names how often, between full syncs, only what has changed is read, in minutes; "0" is never.
const changesMinutes = "changesMinutes"

// A source is read once a day, before work begins, until the admin says otherwise. Syncs of changes are no second task,
// because they follow the last sync, whoever began it, and pause and end with the source's schedule.
var _ = task.Kinds.Add(domain.TaskSync, task.Kind{
	Title: "Sync",
	Parts: map[string]string{"": "Full sync", partChanges: "Changes", partResume: "Full sync, continued"},
	Params: []form.Field{{
		Name: changesMinutes, Label: "Between full syncs, read only what has changed", Help: "Where the key may read Atlassian's audit log", Type: form.Choice,
		Required: true,
		Choices: []form.Option{
			{Value: "0", Label: "Never"},
			{Value: "15", Label: "Every 15 minutes"},
			{Value: "30", Label: "Every 30 minutes"},
			{Value: "60", Label: "Every hour"},
			{Value: "120", Label: "Every 2 hours"},
			{Value: "240", Label: "Every 4 hours"},
		},
	}},
	OfSource: &domain.Task{
		Schedule: domain.Schedule{Mode: domain.ScheduleDaily, Hours: 24, At: "05:30"}, Params: map[string]string{changesMinutes: "0"},
	},
	Repeatable: true,
	Held:       heldSync,
	Beside:     besideSync,
	Run:        runSync,
})

// heldSync lets no two syncs run at once, which would share the rate and the disk, and begins none that could only
// fail.
func heldSync(ctx context.Context, w task.World, _ domain.Task) (string, error) {
	sources, err := w.Sources(ctx)
	if err != nil {
		return "", fmt.Errorf("list the sources: %w", err)
	}
	for _, src := range sources {
		if state, _, err := w.Syncs.State(ctx, src.ID); err == nil && state.State == domain.SyncRunning {
			return domain.MissedBusy, nil
		}
	}
	if w.Locked != nil && w.Locked(ctx) {
		return domain.MissedLocked, nil
	}
	return "", nil
}

// besideSync goes on with a full sync that the end of the program has interrupted, once; else it reads what has
// changed. That counts from the last sync that ended, whoever began it, or from the last attempt; a source whose audit
// log cannot be read has none, so that it is not read whole every few minutes.
func besideSync(ctx context.Context, w task.World, t domain.Task, now time.Time) (o task.Occurrence, due bool, err error) {
	last, fresh, err := w.Syncs.State(ctx, t.SourceID)
	if err != nil {
		return o, false, fmt.Errorf("read the state of a source: %w", err)
	}
	if fresh.Resumable && last.Error != nil && last.Error.Reason == "interrupted" {
		o = task.Occurrence{Part: partResume, Key: partResume + " of sync " + strconv.FormatInt(last.ID, 10), Due: now}
		before, err := w.Last(ctx, t.ID, partResume)
		if err != nil {
			return o, false, fmt.Errorf("look for what went on before: %w", err)
		}
		if before.Occurrence != o.Key {
			return o, true, nil
		}
	}
	every, _ := strconv.Atoi(t.Params[changesMinutes])
	if every == 0 || !fresh.Followed {
		return o, false, nil
	}
	before, err := w.Last(ctx, t.ID, partChanges)
	if err != nil {
		return o, false, fmt.Errorf("look for the last sync of changes: %w", err)
	}
	since := before.StartedAt
	for _, at := range []time.Time{fresh.CompleteAt, fresh.ChangesAt} {
		if at.After(since) && !at.After(now) { // one that is still to come is of a clock that was ahead
			since = at
		}
	}
	at := since.Add(time.Duration(every) * time.Minute)
	if since.IsZero() || since.After(now) {
		at = now
	}
	return task.Occurrence{Part: partChanges, Key: partChanges + " " + at.UTC().Format(time.RFC3339), Due: at}, !at.After(now), nil
}

// runSync syncs and waits for the end.
func runSync(ctx context.Context, w task.World, t domain.Task, r domain.TaskRun) (task.Result, error) {
	start := w.Syncs.Start
	if r.Part == partChanges {
		start = w.Syncs.StartChanges
	}
	if _, err := start(ctx, t.SourceID); err != nil && domain.CodeOf(err) != domain.Conflict { // one that was begun by hand this moment is as good
		return task.Result{}, fmt.Errorf("start a sync: %w", err)
	}
	done, err := w.Syncs.Wait(ctx, t.SourceID)
	if err != nil {
		return task.Result{}, fmt.Errorf("wait for a sync: %w", err)
	}
	res := task.Result{Outcome: domain.TaskDone, Ref: strconv.FormatInt(done.ID, 10)}
	switch done.State {
	case domain.SyncFailed:
		res.Outcome, res.Reason = domain.TaskFailed, domain.Internal
		if done.Error != nil {
			res.Reason = done.Error.Code
		}
		res.Again = res.Reason == domain.Unreachable
	case domain.SyncCancelled:
		if done.Error != nil && done.Error.Reason == "interrupted" {
			return task.Result{}, context.Canceled
		}
		res.Outcome = domain.TaskStopped
	default:
	}
	return res, nil
}
