package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 61,
	Field: filter.Field{
		Name: "domainVerified", Label: "Domain verified", Type: filter.Bool, Aliases: []string{"verifiedDomain"},
		Docs: "Whether the organization has verified the domain of the person's e-mail address. People of other domains are external; of a verified " +
			"one, accounts that are not managed can be claimed. Unknown where the address is hidden or the key may not read the domains.",
		Example: "domainVerified = yes AND managed = no",
	},
	Match: index.MatchTri(index.DomainVerified),
})
