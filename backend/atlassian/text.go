package atlassian

import "unicode/utf8"

// maxAnswer is how much of an answer is kept in a receipt, in bytes.
const maxAnswer = 2 << 10

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
