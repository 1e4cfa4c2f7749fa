// Package form describes input fields, so that the window can draw a form for anything registered.
//
// It validates values; it draws nothing.
package form

import (
	"maps"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// Type says how a field is drawn and what its text must be.
type Type string

// The types of field.
const (
	Text     Type = "text"
	URL      Type = "url"
	Email    Type = "email"
	Password Type = "password" // secret: write-only, goes to the keyring
	Date     Type = "date"     // YYYY-MM-DD
	Groups   Type = "groups"   // one or more group ids of the source, separated by commas
	Choice   Type = "choice"
	File     Type = "file" // full path of a file on this machine
)

// Field is one input.
type Field struct {
	Name        string // key of the value
	Label       string
	Help        string // one line under the field
	Placeholder string
	Type        Type
	Required    bool
	Choices     []string // for Choice
	Pattern     string   // for File: what the dialog shows first, e.g. "*.pem;*.crt"
	DocsURL     string   // where the value is found, at Atlassian
	DocsLabel   string
	Validate    func(value string) error `json:"-"` // further check of a non-empty value; nil for none
}

// Secret tells whether the value belongs into the keyring.
func (f Field) Secret() bool { return f.Type == Password }

// CheckValue validates a value that is not empty; an error is Invalid with the field's name.
func (f Field) CheckValue(value string) error {
	if f.Validate == nil {
		return nil
	}
	if err := f.Validate(value); err != nil {
		e := *domain.AsError(err)
		e.Code, e.Field = domain.Invalid, f.Name
		return &e
	}
	return nil
}

// Check validates values against fields. Its error is Invalid about the first field that is wrong; in More are the others, in the order of
// fields. Values without a field are refused too.
func Check(fields []Field, values map[string]string) error {
	var wrong []error
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = true
		v := strings.TrimSpace(values[f.Name])
		switch {
		case v != "":
			wrong = append(wrong, f.CheckValue(v))
		case f.Required:
			wrong = append(wrong, &domain.Error{Code: domain.Invalid, Field: f.Name, Message: f.Label + " is missing.", Hint: f.Help})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !known[name] {
			wrong = append(wrong, &domain.Error{Code: domain.Invalid, Field: name, Message: "There is no field " + domain.Quote(name) + "."})
		}
	}
	return Join(wrong...)
}

// Join makes one error of what is wrong with several inputs: the first, with the others in More. Nil ones are left out.
func Join(wrong ...error) error {
	var joined *domain.Error
	for _, err := range wrong {
		if err == nil {
			continue
		}
		e := *domain.AsError(err)
		also := append([]*domain.Error{&e}, e.More...)
		e.More = nil
		if joined == nil {
			joined, also = &e, also[1:]
		}
		joined.More = append(joined.More, also...)
	}
	if joined == nil {
		return nil
	}
	return joined
}
