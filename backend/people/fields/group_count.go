package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 50,
	Field: filter.Field{
		Name: "groupCount", Label: "Number of groups", Type: filter.Number,
		Docs:    "In how many groups the person is. 0 finds people without any group.",
		Example: "groupCount = 0",
	},
	Match:   index.MatchNumber((*index.Index).GroupCount),
	SortKey: index.CountKey((*index.Index).GroupCount),
})
