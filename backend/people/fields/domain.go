package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 60,
	Field: filter.Field{
		Name: "domain", Label: "E-mail domain", Type: filter.Text, Aliases: []string{"emailDomain"}, Lead: "@",
		Docs:    "The part of the e-mail address after the @. People whose address is hidden have none.",
		Example: `domain not in ("gmail.com", "outlook.com")`,
	},
	Match:   index.MatchDict((*index.Index).DomainColumn),
	Options: index.DictOptions((*index.Index).DomainColumn),
	SortKey: index.DictKey((*index.Index).DomainColumn),
})
