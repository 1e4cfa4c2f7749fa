package index_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/people/index"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"Jane Doe":                 "jane doe",
		"  Jane \t\n Doe ":         "jane doe",
		"Łukasz Żółć":              "lukasz zolc",
		"MÜLLER":                   "muller",
		"mu\u0308ller":             "muller",
		"Straße":                   "strasse",
		"Sørensen Đorđević":        "sorensen dordevic",
		"Æsir Œuvre Þór":           "aesir oeuvre thor",
		"İstanbul ıI":              "istanbul ii",
		"ΣΊΣΥΦΟΣ Σίσυφος":          "σισυφοσ σισυφοσ",
		"Ёлка й":                   "елка и",
		"ＡＤＭＩＮ ﬁnance":             "admin finance",
		"Ad\u200bm\u202Ei\u2060n":  "admin",
		"nul\x00\x01\x1fname":      "nulname",
		"עֲבוֹדָה":                 "עבודה",
		"عَبْدُ":                   "عبد",
		"王小明":                      "王小明",
		"🦆\ufe0f duck":             "🦆 duck",
		"가":                        "\u1100\u1161",
		"zażółć\u00a0gęślą\u3000x": "zazolc gesla x",
	} {
		if got := index.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, not %q", in, got, want)
		}
	}
	if index.Fold("が") == index.Fold("か") || index.Fold("कु") == index.Fold("क") {
		t.Error("marks that are letters to their readers are gone")
	}
}

// TestFoldIsStable checks over all of Unicode that folding twice changes nothing, and that equal keys have equal folds:
// exact comparison looks among those of equal folds only.
func TestFoldIsStable(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := "a" + string(r) + "b"
		once := index.Fold(s)
		if twice := index.Fold(once); twice != once {
			t.Errorf("U+%04X: %q, then %q", r, once, twice)
		}
		if strings.ContainsAny(once, "\x00\x01\x1f") || !utf8.ValidString(once) {
			t.Errorf("U+%04X: %q", r, once)
		}
		if key := index.Fold(index.Key(s)); key != once {
			t.Errorf("U+%04X: the key folds to %q, the text to %q", r, key, once)
		}
	}
}
