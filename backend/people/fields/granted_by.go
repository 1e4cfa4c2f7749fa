package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 48,
	Field: filter.Field{
		Name: "grantedBy", Label: "Access granted by", Noun: "granting groups", Type: filter.Set, Argument: "app",
		Docs: "Which of the person's groups let open an app: any, or one, as in grantedBy(\"Jira\"). Together with app = \"Jira\", empty finds " +
			"people to whom the app was given in another way. Unknown where Atlassian does not say what a group of the person grants.",
		Example: `app = "Jira" AND grantedBy("Jira") is empty`,
	},
	Match:     index.MatchGrantedBy(&groups),
	Options:   index.GrantingOptions,
	Arguments: index.AppOptions,
})
