package actions

import (
	"context"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// Adding needs a seat where the group gives access to an app: Atlassian refuses a person when none is left.
var _ = bulk.Register(bulk.Action{
	Kind:       "group.add_member",
	Title:      "Add to groups",
	Verb:       "Add",
	Params:     []form.Field{groupsField},
	Needs:      []domain.Capability{domain.CanEditGroups},
	Risk:       bulk.RiskMedium,
	Reversible: true,
	Gives:      true,
	UndoClass:  "Undo removes exactly whom the run added, and nobody who was a member before.",
	Effect:     "They become members and get what the groups give access to, which may need seats.",
	Docs:       "https://support.atlassian.com/user-management/docs/edit-a-group/",
	Cap:        bulk.Cap{Percent: 20, Count: 500},
	Goal:       domain.StateMember,
	Visible:    groupVisible,
	Inverse:    "group.remove_member",
	Sentence: func(p domain.Plan, people string) string {
		return "Add " + people + " to " + groupsOf(p)
	},
	Subject: bulk.AboutPeople{Plan: planGroups(domain.StateNotMember, domain.StateMember), State: groupState, After: groupAfter(true)},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.GroupEditor)
		if !ok {
			return domain.Receipt{}, cannot("add people to groups")
		}
		return s.AddMember(ctx, c.Target.DirectoryID, c.Target.GroupID, c.Target.AccountID)
	},
})
