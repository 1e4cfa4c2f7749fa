package backend

import (
	"context"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/expiry"
	"seatkeeper/backend/runlog"
)

// maxLeft bounds the runs that are named before the program ends; a source has one at a time.
const maxLeft = 20

// Running lists the runs of the admin's own workspace that are under way, also while the demo is shown: quitting leaves them.
func (b *Backend) Running(ctx context.Context) []domain.Run {
	runs, _, err := b.home.services.Runs.List(ctx, runlog.Query{States: []domain.RunState{domain.RunRunning}, Limit: maxLeft})
	if err != nil {
		b.opt.Log.Error("which runs are under way", "err", err)
	}
	return runs
}

// PauseRuns pauses runs of the admin's own workspace. One that has just ended stays as it is; one that cannot be paused goes on at the
// next start.
func (b *Backend) PauseRuns(ctx context.Context, runs []domain.Run) {
	for _, r := range runs {
		if err := b.home.services.Bulk.Pause(ctx, r.ID); err != nil && domain.CodeOf(err) != domain.Conflict {
			b.opt.Log.Error("pause a run before quitting", "run", r.ID, "err", err)
		}
	}
}

// WantsNotifications tells whether the desktop may show what happens: not in the demo, where nothing is real, and not when switched off.
func (b *Backend) WantsNotifications(ctx context.Context) bool {
	return !b.Services().Demo && bindings.NotificationsOn(ctx, b.home.store)
}

// Reminders gives the reminders about keys that are due on the desktop, each one once.
func (b *Backend) Reminders(ctx context.Context) []domain.KeyReminder {
	due, err := b.home.services.Keys.Take(ctx, expiry.Desktop)
	if err != nil {
		b.opt.Log.Error("take the reminders that are due", "err", err)
	}
	return due
}

// SourceName is the name of a source of the admin's own workspace, "" for one that is gone.
func (b *Backend) SourceName(ctx context.Context, id string) string {
	s, err := b.home.services.Book.Get(ctx, id)
	if err != nil {
		return ""
	}
	return s.Name
}
