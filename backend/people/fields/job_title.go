package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 210,
	Field: filter.Field{
		Name: "jobTitle", Label: "Job title", Type: filter.Text, Aliases: []string{"title"},
		Docs:    "The job title in the person's profile, where it is set and visible.",
		Example: `jobTitle ~ "manager"`,
	},
	Match:   index.MatchDict((*index.Index).JobTitleColumn),
	Options: index.DictOptions((*index.Index).JobTitleColumn),
	SortKey: index.DictKey((*index.Index).JobTitleColumn),
})
