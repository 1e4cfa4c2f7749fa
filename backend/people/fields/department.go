package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 200,
	Field: filter.Field{
		Name: "department", Label: "Department", Type: filter.Text,
		Docs:    "The department in the person's profile, where it is set and visible.",
		Example: `department = "Sales"`,
	},
	Match:   index.MatchDict((*index.Index).DepartmentColumn),
	Options: index.DictOptions((*index.Index).DepartmentColumn),
	SortKey: index.DictKey((*index.Index).DepartmentColumn),
})
