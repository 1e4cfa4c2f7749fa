// Package expiry watches when the keys of sources end: the phase of each key, and reminders before its end.
//
// It shows nothing and sends nothing: whoever can tell a person asks what is due on its own channel, and each reminder is given there once.
package expiry

import (
	"fmt"
	"time"

	"seatkeeper/backend/domain"
)

const day = 24 * time.Hour

// Thresholds are the days before the end at which a reminder is due, in the order of time; 0 is the end itself.
var Thresholds = []int{30, 7, 1, 0}

// State is how near the end of a key is.
type State struct {
	Phase   domain.KeyPhase
	Expires time.Time // zero when unknown
	Days    int       // whole days left, 0 on the last one and after the end
	Words   string    // for the user, "" when unknown
}

// StateOf judges the key of a source at a moment.
func StateOf(s domain.Source, now time.Time) State {
	if s.KeyExpires.IsZero() {
		return State{Phase: domain.KeyUnknown}
	}
	end := endOf(s.KeyExpires)
	left := end.Sub(now)
	st := State{Phase: domain.KeyValid, Expires: s.KeyExpires, Days: int(max(left, 0) / day)}
	switch {
	case left <= 0:
		st.Phase, st.Words = domain.KeyEnded, "Key expired"
	case st.Days == 0:
		st.Words = "Key expires within a day"
	case st.Days == 1:
		st.Words = "Key expires in 1 day"
	default:
		st.Words = fmt.Sprintf("Key expires in %d days", st.Days)
	}
	if st.Phase == domain.KeyValid && due(s.KeyExpires, now) >= 0 {
		st.Phase = domain.KeyEnding
	}
	return st
}

// endOf is when a key stops working. A bare date, as an operator types it, means the end of that day.
func endOf(t time.Time) time.Time {
	if bare(t) {
		return t.Add(day)
	}
	return t
}

func bare(t time.Time) bool { return t.UTC().Truncate(day).Equal(t) }

// due is the latest threshold that has been reached, or -1. Days are counted before the date itself, so that "1 day before" is the day
// before also where the operator typed only a date.
func due(expires, now time.Time) int {
	reached := -1
	for _, n := range Thresholds {
		at := expires.Add(-time.Duration(n) * day)
		if n == 0 {
			at = endOf(expires)
		}
		if !now.Before(at) {
			reached = n
		}
	}
	return reached
}

// reminder is what is to be said at a threshold.
func reminder(s domain.Source, threshold int, now time.Time) domain.KeyReminder {
	r := domain.KeyReminder{
		SourceID: s.ID, SourceName: s.Name, Expires: s.KeyExpires, Days: threshold,
		Message: "Make a new key at Atlassian and put it in with Replace key on the Sources page. Name, settings, local copy and run logs stay.",
	}
	if threshold == 0 {
		r.Title = fmt.Sprintf("The key of %s has expired", s.Name)
		return r
	}
	switch left := StateOf(s, now).Days; left {
	case 0:
		r.Title = fmt.Sprintf("The key of %s expires within a day", s.Name)
	case 1:
		r.Title = fmt.Sprintf("The key of %s expires in 1 day", s.Name)
	default:
		r.Title = fmt.Sprintf("The key of %s expires in %d days", s.Name, left)
	}
	return r
}
