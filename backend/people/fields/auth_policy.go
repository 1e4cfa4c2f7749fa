package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 165,
	Field: filter.Field{
		Name: "authPolicy", Label: "Authentication policy", Type: filter.Text, Aliases: []string{"policy"},
		Docs: "The authentication policy of the account, by name. Only Atlassian's export of managed accounts tells it: it is empty until such a " +
			"file was imported, and for people of whom the file says nothing.",
		Example: `authPolicy = "Contractors"`,
	},
	Match:   index.MatchDict((*index.Index).PolicyColumn),
	Options: index.DictOptions((*index.Index).PolicyColumn),
	SortKey: index.DictKey((*index.Index).PolicyColumn),
})
