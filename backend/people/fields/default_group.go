package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 46,
	Field: filter.Field{
		Name: "inDefaultGroup", Label: "In a default group", Type: filter.Bool, Argument: "app",
		Docs: "Whether the person is in a default access group: of any app, or of one, as in inDefaultGroup(\"Jira\"). Atlassian puts people into " +
			"it who are given the app. Unknown where Atlassian does not say what a group of the person grants.",
		Example: `inDefaultGroup("Jira") = yes`,
	},
	Match:     index.MatchDefaultGroup,
	Arguments: index.AppOptions,
})
