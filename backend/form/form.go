// Package form describes input fields, so that the window can draw a form for anything registered.
//
// It validates values; it draws nothing.
package form

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// Type says how a field is drawn and what its text must be. Ids and roles are separated by commas: see List.
type Type string

// The types of field.
const (
	Text      Type = "text"  // one line
	Lines     Type = "lines" // many lines
	URL       Type = "url"
	Email     Type = "email"
	Password  Type = "password"  // secret: write-only, goes to the keyring
	Date      Type = "date"      // YYYY-MM-DD
	Number    Type = "number"    // a whole number from Min to Max
	Choice    Type = "choice"    // one of Choices
	Directory Type = "directory" // id of a directory of the source; not drawn where the source has fewer than two
	Groups    Type = "groups"    // ids of groups of the source
	Apps      Type = "apps"      // ids of apps of the source, each at one site
	Roles     Type = "roles"     // roles on the apps that the field Of names
	File      Type = "file"      // full path of a file on this machine
)

// Option is one value of a Choice.
type Option struct{ Value, Label string }

// Field is one input.
type Field struct {
	Name        string // key of the value
	Label       string
	Help        string // one line under the field
	Placeholder string
	Type        Type
	Required    bool
	Choices     []Option            // for Choice
	Min, Max    int                 // for Number: the bounds
	Most        int                 // for Groups, Apps and Roles: how many at most; 0 for what a form takes at all, 1 is drawn as a choice of one
	Longest     int                 // how many characters a value has at most; 0 for what its type takes at all
	Of          string              // for Roles: the field for Apps whose roles are offered
	Sources     []domain.SourceKind // the kinds of source that have the field; nil for all
	Pattern     string              // for File: what the dialog shows first, e.g. "*.pem;*.crt"
	DocsURL     string              // where the value is found, at Atlassian
	DocsLabel   string
	Validate    func(value string) error `json:"-"` // further check of a non-empty value; nil for none
}

// Secret tells whether the value belongs into the keyring.
func (f Field) Secret() bool { return f.Type == Password }

// Has tells whether a kind of source has the field.
func (f Field) Has(kind domain.SourceKind) bool {
	return len(f.Sources) == 0 || slices.Contains(f.Sources, kind)
}

// CheckValue validates a value that is not empty; an error is Invalid with the field's name.
func (f Field) CheckValue(value string) error {
	err := f.checkType(value)
	if err == nil && f.Validate != nil {
		err = f.Validate(value)
	}
	if err == nil {
		return nil
	}
	e := *domain.AsError(err)
	e.Code, e.Field = domain.Invalid, f.Name
	return &e
}

// Check validates values against fields. Its error is Invalid about the first field that is wrong; in More are the
// others, in the order of fields. Values without a field are refused too.
func Check(fields []Field, values map[string]string) error {
	var wrong []error
	known := map[string]Field{}
	for _, f := range fields {
		known[f.Name] = f
		v := strings.TrimSpace(values[f.Name])
		switch {
		case v != "":
			wrong = append(wrong, cmp.Or(f.CheckValue(v), f.checkOf(known, values)))
		case f.Required:
			wrong = append(wrong, &domain.Error{Code: domain.Invalid, Field: f.Name, Message: f.Label + " is missing.", Hint: f.Help})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ok := known[name]; !ok {
			wrong = append(wrong, &domain.Error{Code: domain.Invalid, Field: name, Message: "There is no field " + domain.Quote(name) + "."})
		}
	}
	return Join(wrong...)
}
