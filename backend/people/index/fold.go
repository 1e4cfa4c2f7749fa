package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form in which it is searched: without case, accents and invisible characters, with
// full-width and other compatibility forms resolved and every run of blanks as one blank. So "lukasz" finds "Łukasz"
// and "muller" finds "MÜLLER".
func Fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
			continue
		case isAccent(r), unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector):
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		if plain, ok := letters[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// letters are those that Unicode does not decompose but that people type as others.
var letters = map[rune]string{
	'ł': "l", 'Ł': "l", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ß': "ss", 'ẞ': "ss",
	'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ŧ': "t", 'Ŧ': "t", 'ς': "σ",
}

// isAccent tells whether r is a mark that people leave out when they type: the diacritics of Latin, Greek and Cyrillic,
// the points of Hebrew and Arabic. The vowel signs of Indic scripts and the marks of Japanese are letters to their
// readers and stay.
func isAccent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36F, r >= 0x483 && r <= 0x489, r >= 0x591 && r <= 0x5C7, r >= 0x610 && r <= 0x61A, r >= 0x64B && r <= 0x65F, r == 0x670,
		r >= 0x1AB0 && r <= 0x1AFF, r >= 0x1DC0 && r <= 0x1DFF, r >= 0x20D0 && r <= 0x20FF, r >= 0xFE20 && r <= 0xFE2F:
		return unicode.Is(unicode.M, r)
	default:
		return false
	}
}

// isPlain tells whether s is printable ASCII without two blanks in a row or blanks at the ends: then lowering is all
// that folding does.
func isPlain(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == 0x7F || (c == ' ' && last == ' ') {
			return false
		}
		last = c
	}
	return len(s) == 0 || last != ' '
}

// Key brings a text into the form in which equality compares it: without regard to case, but with accents.
func Key(s string) string { return strings.ToLower(norm.NFC.String(s)) }
