package formats

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"seatkeeper/backend/report"
)

type jsonTable struct {
	w     io.Writer
	names [][]byte // `"name": ` of each column
	buf   []byte
	any   bool
}

func newJSONTable(w io.Writer, t report.Table) (report.TableEncoder, error) {
	head := []byte("{\n  \"list\": {")
	for _, f := range append([]report.Fact{{Name: "title", Value: t.Title}}, t.Facts...) {
		if len(head) > len("{\n  \"list\": {") {
			head = append(head, ',')
		}
		head = append(append(append(head, "\n    "...), quoted(f.Name)...), ": "...)
		head = append(head, quoted(f.Value)...)
	}
	head = append(head, "\n  },\n  \"rows\": ["...)
	if _, err := w.Write(head); err != nil {
		return nil, fmt.Errorf("write the list's head: %w", err)
	}
	e := &jsonTable{w: w}
	for _, c := range t.Columns {
		e.names = append(e.names, append(quoted(c.Name), ':', ' '))
	}
	return e, nil
}

func (e *jsonTable) Row(cells []report.Cell) error {
	e.buf = e.buf[:0]
	if e.any {
		e.buf = append(e.buf, ',')
	}
	e.any = true
	e.buf = append(e.buf, "\n    {"...)
	for i, c := range cells {
		if i > 0 {
			e.buf = append(e.buf, ", "...)
		}
		e.buf = append(e.buf, e.names[i]...)
		switch c.Kind {
		case report.NumberCell:
			e.buf = strconv.AppendInt(e.buf, int64(c.Number), 10)
		case report.DayCell:
			e.buf = append(c.Day.AppendFormat(append(e.buf, '"'), time.DateOnly), '"')
		case report.ListCell:
			e.buf = append(e.buf, '[')
			for j, s := range c.List {
				if j > 0 {
					e.buf = append(e.buf, ", "...)
				}
				e.buf = append(e.buf, quoted(s)...)
			}
			e.buf = append(e.buf, ']')
		case report.TextCell:
			e.buf = append(e.buf, quoted(c.Text)...)
		}
	}
	e.buf = append(e.buf, '}')
	if _, err := e.w.Write(e.buf); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

func (e *jsonTable) Close() error {
	end := "]\n}\n"
	if e.any {
		end = "\n  ]\n}\n"
	}
	if _, err := io.WriteString(e.w, end); err != nil {
		return fmt.Errorf("write the end: %w", err)
	}
	return nil
}

// quoted gives any text as a JSON text; bytes that are no UTF-8 become the replacement character.
func quoted(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`) // a string always marshals
	}
	return escaped(text)
}
