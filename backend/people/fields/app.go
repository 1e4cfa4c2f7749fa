package fields

import (
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var apps = index.Named{
	What: "app",
	Names: func(ix *index.Index) []string {
		return namesOf(ix.Apps, index.AppLabel)
	},
	Find:    (*index.Index).FindApps,
	Members: (*index.Index).Holders,
	Count:   (*index.Index).HolderCount,
	Suggest: (*index.Index).AppNames,
}

var _ = index.Register(index.Field{
	Rank: 25,
	Field: filter.Field{
		Name: "app", Label: "App", Noun: "apps", Type: filter.Set, Aliases: []string{"product"},
		Docs: "The apps that the person may open, and so takes a seat of. An app is named alone for all sites (Jira), with its site " +
			"(Jira (acme)), by its key (jira-software) or by its resource id.",
		Example: `app in ("Jira", "Confluence")`,
	},
	Match:   apps.Match,
	Options: index.AppOptions,
})

func namesOf[T any](items []T, name func(T) string) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = name(item)
	}
	return names
}
