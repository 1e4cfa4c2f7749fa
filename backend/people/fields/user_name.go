package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 122,
	Field: filter.Field{
		Name: "userName", Label: "User name", Type: filter.Text, Aliases: []string{"username", "login"},
		Docs:    "What the person signs in with at a Jira Data Center. Elsewhere people sign in with their e-mail address.",
		Example: `userName = "mia.keller"`,
	},
	Match:   index.MatchDict((*index.Index).UserNameColumn),
	Options: index.DictOptions((*index.Index).UserNameColumn),
	SortKey: index.DictKey((*index.Index).UserNameColumn),
})
