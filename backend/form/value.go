package form

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// How much a value holds at most: characters of one line and of a text or list, and ids of a list.
const (
	LongestLine = 4000
	LongestText = 64_000
	mostValues  = 1000
)

// List splits the value of a field for Groups, Apps or Roles; what is repeated counts once.
func List(value string) []string {
	var values []string
	for v := range strings.SplitSeq(value, ",") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// listed tells whether the value is a list.
func (f Field) listed() bool { return f.Type == Groups || f.Type == Apps || f.Type == Roles }

// Limit is how many characters the value has at most.
func (f Field) Limit() int {
	if f.Longest > 0 {
		return f.Longest
	}
	if f.Type == Lines || f.listed() {
		return LongestText
	}
	return LongestLine
}

// MostOf is how many values a list has at most.
func (f Field) MostOf() int {
	if f.Most > 0 {
		return f.Most
	}
	return mostValues
}

func invalid(format string, args ...any) *domain.Error {
	return domain.Errorf(domain.Invalid, format, args...)
}

// checkType holds a value that is not empty against what its type takes.
func (f Field) checkType(value string) error {
	switch limit := f.Limit(); {
	case utf8.RuneCountInString(value) > limit:
		return invalid("%s is too long: at most %s characters are allowed.", f.Label, domain.Thousands(limit))
	case strings.ContainsRune(value, 0), !utf8.ValidString(value):
		return invalid("%s holds characters that are no text.", f.Label)
	case f.Type != Lines && strings.ContainsAny(value, "\r\n"):
		return invalid("%s must be one line.", f.Label)
	case f.listed():
		return f.checkList(value)
	}
	switch f.Type { //nolint:exhaustive // the others take any text
	case Number:
		if n, err := strconv.Atoi(value); err != nil || n < f.Min || n > f.Max {
			return invalid("%s must be a whole number from %s to %s.", f.Label, domain.Thousands(f.Min), domain.Thousands(f.Max))
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return invalid("%s must be a day like 2026-03-31.", f.Label)
		}
	case Choice:
		if !slices.ContainsFunc(f.Choices, func(o Option) bool { return o.Value == value }) {
			return invalid("%s has no choice %s.", f.Label, domain.Quote(value))
		}
	case File:
		if !filepath.IsAbs(value) {
			hint := "Give the path from the root on."
			if f.Placeholder != "" {
				hint = "Give the path from the root on, like " + f.Placeholder + "."
			}
			return invalid("This is not a full path.").WithHint(hint)
		}
	}
	return nil
}

func (f Field) checkList(value string) error {
	values := List(value)
	switch n, most := len(values), f.MostOf(); {
	case n == 0:
		return invalid("%s holds only commas.", f.Label)
	case n > most && most == 1:
		return invalid("%s takes only one.", f.Label)
	case n > most:
		return invalid("%s takes at most %s, and these are %s.", f.Label, domain.Thousands(most), domain.Thousands(n))
	}
	return nil
}

// checkOf refuses roles of no app.
func (f Field) checkOf(known map[string]Field, values map[string]string) error {
	if f.Type != Roles || strings.TrimSpace(values[f.Of]) != "" {
		return nil
	}
	return &domain.Error{Code: domain.Invalid, Field: f.Name, Message: fmt.Sprintf("%s: choose %s first.", f.Label, known[f.Of].Label)}
}

// Declared says what is wrong with the declaration of a form, nil for nothing. It is for tests: whoever declares a form
// learns it there.
func Declared(fields []Field) error {
	known := map[string]Field{}
	for _, f := range fields {
		_, twice := known[f.Name]
		known[f.Name] = f
		switch {
		case f.Name == "" || f.Label == "" || twice:
			return invalid("field %s: it needs a label and a name of its own", f.Name)
		case (f.Type == Choice) != (len(f.Choices) > 0):
			return invalid("field %s: choices belong to a choice", f.Name)
		case (f.Type == Number) != (f.Min < f.Max), f.Type != Number && (f.Min != 0 || f.Max != 0):
			return invalid("field %s: bounds belong to a number", f.Name)
		case f.Most != 0 && !f.listed(), f.Most < 0, f.Most > mostValues:
			return invalid("field %s: how many belongs to a list, and is at most %d", f.Name, mostValues)
		case f.Longest < 0, f.Longest > LongestText, f.Longest > LongestLine && f.Type != Lines:
			return invalid("field %s: it may be too long", f.Name)
		case f.Type == Roles && known[f.Of].Type != Apps, f.Type != Roles && f.Of != "":
			return invalid("field %s: roles belong to apps that are chosen before", f.Name)
		case (f.Pattern != "") && f.Type != File:
			return invalid("field %s: a pattern belongs to a file", f.Name)
		case !slices.Contains(types, f.Type):
			return invalid("field %s: there is no type %s", f.Name, f.Type)
		}
	}
	return nil
}

var types = []Type{Text, Lines, URL, Email, Password, Date, Number, Choice, Directory, Groups, Apps, Roles, File}
