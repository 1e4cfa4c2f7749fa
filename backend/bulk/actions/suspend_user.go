package actions

import (
	"context"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Suspending keeps roles and groups, so that a restore gives back exactly what was there.
var _ = bulk.Register(bulk.Action{
	Kind:       "user.suspend",
	Title:      "Suspend access",
	Verb:       "Suspend",
	Needs:      []domain.Capability{domain.CanSuspend},
	Risk:       bulk.RiskHigh,
	Reversible: true,
	UndoClass:  "Undo gives roles and groups back exactly as they were, unless the plan's seats are used up by then.",
	Effect:     "They lose access at once and need no seat; restore gives everything back.",
	Docs:       "https://support.atlassian.com/user-management/docs/remove-or-suspend-a-user/",
	Cap:        bulk.Cap{Percent: 10, Count: 200},
	Goal:       domain.StateSuspended,
	Visible:    5 * time.Second,
	Inverse:    "user.restore",
	Sentence:   func(_ domain.Plan, people string) string { return "Suspend access of " + people },
	Subject:    bulk.AboutPeople{Plan: planDirectory(domain.StateActive, domain.StateSuspended), State: directoryState, After: directoryAfter(domain.StatusSuspended)},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.Suspender)
		if !ok {
			return domain.Receipt{}, cannot("suspend people")
		}
		return s.Suspend(ctx, c.Target.DirectoryID, c.Target.AccountID)
	},
})

// cannot is the error of a source that lacks the calls of an action; nothing was sent.
func cannot(what string) error {
	return &domain.Error{Code: domain.Unsupported, Effect: domain.NotApplied, Message: "This source cannot " + what + "."}
}
