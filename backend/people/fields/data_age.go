package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 245,
	Field: filter.Field{
		Name: "dataAge", Label: "Data age", Noun: "data age", Type: filter.Number, Unit: "hours",
		Ops: []filter.Op{
			filter.Greater, filter.AtLeast, filter.Less, filter.AtMost, filter.Equal, filter.NotEqual, filter.IsUnknown, filter.IsKnown,
		},
		Docs: "How many whole hours ago what is known of the person was read from Atlassian: by the last full sync, or alone since. It is more " +
			"for people whom that sync did not deliver, because Atlassian's list was cut off. Unknown until the first sync is complete.",
		Example: "dataAge > 24",
	},
	Match:   index.MatchAge,
	SortKey: index.AgeKey,
	Fresh:   true,
})
