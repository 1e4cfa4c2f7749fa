package domain

import "strconv"

// Thousands writes a count the way the window does: 12,345.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	end := len(s) - 3
	for i := end; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural writes a count with the right word.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}
