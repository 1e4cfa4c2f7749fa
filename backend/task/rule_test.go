package task

import (
	"math/rand/v2"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestNext(t *testing.T) {
	for _, c := range []struct{ zone, at, last, after, want string }{
		{"Europe/Berlin", "05:30", "", "2026-11-21T04:00:00+01:00", "2026-11-21T05:30:00+01:00"},
		{"Europe/Berlin", "05:30", "", "2026-11-21T05:30:00+01:00", "2026-11-22T05:30:00+01:00"},
		{"Europe/Berlin", "02:30", "", "2026-03-29T00:10:00+01:00", "2026-03-29T03:00:00+02:00"}, // does not exist: when the clock jumps
		{"Europe/Berlin", "02:30", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"Europe/Berlin", "02:30", "", "2026-10-25T00:10:00+02:00", "2026-10-25T02:30:00+02:00"}, // comes twice: the first
		{"Europe/Berlin", "02:30", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"Australia/Lord_Howe", "01:45", "", "2026-04-05T00:00:00+11:00", "2026-04-05T01:45:00+11:00"},                 // half an hour twice
		{"Europe/Berlin", "05:30", "2026-11-21T05:30", "2026-11-21T04:00:00+01:00", "2026-11-22T05:30:00+01:00"},       // the clock was put back
		{"Europe/Berlin", "06:00", "2026-11-21T05:30", "2026-11-21T05:40:00+01:00", "2026-11-21T06:00:00+01:00"},       // the day's new time is still to come
		{"Europe/Berlin", "05:30", "2026-11-21T05:30:00Z", "2026-11-21T04:00:00+01:00", "2026-11-21T05:30:00+01:00"},   // it was every so many hours before
		{"America/Los_Angeles", "05:30", "2026-11-21T05:30", "2026-11-21T09:00:00+01:00", "2026-11-22T14:30:00+01:00"}, // the day was begun in Berlin
		{"America/Los_Angeles", "23:50", "", "2026-11-22T09:00:00+01:00", "2026-11-23T08:50:00+01:00"},
	} {
		after, _ := time.Parse(time.RFC3339, c.after)
		want, _ := time.Parse(time.RFC3339, c.want)
		got := Next(domain.Task{Schedule: domain.Schedule{Mode: domain.ScheduleDaily, At: c.at, Zone: c.zone}, LastOccurrence: c.last}, after)
		if !got.Equal(want) {
			t.Errorf("%s %s after %s: %s, want %s", c.zone, c.at, c.after, got, c.want)
		}
	}
}

// TestEachLocalDayOnce walks through years in several zones: exactly one occurrence for each local day, in order, at the time asked for
// unless the clock jumps over it.
func TestEachLocalDayOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "UTC"} {
		loc := zone(t, name)
		for range 6 {
			at := time.Date(0, 1, 1, r.IntN(4), r.IntN(60), 0, 0, time.UTC).Format("15:04")
			v := domain.Task{Schedule: domain.Schedule{Mode: domain.ScheduleDaily, At: at, Zone: name}}
			now := time.Date(2025, 1, 1, 12, 0, 0, 0, loc)
			jumped := 0
			for day := time.Date(2025, 1, 2, 12, 0, 0, 0, loc); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
				next := Next(v, now)
				if got := next.In(loc).Format(time.DateOnly); got != day.Format(time.DateOnly) {
					t.Fatalf("%s %s: after %s comes %s, want the day %s", name, at, now, next, day.Format(time.DateOnly))
				}
				if next.In(loc).Format("15:04") != at {
					jumped++
				}
				v.NextDue = next
				if got := pending(v, next.Add(time.Hour)); len(got) != 1 || got[0].Key != day.Format(time.DateOnly)+"T"+at || !got[0].Due.Equal(next) {
					t.Fatalf("%s %s: %s stands for %v", name, at, next, got)
				}
				now = next
			}
			v.NextDue = time.Date(2026, 1, 2, 12, 0, 0, 0, loc) // the days that a sleep of a year passes over are each there once, too
			if list := pending(v, v.NextDue.AddDate(1, 0, 0)); len(list) != 365 {
				t.Errorf("%s %s: %d days in a year", name, at, len(list))
			}
			if jumped > 6 {
				t.Errorf("%s %s: %d days at another time", name, at, jumped)
			}
		}
	}
}

// TestCheck: whoever fills in the form learns of all mistakes at once, each at its field.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		rule  domain.Schedule
		wrong string
	}{
		{domain.Schedule{Mode: domain.ScheduleDaily, At: "05:30"}, ""},
		{domain.Schedule{Mode: domain.ScheduleOff, At: "never", Zone: "Mars"}, ""},
		{domain.Schedule{Mode: domain.ScheduleHours, Hours: 1}, ""},
		{domain.Schedule{Mode: domain.ScheduleHours}, "hours"},
		{domain.Schedule{Mode: domain.ScheduleHours, Hours: 169}, "hours"},
		{domain.Schedule{Mode: domain.ScheduleDaily}, "at"},
		{domain.Schedule{Mode: domain.ScheduleDaily, At: "24:00"}, "at"},
		{domain.Schedule{Mode: domain.ScheduleDaily, At: "05:30", Zone: "../etc/passwd"}, "zone"},
		{domain.Schedule{Mode: domain.ScheduleDaily, At: "5.30", Zone: "Mars/Olympus"}, "at zone"},
		{domain.Schedule{Mode: "sometimes"}, "mode"},
	} {
		err := Check(c.rule)
		if err == nil {
			if c.wrong != "" {
				t.Errorf("%+v is let pass", c.rule)
			}
			continue
		}
		e := domain.AsError(err)
		got := e.Field
		for _, more := range e.More {
			got += " " + more.Field
		}
		if e.Code != domain.Invalid || got != c.wrong {
			t.Errorf("%+v: %s are wrong, not %s", c.rule, got, c.wrong)
		}
	}
}
