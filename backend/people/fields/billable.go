package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 170,
	Field: filter.Field{
		Name: "billable", Label: "Billable (Guard)", Noun: "billing for Guard", Type: filter.Bool, Aliases: []string{"guard"},
		Docs: "Whether the account counts for the bill of Atlassian Guard; seats of apps are another matter. Atlassian says it of managed " +
			"accounts only.",
		Example: "billable = yes AND lastActive < -90d",
	},
	Match:   index.MatchTri((*index.Index).BillableColumn),
	SortKey: index.TriKey((*index.Index).BillableColumn),
})
