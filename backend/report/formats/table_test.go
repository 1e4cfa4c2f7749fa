package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

var sampleTable = report.Table{
	Title: "People", Rows: 3, Facts: []report.Fact{{Name: "Source", Value: `=Acme "x"`}, {Name: "Filter", Value: "status = active"}},
	Columns: []report.Column{
		{Name: "name", Title: "Name", Width: 30}, {Name: "apps", Title: "Apps"}, {Name: "groups", Title: "Groups"}, {Name: "lastActive", Title: "Last active"},
	},
}

func sampleRows() [][]report.Cell {
	day := report.DayOf(time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
	return [][]report.Cell{
		{report.TextOf("Ann"), report.ListOf([]string{"Jira (acme)", "Confluence (acme)"}), report.NumberOf(3), day},
		{report.TextOf(`=HYPERLINK("http://x","y")`), report.ListOf([]string{"+evil"}), report.NumberOf(-1), report.TextOf("never")},
		{report.TextOf("Łukasz\r\n\"Lu\" 王"), report.ListOf(nil), report.NumberOf(0), report.DayOf(time.Time{})},
	}
}

func encodeTable(t testing.TB, format string, table report.Table, rows [][]report.Cell) []byte {
	t.Helper()
	f, ok := report.Formats.Get(format)
	if !ok {
		t.Fatalf("no format %s", format)
	}
	var out bytes.Buffer
	enc, err := f.Table(&out, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := enc.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTableGolden(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		got := encodeTable(t, format, sampleTable, sampleRows())
		path := filepath.Join("testdata", "table."+format+".golden")
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("differs from %s; go test ./backend/report/formats -update writes it\n%s", path, got)
		}
	}
}

func TestJSONTableIsWhole(t *testing.T) {
	for n := range 4 {
		var doc struct {
			List map[string]string `json:"list"`
			Rows []map[string]any  `json:"rows"`
		}
		if err := json.Unmarshal(encodeTable(t, "json", sampleTable, sampleRows()[:n]), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Rows) != n || doc.List["Source"] != `=Acme "x"` || doc.List["title"] != "People" {
			t.Errorf("%+v", doc)
		}
		if n > 1 && (doc.Rows[0]["groups"] != 3.0 || doc.Rows[0]["lastActive"] != "2026-03-04" || doc.Rows[1]["name"] != `=HYPERLINK("http://x","y")`) {
			t.Errorf("%+v", doc.Rows)
		}
	}
}

func readBook(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

func TestWorkbookIsTyped(t *testing.T) {
	book := readBook(t, encodeTable(t, "xlsx", sampleTable, sampleRows()))
	if got := book.GetSheetList(); !slices.Equal(got, []string{"People", "About"}) {
		t.Fatal(got)
	}
	for cell, want := range map[string]string{
		"A1": "Name", "A2": "Ann", "A3": `=HYPERLINK("http://x","y")`, "A4": "Łukasz⟨U+000D⟩⟨U+000A⟩\"Lu\" 王", "B2": "Jira (acme); Confluence (acme)", "B3": "+evil",
		"C2": "3", "C3": "-1", "D2": "2026-03-04", "D3": "never", "D4": "", "B4": "",
	} {
		got, err := book.GetCellValue("People", cell)
		if got != want || err != nil {
			t.Errorf("%s is %q, %v, want %q", cell, got, err, want)
		}
		if formula, err := book.GetCellFormula("People", cell); formula != "" || err != nil {
			t.Errorf("%s has the formula %q, %v", cell, formula, err)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A3": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset, "D3": excelize.CellTypeInlineString} {
		if got, err := book.GetCellType("People", cell); got != want || err != nil {
			t.Errorf("%s has the type %v, %v, want %v", cell, got, err, want)
		}
	}
	if raw, err := book.GetCellValue("People", "D2", excelize.Options{RawCellValue: true}); raw != "46085" || err != nil {
		t.Errorf("the day is stored as %q, %v", raw, err)
	}
	panes, err := book.GetPanes("People")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v, %v", panes, err)
	}
	names := book.GetDefinedName()
	if len(names) != 1 || names[0].RefersTo != "'People'!$A$1:$D$4" {
		t.Errorf("filter buttons: %+v", names)
	}
	if got, _ := book.GetCellValue("About", "B1"); got != `=Acme "x"` {
		t.Errorf("about: %q", got)
	}
}

// TestHostileCells: none becomes a formula, and what can be seen comes back as it was; what cannot, as the window shows
// it.
func TestHostileCells(t *testing.T) {
	var rows [][]report.Cell
	var want []string
	for i := range 500 {
		s := fmt.Sprintf("%s%d", []string{
			"=1+", "+", "-", "@SUM(", "\t=", "|calc", "%", "＝", " =", "\u00a0=", "_x000D_", "<b>&amp;", "]]>", `"`, "&#10;", "\u202e", "{=A1}", "'=",
		}[i%18], i)
		rows, want = append(rows, []report.Cell{report.TextOf(s), report.ListOf([]string{s}), report.NumberOf(i), report.TextOf(s)}), append(want, domain.Visible(s))
	}
	book := readBook(t, encodeTable(t, "xlsx", sampleTable, rows))
	for i, s := range want {
		for _, column := range []string{"A", "B", "D"} {
			cell := fmt.Sprintf("%s%d", column, i+2)
			got, err := book.GetCellValue("People", cell)
			formula, formulaErr := book.GetCellFormula("People", cell)
			if got != s || err != nil || formula != "" || formulaErr != nil {
				t.Fatalf("%s: %q came back as %q (%v), formula %q (%v)", cell, s, got, err, formula, formulaErr)
			}
		}
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(encodeTable(t, "csv", sampleTable, rows), []byte(byteOrderMark)))).ReadAll()
	if err != nil || len(lines) != 501 {
		t.Fatal(len(lines), err)
	}
	for i, s := range want {
		if got := lines[i+1][0]; got != s && got != "'"+s || strings.ContainsAny(got[:1], "=+-@|%\t") {
			t.Errorf("%q came back as %q", s, got)
		}
	}
}

func TestTooLongForOneSheet(t *testing.T) {
	var out bytes.Buffer
	columns := sampleTable.Columns[:2]
	book, err := newWorkbook(&out, "People", columns, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		book.values[0], book.values[1] = fmt.Sprintf("p%d", i), i
		if err := book.line(); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.close(nil); err != nil {
		t.Fatal(err)
	}
	read := readBook(t, out.Bytes())
	var got []string
	for _, sheet := range read.GetSheetList() {
		rows, err := read.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			got = append(got, sheet+":"+strings.Join(row, ","))
		}
	}
	want := []string{
		"People:Name,Apps", "People:p0,0", "People:p1,1", "People:p2,2", "People 2:Name,Apps", "People 2:p3,3", "People 2:p4,4", "People 2:p5,5",
		"People 3:Name,Apps", "People 3:p6,6",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestCellText(t *testing.T) {
	for in, want := range map[string]string{
		"Ann": "Ann", "a\x00b": "a⟨U+0000⟩b", "\ufffe": "⟨U+FFFE⟩", "bad\xffutf8": "bad⟨U+FFFD⟩utf8", "a\u202eb": "a⟨U+202E⟩b",
		strings.Repeat("x", 40000): strings.Repeat("x", 32766) + "…",
		strings.Repeat("😀", 20000): strings.Repeat("😀", 16383) + "…",
	} {
		if got := cellText(in); got != want {
			t.Errorf("%.20q became %.20q (%d bytes)", in, got, len(got))
		}
	}
}

func TestRunAsWorkbook(t *testing.T) {
	run, items := sample()
	book := readBook(t, encode(t, "xlsx", run, items))
	rows, err := book.GetRows("Results")
	if err != nil || len(rows) != 4 || rows[2][5] != domain.Visible(items[1].Change.Target.Name) {
		t.Errorf("%q, %v", rows, err)
	}
	if got, _ := book.GetCellValue("Results", "F2"); got != items[0].Change.Target.Name {
		t.Errorf("%q", got)
	}
}

// TestHiddenCharacters: no cell of a sheet holds a character that cannot be seen, and JSON, which has no such character
// either, gives every text back as it was.
func TestHiddenCharacters(t *testing.T) {
	var names []string
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if domain.Hidden(r) && utf8.ValidRune(r) {
			names = append(names, "a"+string(r)+"b")
		}
	}
	names = append(names, "👩\u200d👧", "a\u0300")
	var rows [][]report.Cell
	for _, s := range names {
		rows = append(rows, []report.Cell{report.TextOf(s), report.ListOf([]string{s, s}), report.NumberOf(1), report.TextOf("")})
	}
	table := report.Table{Title: "People", Facts: []report.Fact{{Name: "Source", Value: names[0]}, {Name: names[1], Value: "x"}}, Columns: sampleTable.Columns}
	unseen := func(s string) bool { return domain.Visible(s) != s && s != names[len(names)-2] }
	text := encodeTable(t, "json", table, rows)
	if i := bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && domain.Hidden(r) }); i >= 0 {
		t.Errorf("JSON holds %+q", text[max(i-20, 0):i+20])
	}
	var doc struct {
		List map[string]string `json:"list"`
		Rows []struct {
			Name string   `json:"name"`
			Apps []string `json:"apps"`
		} `json:"rows"`
	}
	if err := json.Unmarshal(text, &doc); err != nil || len(doc.Rows) != len(names) || doc.List["Source"] != names[0] || doc.List[names[1]] != "x" {
		t.Fatal(err, doc.List)
	}
	for i, row := range doc.Rows {
		if row.Name != names[i] || !slices.Equal(row.Apps, []string{names[i], names[i]}) {
			t.Errorf("%+q came back as %+q", names[i], row)
		}
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(encodeTable(t, "csv", table, rows), []byte(byteOrderMark)))).ReadAll()
	if err != nil || len(lines) != len(names)+1 {
		t.Fatal(len(lines), err)
	}
	book := readBook(t, encodeTable(t, "xlsx", table, rows))
	for _, sheet := range book.GetSheetList() {
		cells, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, cells...)
	}
	for _, line := range lines {
		if slices.ContainsFunc(line, unseen) {
			t.Errorf("a cell of %+q holds what cannot be seen", line)
		}
	}
}
