package report

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Table is the head of a list that is written as a table.
type Table struct {
	Title   string   // what its rows are: "People"
	Facts   []Fact   // what belongs to the list: source, filter, age. Formats without a place for them leave them out
	Columns []Column // one or more
	Rows    int      // how many rows will come
}

// Fact is one thing that is said about a table.
type Fact struct{ Name, Value string }

// Column is one column of a table.
type Column struct {
	Name  string // for programs: "lastActive"
	Title string // for people: "Last active"
	Width int    // in characters, for formats that have widths
}

// CellKind is the kind of a Cell.
type CellKind int

// The kinds.
const (
	TextCell   CellKind = iota
	NumberCell          // a whole number
	DayCell             // a day without a time
	ListCell            // several texts
)

// Cell is one cell of a table. Texts are other people's: a format must write them so that no program takes them for more.
type Cell struct {
	Kind   CellKind
	Text   string
	Number int
	Day    time.Time // in UTC
	List   []string
}

// TextOf makes a cell of text.
func TextOf(s string) Cell { return Cell{Text: s} }

// NumberOf makes a cell of a number.
func NumberOf(n int) Cell { return Cell{Kind: NumberCell, Number: n} }

// DayOf makes a cell of a day; the zero time is an empty text.
func DayOf(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{Kind: DayCell, Day: t}
}

// ListOf makes a cell of several texts.
func ListOf(list []string) Cell { return Cell{Kind: ListCell, List: list} }

// String gives the cell as one text: days as 2026-01-31, several texts with semicolons between them.
func (c Cell) String() string {
	switch c.Kind {
	case NumberCell:
		return strconv.Itoa(c.Number)
	case DayCell:
		return c.Day.Format(time.DateOnly)
	case ListCell:
		return strings.Join(c.List, "; ")
	case TextCell:
		return c.Text
	default:
		return ""
	}
}

// TableEncoder writes one table.
type TableEncoder interface {
	Row(cells []Cell) error // as many as there are columns; not kept
	Close() error           // writes what belongs at the end
}

// WriteTable writes a table to a place and returns how many rows there were. each calls its argument for every row. The file appears
// whole or not at all, as with WriteRun; when ctx ends before that, nothing of it stays.
func WriteTable(ctx context.Context, to Place, f Format, t Table, each func(func([]Cell) error) error) (rows int, err error) {
	err = WriteFile(to, func(w io.Writer) error {
		enc, err := f.Table(w, t)
		if err != nil {
			return err
		}
		err = each(func(cells []Cell) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			rows++
			return enc.Row(cells)
		})
		if err != nil {
			discard(enc)
			return err
		}
		if err := enc.Close(); err != nil {
			return fmt.Errorf("end the list: %w", err)
		}
		return ctx.Err()
	})
	if err != nil {
		return 0, fmt.Errorf("write the list as %s: %w", f.Name, err)
	}
	return rows, nil
}
