package backend

import (
	"context"
	"fmt"
	"slices"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/source/reminders"
)

// maxLeft bounds the runs that are named before the program ends; a source has one at a time.
const maxLeft = 20

// Running lists the runs of the admin's own workspace that quitting would leave, also while the demo is shown: those
// under way, and of the others asked for by id those that are paused.
func (b *Backend) Running(ctx context.Context, also []string) ([]domain.Run, error) {
	runs, _, err := b.home.Load().services.Runs.List(ctx, runlog.Query{States: []domain.RunState{domain.RunRunning}, Limit: maxLeft})
	if err != nil {
		return nil, fmt.Errorf("which runs are under way: %w", err)
	}
	for _, id := range also {
		if slices.ContainsFunc(runs, func(r domain.Run) bool { return r.ID == id }) {
			continue
		}
		switch r, err := b.home.Load().services.Runs.Run(ctx, id); {
		case domain.CodeOf(err) == domain.NotFound:
		case err != nil:
			return nil, fmt.Errorf("whether a run is over: %w", err)
		case r.Active():
			runs = append(runs, r)
		}
	}
	return runs, nil
}

// PauseRuns pauses runs of the admin's own workspace. One that has just ended stays as it is; one that cannot be paused
// goes on at the next start.
func (b *Backend) PauseRuns(ctx context.Context, runs []domain.Run) {
	for _, r := range runs {
		if err := b.home.Load().services.Bulk.Pause(ctx, r.ID); err != nil && domain.CodeOf(err) != domain.Conflict {
			b.opt.Log.Error("pause a run before quitting", "run", r.ID, "err", err)
		}
	}
}

// WantsNotifications tells whether the desktop may show what happens: not in the demo, where nothing is real, and not
// when switched off.
func (b *Backend) WantsNotifications(ctx context.Context) bool {
	return !b.Services().Demo && bindings.NotificationsOn(ctx, b.home.Load().data.Records)
}

// Reminders gives the reminders about keys that are due on the desktop, each one once.
func (b *Backend) Reminders(ctx context.Context) []domain.KeyReminder {
	due, err := b.home.Load().services.Keys.Take(ctx, reminders.Desktop)
	if err != nil {
		b.opt.Log.Error("take the reminders that are due", "err", err)
	}
	return due
}

// SourceName is the name of a source of the admin's own workspace, "" for one that is gone.
func (b *Backend) SourceName(ctx context.Context, id string) string {
	s, err := b.home.Load().services.Connections.Get(ctx, id)
	if err != nil {
		return ""
	}
	return s.Name
}
