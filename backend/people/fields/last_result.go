package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var _ = index.Register(index.Field{
	Rank: 252,
	Field: filter.Field{
		Name: "lastResult", Label: "Result of the last run", Type: filter.Choice, Options: []filter.Option{
			{Value: string(domain.ItemDone), Label: "Changed"},
			{Value: string(domain.ItemAlready), Label: "Was so already"},
			{Value: string(domain.ItemSkipped), Label: "Left out: protected, synced, or changed since the preview"},
			{Value: string(domain.ItemRefused), Label: "Atlassian said no"},
			{Value: string(domain.ItemUnknown), Label: "Cannot be known"},
			{Value: string(domain.ItemIntent), Label: "Under way"},
		},
		Docs:    "What came of the last run about the person. People whom no run has touched have none.",
		Example: "lastResult in (refused, unknown)",
	},
	Match: index.MatchLastResult,
	Fresh: true,
})
