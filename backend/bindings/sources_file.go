package bindings

import (
	"context"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// ChooseFile asks for the file of one field of a kind's form and gives its path, "" when the dialog was cancelled. A file that the field
// does not take is refused with the field's name. Nothing is kept.
func (x *Sources) ChooseFile(kind, field string) (string, error) {
	return call(x.given(kind, field), "Sources.ChooseFile", func(context.Context, *Services) (string, error) {
		f, err := fileField(kind, field)
		if err != nil {
			return "", err
		}
		path, err := x.window.OpenFile(f.Label, f.Pattern)
		if err != nil || path == "" {
			return "", err
		}
		if err := f.CheckValue(path); err != nil {
			return "", err
		}
		return path, nil
	})
}

// fileField finds a field whose value is a file, so that the page cannot open the dialog for anything else.
func fileField(kind, name string) (form.Field, error) {
	if k, ok := source.Kinds.Get(kind); ok {
		for _, f := range k.Fields {
			if f.Name == name && f.Type == form.File {
				return f, nil
			}
		}
	}
	return form.Field{}, domain.Errorf(domain.Invalid, "There is no file to choose here.")
}
