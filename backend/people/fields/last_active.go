package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 20,
	Field: filter.Field{
		Name: "lastActive", Label: "Last active", Noun: "last activity", Type: filter.Date, Argument: "app", Aliases: []string{"lastSeen"},
		Ops: []filter.Op{
			filter.Less, filter.AtMost, filter.Greater, filter.AtLeast, filter.Equal, filter.NotEqual, filter.Empty, filter.NotEmpty,
			filter.IsUnknown, filter.IsKnown,
		},
		Docs: "The last day on which the person viewed an app, up to 24 hours late: over all apps the person may open, or in one, as in " +
			`lastActive("Jira") or lastActive("Jira (acme)"), also after ORDER BY. It is empty for somebody who certainly never used them, and unknown where ` +
			"Atlassian did not let it be read; people who cannot open the app are never found.",
		Example: `lastActive("Jira") < -90d`,
	},
	Match:     index.MatchActivity,
	Arguments: index.AppOptions,
	SortKeyIn: index.ActivityKey,
})
