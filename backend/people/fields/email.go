package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 110,
	Field: filter.Field{
		Name: "email", Label: "E-mail", Type: filter.Text, Aliases: []string{"mail"},
		Docs:    "The person's e-mail address. It is empty where Atlassian hides it.",
		Example: `email in ("jane@example.com", "joe@example.com")`,
	},
	Match:   index.MatchText(index.EmailOnly, (*index.Index).Email),
	SortKey: index.EmailKey,
})
