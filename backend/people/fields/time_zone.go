package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 240,
	Field: filter.Field{
		Name: "timeZone", Label: "Time zone", Type: filter.Text,
		Docs:    "The time zone in the person's profile, where it is set and visible.",
		Example: `timeZone ~ "Europe"`,
	},
	Match:   index.MatchDict((*index.Index).TimeZoneColumn),
	Options: index.DictOptions((*index.Index).TimeZoneColumn),
	SortKey: index.DictKey((*index.Index).TimeZoneColumn),
})
