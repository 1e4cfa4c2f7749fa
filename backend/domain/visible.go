package domain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible shows a text that a stranger wrote (a display name, a group's name, a server's words) inside a sentence, a table or a log line:
// what a reader cannot see or what turns the text around stands there as a mark with its code point, like ⟨U+202E⟩. Everything else stays.
//
// It is the one way, here and in the page (util/marks.ts; both pass testdata/visible.json). Doing it twice changes nothing more. What goes
// into the page as a name of its own stays as it is: the page marks it when it shows it.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	all := []rune(strings.ToValidUTF8(s, string(utf8.RuneError)))
	var b strings.Builder
	for i := 0; i < len(all); {
		switch piled := piledUp(all, i); {
		case piled > 0:
			b.WriteString(mark(all[i]))
			if piled > 1 {
				fmt.Fprintf(&b, " and %d more", piled-1)
			}
			b.WriteString("⟩")
			i += piled
			continue
		case Hidden(all[i]) && !joins(all, i):
			b.WriteString(mark(all[i]) + "⟩")
		default:
			b.WriteRune(all[i])
		}
		i++
	}
	return b.String()
}

// VisibleLines is Visible for a text of several lines, which stay lines.
func VisibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Visible(strings.TrimSuffix(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// Quote puts a stranger's text into a sentence: visible, between quotation marks.
func Quote(s string) string { return `"` + Visible(s) + `"` }

// mark begins the mark of a character.
func mark(r rune) string { return fmt.Sprintf("⟨U+%04X", r) }

// plain tells fast that nothing of a text is hidden, as of nearly every text.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return !strings.ContainsFunc(s[i:], func(r rune) bool { return Hidden(r) || unicode.Is(unicode.Mn, r) })
		}
	}
	return true
}

// hiddenRanges are the characters that cannot be seen or change how others are seen: C0, DEL, C1; soft hyphen and combining joiner;
// fillers; marks, embeddings, overrides and isolates of direction; zero-width; line and paragraph separators; invisible operators; byte
// order mark; format characters of shorthand and music; tags; what is no character. Variation selectors stay: names of Han need them.
var hiddenRanges = [][2]rune{
	{0x0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180e},
	{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xffff},
	{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
}

// Hidden tells whether a character cannot be seen or changes how others are seen; joiners do too, which Visible leaves where they are needed.
func Hidden(r rune) bool {
	if r > 0x1f && r < 0x7f {
		return false
	}
	for _, pair := range hiddenRanges {
		if r <= pair[1] {
			return r >= pair[0]
		}
	}
	return false
}

// joins tells whether a character is a joiner where a script or an emoji needs it: between two characters of neither of the scripts that
// know no joiners. Elsewhere it only makes a text look like another.
func joins(all []rune, i int) bool {
	if r := all[i]; r != 0x200c && r != 0x200d || i == 0 || i+1 == len(all) {
		return false
	}
	needs := func(r rune) bool {
		return r >= 0x80 && !Hidden(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
	}
	return needs(all[i-1]) && needs(all[i+1])
}

// mostPiled is how many marks a script may put on one letter.
const mostPiled = 8

// piledUp counts the marks from i on that are piled up on a letter beyond what any script needs: they would cover the lines around.
func piledUp(all []rune, i int) (n int) {
	for back := 1; back <= mostPiled; back++ {
		if i-back < 0 || !unicode.Is(unicode.Mn, all[i-back]) {
			return 0
		}
	}
	for i+n < len(all) && unicode.Is(unicode.Mn, all[i+n]) {
		n++
	}
	return n
}
