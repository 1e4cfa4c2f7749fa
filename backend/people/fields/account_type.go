package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 180,
	Field: filter.Field{
		Name: "accountType", Label: "Account type", Type: filter.Text,
		Docs:    "What kind of account it is: atlassian for people, app for integrations, customer for portal-only customers.",
		Example: `accountType = "app"`,
	},
	Match:   index.MatchDict((*index.Index).AccountTypeColumn),
	Options: index.DictOptions((*index.Index).AccountTypeColumn),
	SortKey: index.DictKey((*index.Index).AccountTypeColumn),
})
