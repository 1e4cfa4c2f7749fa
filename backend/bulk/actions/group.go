package actions

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// maxGroups bounds the groups of one plan: the preview has one line for each person and group.
const maxGroups = 20

// groupVisible is how long a membership may take to show: removing is queued at Atlassian.
const groupVisible = 30 * time.Second

// groupsField asks for the groups.
var groupsField = form.Field{
	Name: "groups", Label: "Groups", Help: "Groups that come from the identity provider cannot be changed here.",
	Type: form.Groups, Required: true, Most: maxGroups,
}

// groupsOf names the groups of a plan.
func groupsOf(p domain.Plan) string { return aboutOf(p).Groups.Words("group", "groups") }

func aboutOf(p domain.Plan) domain.About {
	if len(p.About) == 0 {
		return domain.About{}
	}
	return p.About[0]
}

func groupState(u domain.User, c domain.Change) domain.State {
	if slices.Contains(u.GroupIDs, c.Target.GroupID) {
		return domain.StateMember
	}
	return domain.StateNotMember
}

func groupAfter(member bool) func(*domain.User, domain.Change) {
	return func(u *domain.User, c domain.Change) {
		u.GroupIDs = slices.DeleteFunc(u.GroupIDs, func(id string) bool { return id == c.Target.GroupID })
		if member {
			u.GroupIDs = append(u.GroupIDs, c.Target.GroupID)
		}
	}
}

// planGroups makes one change for each person and group.
func planGroups(from, to domain.State) func(context.Context, bulk.PlanInput) ([]domain.Change, error) {
	return func(ctx context.Context, in bulk.PlanInput) ([]domain.Change, error) {
		ids := form.List(in.Params[groupsField.Name])
		for _, id := range ids {
			if _, ok := in.Groups[id]; !ok && in.Targets == nil {
				return nil, &domain.Error{
					Code: domain.Invalid, Field: groupsField.Name, Message: "One of the groups is not in the local copy.", Hint: "Sync, then choose the groups again.",
				}
			}
		}
		changes := make([]domain.Change, 0, len(in.Users)*len(ids))
		for _, u := range in.Users {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			for _, t := range in.TargetsOf(u, func() []domain.Target { return groupTargets(in, u, ids) }) {
				changes = append(changes, judgeGroup(in, u, t, from, to))
			}
		}
		tellAdmins(in, changes, to == domain.StateMember)
		return changes, nil
	}
}

// tellAdmins says who becomes an administrator by a group, or is none any more by it: its name alone does not always
// tell.
func tellAdmins(in bulk.PlanInput, changes []domain.Change, become bool) {
	rule, one, many := "become_admins", "person becomes an administrator", "people become administrators"
	if !become {
		rule, one, many = "lose_admins", "person is no longer an administrator", "people are no longer administrators"
	}
	who := map[string][]string{} // names by group
	for _, c := range changes {
		if t := c.Target; c.Verdict == domain.VerdictChange && in.Groups[t.GroupID].AdminsOf() != "" {
			who[t.GroupID] = append(who[t.GroupID], cmp.Or(t.Name, t.Email, t.AccountID))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(who)) {
		g, names := in.Groups[id], who[id]
		in.Say(domain.GuardFinding{
			Level: domain.GuardConfirm, Rule: rule, Names: names[:min(len(names), shownNames)],
			Message: domain.Plural(len(names), one, many) + " of " + g.AdminsOf() + " by the group " + g.Name + ".",
		})
	}
}

func groupTargets(in bulk.PlanInput, u domain.User, ids []string) []domain.Target {
	targets := make([]domain.Target, len(ids))
	for i, id := range ids {
		g := in.Groups[id]
		t := targetOf(u)
		t.GroupID, t.GroupName, t.DirectoryID = g.GroupID, g.Name, g.DirectoryID
		targets[i] = t
	}
	return targets
}

func judgeGroup(in bulk.PlanInput, u domain.User, t domain.Target, from, to domain.State) domain.Change {
	c := domain.Change{Target: t}
	skip := func(v domain.Verdict, reason string) domain.Change {
		c.Verdict, c.Reason = v, reason
		return c
	}
	g, known := in.Groups[t.GroupID]
	elsewhere := t.DirectoryID != "" && !in.Met(u, t) && !slices.ContainsFunc(u.Memberships, func(m domain.DirectoryMembership) bool { return m.DirectoryID == t.DirectoryID })
	switch {
	case !known:
		return skip(domain.VerdictUnsupported, "This group no longer exists.")
	case g.IsOrgAdmins():
		return skip(domain.VerdictProtected, "The group org-admins makes organization admins; it is never changed here.")
	case g.Synced == domain.Yes:
		return skip(domain.VerdictSynced, "The group comes from the identity provider: change it there.")
	case g.Modifiable == domain.No:
		return skip(domain.VerdictSynced, "Atlassian does not allow changes to this group's members.")
	}
	if reason := notAPerson(u); reason != "" {
		return skip(domain.VerdictUnsupported, reason)
	}
	switch {
	case elsewhere:
		return skip(domain.VerdictUnsupported, "Is not in the directory that this group belongs to.")
	case in.StateOf(u, t, groupState) == to:
		return skip(domain.VerdictAlready, "Is "+article(to)+" already.")
	}
	c.Verdict, c.Expect, c.Undo = domain.VerdictChange, from, from
	c.Diffs = []domain.Diff{{Field: "Group " + g.Name, Before: from.Words(), After: to.Words()}}
	return c
}

func article(state domain.State) string {
	if state == domain.StateMember {
		return "a member"
	}
	return state.Words()
}
