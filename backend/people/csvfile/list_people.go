package csvfile

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	address   = regexp.MustCompile(`^[^\s@<>",;]{1,128}@[^\s@<>"',;]{1,255}$`)
	accountID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z:_-]{7,127}$`)
	sureID    = regexp.MustCompile(`^([0-9a-z]+:[0-9A-Za-z_:-]{8,}|[0-9a-f]{24}|JIRAUSER[0-9]+)$`)
	brackets  = regexp.MustCompile(`<\s*(?:mailto:)?([^\s@<>",;]{1,128}@[^\s@<>"',;]{1,255})\s*>`)
)

// person tells whether a word can only mean a person. An account id has a digit, which a word has not, and is no day.
func person(word string) bool {
	if address.MatchString(word) {
		return true
	}
	if !accountID.MatchString(word) || !strings.ContainsAny(word, "0123456789") {
		return false
	}
	_, isDay := dateOf(word)
	return !isDay
}

// surely tells whether a word means a person wherever it stands: an account id looks like many other things.
func surely(word string) bool { return address.MatchString(word) || sureID.MatchString(word) }

// peopleIn gives the people of a cell, and what in it is neither one nor a name beside an address. Mail programs write
// several in a row, with names before them; userNames says whether any word is one.
func peopleIn(cell string, userNames bool) (found, rest []string) {
	if !utf8.ValidString(cell) {
		return nil, []string{cell}
	}
	named := false
	for _, m := range brackets.FindAllStringSubmatch(cell, -1) {
		found, named = append(found, m[1]), true
	}
	if named {
		cell = brackets.ReplaceAllString(cell, ";")
	}
	for _, piece := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;|\t\r\n", r) }) {
		piece = bare(piece)
		switch {
		case piece == "":
		case person(piece), userNames && !strings.ContainsFunc(piece, unicode.IsSpace):
			found = append(found, piece)
		default:
			people, other := words(piece)
			found = append(found, people...)
			if len(people) == 0 && (!named || strings.Contains(piece, "@")) || other {
				rest = append(rest, piece)
			}
		}
	}
	return found, rest
}

// words gives the addresses among words with blanks between them, and whether another word should be one.
func words(piece string) (found []string, broken bool) {
	for word := range strings.FieldsSeq(piece) {
		switch word = bare(word); {
		case address.MatchString(word), sureID.MatchString(word):
			found = append(found, word)
		case strings.Contains(word, "@"):
			broken = true
		}
	}
	return found, broken && len(found) > 0
}

// bare takes off what stands around a word: blanks, quotation marks, brackets, and the scheme of a link.
func bare(word string) string {
	word = strings.Trim(clean(word), "\"“”()[]<> ")
	if len(word) > 1 && word[0] == '\'' && word[len(word)-1] == '\'' {
		word = word[1 : len(word)-1]
	}
	const scheme = "mailto:"
	if len(word) > len(scheme) && strings.EqualFold(word[:len(scheme)], scheme) {
		word = word[len(scheme):]
	}
	return word
}
