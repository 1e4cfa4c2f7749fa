package csvfile

import (
	"strconv"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// days are the ways in which Atlassian, or a spreadsheet program that has saved its file again, writes a day; times are
// what may stand behind it. A day of which two readings are possible (03/04/2026) is none of them: with slashes one of
// the numbers must be too large for a month. Between dots the day comes first everywhere. Two digits of a year are of
// this century.
var (
	days = []string{
		"2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", time.DateOnly, "2006/01/02", "2-Jan-2006", "2-Jan-06", "2-January-2006", "2. Jan 2006",
		"2. January 2006", "2.1.2006",
	}
	times   = []string{"", " 15:04:05", " 15:04", " 3:04 PM", " 3:04:05 PM", " 15:04:05 MST"}
	layouts = append([]string{time.RFC3339Nano, "2006-01-02T15:04:05", "Mon Jan 02 15:04:05 MST 2006"}, each(days, times)...)
	slashed = each([]string{"2/1/2006", "1/2/2006"}, times)
)

func each(first, second []string) []string {
	out := make([]string, 0, len(first)*len(second))
	for _, a := range first {
		for _, b := range second {
			out = append(out, a+b)
		}
	}
	return out
}

// nothing are the ways of leaving a value open.
var nothing = map[string]bool{"": true, "-": true, "n/a": true, "none": true, "null": true, "unknown": true, "not available": true}

// day reads the day of a last activity.
func (r *Reader) day(cell string) (int32, string) {
	word := strings.ToLower(cell)
	switch {
	case nothing[word]:
		return domain.DayUnknown, ""
	case word == "never", word == "never accessed", word == "never logged in", word == "never active":
		return domain.DayNever, ""
	}
	t, ok := r.date(cell)
	if !ok {
		return domain.DayUnknown, "“" + shorten(cell) + "” " + noDay
	}
	d := domain.UnixDay(t)
	if d > r.latest {
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
	var day time.Time
	for _, layout := range slashed {
		t, err := time.Parse(layout, cell)
		if err != nil || t.Year() < 1990 {
			continue
		}
		if !day.IsZero() && !t.Equal(day) {
			return time.Time{}, false // 03/04/2026
		}
		day = t
	}
	return day.UTC(), !day.IsZero()
}

// serial reads a day as a spreadsheet program counts it, with the time as a fraction: 46093 is 12 March 2026. Only
// years from 1990 to 2099 are taken for one. Files that count from 1904 are four years off, so the reader says that it
// has met such days.
func serial(cell string) (time.Time, bool) {
	whole, _, _ := strings.Cut(cell, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || len(whole) != 5 || n < 32874 || n >= 73051 {
		return time.Time{}, false
	}
	if _, err := strconv.ParseFloat(cell, 64); err != nil {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC), true
}

const noDay = "is not a date that can be read for certain."

// date reads a day of a file.
func (r *Reader) date(cell string) (time.Time, bool) {
	if t, ok := serial(cell); ok {
		r.Serials = true
		return t, true
	}
	return dateOf(cell)
}

func setLastActive(row *Row, cell string, r *Reader) (mistake string) {
	row.LastDay, mistake = r.day(cell)
	return mistake
}

func setApp(at int) func(*Row, string, *Reader) string {
	return func(row *Row, cell string, r *Reader) (mistake string) {
		row.Apps[at], mistake = r.day(cell)
		return mistake
	}
}

func setAdded(row *Row, cell string, r *Reader) string {
	if nothing[strings.ToLower(cell)] {
		return ""
	}
	t, ok := r.date(cell)
	if !ok || domain.UnixDay(t) > r.latest {
		return "“" + shorten(cell) + "” " + noDay
	}
	row.AddedAt = t
	return ""
}

// setStatus reads a status. The export of users calls people active who never accepted their invitation, so there
// active says nothing.
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
