package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 251,
	Field: filter.Field{
		Name: "lastTouched", Label: "Last touched by a run", Noun: "last run", Type: filter.Date,
		Docs: "The day in UTC on which the last run did something about the person, or tried to. Empty for people whom no run has touched; they are " +
			"neither before nor after any day.",
		Example: "NOT lastTouched >= -30d",
	},
	Match: index.MatchLastTouched,
	Fresh: true,
})
