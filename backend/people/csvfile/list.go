package csvfile

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// MaxList is how many entries a list of people may have.
const MaxList = 200_000

// List is a list of people as a file or a pasted text gives it, with all that the reader needs to see whether it is
// what was meant.
type List struct {
	Columns []ListColumn // those in which people stand; of a plain text, where each word counts, there are none
	Choice  Choice       // what Values come from; Unchosen: several may be meant, and there are no Values
	Column  string       // the same in words
	Values  []string     // e-mail addresses, account ids and, where they count, user names, as written, each once
	Rows    int          // the titles not counted
	Twice   int          // entries left out because they stand there already
	Bad     []Bad        // rows without anybody, and what in other rows is nobody; all of them
}

// ListColumn is a column of a list in which people stand.
type ListColumn struct {
	Number int      // from 1
	Title  string   // "" where there are no titles
	People int      // cells with somebody
	Sample []string // the first of them, as written
}

// Choice says which column of a list counts: its number from 1, or one of the following.
type Choice int

// The choices that are no column.
const (
	Unchosen   Choice = 0  // what the titles say for certain, else nothing
	Everywhere Choice = -1 // each cell
)

// maxBad is how many rows without anybody are put up with: more are no list. maxSample is how many cells of a column
// are shown.
const (
	maxBad    = 200_000
	maxSample = 3
)

// ReadList reads a list: a CSV file with a column of e-mail addresses or account ids, or these one after the other, as
// mail programs and forms write them. userNames says whether a column of user names is one too, as at a Data Center.
// Which of several columns is meant is never guessed: where the titles do not say it, the list comes with its Columns
// and without Values.
func ReadList(r io.ReadSeeker, choice Choice, userNames bool) (List, error) {
	list, err := readList(r, choice, userNames)
	if e := domain.AsError(err); e != nil && e.Reason == formatReason {
		e.Hint = "A list has e-mail addresses or account IDs: one to a line, or a CSV file with a column for them."
	}
	return list, err
}

func readList(r io.ReadSeeker, choice Choice, userNames bool) (List, error) {
	s := &survey{userNames: userNames, columns: map[int]*surveyed{}}
	if err := s.read(r); err != nil {
		return List{}, err
	}
	out := List{Columns: s.listed(), Choice: choice}
	columns, certain := s.named()
	switch {
	case choice < Everywhere, choice > 0 && s.columns[int(choice)-1] == nil:
		return List{}, &domain.Error{Code: domain.Invalid, Field: "column", Message: "Nobody stands in this column of the list."}
	case choice > 0:
		columns = []int{int(choice) - 1}
	case choice == Everywhere:
	case s.plain():
		out.Choice, out.Columns = Everywhere, nil
	case certain:
		out.Choice = Choice(columns[0] + 1)
	case len(out.Columns) > 1:
		return out, nil
	}
	if out.Choice == Everywhere {
		columns = nil
	}
	out.Column = s.inWords(columns)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return List{}, domain.Errorf(domain.Invalid, "The file cannot be read to its end: %w", err)
	}
	return out, out.take(r, s, columns)
}

// take reads the entries from the columns, or from every cell where there are none.
func (l *List) take(r io.Reader, s *survey, columns []int) error {
	seen := map[string]bool{}
	err := eachRow(r, func(raw row, first bool) error {
		if first && s.titles != nil {
			return nil
		}
		l.Rows++
		if raw.bad != "" {
			l.Bad = append(l.Bad, Bad{raw.number, raw.bad, true})
			return nil
		}
		cells, named := raw.cells, false
		switch at := said(raw.cells, columns); {
		case at >= 0:
			cells, named = raw.cells[at:at+1], s.userNames && isUserName(s.title(at))
		case len(columns) > 0:
			cells = nil
		case s.plain():
			cells = []string{inARow(raw.cells)}
		}
		var found, rest []string
		for _, cell := range cells {
			people, other := peopleIn(clean(cell), named)
			found, rest = append(found, people...), append(rest, other...)
		}
		switch {
		case len(found) == 0:
			l.Bad = append(l.Bad, Bad{raw.number, noPerson(cells), true})
		case len(rest) > 0 && (len(columns) > 0 || s.plain()):
			l.Bad = append(l.Bad, Bad{raw.number, noPerson(rest), false})
		}
		if len(l.Bad) > maxBad {
			return refuse("The file has more than 200,000 rows without anybody.")
		}
		for _, entry := range found {
			key := strings.ToLower(entry)
			if seen[key] {
				l.Twice++
				continue
			}
			seen[key] = true
			l.Values = append(l.Values, entry)
		}
		if len(l.Values) > MaxList {
			return refuse("The list has more than 200,000 entries.")
		}
		return nil
	})
	if err == nil && len(l.Values) == 0 {
		return refuse("There is nobody in this list.")
	}
	return err
}

// eachRow calls fn for every row of a file.
func eachRow(r io.Reader, fn func(raw row, first bool) error) error {
	in, err := openRows(r)
	for first := true; err == nil; first = false {
		var raw row
		if raw, err = in.next(); err == nil {
			err = fn(raw, first)
		}
	}
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

// said gives the first of the columns that is not empty, -1 for none: what stands in it counts, even when it means
// nobody.
func said(cells []string, columns []int) int {
	for _, i := range columns {
		if i < len(cells) && clean(cells[i]) != "" {
			return i
		}
	}
	return -1
}

// inARow is a row of a plain text, as one cell.
func inARow(cells []string) string { return strings.Join(cells, ";") }

// noPerson says why cells mean nobody.
func noPerson(cells []string) string {
	i := slices.IndexFunc(cells, func(c string) bool { return clean(c) != "" })
	if i < 0 {
		return "The row has neither an e-mail address nor an account ID."
	}
	cell := clean(cells[i])
	if !utf8.ValidString(cell) {
		return "“" + shorten(cell) + "” is not written in UTF-8 or UTF-16: save the file as “CSV UTF-8”."
	}
	return "“" + shorten(cell) + "” is neither an e-mail address nor an account ID."
}
