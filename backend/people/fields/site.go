package fields

import (
	"strings"

	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var sites = index.Named{
	What:  "site",
	Names: (*index.Index).Sites,
	Find: func(ix *index.Index, name string) []int {
		for i, site := range ix.Sites() {
			if strings.EqualFold(site, name) {
				return []int{i}
			}
		}
		return nil
	},
	Members: func(ix *index.Index, ordinals []int) index.Bits {
		wanted, names := map[string]bool{}, ix.Sites()
		for _, o := range ordinals {
			wanted[names[o]] = true
		}
		var chosen []int
		for i, a := range ix.Apps {
			if wanted[a.SiteName] {
				chosen = append(chosen, i)
			}
		}
		return ix.Holders(chosen)
	},
	Count: func(ix *index.Index, _ int) int { return 0 },
}

var _ = index.Register(index.Field{
	Rank: 27,
	Field: filter.Field{
		Name: "site", Label: "Site", Noun: "sites", Type: filter.Set,
		Docs:    "The sites at which the person may open at least one app.",
		Example: `site = "acme"`,
	},
	Match:   sites.Match,
	Options: sites.Options,
})
