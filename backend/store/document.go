package store

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// Many rows go into SQLite as one JSON text: the driver compiles each statement anew each time it is executed and binds
// slowly, so that few statements with many rows are several times cheaper than one for each row.

// document is a JSON array that is being written: of rows, texts or packed numbers.
type document struct {
	text []byte
	rows int
}

// next begins an element.
func (d *document) next() {
	if d.rows == 0 {
		d.text = append(d.text[:0], '[')
	} else {
		d.text = append(d.text, ',')
	}
	d.rows++
}

// row adds an array of texts, numbers and bools.
func (d *document) row(values ...any) {
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
			panic("store: a document takes no such value")
		}
	}
	d.text = append(d.text, ']')
}

// value adds a text.
func (d *document) value(s string) {
	d.next()
	d.text = appendText(d.text, s)
}

// number adds a number.
func (d *document) number(n int64) {
	d.next()
	d.text = strconv.AppendInt(d.text, n, 10)
}

// String closes the array.
func (d *document) String() string {
	if d.rows == 0 {
		return "[]"
	}
	return string(d.text) + "]"
}

// reset makes it empty and keeps its memory.
func (d *document) reset() { d.rows = 0 }

// appendText appends s as a JSON text. What comes from outside may be broken: bytes that are no UTF-8 become the
// replacement character, and NUL, at which SQLite's text functions stop, is left out.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == 0:
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size - 1
		}
		i++
	}
	return append(b, '"')
}

// clean gives the text as it will be read back.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// Two or three small numbers travel as one, which SQLite takes apart faster than an array: the mirror's keys stay far
// below these bounds, and pack refuses to go beyond.
const (
	refBits  = 20 // directories, apps and groups of all sources: a million
	dayBits  = 16 // until the year 2149
	userBits = 27 // people of all sources: 134 million
)

// packPair packs a person and a directory, app or group.
func packPair(user, ref int64) (int64, error) {
	if user < 0 || user >= 1<<userBits || ref < 0 || ref >= 1<<refBits {
		return 0, domain.Errorf(domain.Internal, "The local copy has run out of numbers for people or groups.").
			WithHint("Move " + MirrorFile + " away and sync again.")
	}
	return user<<refBits | ref, nil
}

// packDay adds a day (-1 for not known) or a code to a pair. A day beyond the range is kept at its end.
func packDay(pair int64, day int32) int64 {
	return pair<<dayBits | int64(min(max(day, -1), 1<<dayBits-2)+1)
}

// The way back in SQL, from the element of json_each.
const (
	unpackPairUser = "value >> 20"
	unpackPairRef  = "value & 1048575"
	unpackDayUser  = "value >> 36"
	unpackDayRef   = "(value >> 16) & 1048575"
	unpackDay      = "(value & 65535) - 1"
	// LIMIT keeps SQLite from reading the element anew for each of them.
	packedValues = "(SELECT value FROM json_each(?2) LIMIT -1)"
)
