package domain

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// visibleCases is what the page's own test reads too.
func visibleCases(t *testing.T) (cases struct {
	Shown  [][2]string `json:"shown"`
	Hidden [][2]rune   `json:"hidden"`
},
) {
	t.Helper()
	text, err := os.ReadFile("testdata/visible.json")
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil || len(cases.Shown) < 20 || len(cases.Hidden) < 15 {
		t.Fatal("the cases:", err)
	}
	return cases
}

func TestVisible(t *testing.T) {
	for _, c := range visibleCases(t).Shown {
		if got := Visible(c[0]); got != c[1] {
			t.Errorf("%+q is shown as %+q, want %+q", c[0], got, c[1])
		}
		if again := Visible(c[1]); again != c[1] {
			t.Errorf("%+q is shown as %+q the second time", c[1], again)
		}
	}
	for in, want := range map[string]string{"\xff": "⟨U+FFFD⟩", "a\xe2\x80": "a⟨U+FFFD⟩", "": ""} {
		if got := Visible(in); got != want {
			t.Errorf("%q is shown as %+q", in, got)
		}
	}
	if got := Quote("a\u202e\"b"); got != "\"a⟨U+202E⟩\"b\"" {
		t.Errorf("%s", got)
	}
	if got := VisibleLines("a\r\nb\u202e\n"); got != "a\nb⟨U+202E⟩\n" {
		t.Errorf("%q", got)
	}
}

// TestVisibleLeavesNothingHidden tries every character there is.
func TestVisibleLeavesNothingHidden(t *testing.T) {
	want := map[rune]bool{}
	for _, pair := range visibleCases(t).Hidden {
		for r := pair[0]; r <= pair[1]; r++ {
			want[r] = true
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		in := "a" + string(r) + "b"
		out := Visible(in)
		// Surrogates are no characters: Go writes the replacement character for them.
		if marked := out != in; marked != (want[r] || !utf8.ValidRune(r)) {
			t.Fatalf("%U is shown as %+q", r, out)
		}
		if !utf8.ValidString(out) || strings.ContainsFunc(out, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Fatalf("%U: %+q", r, out)
		}
	}
}
