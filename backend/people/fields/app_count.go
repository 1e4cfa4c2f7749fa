package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 30,
	Field: filter.Field{
		Name: "appCount", Label: "Number of apps", Type: filter.Number,
		Docs:    "How many apps the person may open, each site counted by itself.",
		Example: "appCount >= 3",
	},
	Match:   index.MatchNumber((*index.Index).AppCount),
	SortKey: index.CountKey((*index.Index).AppCount),
})
