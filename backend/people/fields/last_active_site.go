package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 22,
	Field: filter.Field{
		Name: "lastActiveSite", Label: "Site of last activity", Noun: "sites of last activity", Type: filter.Set,
		Docs: "The site, or sites, at which the person was active on the latest day of all. Empty for people who were never active, unknown where the " +
			"activity in one of their apps could not be read.",
		Example: `lastActiveSite = "acme"`,
	},
	Match:   index.MatchLastSite,
	Options: sites.Options,
})
