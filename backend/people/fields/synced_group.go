package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 45,
	Field: filter.Field{
		Name: "inSyncedGroup", Label: "In a synced group", Type: filter.Bool,
		Docs: "Whether the person is in a group that comes from the identity provider: that membership can only be ended there. Unknown for " +
			"people who are in none but in a group of which Atlassian does not say it.",
		Example: "inSyncedGroup = yes",
	},
	Match: index.MatchTri(func(ix *index.Index) []domain.Tri {
		in := make([]domain.Tri, ix.Len())
		for pos := range in {
			in[pos] = domain.No
			for _, g := range ix.GroupsOf(pos) {
				if synced := ix.Groups[g].Synced; synced == domain.Yes || (synced == domain.Unknown && in[pos] == domain.No) {
					in[pos] = synced
				}
			}
		}
		return in
	}),
})
