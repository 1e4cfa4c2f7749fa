package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 70,
	Field: filter.Field{
		Name: "managed", Label: "Managed", Type: filter.Bool,
		Docs:    "Whether the organization manages the account: its e-mail domain is verified and the account is claimed. Only managed accounts can be deactivated.",
		Example: "managed = no",
	},
	Match:   index.MatchTri((*index.Index).ManagedColumn),
	SortKey: index.TriKey((*index.Index).ManagedColumn),
})
