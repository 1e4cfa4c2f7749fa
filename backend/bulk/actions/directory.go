package actions

import (
	"context"
	"slices"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// directoryState names a person's state in the change's directory. Whoever was invited and never came counts as active:
// access is given, the seat is paid, and suspending takes it away.
func directoryState(u domain.User, c domain.Change) domain.State {
	for _, m := range u.Memberships {
		if m.DirectoryID != c.Target.DirectoryID {
			continue
		}
		switch m.Status {
		case domain.StatusActive, domain.StatusInvited:
			return domain.StateActive
		case domain.StatusSuspended:
			return domain.StateSuspended
		case domain.StatusDeactivated, domain.StatusForDeletion: // of the account, everywhere; it hides the state in this directory
			return domain.StateDeactivated
		case domain.StatusNoAccess, domain.StatusUnknown:
		}
		return domain.StateUnknown
	}
	return domain.StateNotInDirectory
}

func directoryAfter(s domain.Status) func(*domain.User, domain.Change) {
	return func(u *domain.User, c domain.Change) {
		for i := range u.Memberships {
			if u.Memberships[i].DirectoryID == c.Target.DirectoryID {
				u.Memberships[i].Status = s
			}
		}
	}
}

// planDirectory makes one change for each directory that a person is a member of.
func planDirectory(from, to domain.State) func(context.Context, bulk.PlanInput) ([]domain.Change, error) {
	return func(ctx context.Context, in bulk.PlanInput) ([]domain.Change, error) {
		changes := make([]domain.Change, 0, len(in.Users))
		for _, u := range in.Users {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			targets := in.TargetsOf(u, func() []domain.Target { return directoryTargets(u) })
			for _, t := range targets {
				changes = append(changes, judgeDirectory(in, u, t, from, to))
			}
		}
		return changes, nil
	}
}

// directoryTargets lists the directories of a person, in a fixed order; one without any still gets a line in the
// preview.
func directoryTargets(u domain.User) []domain.Target {
	targets := make([]domain.Target, 0, 1)
	for _, m := range u.Memberships {
		t := targetOf(u)
		t.DirectoryID = m.DirectoryID
		targets = append(targets, t)
	}
	slices.SortFunc(targets, func(a, b domain.Target) int {
		if a.DirectoryID < b.DirectoryID {
			return -1
		}
		return 1
	})
	if len(targets) == 0 {
		targets = append(targets, targetOf(u))
	}
	return targets
}

func judgeDirectory(in bulk.PlanInput, u domain.User, t domain.Target, from, to domain.State) domain.Change {
	c := domain.Change{Target: t}
	skip := func(v domain.Verdict, reason string) domain.Change {
		c.Verdict, c.Reason = v, reason
		return c
	}
	if reason := notAPerson(u); reason != "" {
		return skip(domain.VerdictUnsupported, reason)
	}
	switch state := in.StateOf(u, t, directoryState); {
	case state == domain.StateOpen: // nobody is called already so without a reading
	case state == domain.StateNotInDirectory && t.DirectoryID != "":
		return skip(domain.VerdictUnsupported, "Is no longer in this directory.")
	case state == domain.StateNotInDirectory:
		return skip(domain.VerdictUnsupported, "Is in no directory of this organization.")
	case state == to:
		return skip(domain.VerdictAlready, "Is "+to.Words()+" already.")
	case state == domain.StateDeactivated:
		return skip(domain.VerdictUnsupported, "The account itself is deactivated, everywhere at Atlassian.")
	case state != from:
		return skip(domain.VerdictUnsupported, "The state in this directory is not known.")
	}
	field := "Access"
	if d, ok := in.Directories[t.DirectoryID]; ok && len(in.Directories) > 1 {
		field = "Access in " + d.Name
	}
	c.Verdict, c.Expect, c.Undo = domain.VerdictChange, from, from
	c.Diffs = []domain.Diff{{Field: field, Before: from.Words(), After: to.Words()}}
	return c
}

// notAPerson says why an account cannot be acted on at all, "" when it can.
func notAPerson(u domain.User) string {
	switch {
	case !u.RemovedAt.IsZero():
		return "Is no longer in this organization."
	case u.AccountType == "app":
		return "Is an app's account, not a person's."
	case u.AccountType == "customer":
		return "Is a portal customer: these have no seat."
	}
	return ""
}

func targetOf(u domain.User) domain.Target {
	return domain.Target{AccountID: u.AccountID, Name: u.Name, Email: u.Email}
}
