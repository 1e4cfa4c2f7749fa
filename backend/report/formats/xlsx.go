package formats

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// XLSX is a workbook with a bold head that stays in view, filter buttons, and a sheet that says what the list is. Every text is written
// as a text cell, which no program evaluates; numbers and days are typed. What does not fit into one sheet goes on in the next.
var _ = report.Register(report.Format{Name: "xlsx", Title: "Excel (XLSX)", Extension: "xlsx", Run: newXLSXRun, Table: newXLSXTable})

// The limits of the format.
const (
	sheetRows  = excelize.TotalRows // with the head
	cellUnits  = excelize.TotalCellChars
	dayFormat  = "yyyy-mm-dd"
	aboutSheet = "About"
)

// compression is the level of flate. A sheet is mostly markup that repeats: the usual level takes half as much time again for a whole export, and
// the file is a sixth smaller.
const compression = flate.BestSpeed

// workbook writes one table of rows, over as many sheets as it takes.
//
// The library keeps up to 16 MB of a sheet in memory and the rest in a temporary file that only this user can read and that it removes.
type workbook struct {
	w       io.Writer
	file    *excelize.File
	sheet   *excelize.StreamWriter
	name    string // of the first sheet
	columns []report.Column
	limit   int // rows of a sheet, the head included
	sheets  int
	row     int // the last written one of this sheet
	head    int // style
	day     int // style
	values  []any
}

func newWorkbook(w io.Writer, name string, columns []report.Column, limit int) (*workbook, error) {
	b := &workbook{w: w, file: excelize.NewFile(), name: name, columns: columns, limit: limit, values: make([]any, len(columns))}
	b.file.ZipWriter = func(w io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, compression) })
		return z
	}
	var err error
	b.head, err = b.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EAEE"}},
		Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "8A919C"}},
	})
	if err == nil {
		format := dayFormat
		b.day, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	}
	if err == nil {
		err = b.file.SetSheetName("Sheet1", name)
	}
	if err == nil {
		err = b.begin(name)
	}
	if err != nil {
		_ = b.file.Close()
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	return b, nil
}

// begin starts a sheet with its head.
func (b *workbook) begin(name string) error {
	sheet, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err //nolint:wrapcheck // callers say what was begun
	}
	b.sheet, b.row = sheet, 1
	b.sheets++
	for i, c := range b.columns {
		if c.Width > 0 {
			if err := sheet.SetColWidth(i+1, i+1, float64(c.Width)); err != nil {
				return err //nolint:wrapcheck // likewise
			}
		}
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	for i, c := range b.columns {
		b.values[i] = excelize.Cell{StyleID: b.head, Value: cellText(c.Title)}
	}
	return sheet.SetRow("A1", b.values) //nolint:wrapcheck // likewise
}

// end gives the sheet its filter buttons and closes it.
func (b *workbook) end() error {
	last, err := excelize.CoordinatesToCellName(len(b.columns), b.row)
	if err != nil {
		return err //nolint:wrapcheck // callers say what was written
	}
	if err := b.file.AutoFilter(b.sheet.Sheet, "A1:"+last, nil); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	return b.sheet.Flush() //nolint:wrapcheck // likewise
}

// line writes the values as the next row.
func (b *workbook) line() error {
	if b.row == b.limit {
		if err := b.end(); err != nil {
			return fmt.Errorf("end a sheet: %w", err)
		}
		values := b.values
		b.values = make([]any, len(b.columns)) // the head must not overwrite the row
		name := b.name + " " + strconv.Itoa(b.sheets+1)
		if _, err := b.file.NewSheet(name); err != nil {
			return fmt.Errorf("add a sheet: %w", err)
		}
		if err := b.begin(name); err != nil {
			return fmt.Errorf("begin a sheet: %w", err)
		}
		b.values = values
	}
	b.row++
	if err := b.sheet.SetRow("A"+strconv.Itoa(b.row), b.values); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// close adds the sheet about the list and writes the file.
func (b *workbook) close(facts []report.Fact) error {
	defer b.Discard()
	if err := b.end(); err != nil {
		return fmt.Errorf("end the last sheet: %w", err)
	}
	if err := b.about(facts); err != nil {
		return fmt.Errorf("write the sheet about the list: %w", err)
	}
	if _, err := b.file.WriteTo(b.w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// Discard removes the library's temporary file.
func (b *workbook) Discard() { _ = b.file.Close() }

func (b *workbook) about(facts []report.Fact) error {
	if len(facts) == 0 {
		return nil
	}
	if _, err := b.file.NewSheet(aboutSheet); err != nil {
		return err //nolint:wrapcheck // close says what was written
	}
	for i, f := range facts {
		row := strconv.Itoa(i + 1)
		if err := b.file.SetCellStr(aboutSheet, "A"+row, cellText(f.Name)); err != nil {
			return err //nolint:wrapcheck // likewise
		}
		if err := b.file.SetCellStr(aboutSheet, "B"+row, cellText(f.Value)); err != nil {
			return err //nolint:wrapcheck // likewise
		}
	}
	if err := b.file.SetColStyle(aboutSheet, "A", b.head); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	return b.file.SetColWidth(aboutSheet, "A", "B", 24) //nolint:wrapcheck // likewise
}

// cellText makes a text fit into a cell: what cannot be seen is written as the window shows it, which leaves nothing that XML cannot hold,
// and a text beyond the format's limit ends in an ellipsis. The library would cut it in the middle of a character.
func cellText(s string) string {
	s = domain.Visible(s)
	if len(s) <= cellUnits {
		return s
	}
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units >= cellUnits {
			return s[:i] + "…"
		}
	}
	return s
}

type xlsxTable struct {
	*workbook

	facts []report.Fact
}

func newXLSXTable(w io.Writer, t report.Table) (report.TableEncoder, error) {
	book, err := newWorkbook(w, t.Title, t.Columns, sheetRows)
	return &xlsxTable{book, t.Facts}, err
}

func (e *xlsxTable) Row(cells []report.Cell) error {
	for i, c := range cells {
		switch c.Kind {
		case report.NumberCell:
			e.values[i] = c.Number
		case report.DayCell:
			e.values[i] = excelize.Cell{StyleID: e.day, Value: c.Day}
		case report.TextCell, report.ListCell:
			e.values[i] = nil
			if text := c.String(); text != "" {
				e.values[i] = cellText(text)
			}
		}
	}
	return e.line()
}

func (e *xlsxTable) Close() error { return e.close(e.facts) }

type xlsxRun struct {
	*workbook

	run domain.Run
}

func newXLSXRun(w io.Writer, r domain.Run) (report.Encoder, error) {
	columns := make([]report.Column, len(runHead))
	for i, name := range runHead {
		columns[i] = report.Column{Name: name, Title: name, Width: 18}
	}
	book, err := newWorkbook(w, "Results", columns, sheetRows)
	return &xlsxRun{book, r}, err
}

func (e *xlsxRun) Item(it domain.Item) error {
	for i, cell := range runCells(e.run, it) {
		e.values[i] = cellText(cell)
	}
	return e.line()
}

func (e *xlsxRun) Close() error {
	r := e.run
	return e.close([]report.Fact{
		{Name: "Run", Value: r.ID}, {Name: "Action", Value: r.ActionTitle}, {Name: "Source", Value: r.SourceName}, {Name: "Started", Value: stamp(r.CreatedAt)},
		{Name: "Finished", Value: stamp(r.FinishedAt)}, {Name: "Operator", Value: r.Operator}, {Name: "Selection", Value: r.Selection}, {Name: "Reason", Value: r.Note}, {Name: "Raised", Value: raised(r)},
	})
}
