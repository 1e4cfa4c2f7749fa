package csvfile

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// Row is what one row says of a person. Values that it does not say for certain are unknown.
type Row struct {
	Line      int // the row's first line in the file, from 1
	AccountID string
	Email     string
	Name      string // foreign text
	domain.ImportedFacts
	Apps []int32 // by Head.Apps: the day of the last activity, domain.DayNever or domain.DayUnknown
}

// App is an app at a site of which a file tells the last activity.
type App struct {
	Name string // as in the file: "Jira Software"
	Site string // "acme"; "" where the file does not say it
}

// Head is what a file's first row says.
type Head struct {
	Kind    domain.ImportKind
	Apps    []App
	Used    []string // columns that are read, as written
	Unknown []string // columns that are left out because they are not known
}

// Bad is a row, or a value of a row, that could not be read.
type Bad struct {
	Line   int
	Reason string // for the user
	Row    bool   // the whole row was left out, not only one value
}

// Reader reads an export row by row.
type Reader struct {
	Head

	Serials bool // days were met as a spreadsheet program counts them, from 1900

	rows    *rows
	columns columns
	latest  int32 // a day after this cannot be true
	count   int
}

// Open reads the first row and finds out what the file is. asOf is the day of which the file is: activity after it is a
// mistake. A file that is no export of Atlassian's is refused as Invalid.
func Open(r io.Reader, asOf time.Time) (*Reader, error) {
	in, err := openRows(r)
	if err != nil {
		return nil, err
	}
	first, err := in.next()
	if err != nil {
		return nil, refuse("The file has no rows.")
	}
	if first.bad != "" {
		return nil, refuse("The file's first row cannot be read. " + first.bad)
	}
	out := &Reader{rows: in, latest: domain.UnixDay(asOf) + 2}
	out.Head, out.columns, err = understand(first.cells)
	return out, err
}

// Next gives the next person. A value that cannot be read is unknown in the row and told in bad; of a row that cannot
// be read at all only bad is told, with Row set. At the end it gives io.EOF.
func (r *Reader) Next() (Row, []Bad, error) {
	raw, err := r.rows.next()
	if errors.Is(err, errEnd) {
		return Row{}, nil, io.EOF
	}
	if err != nil {
		return Row{}, nil, err
	}
	if r.count++; r.count > MaxRows {
		return Row{}, nil, refuse(fmt.Sprintf("The file has more than %d rows.", MaxRows))
	}
	if raw.bad != "" {
		return Row{}, []Bad{{raw.number, raw.bad, true}}, nil
	}
	return r.person(raw)
}

func (r *Reader) person(raw row) (Row, []Bad, error) {
	out := Row{Line: raw.number, ImportedFacts: domain.NoFacts(), Apps: make([]int32, len(r.Apps))}
	var bad []Bad
	for i := range out.Apps {
		out.Apps[i] = domain.DayUnknown
	}
	if len(raw.cells) > r.columns.count {
		return Row{}, []Bad{{raw.number, fmt.Sprintf("The row has %d cells, but the file has %d columns.", len(raw.cells), r.columns.count), true}}, nil
	}
	for _, c := range r.columns.used {
		if c.at >= len(raw.cells) {
			continue // cells that are missing at the end are empty
		}
		cell := clean(raw.cells[c.at])
		if len(cell) > MaxCell || !utf8.ValidString(cell) {
			if c.key {
				return Row{}, []Bad{{raw.number, "“" + c.title + "” cannot be read: it is too long or not UTF-8.", true}}, nil
			}
			if c.title != "" && c.set != nil {
				bad = append(bad, Bad{Line: raw.number, Reason: "“" + c.title + "” cannot be read: it is too long or not UTF-8."})
			}
			continue
		}
		if err := c.set(&out, cell, r); err != "" {
			bad = append(bad, Bad{Line: raw.number, Reason: "“" + c.title + "”: " + err})
		}
	}
	if out.AccountID == "" && out.Email == "" {
		return Row{}, append(bad, Bad{raw.number, "The row has neither an account ID nor an e-mail address.", true}), nil
	}
	return out, bad, nil
}

// clean takes blanks off, and the apostrophe that is put before a cell so that no program takes it for a formula.
func clean(cell string) string {
	cell = strings.TrimFunc(cell, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\u00a0' || r == '\n' || r == '\r' || r == '\ufeff'
	})
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
