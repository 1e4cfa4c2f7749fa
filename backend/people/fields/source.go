package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var origins = []filter.Option{
	{Value: "invited", Label: "Invited or added in Atlassian"},
	{Value: "synced", Label: "Comes from the identity provider", Also: []string{"idp", "scim", "sso"}},
}

var _ = index.Register(index.Field{
	Rank: 80,
	Field: filter.Field{
		Name: "source", Label: "Source", Type: filter.Choice, Options: origins, Aliases: []string{"origin", "managementSource"},
		Ops:     []filter.Op{filter.Equal, filter.NotEqual, filter.In, filter.NotIn, filter.IsUnknown, filter.IsKnown},
		Docs:    "Where the account is managed. What comes from the identity provider must be changed there: a change here is undone by its next sync.",
		Example: "source = synced",
	},
	Match:   index.MatchWords((*index.Index).OriginColumn, ""),
	SortKey: index.OrderedKey((*index.Index).OriginColumn, optionValues(origins)),
})
