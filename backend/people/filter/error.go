package filter

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// Error is a mistake in a filter's text, with its place.
//
// Pos and End are byte offsets into the text; From and To are the same place in UTF-16 code units, which is how a web
// page counts. A mistake at the very end has Pos == End == len(text).
type Error struct {
	Pos        int      `json:"-"`
	End        int      `json:"-"`
	From       int      `json:"from"`
	To         int      `json:"to"`
	Message    string   `json:"message"`              // one sentence: what is wrong
	Expected   []string `json:"expected,omitempty"`   // what may stand there, for the user
	Suggestion string   `json:"suggestion,omitempty"` // text to put in place of From..To, "" when there is none
}

// Error gives the message with its place.
func (e *Error) Error() string { return fmt.Sprintf("filter, at %d: %s", e.From, e.Message) }

// Corrected gives the whole text with the suggestion put in, or "" when there is none.
func (e *Error) Corrected(text string) string {
	if e.Suggestion == "" || e.End > len(text) {
		return ""
	}
	return text[:e.Pos] + e.Suggestion + text[e.End:]
}

// Locate fills in From and To for the text that Pos and End refer to.
func (e *Error) Locate(text string) *Error {
	e.Pos = min(max(e.Pos, 0), len(text))
	e.End = min(max(e.End, e.Pos), len(text))
	e.From, e.To = utf16Offset(text, e.Pos), utf16Offset(text, e.End)
	return e
}

// utf16Offset turns a byte offset into UTF-16 code units; a broken byte counts as one, as a page shows it as one
// replacement character.
func utf16Offset(text string, pos int) int {
	n := 0
	for i, r := range text {
		if i >= pos {
			break
		}
		n += utf16.RuneLen(r)
	}
	return n
}

// byteOffset is the inverse of utf16Offset; offsets outside the text are clamped.
func byteOffset(text string, units int) int {
	n := 0
	for i, r := range text {
		if n >= units {
			return i
		}
		n += utf16.RuneLen(r)
	}
	return len(text)
}

func errorAt(pos, end int, format string, args ...any) *Error {
	return &Error{Pos: pos, End: end, Message: fmt.Sprintf(format, args...)}
}

// Errorf makes an error about the value.
func (v Value) Errorf(format string, args ...any) *Error {
	return errorAt(v.Pos, v.End, format, args...)
}

// ArgErrorf makes an error about the argument of the condition's field.
func (n *Node) ArgErrorf(format string, args ...any) *Error {
	return errorAt(n.ArgPos, n.ArgEnd, format, args...)
}

// Suggest adds the likeliest of the names that the writer may have meant, as a value in quotes if quoted is set.
func (e *Error) Suggest(written string, names []string, quoted bool) *Error {
	name, ok := nearest(written, names)
	if !ok {
		return e
	}
	if quoted {
		name = Quote(name)
	}
	e.Suggestion = name
	return e
}

// quoted puts what somebody wrote into a sentence: short, visible, between quotation marks.
func quoted(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return domain.Quote(s)
}
