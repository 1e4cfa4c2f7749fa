package index

import (
	"bytes"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// separator stands between name and e-mail in the searched text; folding removes control characters, so no search can
// hold it.
const separator = 1

// textIndex is what search as you type runs over: the folded name and e-mail of each person, and for each class of byte
// pairs and each frequent letter the set of people whose text has one. A needle can only stand where all its pairs do,
// so that a few sets are joined and few texts are really looked at.
type textIndex struct {
	text     Arena
	slices   []uint64 // one set after the other: the classes of pairs, then the letters
	words    int      // of one set
	nameless Bits     // people without a name
	mailless Bits     // people without an e-mail address
}

// pairClasses is the number of classes of byte pairs. More would make searches of two letters faster, at an eighth of a
// byte for each person.
const pairClasses = 192

// singles are the letters that have a set of their own, for searches of one letter.
const singles = "abcdefghijklmnopqrstuvwxyz0123456789"

func pairClass(a, b byte) int {
	return int((uint32(a)<<8 | uint32(b)) * 2654435761 >> 16 * pairClasses >> 16)
}

func (x *textIndex) add(name, email string) { x.text.add(name, string(rune(separator)), email) }

// prepare makes the sets, 64 people at a time.
func (x *textIndex) prepare(ix *Index) {
	x.words = (ix.n + 63) / 64
	x.slices = make([]uint64, (pairClasses+len(singles))*x.words)
	x.nameless, x.mailless = ix.NewBits(), ix.NewBits()
	var letters [256]uint8 // 1 + the letter's place in singles
	for i := range len(singles) {
		letters[singles[i]] = uint8(i + 1)
	}
	var block [pairClasses + 1 + len(singles)]uint64
	for word := range x.words {
		clear(block[:])
		for j := range min(64, ix.n-word*64) {
			pos, bit := word*64+j, uint64(1)<<j
			text := x.text.bytes(pos)
			last := byte(separator)
			for i, c := range text {
				if i > 0 {
					block[pairClass(last, c)] |= bit
				}
				block[pairClasses+int(letters[c])] |= bit
				last = c
			}
			if len(ix.Name.bytes(pos)) == 0 {
				x.nameless.Set(pos)
			}
			if _, odd := ix.emails[pos]; !odd && (len(text) == 0 || last == separator) {
				x.mailless.Set(pos)
			}
		}
		for class := range pairClasses {
			x.slices[class*x.words+word] = block[class]
		}
		for i := range len(singles) {
			x.slices[(pairClasses+i)*x.words+word] = block[pairClasses+1+i]
		}
	}
}

func (x *textIndex) slice(i int) Bits { return x.slices[i*x.words : (i+1)*x.words] }

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

// Containing gives the set of people in whose name or e-mail the folded needle stands. It must not be changed.
func (ix *Index) Containing(needle string, part Part) Bits {
	return ix.extending("text "+strconv.Itoa(int(part))+" ", needle, func(among Bits) Bits { return ix.contain(among, needle, part) })
}

// extending finds the people for a needle: those remembered, or what search finds among those who were found for a part
// of the needle from its beginning, as it was when fewer letters had been typed.
func (ix *Index) extending(kind, needle string, search func(among Bits) Bits) Bits {
	if t, ok := ix.memo.recall(kind + needle); ok {
		return t.Yes
	}
	among := ix.everybody
	for shorter := needle; shorter != ""; {
		_, size := utf8.DecodeLastRuneInString(shorter)
		shorter = shorter[:len(shorter)-size]
		if t, ok := ix.memo.recall(kind + shorter); ok {
			among = t.Yes
			break
		}
	}
	found := search(among)
	ix.memo.keep(kind+needle, Certain(found), ix.n)
	return found
}

// contain gives those among a set whose text holds the needle.
func (ix *Index) contain(among Bits, needle string, part Part) Bits {
	wanted := []byte(needle)
	x := &ix.search
	found := append(Bits(nil), among...)
	sure := len(wanted) == 0
	for i, c := range wanted {
		if letter := strings.IndexByte(singles, c); letter >= 0 {
			found.keep(x.slice(pairClasses + letter))
			sure = len(wanted) == 1 && part == NameOrEmail
		}
		if i > 0 {
			found.keep(x.slice(pairClass(wanted[i-1], c)))
		}
	}
	if sure {
		return found
	}
	known := ix.inDomain(found, needle, part)
	for i, word := range found {
		for w := word &^ known[i]; w != 0; w &= w - 1 {
			bit := w & -w
			if !bytes.Contains(ix.folded(part, i<<6+bits.TrailingZeros64(w)), wanted) {
				word &^= bit
			}
		}
		found[i] = word
	}
	return found
}

// inDomain gives those whose e-mail domain holds the needle, so that their texts need not be looked at: where most have
// the same domain, half of what is typed stands in everybody's text. It tells so only if there are many to look at,
// else that is quicker.
func (ix *Index) inDomain(found Bits, needle string, part Part) Bits {
	holds := make([]bool, len(ix.Domain.Values))
	if part != NameOnly && found.Count() > max(ix.n/8, len(holds)) {
		for code, domain := range ix.Domain.Values[1:] {
			holds[code+1] = strings.Contains(domain, needle)
		}
	}
	if !slices.Contains(holds, true) {
		return ix.NewBits()
	}
	return ix.Domain.where(ix, holds)
}

// keep leaves those who are in c too.
func (b Bits) keep(c Bits) {
	for i := range b {
		b[i] &= c[i]
	}
}

// join adds those who are in c.
func (b Bits) join(c Bits) {
	for i := range b {
		b[i] |= c[i]
	}
}

func (ix *Index) folded(part Part, pos int) []byte {
	switch part {
	case NameOnly:
		return ix.search.name(pos)
	case EmailOnly:
		return ix.search.email(pos)
	default:
		return ix.search.text.bytes(pos)
	}
}

// Search gives those within a set who match what was typed into the search field: each word must stand in the name, the
// e-mail address, the user name or (see LooksLikeID) the account id. Nothing typed matches everybody. The result must
// not be changed.
func (ix *Index) Search(within Bits, typed string) Bits {
	for word := range strings.FieldsSeq(Fold(typed)) {
		found := ix.Containing(word, NameOrEmail)
		if LooksLikeID(word) {
			found = found.or(ix.accountsContaining(word))
		}
		if len(ix.UserName.Values) > 1 {
			found = found.or(ix.userNamesContaining(word))
		}
		within = within.and(found)
	}
	return within
}

// userNamesContaining gives the people in whose user name the folded word stands. It must not be changed.
func (ix *Index) userNamesContaining(word string) Bits {
	return ix.extending("user name ", word, func(Bits) Bits {
		yes := make([]bool, len(ix.UserName.Values))
		for code, name := range ix.UserName.Values {
			yes[code] = strings.Contains(Fold(name), word)
		}
		return ix.UserName.where(ix, yes)
	})
}

// LooksLikeID tells whether a word is looked for in account ids too. These are long and random: with short words or
// without a digit, most finds would be accidents.
func LooksLikeID(word string) bool {
	return utf8.RuneCountInString(word) >= 5 && strings.ContainsAny(word, "0123456789")
}

// accountsContaining gives the people in whose account id the word in lower case stands. It must not be changed.
func (ix *Index) accountsContaining(word string) Bits {
	return ix.extending("account ", word, func(among Bits) Bits {
		accounts, wanted := ix.lowerAccounts(), []byte(word)
		found := ix.NewBits()
		if slices.ContainsFunc(wanted, func(c byte) bool { return !accounts.signs[c] }) {
			return found // mostly a name or an address with a number in it
		}
		among.Each(func(pos int) {
			if bytes.Contains(accounts.bytes(pos), wanted) {
				found.Set(pos)
			}
		})
		return found
	})
}

// accountIDs are texts in lower case, and which bytes stand in any of them.
type accountIDs struct {
	*Arena

	signs [256]bool
}

func newAccountIDs(a *Arena) *accountIDs {
	ids := &accountIDs{Arena: a}
	for _, c := range a.data {
		ids.signs[c] = true
	}
	return ids
}

// lowered gives the same texts in lower case: the same arena if they are already, as Atlassian's are.
func lowered(a *Arena) *accountIDs {
	ids := newAccountIDs(a)
	if !slices.Contains(ids.signs['A':'Z'+1], true) && !slices.Contains(ids.signs[utf8.RuneSelf:], true) {
		return ids
	}
	low := bytes.ToLower(a.data)
	if bytes.Equal(low, a.data) || len(low) != len(a.data) {
		return ids
	}
	return newAccountIDs(&Arena{data: low, ends: a.ends})
}
