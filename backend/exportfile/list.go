package exportfile

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// MaxList is how many entries a list of people may have.
const MaxList = 200_000

// List is a list of people as a file or a pasted text gives it.
type List struct {
	Values []string // e-mail addresses and account ids, as written, each once
	Column string   // the column that is asked first, "" where none has a title and the first cell with somebody counts
	Twice  int      // entries left out because they stand there already
	Bad    []Bad    // rows without an address or an id, all of them
}

// maxBad is how many rows without anybody are put up with: more are no list.
const maxBad = 200_000

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
	list, err := readList(r)
	if e := domain.AsError(err); e != nil && e.Reason == formatReason {
		e.Hint = "A list has e-mail addresses or account IDs: one to a line, or a CSV file with a column for them."
	}
	return list, err
}

func readList(r io.Reader) (List, error) {
	in, err := openRows(r)
	if err != nil {
		return List{}, err
	}
	var out List
	seen := map[string]bool{}
	var columns []int
	for first := true; ; first = false {
		raw, err := in.next()
		if errors.Is(err, errEnd) {
			break
		}
		if err != nil {
			return List{}, err
		}
		if first && raw.bad == "" {
			if columns = headed(raw.cells); len(columns) > 0 {
				out.Column = clean(raw.cells[columns[0]])
				continue
			}
		}
		if raw.bad != "" {
			out.Bad = append(out.Bad, Bad{raw.number, raw.bad, true})
			continue
		}
		cell := listed(raw.cells, columns)
		if cell == "" {
			if out.Bad = append(out.Bad, Bad{raw.number, noPerson(raw.cells, columns), true}); len(out.Bad) > maxBad {
				return List{}, refuse("The file has more than 200,000 rows without anybody.")
			}
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
		return List{}, refuse("There is nobody in this list.")
	}
	return out, nil
}

// headed finds the columns of the first row's titles that say who it is: ids before addresses, because they never change, and both
// before "user", which may be a name. A later one counts in the rows where those before it are empty.
func headed(titles []string) []int {
	var columns []int
	ranks := make([]int, len(titles))
	for i, t := range titles {
		if person(clean(t)) {
			return nil // no titles
		}
		switch n := nameOf(t); {
		case meanings[n].key && strings.Contains(n, " id"), n == "accountid":
			ranks[i] = 3
		case meanings[n].key, n == "mail", n == "e-mail address":
			ranks[i] = 2
		case n == "user":
			ranks[i] = 1
		default:
			continue
		}
		columns = append(columns, i)
	}
	slices.SortStableFunc(columns, func(a, b int) int { return ranks[b] - ranks[a] })
	return columns
}

// listed gives the cell that says who it is.
func listed(cells []string, columns []int) string {
	if len(columns) > 0 {
		cells = []string{said(cells, columns)}
	}
	for _, c := range cells {
		if cell := clean(c); utf8.ValidString(cell) && person(cell) {
			return cell
		}
	}
	return ""
}

// said gives the first of the columns that is not empty: what stands in it counts, even when it means nobody.
func said(cells []string, columns []int) string {
	for _, i := range columns {
		if i < len(cells) && clean(cells[i]) != "" {
			return cells[i]
		}
	}
	return ""
}

// noPerson says why a row means nobody.
func noPerson(cells []string, columns []int) string {
	cell := cells[0]
	if len(columns) > 0 {
		cell = said(cells, columns)
	}
	cell = clean(cell)
	if !utf8.ValidString(cell) {
		return "“" + shorten(cell) + "” is not written in UTF-8 or UTF-16: save the file as “CSV UTF-8”."
	}
	if cell == "" {
		return "The row has neither an e-mail address nor an account ID."
	}
	return "“" + shorten(cell) + "” is neither an e-mail address nor an account ID."
}
