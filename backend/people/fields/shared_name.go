package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 105,
	Field: filter.Field{
		Name: "sharedName", Label: "Same name as another", Type: filter.Bool, Aliases: []string{"duplicateName"},
		Docs: "Whether somebody with another e-mail address has the same name, without regard to case and accents: perhaps two accounts of one " +
			"person. Unknown where an address is hidden.",
		Example: "sharedName = yes ORDER BY name",
	},
	Match: index.MatchTri(index.SharedName),
})
