package filter

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const secondsPerDay = 24 * 60 * 60

// Day gives the day number of a date: days since 1970-01-01.
func Day(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// Today gives the day number of today in UTC, in which all days are: elsewhere somebody could have been active
// tomorrow.
func Today() int32 { return Day(time.Now().UTC()) }

// DateOf gives the date of a day number, at midnight UTC.
func DateOf(day int32) time.Time { return time.Unix(int64(day)*secondsPerDay, 0).UTC() }

// Day gives the day number that a date, span or call means when today is that day number. It is meant for checked
// trees; for any other value it is today.
func (v Value) Day(today int32) int32 {
	day, ok := v.day(today)
	if !ok {
		return today
	}
	return day
}

func (v Value) day(today int32) (int32, bool) {
	switch v.Kind {
	case DateValue:
		t, err := time.Parse(time.DateOnly, v.Text)
		return Day(t), err == nil
	case SpanValue:
		return addSpan(today, v.Text)
	case CallValue:
		fn, ok := functions[v.Text]
		if !ok {
			return 0, false
		}
		from, n := today, 0
		if len(v.Args) == 1 {
			if v.Args[0].Kind == SpanValue {
				if from, ok = addSpan(today, v.Args[0].Text); !ok {
					return 0, false
				}
			} else if n, ok = smallNumber(v.Args[0].Text); !ok {
				return 0, false
			}
		}
		return Day(fn(DateOf(from), n)), true
	default:
		return 0, false
	}
}

// maxSpan bounds the number in a span or a function's argument: about 270 years in days.
const maxSpan = 99_999

func smallNumber(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= -maxSpan && n <= maxSpan
}

var spanPattern = regexp.MustCompile(`^([+-]?)([0-9]{1,5})([dwmyDWMY])$`)

func isSpan(s string) bool { return spanPattern.MatchString(s) }

// canonicalSpan turns 090D into 90d; a span without a sign lies ahead.
func canonicalSpan(s string) string {
	m := spanPattern.FindStringSubmatch(s)
	n, _ := strconv.Atoi(m[2])
	sign := m[1]
	if sign == "" {
		sign = "+"
	}
	return sign + strconv.Itoa(n) + strings.ToLower(m[3])
}

func addSpan(today int32, span string) (int32, bool) {
	m := spanPattern.FindStringSubmatch(span)
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(m[2])
	if m[1] == "-" {
		n = -n
	}
	t := DateOf(today)
	switch strings.ToLower(m[3]) {
	case "d":
		t = t.AddDate(0, 0, n)
	case "w":
		t = t.AddDate(0, 0, 7*n)
	case "m":
		t = addMonths(t, n)
	default:
		t = addMonths(t, 12*n)
	}
	return Day(t), t.Year() >= 1 && t.Year() <= 9999
}

// addMonths keeps the day of the month where it exists and else takes the month's last: a month before March 31 is
// February 28, not March 3.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func isDate(s string) bool {
	if len(s) != len(time.DateOnly) {
		return false
	}
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1
}

// functions are the functions for dates; n moves by whole units of the function: startOfMonth(-1) is the first of last
// month.
var functions = map[string]func(today time.Time, n int) time.Time{
	"now":          func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) },
	"startOfDay":   func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) },
	"endOfDay":     func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) },
	"startOfWeek":  func(t time.Time, n int) time.Time { return monday(t).AddDate(0, 0, 7*n) },
	"endOfWeek":    func(t time.Time, n int) time.Time { return monday(t).AddDate(0, 0, 7*n+6) },
	"startOfMonth": func(t time.Time, n int) time.Time { return addMonths(firstOfMonth(t), n) },
	"endOfMonth":   func(t time.Time, n int) time.Time { return addMonths(firstOfMonth(t), n+1).AddDate(0, 0, -1) },
	"startOfYear":  func(t time.Time, n int) time.Time { return addMonths(firstOfYear(t), 12*n) },
	"endOfYear":    func(t time.Time, n int) time.Time { return addMonths(firstOfYear(t), 12*(n+1)).AddDate(0, 0, -1) },
}

// functionNames lists them in the order in which they are offered.
var functionNames = []string{"now", "startOfDay", "startOfWeek", "startOfMonth", "startOfYear", "endOfDay", "endOfWeek", "endOfMonth", "endOfYear"}

func monday(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

func firstOfMonth(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }

func firstOfYear(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.YearDay()) }

// adoptCall checks a function and gives it its canonical spelling.
func adoptCall(v *Value) *Error {
	for _, name := range functionNames {
		if !strings.EqualFold(name, v.Text) {
			continue
		}
		v.Text = name
		if day, ok := v.day(Today()); !ok || DateOf(day).Year() < 1 || DateOf(day).Year() > 9999 {
			return v.Errorf("This date is too far away.")
		}
		return nil
	}
	err := v.Errorf("There is no function %s.", quoted(v.Text))
	for _, name := range functionNames {
		err.Expected = append(err.Expected, name+"()")
	}
	if name, ok := nearest(v.Text, functionNames); ok {
		err.Suggestion = name + "()"
	} else {
		err.Suggestion = guessDate(v.Text) // today(), yesterday()
	}
	return err
}
