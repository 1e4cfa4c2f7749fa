package csvfile

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// survey is what a list looks like before it is known which of its columns counts.
type survey struct {
	userNames bool
	titles    []string // nil where the first row has none
	columns   map[int]*surveyed
	rows      int
	width     int  // of the first row
	ragged    bool // rows have different numbers of cells
	words     bool // a row holds something else than people
	differ    bool // two columns that claim to be the same name different people
}

// surveyed is one column.
type surveyed struct {
	people int
	sample []string
}

// How certain a title says that a column tells who it is: an id before an address, because it never changes, and both
// before a name that may be somebody else's tomorrow.
const (
	noRank   = 0
	nameRank = 1
	mailRank = 2
	idRank   = 3
)

func rankOf(title string) int {
	switch n := nameOf(clean(title)); {
	case meanings[n].key && strings.Contains(n, " id"), n == "accountid":
		return idRank
	case meanings[n].key, n == "mail", n == "e-mail address":
		return mailRank
	case n == "user", isUserName(title):
		return nameRank
	}
	return noRank
}

// isUserName tells whether a title means what people of a Data Center sign in with.
func isUserName(title string) bool {
	return slices.Contains([]string{"username", "user name", "user", "login", "login name", "user id", "userid"}, nameOf(clean(title)))
}

func (s *survey) title(column int) string {
	if column < len(s.titles) {
		return clean(s.titles[column])
	}
	return ""
}

// read looks at every row.
func (s *survey) read(r io.Reader) error {
	return eachRow(r, func(raw row, first bool) error {
		if raw.bad != "" {
			return nil
		}
		if first && titled(raw.cells) {
			s.titles = raw.cells
			return nil
		}
		if s.rows++; s.rows == 1 {
			s.width = len(raw.cells)
		}
		s.ragged = s.ragged || len(raw.cells) != s.width
		s.row(raw.cells)
		return nil
	})
}

// titled tells whether a first row is one of titles: nobody stands in it, and it names a column that is known, or there
// are several.
func titled(cells []string) bool {
	known := false
	for _, c := range cells {
		if found, _ := peopleIn(clean(c), false); len(found) > 0 {
			return false
		}
		known = known || rankOf(c) != noRank
	}
	return known || len(cells) > 1
}

func (s *survey) row(cells []string) {
	if found, rest := peopleIn(inARow(cells), false); len(found) == 0 || len(rest) > 0 {
		s.words = true
	}
	claims := map[int]string{} // what the columns of a rank say
	for i, cell := range cells {
		cell = clean(cell)
		if cell == "" {
			continue
		}
		rank := rankOf(s.title(i))
		found, _ := peopleIn(cell, s.userNames && isUserName(s.title(i)))
		if rank == noRank && len(s.titles)+len(cells) > 1 {
			found = slices.DeleteFunc(found, func(p string) bool { return !surely(p) })
		}
		if len(found) == 0 {
			continue
		}
		c := s.columns[i]
		if c == nil {
			c = &surveyed{}
			s.columns[i] = c
		}
		if c.people++; len(c.sample) < maxSample {
			c.sample = append(c.sample, shorten(cell))
		}
		if rank != noRank {
			same := strings.ToLower(strings.Join(found, " "))
			s.differ = s.differ || claims[rank] != "" && claims[rank] != same
			claims[rank] = same
		}
	}
}

// plain tells whether the whole is nothing but people, one after the other: one to a line, or some on each as mail
// programs write them. Several columns of equal length may as well be people and their managers.
func (s *survey) plain() bool {
	return s.titles == nil && (len(s.columns) <= 1 && s.width <= 1 || !s.words && (s.ragged || s.rows == 1))
}

// named gives the columns whose titles say that they tell who it is, the surest first: a later one counts in the rows
// where those before it are empty. It is certain when they do not contradict each other, or when there is only one
// column with people at all.
func (s *survey) named() (columns []int, certain bool) {
	for i := range s.columns {
		if rankOf(s.title(i)) != noRank {
			columns = append(columns, i)
		}
	}
	slices.Sort(columns)
	slices.SortStableFunc(columns, func(a, b int) int { return rankOf(s.title(b)) - rankOf(s.title(a)) })
	if len(columns) > 0 {
		return columns, !s.differ
	}
	for i := range s.columns {
		columns = append(columns, i)
	}
	if len(columns) > 1 {
		return nil, false
	}
	if len(columns) == 0 { // nobody at all: the titles say at least where somebody should be
		for i, t := range s.titles {
			if rankOf(t) != noRank {
				columns = append(columns, i)
			}
		}
	}
	return columns, len(columns) == 1
}

// listed gives the columns with people, from left to right.
func (s *survey) listed() []ListColumn {
	var out []ListColumn
	for i, c := range s.columns {
		out = append(out, ListColumn{Number: i + 1, Title: shorten(s.title(i)), People: c.people, Sample: c.sample})
	}
	slices.SortFunc(out, func(a, b ListColumn) int { return a.Number - b.Number })
	return out
}

// inWords names columns for the reader; none are all.
func (s *survey) inWords(columns []int) string {
	if len(columns) == 0 {
		if s.plain() {
			return ""
		}
		return "all columns"
	}
	var names []string
	for _, i := range columns {
		name := fmt.Sprintf("column %d", i+1)
		if t := s.title(i); t != "" {
			name = "“" + shorten(t) + "” (" + name + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", or where it is empty ")
}
