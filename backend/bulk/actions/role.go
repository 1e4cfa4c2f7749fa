package actions

import (
	"cmp"
	"context"
	"slices"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// roleVisible is how long a role may take to show, in Atlassian's own words.
const roleVisible = 35 * time.Second

// Both are parts of others: the targets name the app and the role.
var (
	_ = bulk.Register(roleAction(bulk.Action{
		Kind: "role.assign", Title: "Give a role on an app", Verb: "Give", Gives: true, Inverse: "role.revoke", Goal: domain.StateGiven,
		UndoClass: "Undo takes exactly the roles away that the run gave.",
		Effect:    "They may open the app, which may need seats.",
		Sentence:  func(_ domain.Plan, people string) string { return "Give roles on apps to " + people },
	}, domain.StateNotGiven, source.AccessEditor.AssignRole))

	_ = bulk.Register(roleAction(bulk.Action{
		Kind: "role.revoke", Title: "Take a role on an app away", Verb: "Take away from", Inverse: "role.assign", Goal: domain.StateNotGiven,
		UndoClass: "Undo gives exactly the roles back, unless the plan's seats are used up by then.",
		Effect:    "They lose what only this role gives; a group may still give the same.",
		Sentence:  func(_ domain.Plan, people string) string { return "Take roles on apps away from " + people },
	}, domain.StateGiven, source.AccessEditor.RevokeRole))
)

// roleAction completes an action that gives or takes one role of a person.
func roleAction(
	a bulk.Action, from domain.State, apply func(s source.AccessEditor, ctx context.Context, accountID, appID, role string) (domain.Receipt, error),
) bulk.Action {
	to := a.Goal
	a.Hidden, a.Reversible, a.Risk, a.Visible = true, true, bulk.RiskMedium, roleVisible
	a.Needs, a.Cap = []domain.Capability{domain.CanEditAccess}, bulk.Cap{Percent: 20, Count: 500}
	a.Docs = docsAccess
	a.Subject = bulk.AboutPeople{
		Roles: true, State: roleState, After: roleAfter(to == domain.StateGiven),
		Plan: planNamed(func(in bulk.PlanInput, u domain.User, t domain.Target) domain.Change {
			return judgeRole(in, u, t, from, to)
		}),
	}
	a.Apply = func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.AccessEditor)
		if !ok {
			return domain.Receipt{}, cannot("change roles on apps")
		}
		return apply(s, ctx, c.Target.AccountID, c.Target.AppID, c.Target.Role)
	}
	return a
}

// planNamed plans on nothing but the targets that are named: an action that only takes others back.
func planNamed(
	judge func(in bulk.PlanInput, u domain.User, t domain.Target) domain.Change,
) func(context.Context, bulk.PlanInput) ([]domain.Change, error) {
	return func(_ context.Context, in bulk.PlanInput) ([]domain.Change, error) {
		var changes []domain.Change
		for _, u := range in.Users {
			for _, t := range in.TargetsOf(u, func() []domain.Target { return nil }) {
				changes = append(changes, judge(in, u, t))
			}
		}
		return changes, nil
	}
}

// roleState tells whether the person has the role without a group. An older form of Atlassian's answer does not tell
// the way.
func roleState(u domain.User, c domain.Change) domain.State {
	if u.Roles == nil {
		return domain.StateOpen
	}
	state := domain.StateNotGiven
	for _, r := range u.Roles {
		switch {
		case r.AppID != c.Target.AppID || r.Role != c.Target.Role:
		case r.Direct:
			return domain.StateGiven
		case !r.ByGroup && !r.Inferred:
			state = domain.StateUnknown
		}
	}
	return state
}

func roleAfter(given bool) func(*domain.User, domain.Change) {
	return func(u *domain.User, c domain.Change) {
		u.Roles = slices.DeleteFunc(u.Roles, func(r domain.RoleAssignment) bool {
			return r.Direct && r.AppID == c.Target.AppID && r.Role == c.Target.Role
		})
		if given {
			u.Roles = append(u.Roles, domain.RoleAssignment{AppID: c.Target.AppID, Role: c.Target.Role, Direct: true})
		}
	}
}

func judgeRole(in bulk.PlanInput, u domain.User, t domain.Target, from, to domain.State) domain.Change {
	c := domain.Change{Target: t}
	if reason := notAPerson(u); reason != "" {
		c.Verdict, c.Reason = domain.VerdictUnsupported, reason
		return c
	}
	if state := in.StateOf(u, t, roleState); state == to {
		c.Verdict, c.Reason = domain.VerdictAlready, "The role is "+to.Words()+" already."
		return c
	}
	c.Verdict, c.Expect, c.Undo = domain.VerdictChange, from, from
	c.Diffs = []domain.Diff{{Field: "Role on " + cmp.Or(t.AppName, t.AppID), Before: roleWords(t.Role, from), After: roleWords(t.Role, to)}}
	return c
}

func roleWords(role string, s domain.State) string { return domain.RoleTitle(role) + ": " + s.Words() }
