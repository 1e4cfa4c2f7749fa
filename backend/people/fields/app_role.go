package fields

import (
	"slices"

	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// appRoles are the roles on apps of which Atlassian writes; groups may give others.
var appRoles = []string{"user", "admin", "guest", "contributor", "customer", "basic", "stakeholder", "viewer"}

func allAppRoles(ix *index.Index) []string {
	all := append(index.GivenRoles(ix), appRoles...)
	slices.Sort(all)
	return slices.Compact(all)
}

var givenRoles = index.Named{
	What:  "role on an app",
	Names: allAppRoles,
	Find: func(ix *index.Index, name string) []int {
		for i, role := range allAppRoles(ix) {
			if index.Key(role) == index.RoleName(index.Key(name)) {
				return []int{i}
			}
		}
		return nil
	},
	Count: func(*index.Index, int) int { return 0 },
}

var _ = index.Register(index.Field{
	Rank: 49,
	Field: filter.Field{
		Name: "appRole", Label: "Role on apps", Noun: "roles on apps", Type: filter.Set, Argument: "app",
		Docs: "The roles that the person's groups give on apps, or on one, as in appRole(\"Jira\"): user, admin, guest and so on. A role that was " +
			"given to the person alone does not stand in the local copy. Unknown where Atlassian does not say what a group of the person grants.",
		Example: `appRole("Confluence") = "guest"`,
	},
	Match:     index.MatchAppRole(&givenRoles),
	Options:   givenRoles.Options,
	Arguments: index.AppOptions,
})
