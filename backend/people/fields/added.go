package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 150,
	Field: filter.Field{
		Name: "added", Label: "Added", Noun: "date added", Type: filter.Date, Aliases: []string{"addedToOrg"},
		Docs:    "The day on which the person was added to the organization, in UTC. Organizations with several directories do not tell it: then it is empty.",
		Example: "added < -30d",
	},
	Match:   index.MatchDay((*index.Index).AddedColumn),
	SortKey: index.DayKey((*index.Index).AddedColumn),
})
