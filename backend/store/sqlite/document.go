package sqlite

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// Some hundred rows, or ids to look for, go into SQLite as one JSON text: one statement with many rows is several times
// cheaper than one statement for each. People, of whom there are far more than of all else, are inserted: see
// insert.go.

// Document is a JSON array that is being written: of rows, texts or numbers.
type Document struct {
	text []byte
	rows int
}

// next begins an element.
func (d *Document) next() {
	if d.rows == 0 {
		d.text = append(d.text[:0], '[')
	} else {
		d.text = append(d.text, ',')
	}
	d.rows++
}

// Row adds an array of texts, numbers and bools.
func (d *Document) Row(values ...any) {
	d.next()
	d.text = append(d.text, '[')
	for i, v := range values {
		if i > 0 {
			d.text = append(d.text, ',')
		}
		switch v := v.(type) {
		case string:
			d.text = appendText(d.text, v)
		case int64:
			d.text = strconv.AppendInt(d.text, v, 10)
		case int:
			d.text = strconv.AppendInt(d.text, int64(v), 10)
		case domain.Tri:
			d.text = strconv.AppendInt(d.text, int64(v), 10)
		case bool:
			if v {
				d.text = append(d.text, '1')
			} else {
				d.text = append(d.text, '0')
			}
		default:
			panic("sqlite: a document takes no such value")
		}
	}
	d.text = append(d.text, ']')
}

// Value adds a text.
func (d *Document) Value(s string) {
	d.next()
	d.text = appendText(d.text, s)
}

// Number adds a number.
func (d *Document) Number(n int64) {
	d.next()
	d.text = strconv.AppendInt(d.text, n, 10)
}

// Len tells how many elements there are.
func (d *Document) Len() int { return d.rows }

// String closes the array.
func (d *Document) String() string {
	if d.rows == 0 {
		return "[]"
	}
	return string(d.text) + "]"
}

// Texts is a document of texts.
func Texts(all []string) string {
	var d Document
	for _, s := range all {
		d.Value(s)
	}
	return d.String()
}

// Reset makes it empty and keeps its memory.
func (d *Document) Reset() { d.rows = 0 }

// appendText appends s, cleaned, as a JSON text.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	s = Clean(s)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// Clean gives the text as it is kept. What comes from outside may be broken: bytes that are no UTF-8 become the
// replacement character, and NUL, at which SQLite's text functions stop, is left out.
func Clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
