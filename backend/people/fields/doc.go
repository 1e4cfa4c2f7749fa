// Package fields holds the fields of the filter language, one file for each (profile.go: those of domain.ProfileTexts):
// its name, what it means for an admin, and its column.
//
// It has no logic of its own: how a kind of column is compared stands in people/index. To add a field, add a file; a
// test runs the example that it declares.
package fields
