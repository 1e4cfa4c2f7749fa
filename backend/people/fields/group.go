package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var groups = index.Named{
	What: "group",
	Names: func(ix *index.Index) []string {
		return namesOf(ix.Groups, func(g domain.Group) string { return g.Name })
	},
	Find:    (*index.Index).FindGroups,
	Members: (*index.Index).Members,
	Count:   (*index.Index).MemberCount,
}

var _ = index.Register(index.Field{
	Rank: 40,
	Field: filter.Field{
		Name: "group", Label: "Group", Noun: "groups", Type: filter.Set,
		Docs: "The groups of the person, by name or id. A name that several directories have means all of them. A group that is not there " +
			"is a mistake, so that an exclusion never quietly excludes nobody.",
		Example: `group not in ("vip")`,
	},
	Match:   groups.Match,
	Options: groups.Options,
})
