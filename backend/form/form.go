// Package form describes input fields, so that the window can draw a form for anything registered.
//
// It validates values; it draws nothing.
package form

import (
	"fmt"
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

// Check validates values against fields and returns the first problem as an Invalid error whose Field is the field's name.
// Values without a field are refused too.
func Check(fields []Field, values map[string]string) error {
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = true
		v := strings.TrimSpace(values[f.Name])
		if v == "" {
			if f.Required {
				return &domain.Error{Code: domain.Invalid, Field: f.Name, Message: f.Label + " is missing.", Hint: f.Help}
			}
			continue
		}
		if err := f.CheckValue(v); err != nil {
			return err
		}
	}
	for name := range values {
		if !known[name] {
			return &domain.Error{Code: domain.Invalid, Field: name, Message: fmt.Sprintf("There is no field %q.", name)}
		}
	}
	return nil
}
