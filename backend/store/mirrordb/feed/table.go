// Package feed hands many rows to SQLite at once: it writes them as a database in memory, which SQLite then reads as fast as its own.
//
// It does not know what the rows are about, and can neither read nor change a database.
package feed

import "math/bits"

// Table is the rows of one table. Its rows are read back in the order in which they were added.
type Table struct {
	name    string
	columns []string

	types, values []byte // of the row that is being written
	rows          []byte // all finished rows
	ends          []int  // of each of them
}

// NewTable makes an empty table. The names are put into SQL as they are.
func NewTable(name string, columns ...string) *Table { return &Table{name: name, columns: columns} }

// Rows is how many rows were finished.
func (t *Table) Rows() int { return len(t.ends) }

// Text adds a text to the row. It must be UTF-8 without NUL.
func (t *Table) Text(s string) *Table {
	t.types = appendVarint(t.types, uint64(13+2*len(s)))
	t.values = append(t.values, s...)
	return t
}

// Int adds a number to the row.
func (t *Table) Int(n int64) *Table {
	// SQLite keeps 0 and 1 in the type, and others in 1, 2, 3, 4, 6 or 8 bytes.
	code, size := byte(6), 8
	switch width := bits.Len64(uint64(n ^ n>>63)); { // without the sign
	case n == 0:
		code, size = 8, 0
	case n == 1:
		code, size = 9, 0
	case width < 8:
		code, size = 1, 1
	case width < 16:
		code, size = 2, 2
	case width < 24:
		code, size = 3, 3
	case width < 32:
		code, size = 4, 4
	case width < 48:
		code, size = 5, 6
	}
	t.types = append(t.types, code)
	for i := size - 1; i >= 0; i-- {
		t.values = append(t.values, byte(n>>(8*i)))
	}
	return t
}

// End finishes the row, which must have a value for each column.
func (t *Table) End() {
	head := len(t.types) + 1
	for head != len(t.types)+varintSize(uint64(head)) { // the size counts itself
		head++
	}
	t.rows = appendVarint(t.rows, uint64(head))
	t.rows = append(append(t.rows, t.types...), t.values...)
	t.ends = append(t.ends, len(t.rows))
	t.types, t.values = t.types[:0], t.values[:0]
}

// Reset makes the table empty and keeps its memory.
func (t *Table) Reset() { t.rows, t.ends = t.rows[:0], t.ends[:0] }

// row gives the row of a number, from 0.
func (t *Table) row(i int) []byte {
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.rows[start:t.ends[i]]
}

// varintSize is how many bytes appendVarint adds.
func varintSize(v uint64) int { return max(1, (bits.Len64(v)+6)/7) }

// appendVarint adds a number below 1<<56: seven bits a byte, the greatest first.
func appendVarint(b []byte, v uint64) []byte {
	for i := varintSize(v) - 1; i > 0; i-- {
		b = append(b, 0x80|byte(v>>(7*i)))
	}
	return append(b, byte(v)&0x7f)
}
