package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 125,
	Field: filter.Field{
		Name: "list", Label: "List", Noun: "lists", Type: filter.Set, Aliases: []string{"inList"},
		Ops: []filter.Op{filter.In, filter.NotIn, filter.Equal, filter.NotEqual},
		Docs: "Whether the person is in a list of e-mail addresses or account ids that was put in from a CSV file or by pasting. A list that is not " +
			"there is a mistake. Where several people have an address of the list, and where somebody hides the address while some of the list " +
			"match nobody, the answer is unknown.",
		Example: `list not in ("Protected")`,
	},
	Match:   index.MatchLists,
	Options: index.ListOptions,
	Fresh:   true,
})
