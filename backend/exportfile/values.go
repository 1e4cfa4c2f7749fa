package exportfile

import (
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// layouts are the ways in which Atlassian writes a day. A day of which two readings are possible (03/04/2026) is none of them.
var layouts = []string{
	"2 Jan 2006", "02 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", time.DateOnly, time.DateTime, "2006-01-02 15:04", time.RFC3339Nano,
	"2006-01-02T15:04:05", "2006-01-02 15:04:05 MST", "Mon Jan 02 15:04:05 MST 2006", "02-Jan-2006", "2006/01/02",
}

// nothing are the ways of leaving a value open.
var nothing = map[string]bool{"": true, "-": true, "n/a": true, "none": true, "null": true, "unknown": true, "not available": true}

// day reads the day of a last activity.
func day(cell string, latest int32) (int32, string) {
	word := strings.ToLower(cell)
	switch {
	case nothing[word]:
		return domain.DayUnknown, ""
	case word == "never", word == "never accessed", word == "never logged in", word == "never active":
		return domain.DayNever, ""
	}
	t, ok := dateOf(cell)
	if !ok {
		return domain.DayUnknown, "“" + shorten(cell) + "” is not a date that can be read for certain."
	}
	d := domain.UnixDay(t)
	if d > latest {
		return domain.DayUnknown, "“" + shorten(cell) + "” is after the file was made."
	}
	return max(d, 1), ""
}

func dateOf(cell string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, cell); err == nil && t.Year() >= 1990 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func setLastActive(row *Row, cell string, r *Reader) (mistake string) {
	row.LastDay, mistake = day(cell, r.latest)
	return mistake
}

func setApp(at int) func(*Row, string, *Reader) string {
	return func(row *Row, cell string, r *Reader) (mistake string) {
		row.Apps[at], mistake = day(cell, r.latest)
		return mistake
	}
}

func setAdded(row *Row, cell string, r *Reader) string {
	if nothing[strings.ToLower(cell)] {
		return ""
	}
	t, ok := dateOf(cell)
	if !ok || domain.UnixDay(t) > r.latest {
		return "“" + shorten(cell) + "” is not a date that can be read for certain."
	}
	row.AddedAt = t
	return ""
}

// setStatus reads a status. The export of users calls people active who never accepted their invitation, so there active says nothing.
func setStatus(row *Row, cell string, r *Reader) string {
	switch word := strings.ToLower(cell); word {
	case "active":
		if r.Kind != domain.ImportUsers {
			row.Status = domain.StatusActive
		}
	case "suspended":
		row.Status = domain.StatusSuspended
	case "deactivated", "closed":
		row.Status = domain.StatusDeactivated
	case "inactive":
		if r.Kind != domain.ImportUsers { // suspended or deactivated: the export of users does not say which
			row.Status = domain.StatusDeactivated
		}
	case "invited", "pending":
		row.Status = domain.StatusInvited
	default:
		if !nothing[word] {
			return "“" + shorten(cell) + "” is no status that is known."
		}
	}
	return ""
}

// setTri reads yes or no; word is what else stands for yes, with "non-" before it for no.
func setTri(word string, to func(*Row) *domain.Tri) func(*Row, string, *Reader) string {
	return func(row *Row, cell string, _ *Reader) string {
		switch v := strings.ToLower(cell); {
		case v == "yes", v == "true", v == "enabled", v == "on", v == "required", word != "" && v == word:
			*to(row) = domain.Yes
		case v == "no", v == "false", v == "disabled", v == "off", v == "not enabled", word != "" && (v == "non-"+word || v == "non"+word):
			*to(row) = domain.No
		case !nothing[v]:
			return "“" + shorten(cell) + "” is neither yes nor no."
		}
		return ""
	}
}

// shorten keeps a foreign cell from filling a message.
func shorten(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "\uFFFD")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
