package backend_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/sim"
)

// TestHostileNamesInExports: in an organization where everybody has a name that means harm, no cell of any sheet that
// Seatkeeper writes is a formula, no line is forged, and every person is there once.
func TestHostileNamesInExports(t *testing.T) {
	p := startIn(t, sim.Config{People: 260, Sites: 1, Seed: 11, Hostile: true})
	src := p.connect(t)
	list := p.query(t, src.ID, `status = active AND role is empty AND source = invited`)
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "all"}))(t)
	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Note: "=1+1", Selection: "<script>"}))(t)
	run := p.run(t, plan)
	if run.Counts["done"] < 20 {
		t.Fatalf("run: %+v", run)
	}
	everybody := p.query(t, src.ID, "")
	dir := t.TempDir()
	for _, format := range must(p.api.People.ExportFormats())(t) {
		for what, export := range map[string]func() (bindings.Exported, error){
			"people": func() (bindings.Exported, error) {
				return p.api.People.Export(bindings.ExportRequest{ID: "x", SourceID: src.ID, Snapshot: everybody.ID, Format: format.Name})
			},
			"run": func() (bindings.Exported, error) { return p.api.Runs.Export(run.ID, format.Name) },
		} {
			p.window.save = filepath.Join(dir, what+"."+format.Name)
			rows := must(export())(t).Rows
			if rows < 20 {
				t.Errorf("%s as %s: %d rows", what, format.Name, rows)
			}
			switch format.Name {
			case "csv":
				checkCSV(t, p.window.save, rows)
			case "xlsx":
				checkSheet(t, p.window.save)
			}
		}
	}
}

// formula tells whether a spreadsheet would read a cell as a formula: what counts is the first character behind blanks
// and marks.
func formula(cell string) bool {
	rest := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cf) })
	return rest != "" && strings.ContainsRune("=+-@|%\uff1d\uff0b\uff0d\uff20", []rune(rest)[0])
}

func checkCSV(t *testing.T, path string, rows int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	width := len(records[len(records)-1])
	table := slices.DeleteFunc(records, func(r []string) bool { return len(r) != width })
	if len(table) != rows+1 {
		t.Errorf("%s: %d lines for %d rows: a name has made one of its own", filepath.Base(path), len(table), rows)
	}
	for _, record := range records {
		for _, cell := range record {
			if formula(cell) {
				t.Errorf("%s: the cell %.60q is a formula", filepath.Base(path), cell)
			}
		}
	}
}

func checkSheet(t *testing.T, path string) {
	t.Helper()
	connections, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connections.Close() }()
	cells := 0
	for _, sheet := range connections.GetSheetList() {
		rows, err := connections.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				name, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				cells++
				if f, err := connections.GetCellFormula(sheet, name); err != nil || f != "" {
					t.Errorf("%s %s: a formula %q %v", sheet, name, f, err)
				}
				if kind, err := connections.GetCellType(sheet, name); err != nil || formula(text) && kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
					t.Errorf("%s %s: %.60q is of type %v %v", sheet, name, text, kind, err)
				}
			}
		}
	}
	if cells < 100 {
		t.Errorf("%s: only %d cells were looked at", filepath.Base(path), cells)
	}
}
