package exportfile

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaxList is how many entries a list of people may have.
const MaxList = 200_000

// List is a list of people as a file or a pasted text gives it.
type List struct {
	Values []string // e-mail addresses and account ids, as written, each once
	Column string   // the column from which they come, "" for the first with people in it
	Twice  int      // entries left out because they stand there already
	Bad    []Bad    // rows without an address or an id
}

var (
	address   = regexp.MustCompile(`^[^\s@<>"',;]{1,128}@[^\s@<>"',;]{1,255}$`)
	accountID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z:_-]{7,127}$`)
)

// person tells whether a cell can only mean a person. An account id has a digit; a word has not.
func person(cell string) bool {
	return address.MatchString(cell) || accountID.MatchString(cell) && strings.ContainsAny(cell, "0123456789")
}

// ReadList reads a list: a CSV file with a column of e-mail addresses or account ids, or one to a line without any columns.
func ReadList(r io.Reader) (List, error) {
	in, err := openRows(r)
	if err != nil {
		return List{}, err
	}
	var out List
	seen := map[string]bool{}
	column := -1
	for first := true; ; first = false {
		raw, err := in.next()
		if errors.Is(err, errEnd) {
			break
		}
		if err != nil {
			return List{}, err
		}
		if first && raw.bad == "" {
			if column = headed(raw.cells); column >= 0 {
				out.Column = clean(raw.cells[column])
				continue
			}
		}
		if raw.bad != "" {
			out.bad(Bad{raw.number, raw.bad, true})
			continue
		}
		cell := listed(raw.cells, column)
		if cell == "" {
			out.bad(Bad{raw.number, "There is neither an e-mail address nor an account ID in “" + shorten(clean(raw.cells[0])) + "”.", true})
			continue
		}
		if key := strings.ToLower(cell); seen[key] {
			out.Twice++
		} else {
			seen[key] = true
			if out.Values = append(out.Values, cell); len(out.Values) > MaxList {
				return List{}, refuse("The list has more than 200,000 entries.")
			}
		}
	}
	if len(out.Values) == 0 {
		e := refuse("There is nobody in this list.")
		e.Hint = "It needs e-mail addresses or account IDs: one to a line, or a CSV file with a column for them."
		return List{}, e
	}
	return out, nil
}

// headed finds the column of the first row's titles that says who it is: ids before addresses, because they never change.
func headed(titles []string) int {
	column := -1
	for i, t := range titles {
		if person(clean(t)) {
			return -1 // no titles
		}
		if m, ok := meanings[nameOf(t)]; ok && m.key {
			if column < 0 || strings.Contains(nameOf(t), " id") {
				column = i
			}
		} else if n := nameOf(t); column < 0 && (n == "mail" || n == "accountid" || n == "user" || n == "e-mail address") {
			column = i
		}
	}
	return column
}

// listed gives the cell that says who it is.
func listed(cells []string, column int) string {
	if column >= 0 {
		if column < len(cells) {
			if cell := clean(cells[column]); utf8.ValidString(cell) && person(cell) {
				return cell
			}
		}
		return ""
	}
	for _, c := range cells {
		if cell := clean(c); utf8.ValidString(cell) && person(cell) {
			return cell
		}
	}
	return ""
}

// maxBad is how many rows a report names.
const maxBad = 1000

func (l *List) bad(b Bad) {
	if len(l.Bad) < maxBad {
		l.Bad = append(l.Bad, b)
	}
}
