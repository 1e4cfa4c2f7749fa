// Package reminders watches when the keys of sources end: the phase of each key, and reminders before its end.
//
// It shows nothing and sends nothing: whoever can tell a person asks what is due on its own channel, and each reminder
// is given there once.
package reminders

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

// StateOf judges at a moment a key that ends at a time; zero is an unknown end.
func StateOf(expires, now time.Time) State {
	if expires.IsZero() {
		return State{Phase: domain.KeyUnknown}
	}
	end := endOf(expires)
	left := end.Sub(now)
	st := State{Phase: domain.KeyValid, Expires: expires, Days: int(max(left, 0) / day)}
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
	if st.Phase == domain.KeyValid && due(expires, now) >= 0 {
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

// due is the latest threshold that has been reached, or -1. Days are counted before the date itself, so that "1 day
// before" is the day before also where the operator typed only a date.
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

// watched is one key that may end: a source has one or two.
type watched struct {
	mark    string // under which it stands among the marks
	source  domain.Source
	expires time.Time
	name    string // "The key of Acme"
	replace string // what to do with a new one
}

func keysOf(s domain.Source) []watched {
	keys := []watched{{
		mark: s.ID, source: s, expires: s.KeyExpires, name: "The key of " + s.Name,
		replace: "Make a new key at Atlassian and put it in with Replace key on the Sources page. Name, settings, local copy and run logs stay.",
	}}
	if s.ChangeKey.Set() {
		keys = append(keys, watched{
			mark: s.ID + "/changes", source: s, expires: s.ChangeKey.Expires, name: "The key for changes of " + s.Name,
			replace: "Make a new key at Atlassian and put it in under Keys on the Sources page. Reading and syncs go on without it.",
		})
	}
	return keys
}

// reminder is what is to be said at a threshold.
func reminder(k watched, threshold int, now time.Time) domain.KeyReminder {
	r := domain.KeyReminder{SourceID: k.source.ID, SourceName: k.source.Name, Expires: k.expires, Days: threshold, Message: k.replace}
	if threshold == 0 {
		r.Title = k.name + " has expired"
		return r
	}
	switch left := StateOf(k.expires, now).Days; left {
	case 0:
		r.Title = k.name + " expires within a day"
	case 1:
		r.Title = k.name + " expires in 1 day"
	default:
		r.Title = fmt.Sprintf("%s expires in %d days", k.name, left)
	}
	return r
}
