package csvfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"seatkeeper/backend/domain"
)

// lines delivers the lines of a file as UTF-8, whatever it is encoded in.
type lines struct {
	in      *bufio.Reader
	number  int    // of the line delivered last, from 1
	pending []line // to be delivered again
}

type line struct {
	number  int
	text    string
	tooLong bool
}

var (
	errEnd      = errors.New("end of the file")
	utf8BOM     = []byte{0xEF, 0xBB, 0xBF}
	utf16LE     = []byte{0xFF, 0xFE}
	utf16BE     = []byte{0xFE, 0xFF}
	errTooLarge = &domain.Error{
		Code: domain.Invalid, Field: "file", Message: fmt.Sprintf("The file is larger than %d MB.", MaxBytes>>20), Hint: "Export fewer people at a time.",
	}
)

func newLines(r io.Reader) *lines {
	in := bufio.NewReaderSize(&bounded{in: r, left: MaxBytes}, 1<<16)
	head, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		_, _ = in.Discard(len(utf8BOM))
	case bytes.HasPrefix(head, utf16LE), len(head) == 4 && head[0] != 0 && head[1] == 0 && head[3] == 0:
		return linesOf(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in))
	case bytes.HasPrefix(head, utf16BE), len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0:
		return linesOf(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in))
	}
	return linesOf(in)
}

// linesOf delivers the lines of what is UTF-8 by now.
func linesOf(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(&lineEnds{in: in}, 1<<16)} }

// lineEnds makes one of all line ends: old programs write a carriage return alone, which would make one line of a whole
// file.
type lineEnds struct {
	in       io.Reader
	returned bool // the last byte was a carriage return
}

func (l *lineEnds) Read(p []byte) (int, error) {
	for {
		n, err := l.in.Read(p)
		out := p[:0]
		for _, c := range p[:n] {
			if c == '\n' && l.returned {
				l.returned = false
				continue
			}
			if l.returned = c == '\r'; l.returned {
				c = '\n'
			}
			out = append(out, c)
		}
		if len(out) > 0 || err != nil || n == 0 {
			return len(out), err
		}
	}
}

// bounded refuses to read more than it may.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// next gives the next line without its end. A line that is too long comes without its text.
func (l *lines) next() (line, error) {
	if len(l.pending) > 0 {
		first := l.pending[0]
		l.pending = l.pending[1:]
		return first, nil
	}
	var text []byte
	tooLong := false
	for {
		part, err := l.in.ReadSlice('\n')
		if tooLong = tooLong || len(text)+len(part) > MaxLine; tooLong {
			text = text[:0]
		} else {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(text) == 0 && !tooLong:
			return line{}, errEnd
		case err != nil && !errors.Is(err, io.EOF):
			if e := (*domain.Error)(nil); errors.As(err, &e) {
				return line{}, e
			}
			return line{}, domain.Errorf(domain.Invalid, "The file cannot be read to its end: %w", err)
		}
		l.number++
		return line{l.number, strings.TrimRight(string(text), "\n"), tooLong}, nil
	}
}

// rows delivers the rows of a file as cells.
type rows struct {
	*lines
	separator byte
}

// row is one row of a file.
type row struct {
	number int // of its first line
	cells  []string
	bad    string // why it cannot be read, "" when it can
}

// next gives the next row that is not empty.
func (r *rows) next() (row, error) {
	for {
		first, err := r.lines.next()
		if err != nil {
			return row{}, err
		}
		if first.tooLong {
			return row{number: first.number, bad: "The row is longer than 1 MB."}, nil
		}
		if strings.Trim(first.text, " \t"+string(r.separator)) == "" {
			continue
		}
		return r.whole(first)
	}
}

// whole joins the lines over which a row goes. Where a quote has no end, only the line with the quote is given up.
func (r *rows) whole(first line) (row, error) {
	quotes := strings.Count(first.text, `"`)
	var joined strings.Builder
	if quotes%2 != 0 {
		joined.WriteString(first.text)
	}
	var more []line
	for quotes%2 != 0 {
		after, err := r.lines.next()
		if err != nil && !errors.Is(err, errEnd) {
			return row{}, err
		}
		if err == nil {
			more = append(more, after)
		}
		if err != nil || after.tooLong || len(more) > maxJoined || joined.Len()+len(after.text) > MaxLine {
			r.pending = append(more, r.pending...)
			return row{number: first.number, bad: "A quote in the row has no end."}, nil //nolint:nilerr // the file's end is no failure
		}
		joined.WriteByte('\n')
		joined.WriteString(after.text)
		quotes += strings.Count(after.text, `"`)
	}
	text := first.text
	if len(more) > 0 {
		text = joined.String()
	}
	out := row{number: first.number, cells: split(text, r.separator)}
	switch {
	case len(out.cells) > MaxColumns:
		out.bad = fmt.Sprintf("The row has more than %d cells.", MaxColumns)
	case strings.ContainsRune(text, 0):
		out.bad = "The row holds NUL characters: it is no text."
	}
	return out, nil
}

// split cuts a row whose quotes are even in number into cells.
func split(text string, separator byte) []string {
	var cells []string
	var cell strings.Builder
	quoted, wasQuoted := false, false
	blank := true // the cell so far; looking it through at each quote would take a row's length squared
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '"' && i+1 < len(text) && text[i+1] == '"':
			cell.WriteByte('"')
			i++
		case c == '"' && (quoted || blank && !wasQuoted):
			if !quoted {
				cell.Reset()
			}
			quoted, wasQuoted = !quoted, true
		case c == separator && !quoted:
			cells = append(cells, cell.String())
			cell.Reset()
			blank, wasQuoted = true, false
		default:
			blank = blank && (c == ' ' || '\t' <= c && c <= '\r')
			cell.WriteByte(c)
		}
	}
	return append(cells, cell.String())
}

// openRows finds out how a file separates its cells, by its first line.
func openRows(r io.Reader) (*rows, error) {
	out := &rows{lines: newLines(r), separator: ','}
	for {
		first, err := out.lines.next()
		switch {
		case errors.Is(err, errEnd):
			return nil, refuse("The file is empty.")
		case err != nil:
			return nil, err
		case first.tooLong:
			return nil, refuse("The file's first line is longer than 1 MB: it is no CSV file.")
		case strings.HasPrefix(first.text, "PK\x03\x04"):
			return nil, refuse("This is a workbook or a ZIP file, not a CSV file: open it in a spreadsheet program, and save it as “CSV UTF-8”.")
		case strings.ContainsRune(first.text, 0):
			return nil, refuse("The file is no text: it holds NUL characters.")
		}
		if sep, ok := strings.CutPrefix(strings.ToLower(strings.Trim(first.text, `" `)), "sep="); ok && len(sep) == 1 {
			out.separator = sep[0]
			return out, nil
		}
		if strings.TrimSpace(first.text) == "" {
			continue
		}
		most := 1
		for _, c := range []byte(",;\t") {
			if n := len(split(first.text, c)); n > most {
				most, out.separator = n, c
			}
		}
		out.pending = append(out.pending, first)
		return out, nil
	}
}

// formatReason is the Reason of a file that is not what it should be.
const formatReason = "format"

func refuse(message string) *domain.Error {
	return &domain.Error{
		Code: domain.Invalid, Field: "file", Reason: formatReason, Message: message,
		Hint: "Choose a CSV file as Atlassian Administration exports it: users, managed accounts, or accounts of a domain.",
	}
}
