package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 100,
	Field: filter.Field{
		Name: "name", Label: "Name", Type: filter.Text,
		Docs:    "The person's name as Atlassian shows it. The operator ~ ignores case and accents: lukasz finds Łukasz.",
		Example: `name ~ "lukasz"`,
	},
	Match:   index.MatchText(index.NameOnly, func(ix *index.Index, pos int) string { return ix.Name.At(pos) }),
	SortKey: index.NameKey,
})
