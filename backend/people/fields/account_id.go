package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 120,
	Field: filter.Field{
		Name: "accountId", Label: "Account id", Type: filter.Text,
		Ops:     []filter.Op{filter.Equal, filter.NotEqual, filter.In, filter.NotIn, filter.Like, filter.NotLike},
		Docs:    "Atlassian's id of the account, which never changes. It tells people of equal names apart.",
		Example: `accountId = "5b10ac8d82e05b22cc7d4ef5"`,
	},
	Match:   index.MatchAccount,
	SortKey: index.AccountKey,
})
