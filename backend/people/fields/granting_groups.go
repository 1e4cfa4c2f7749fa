package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 47,
	Field: filter.Field{
		Name: "grantingGroups", Label: "Groups that grant access", Type: filter.Number, Argument: "app",
		Docs: "How many of the person's groups let open an app: any, or one, as in grantingGroups(\"Jira\"). With 2 or more, leaving one of " +
			"them frees no seat. Where Atlassian does not say what a group grants, the number is not known.",
		Example: `grantingGroups("Jira") > 1`,
	},
	Match:     index.MatchGrantingGroups,
	Arguments: index.AppOptions,
})
