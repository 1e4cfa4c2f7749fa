package sqlite

import (
	"strings"
	"time"
)

// How values without a column type of their own are kept: times as seconds, several texts as lines. 0 and "" are none.

// ToUnix gives the seconds of a time.
func ToUnix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// FromUnix is the way back, in UTC.
func FromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// SplitLines is the way back from joined lines.
func SplitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
