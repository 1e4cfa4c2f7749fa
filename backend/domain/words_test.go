package domain

import "testing"

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 12_345: "12,345", 1_234_567: "1,234,567", -42: "-42", -123: "-123", -1234: "-1,234"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	if Plural(1, "day", "days") != "1 day" || Plural(0, "day", "days") != "0 days" || Plural(1200, "day", "days") != "1,200 days" {
		t.Error(Plural(1, "day", "days"), Plural(1200, "day", "days"))
	}
}
