package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 250,
	Field: filter.Field{
		Name: "touchedBy", Label: "Touched by a run", Noun: "earlier runs", Type: filter.Set,
		Ops: []filter.Op{filter.Equal, filter.NotEqual, filter.In, filter.NotIn, filter.Empty, filter.NotEmpty},
		Docs: "The runs that did something about the person, or tried to: by what they did (user.suspend) or by a run's id. Whatever came of it " +
			"counts; lastResult tells that. Empty for people whom no run has touched.",
		Example: `touchedBy is not empty`,
	},
	Match: index.MatchTouched("run or action", runNames),
	Options: index.TouchOptions(runNames, func(t domain.Touch) string {
		return t.At.UTC().Format("2006-01-02") + " " + t.Action
	}),
	Fresh: true,
})

// runNames are what a run may be called in a filter.
func runNames(t domain.Touch) []string { return []string{t.Action, t.RunID} }
