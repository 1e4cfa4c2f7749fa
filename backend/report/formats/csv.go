package formats

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// CSV has one line for each result or row, as RFC 4180 with every cell quoted, in UTF-8 with the mark by which spreadsheets know it.
//
// Names are other people's text: what cannot be seen in them is written as the window shows it, and a cell that a spreadsheet could take
// for a formula gets a leading apostrophe. JSON has every text as it is.
var _ = report.Register(report.Format{Name: "csv", Title: "CSV", Extension: "csv", Run: newCSVRun, Table: newCSVTable})

const byteOrderMark = "\uFEFF"

// csvLines writes lines; every cell goes through Visible and harmless here and nowhere else.
type csvLines struct {
	w   io.Writer
	buf []byte
}

// newCSVLines writes the mark and the head.
func newCSVLines(w io.Writer, head []string) (*csvLines, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, fmt.Errorf("write the file's mark: %w", err)
	}
	l := &csvLines{w: w}
	return l, l.line(head)
}

func (l *csvLines) line(cells []string) error {
	l.buf = l.buf[:0]
	for i, cell := range cells {
		if i > 0 {
			l.buf = append(l.buf, ',')
		}
		l.buf = append(l.buf, '"')
		l.buf = append(l.buf, strings.ReplaceAll(harmless(domain.Visible(cell)), `"`, `""`)...)
		l.buf = append(l.buf, '"')
	}
	l.buf = append(l.buf, '\r', '\n')
	if _, err := l.w.Write(l.buf); err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}

type csvRun struct {
	lines *csvLines
	run   domain.Run
}

func newCSVRun(w io.Writer, r domain.Run) (report.Encoder, error) {
	lines, err := newCSVLines(w, runHead)
	return &csvRun{lines, r}, err
}

func (e *csvRun) Item(it domain.Item) error { return e.lines.line(runCells(e.run, it)) }

func (e *csvRun) Close() error { return nil }

type csvTable struct {
	lines *csvLines
	cells []string
}

func newCSVTable(w io.Writer, t report.Table) (report.TableEncoder, error) {
	lines, err := newCSVLines(w, titles(t.Columns))
	return &csvTable{lines: lines}, err
}

func (e *csvTable) Row(cells []report.Cell) error {
	e.cells = e.cells[:0]
	for _, c := range cells {
		e.cells = append(e.cells, c.String())
	}
	return e.lines.line(e.cells)
}

func (e *csvTable) Close() error { return nil }

func titles(columns []report.Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Title
	}
	return out
}

// risky are the characters with which a formula, a command or a new cell can begin, with their full-width twins.
const risky = "=+-@\t\r\n|%" + "＝＋－＠｜％"

// harmless puts an apostrophe before text that a spreadsheet could take for a formula, also behind blanks and invisible characters. The
// apostrophe alone is added; taking it off gives the text back.
func harmless(cell string) string {
	for _, r := range cell {
		if strings.ContainsRune(risky, r) {
			return "'" + cell
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Cc, r) {
			break
		}
	}
	return cell
}
