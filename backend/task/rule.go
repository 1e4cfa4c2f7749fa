package task

import (
	"fmt"
	"time"
	_ "time/tzdata" // Windows has no time zones of its own

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

const (
	maxHours   = 7 * 24
	daysAhead  = 12  // in which the next day is found that was not begun
	maxPending = 400 // days that are recorded as missed at once: more are not kept anyway
)

// Check refuses a schedule that cannot be kept. Its error is about the first field that is wrong; in More are the others.
func Check(v domain.Schedule) error {
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
	return form.Join(wrong...)
}

// refuse says what is wrong with one field.
func refuse(field, format string, args ...any) error {
	return &domain.Error{Code: domain.Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// local is the form of the key of a day's occurrence: the day and time as asked for, without the zone, so that no change of clock or zone
// makes a second one of it.
const local = "2006-01-02T15:04"

// Next gives the first occurrence after a moment; zero for none. A day that was begun already does not come again, also when the clock
// was put back.
func Next(t domain.Task, after time.Time) time.Time {
	switch t.Schedule.Mode {
	case domain.ScheduleHours:
		return after.Add(time.Duration(t.Schedule.Hours) * time.Hour)
	case domain.ScheduleDaily:
		o, _ := nextDay(t, after)
		return o.Due
	case domain.ScheduleOff:
	}
	return time.Time{}
}

// nextDay is Next for a time of day.
func nextDay(t domain.Task, after time.Time) (Occurrence, bool) {
	loc, at := placeOf(t.Schedule)
	begun := t.LastOccurrence
	if _, err := time.Parse(local, begun); err != nil {
		begun = "" // of another schedule
	}
	day := after.In(loc).AddDate(0, 0, -1) // the day before, for places where the day changes with the clock
	for range daysAhead {
		o := Occurrence{Due: occurrence(day, at, loc)}
		if o.Key = o.Due.Format(time.DateOnly) + "T" + at.Format("15:04"); o.Due.After(after) && o.Key > begun {
			return o, true
		}
		day = noon(day).AddDate(0, 0, 1)
	}
	return Occurrence{}, false
}

func due(t domain.Task, now time.Time) bool { return !t.NextDue.IsZero() && !t.NextDue.After(now) }

// pending gives the occurrences of the schedule that are due and were not begun, oldest first: the newest ones, if there are many. So many
// hours after the last one there is only one, however late it is; of days there may be several.
func pending(t domain.Task, now time.Time) []Occurrence {
	if !due(t, now) {
		return nil
	}
	switch t.Schedule.Mode {
	case domain.ScheduleHours:
		return []Occurrence{{Key: t.NextDue.UTC().Format(time.RFC3339), Due: t.NextDue}}
	case domain.ScheduleDaily:
		from := t.NextDue.Add(-time.Nanosecond)
		if oldest := now.AddDate(0, 0, -maxPending); oldest.After(from) {
			from = oldest
		}
		list := daysUpTo(t, from, now)
		if len(list) == 0 { // the time zone was changed, and the day's time there is over
			list = daysUpTo(t, t.NextDue.AddDate(0, 0, -1), now)
		}
		return list
	case domain.ScheduleOff:
	}
	return nil
}

func daysUpTo(t domain.Task, from, now time.Time) []Occurrence {
	var list []Occurrence
	for {
		o, ok := nextDay(t, from)
		if !ok || o.Due.After(now) {
			return list
		}
		list, from = append(list, o), o.Due
	}
}

func placeOf(v domain.Schedule) (*time.Location, time.Time) {
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
