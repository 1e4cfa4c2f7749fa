package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 230,
	Field: filter.Field{
		Name: "organization", Label: "Organization", Type: filter.Text, Aliases: []string{"company"},
		Docs:    "The organization in the person's profile, where it is set and visible. It is free text and not the Atlassian organization.",
		Example: `organization ~ "contractor"`,
	},
	Match:   index.MatchDict((*index.Index).OrganizationColumn),
	Options: index.DictOptions((*index.Index).OrganizationColumn),
	SortKey: index.DictKey((*index.Index).OrganizationColumn),
})
