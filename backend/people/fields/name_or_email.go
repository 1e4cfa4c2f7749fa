package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 90,
	Field: filter.Field{
		Name: "nameOrEmail", Label: "Name or e-mail", Type: filter.Text, Aliases: []string{"text"},
		Ops: []filter.Op{filter.Like, filter.NotLike}, Bare: true,
		Docs:    "A part of the name or of the e-mail address, without regard to case and accents.",
		Example: `nameOrEmail ~ "muller"`,
	},
	Match: index.MatchText(index.NameOrEmail, func(ix *index.Index, pos int) string { return ix.Name.At(pos) + ix.Email(pos) }),
})
