package fields

import (
	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

var directories = index.SetColumn("directory", (*index.Index).DirectoryColumn,
	func(ix *index.Index) []string {
		return namesOf(ix.Directories, func(d domain.Directory) string { return d.DirectoryID })
	},
	func(ix *index.Index, id string) string { return ix.DirectoryName(id) })

var _ = index.Register(index.Field{
	Rank: 190,
	Field: filter.Field{
		Name: "directory", Label: "Directory", Noun: "directories", Type: filter.Set,
		Docs:    "The user directories in which the person is: one in a centralized organization, one for each site otherwise. By name or id.",
		Example: "directory is empty",
	},
	Match:   directories.Match,
	Options: directories.Options,
})
