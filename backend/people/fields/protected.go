package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 142,
	Field: filter.Field{
		Name: "protected", Label: "Protected", Type: filter.Bool,
		Docs: "Whether every run leaves the person alone: organization admins, you, and the owners of the keys that Seatkeeper works with. " +
			"It is the very rule that a run asks before each call.",
		Example: "protected = no",
	},
	Match: index.MatchProtected,
	Fresh: true,
})
