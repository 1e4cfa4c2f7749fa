package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 220,
	Field: filter.Field{
		Name: "location", Label: "Location", Type: filter.Text,
		Docs:    "The location in the person's profile, where it is set and visible.",
		Example: `location is not empty`,
	},
	Match:   index.MatchDict((*index.Index).LocationColumn),
	Options: index.DictOptions((*index.Index).LocationColumn),
	SortKey: index.DictKey((*index.Index).LocationColumn),
})
