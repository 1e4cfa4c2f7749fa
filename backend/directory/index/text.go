package index

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// separator stands between name and e-mail in the searched text; folding removes control characters, so no search can hold it.
const separator = 1

// textIndex is what search as you type runs over: the folded name and e-mail of each person, and for each a signature of its pairs of
// letters. A text can only hold a needle if its signature holds the needle's, so that few texts are really looked at.
type textIndex struct {
	text  Arena
	signs []signature
}

// signature is a set of 128 classes of byte pairs.
type signature [2]uint64

func sign(text []byte) signature {
	var s signature
	for i := 1; i < len(text); i++ {
		h := (uint32(text[i-1])<<8 | uint32(text[i])) * 2654435761 >> 25
		s[h>>6] |= 1 << (h & 63)
	}
	return s
}

func (s *signature) holds(t *signature) bool { return s[0]&t[0] == t[0] && s[1]&t[1] == t[1] }

func (x *textIndex) add(name, email string) {
	x.text.add(name, string(rune(separator)), email)
	x.signs = append(x.signs, sign(x.text.bytes(len(x.signs))))
}

func (x *textIndex) email(pos int) []byte {
	b := x.text.bytes(pos)
	return b[bytes.IndexByte(b, separator)+1:]
}

func (x *textIndex) name(pos int) []byte {
	b := x.text.bytes(pos)
	return b[:bytes.IndexByte(b, separator)]
}

// Part says in which text a needle is looked for.
type Part int

// The parts.
const (
	NameOrEmail Part = iota
	NameOnly
	EmailOnly
)

// Containing gives the set of people in whose name or e-mail the folded needle stands.
func (ix *Index) Containing(needle string, part Part) Bits {
	b := ix.NewBits()
	ix.contain(b, nil, needle, part)
	return b
}

// contain adds to b everybody within (nil: of all) whose text holds the needle.
func (ix *Index) contain(b, within Bits, needle string, part Part) {
	wanted := []byte(needle)
	want := sign(wanted)
	x := &ix.search
	for pos := range x.signs {
		if !x.signs[pos].holds(&want) || (within != nil && !within.Has(pos)) {
			continue
		}
		text := x.text.bytes(pos)
		switch part {
		case NameOnly:
			text = x.name(pos)
		case EmailOnly:
			text = x.email(pos)
		case NameOrEmail:
		}
		if bytes.Contains(text, wanted) {
			b.Set(pos)
		}
	}
}

// Search gives those within a set who match what was typed into the search field: each word must stand in the name, the e-mail address
// or (see LooksLikeID) the account id. Nothing typed matches everybody.
func (ix *Index) Search(within Bits, typed string) Bits {
	for word := range strings.FieldsSeq(Fold(typed)) {
		found := ix.NewBits()
		ix.contain(found, within, word, NameOrEmail)
		if LooksLikeID(word) {
			ix.accountsContaining(found, within, word)
		}
		within = found
	}
	return within
}

// LooksLikeID tells whether a word is looked for in account ids too. These are long and random: with short words or without a digit,
// most finds would be accidents.
func LooksLikeID(word string) bool {
	return utf8.RuneCountInString(word) >= 5 && strings.ContainsAny(word, "0123456789")
}

func (ix *Index) accountsContaining(found, within Bits, word string) {
	accounts := ix.lowerAccounts()
	wanted := []byte(word)
	for pos := range ix.n {
		if within.Has(pos) && bytes.Contains(accounts.bytes(pos), wanted) {
			found.Set(pos)
		}
	}
}

// lowered gives the same texts in lower case: the same arena if they are already.
func lowered(a *Arena) *Arena {
	low := bytes.ToLower(a.data)
	if bytes.Equal(low, a.data) || len(low) != len(a.data) {
		return a
	}
	return &Arena{data: low, ends: a.ends}
}
