package atlassian

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxAnswer is how much of an answer is kept in a receipt, in bytes.
const maxAnswer = 2 << 10

// Visible replaces what a reader cannot see by a visible escape such as \u202e: control characters, bidirectional marks,
// zero-width and tag characters, line separators, and bytes that are no UTF-8. Server text passes through it before it gets into
// a message, a receipt or a log line.
func Visible(s string) string {
	if !strings.ContainsFunc(s, hidden) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case hidden(r) && r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// hidden tells whether a character changes what a reader sees without being seen.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f, // C0, DEL, C1
		r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff,
		r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb,
		r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// cut shortens s to at most limit bytes at a character's border and says so.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const mark = " [cut]"
	end := max(0, limit-len(mark))
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}
