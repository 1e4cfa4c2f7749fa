package bindings

import (
	"fmt"
	"reflect"
	"unicode/utf8"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// The most characters of a text that comes from the page: searching for a million words would take minutes, and a
// million characters would be kept. The page's fields take one more, so that what is pasted and too long is said, and
// not cut off without a word. Filters and lists that are pasted are not among these texts: they have their own limits.
const (
	maxSearch = 1000
	maxTyped  = form.LongestLine
	maxField  = form.LongestText // of a form: it may be a list
)

// searched is a text to search for, where it is no field of a query.
type searched string

// given is the core for a call with these arguments: one with a text that is too long is refused.
func (d *core) given(arguments ...any) *core {
	for _, a := range arguments {
		if err := tooLong("", reflect.ValueOf(a)); err != nil {
			return &core{room: d.room, refused: err}
		}
	}
	return d
}

// tooLong looks at all texts in a value; field is where it stands, "" for an argument.
func tooLong(field string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		most, what := maxTyped, "This text"
		if field == "search" || v.Type() == reflect.TypeFor[searched]() {
			field, most, what = "search", maxSearch, "The search"
		}
		return short(field, what, v.String(), most)
	case reflect.Slice:
		for i := range v.Len() {
			if err := tooLong(field, v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			key := it.Key().String()
			if err := short("", "This name", key, maxTyped); err != nil {
				return err
			}
			if it.Value().Kind() != reflect.String {
				continue
			}
			if err := short(key, "This text", it.Value().String(), maxField); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Name == "Filter" || !f.IsExported() {
				continue
			}
			if err := tooLong(f.Tag.Get("json"), v.Field(i)); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}

func short(field, what, text string, most int) error {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Field: field, Message: fmt.Sprintf("%s is too long: at most %s characters are allowed.", what, domain.Thousands(most)),
	}
}
