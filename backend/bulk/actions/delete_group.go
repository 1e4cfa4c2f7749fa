package actions

import (
	"context"
	"slices"
	"strings"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Deleting ends a group for good: a group that is made again has another id, which nothing in Atlassian knows.
var _ = bulk.Register(bulk.Action{
	Kind:       "group.delete",
	Title:      "Delete groups",
	Verb:       "Delete",
	Needs:      []domain.Capability{domain.CanCreateGroups},
	Risk:       bulk.RiskHigh,
	Reversible: true,
	UndoClass: "In part: a first undo makes the groups again with name and description, a second one puts their members back. " +
		"What does not come back: the ids, what the groups gave access to, and every place in Atlassian that named them.",
	Effect:   "The groups end, and with them what only they give access to.",
	Docs:     docsGroups,
	Cap:      bulk.Cap{Percent: 20, Count: 20},
	Goal:     domain.StateAbsent,
	Visible:  groupDeleteVisible,
	Inverse:  "group.create",
	Sentence: func(_ domain.Plan, groups string) string { return "Delete " + groups },
	Subject:  bulk.AboutGroups{Ends: true, Refill: "group.add_member", Plan: planDelete, State: deleteState},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.GroupCreator)
		if !ok {
			return domain.Receipt{}, cannot("delete groups")
		}
		return s.DeleteGroup(ctx, c.Target.DirectoryID, c.Target.GroupID)
	},
})

// deleteState compares a group with the one that the preview showed: nobody else may have come into it, and it may open
// nothing else.
func deleteState(g domain.GroupNow, c domain.Change) domain.State {
	if !g.There {
		return domain.StateAbsent
	}
	now := beforeOf(g)
	if c.Before != nil && slices.Equal(now.Members, c.Before.Members) && slices.Equal(now.Opens, c.Before.Opens) {
		return shape(now)
	}
	if said := shape(now); c.Before == nil || said != shape(c.Before) {
		return said
	}
	return domain.GroupShape(len(now.Members), len(now.Opens), true)
}

func planDelete(_ context.Context, in bulk.GroupInput) ([]domain.Change, error) {
	var changes []domain.Change
	for _, g := range in.Chosen {
		changes = append(changes, judgeDelete(g))
	}
	for _, old := range in.Again {
		g := in.Find(old.Target)
		c := judgeDelete(g)
		if in.Undo && c.Verdict == domain.VerdictChange && !untouched(g, old.Before) {
			c = domain.Change{
				Target: c.Target, Verdict: domain.VerdictUnsupported,
				Reason: "The group is no longer as it was made: " + strings.TrimPrefix(c.Expect.Words(), domain.StateThere.Words()+", ") + ". Delete it from the list of groups if you want to.",
			}
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// untouched tells whether a group is still as it was made.
func untouched(g domain.GroupNow, made *domain.GroupBefore) bool {
	return len(g.Members) == 0 && g.MemberCount <= 0 && len(g.GrantsAccess) == 0 && (made == nil || g.Description == made.Description)
}

func judgeDelete(g domain.GroupNow) domain.Change {
	c := domain.Change{Target: groupTarget(g.Group)}
	if g.Unread {
		c.Verdict, c.Reason = domain.VerdictUnsupported, notReadYet
		return c
	}
	if !g.There {
		c.Verdict, c.Reason = domain.VerdictAlready, "The group is no longer there."
		return c
	}
	c.Before = beforeOf(g)
	c.Verdict, c.Expect, c.Undo = domain.VerdictChange, shape(c.Before), domain.StateThere
	c.Diffs = []domain.Diff{{Field: "Group", Before: c.Expect.Words(), After: "deleted"}}
	if len(g.Members) > 0 {
		names := make([]string, 0, len(g.Members))
		for _, u := range g.Members {
			names = append(names, u.Name)
		}
		c.Diffs = append(c.Diffs, domain.Diff{Field: "Members", Before: strings.Join(names, ", "), After: "out of the group"})
	}
	return c
}
