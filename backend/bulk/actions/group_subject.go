package actions

import (
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

// Atlassian's own words about how long a new group, or the end of one, may take until every reading shows it.
const (
	groupCreateVisible = 35 * time.Second
	groupDeleteVisible = 30 * time.Second
)

// docsGroups is Atlassian's page about both.
const docsGroups = "https://support.atlassian.com/user-management/docs/create-groups/"

// notReadYet is why nothing is planned for a group that a run has just made or changed.
const notReadYet = "A run made or changed this group a moment ago, and Atlassian has not shown it since. Make the preview again in a minute."

func groupTarget(g domain.Group) domain.Target {
	return domain.Target{Name: g.Name, GroupID: g.GroupID, GroupName: g.Name, DirectoryID: g.DirectoryID}
}

// beforeOf is what a group's end has to keep for the way back.
func beforeOf(g domain.GroupNow) *domain.GroupBefore {
	b := &domain.GroupBefore{Description: g.Description, Opens: append([]string(nil), g.GrantsAccess...)}
	for _, u := range g.Members {
		b.Members = append(b.Members, u.AccountID)
	}
	slices.Sort(b.Members)
	slices.Sort(b.Opens)
	return b
}

// shape is the state of a group that is there.
func shape(b *domain.GroupBefore) domain.State {
	return domain.GroupShape(len(b.Members), len(b.Opens), false)
}
