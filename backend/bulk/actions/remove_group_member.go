package actions

import (
	"context"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// Removing ends only what this group gives: another group or a direct role may still give the same access.
var _ = bulk.Register(bulk.Action{
	Kind:       "group.remove_member",
	Title:      "Remove from groups",
	Verb:       "Remove",
	Params:     []form.Field{groupsField},
	Needs:      []domain.Capability{domain.CanEditGroups},
	Risk:       bulk.RiskMedium,
	Reversible: true,
	UndoClass:  "Undo adds exactly whom the run removed, unless the plan's seats are used up by then.",
	Effect:     "They lose what only these groups give access to; another group or role may still give it.",
	Docs:       "https://support.atlassian.com/user-management/docs/edit-a-group/",
	Cap:        bulk.Cap{Percent: 20, Count: 500},
	Goal:       domain.StateNotMember,
	Visible:    groupVisible,
	Inverse:    "group.add_member",
	Sentence: func(p domain.Plan, people string) string {
		return "Remove " + people + " from " + groupsOf(p)
	},
	Subject: bulk.AboutPeople{Plan: planGroups(domain.StateMember, domain.StateNotMember), State: groupState, After: groupAfter(false)},
	Apply: func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error) {
		s, ok := src.(source.GroupEditor)
		if !ok {
			return domain.Receipt{}, cannot("remove people from groups")
		}
		return s.RemoveMember(ctx, c.Target.DirectoryID, c.Target.GroupID, c.Target.AccountID)
	},
})
