package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// The texts of the profile are fields by being in domain.ProfileTexts.
var _ = func() []*index.Field {
	var all []*index.Field
	for i, text := range domain.ProfileTexts {
		column := index.ProfileColumn(i)
		all = append(all, index.Register(index.Field{
			Rank: 200 + i,
			Field: filter.Field{
				Name: text.Name, Label: text.Label, Type: filter.Text, Aliases: text.Aliases,
				Docs: text.Docs, Example: text.Example,
			},
			Match:   index.MatchDict(column),
			Options: index.DictOptions(column),
			SortKey: index.DictKey(column),
		}))
	}
	return all
}()
