package bindings

import (
	"context"
	"slices"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
	"seatkeeper/backend/task"
)

// ChooseFile asks for the file of one field of a form and gives its path, "" when the dialog was cancelled. The form is
// named by what it belongs to: a kind of source, an action, a kind of task. A file that the field does not take is
// refused with the field's name. Nothing is kept.
func (x *Sources) ChooseFile(form, field string) (string, error) {
	return call(x.given(form, field), "Sources.ChooseFile", func(context.Context, *Services) (string, error) {
		f, err := fileField(form, field)
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
func fileField(of, name string) (form.Field, error) {
	source, _ := source.Kinds.Get(of)
	action, _ := bulk.ActionOf(of)
	kind, _ := task.Kinds.Get(of)
	for _, f := range slices.Concat(source.Fields, action.Params, kind.Params) {
		if f.Name == name && f.Type == form.File {
			return f, nil
		}
	}
	return form.Field{}, domain.Errorf(domain.Invalid, "There is no file to choose here.")
}
