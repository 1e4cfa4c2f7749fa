package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 170,
	Field: filter.Field{
		Name: "emailVerified", Label: "E-mail verified", Type: filter.Bool,
		Docs:    "Whether the person has verified the e-mail address. An account without a verified address cannot be changed.",
		Example: "emailVerified = no",
	},
	Match:   index.MatchTri((*index.Index).VerifiedColumn),
	SortKey: index.TriKey((*index.Index).VerifiedColumn),
})
