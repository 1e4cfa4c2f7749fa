package actions

import (
	"context"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Restoring takes seats again: Atlassian refuses a person when none is left.
var _ = bulk.Register(bulk.Action{
	Kind:       "user.restore",
	Title:      "Restore access",
	Verb:       "Restore",
	Needs:      []domain.Capability{domain.CanSuspend},
	Risk:       bulk.RiskMedium,
	Reversible: true,
	Gives:      true,
	UndoClass:  "Undo takes the access away and keeps roles and groups.",
	Effect:     "They get back the access, roles and groups from before, and need a seat again.",
	Docs:       "https://support.atlassian.com/user-management/docs/remove-or-suspend-a-user/",
	Cap:        bulk.Cap{Percent: 10, Count: 200},
	Goal:       domain.StateActive,
	Visible:    5 * time.Second,
	Inverse:    "user.suspend",
	Sentence:   func(_ domain.Plan, people string) string { return "Restore access of " + people },
	Subject:    bulk.AboutPeople{Plan: planDirectory(domain.StateSuspended, domain.StateActive), State: directoryState, After: directoryAfter(domain.StatusActive)},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.Suspender)
		if !ok {
			return domain.Receipt{}, cannot("restore people")
		}
		return s.Restore(ctx, c.Target.DirectoryID, c.Target.AccountID)
	},
})
