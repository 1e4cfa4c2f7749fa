package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 191,
	Field: filter.Field{
		Name: "suspendedIn", Label: "Suspended in", Noun: "directories of suspension", Type: filter.Set,
		Docs: "The user directories in which the person is suspended, by name or id. With a directory for each site somebody can be suspended in " +
			"one and active in another: status then is active.",
		Example: "status = active AND suspendedIn is not empty",
	},
	Match:   index.MatchSuspendedIn(directories),
	Options: directories.Options,
})
