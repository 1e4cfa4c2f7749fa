package schedule

import (
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // Windows has no time zones of its own

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

const (
	maxHours = 7 * 24
	// dayIsRecent bounds how long the day of the last occurrence keeps its days from being done again: a clock that was once set days or
	// years ahead must not stop the schedule for so long.
	dayIsRecent = 24 * time.Hour
	daysAhead   = 10
)

// Check refuses a rule that cannot be kept. Its error is about the first field that is wrong; in More are the others.
func Check(v domain.SyncSchedule) error {
	var wrong []error
	switch v.Mode {
	case domain.ScheduleOff:
	case domain.ScheduleHours:
		if v.Hours < 1 || v.Hours > maxHours {
			wrong = append(wrong, refuse("hours", "The number of hours must be 1 to %d.", maxHours))
		}
	case domain.ScheduleDaily:
		if _, err := time.Parse("15:04", v.At); err != nil {
			wrong = append(wrong, refuse("at", "That is not a time of day. Write it as 05:30."))
		}
		if _, err := time.LoadLocation(v.Zone); err != nil {
			wrong = append(wrong, refuse("zone", "There is no time zone %s. Write it as Europe/Berlin.", domain.Quote(v.Zone)))
		}
	default:
		wrong = append(wrong, refuse("mode", "There is no such kind of schedule."))
	}
	if !slices.Contains(Minutes, v.ChangesMinutes) {
		wrong = append(wrong, refuse("changesMinutes", "Changes cannot be read every %d minutes.", v.ChangesMinutes))
	}
	return form.Join(wrong...)
}

// refuse says what is wrong with one field.
func refuse(field, format string, args ...any) error {
	return &domain.Error{Code: domain.Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Next gives the first occurrence after a moment; zero for none. A day that was begun already does not come again, also when the clock
// was put back.
func Next(v domain.SyncSchedule, after time.Time) time.Time {
	switch v.Mode {
	case domain.ScheduleHours:
		return after.Add(time.Duration(v.Hours) * time.Hour)
	case domain.ScheduleDaily:
		loc, at := placeOf(v)
		begun := v.LastDay
		if last, err := time.ParseInLocation(time.DateOnly, begun, loc); err != nil || last.Sub(after) > dayIsRecent {
			begun = ""
		}
		day := after.In(loc).AddDate(0, 0, -1) // the day before, for places where the day changes with the clock
		for range daysAhead + int(dayIsRecent/(24*time.Hour)) {
			if t := occurrence(day, at, loc); t.After(after) && t.Format(time.DateOnly) > begun {
				return t
			}
			day = noon(day).AddDate(0, 0, 1)
		}
	case domain.ScheduleOff:
	}
	return time.Time{}
}

// dayOf gives the local day of the last occurrence at or before now: the one that a sync which begins now stands for.
func dayOf(v domain.SyncSchedule, now time.Time) string {
	if v.Mode != domain.ScheduleDaily {
		return ""
	}
	loc, at := placeOf(v)
	day := now.In(loc)
	if occurrence(day, at, loc).After(now) {
		day = noon(day).AddDate(0, 0, -1)
	}
	return occurrence(day, at, loc).Format(time.DateOnly)
}

func placeOf(v domain.SyncSchedule) (*time.Location, time.Time) {
	loc := time.Local //nolint:gosmopolitan // the admin's own day
	if v.Zone != "" {
		if l, err := time.LoadLocation(v.Zone); err == nil {
			loc = l
		}
	}
	at, _ := time.Parse("15:04", v.At)
	return loc, at
}

func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}

// occurrence is the moment of a time of day on a day. A time that the clock jumps over is the moment of the jump; of one that comes
// twice it is the first.
func occurrence(day, at time.Time, loc *time.Location) time.Time {
	t := time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, loc)
	start, end := t.ZoneBounds()
	asked := time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	switch shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC); {
	case shown.After(asked):
		return start
	case shown.Before(asked):
		return end
	}
	if start.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).Zone()
	if earlier := t.Add(-time.Duration(before-now) * time.Second); before > now && earlier.Before(start) {
		return earlier
	}
	return t
}
