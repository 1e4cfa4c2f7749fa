package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 160,
	Field: filter.Field{
		Name: "mfa", Label: "Two-step verification", Type: filter.Bool, Aliases: []string{"twoStep", "2sv"},
		Docs:    "Whether the account has two-step verification. Atlassian says it of managed accounts only.",
		Example: "mfa = no AND managed = yes",
	},
	Match:   index.MatchTri((*index.Index).MFAColumn),
	SortKey: index.TriKey((*index.Index).MFAColumn),
})
