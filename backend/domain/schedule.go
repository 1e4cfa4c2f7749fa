package domain

import "time"

// ScheduleMode says by what rule a source is synced without being asked.
type ScheduleMode string

// The rules.
const (
	ScheduleOff   ScheduleMode = "off"
	ScheduleDaily ScheduleMode = "daily" // at a time of day
	ScheduleHours ScheduleMode = "hours" // so many hours after the last one was begun
)

// SyncSchedule says when a source is synced without being asked, and what came of it.
type SyncSchedule struct {
	SourceID string
	Mode     ScheduleMode
	Hours    int    // for ScheduleHours: 1 to 168
	At       string // for ScheduleDaily: "05:30"
	Zone     string // for ScheduleDaily: an IANA name, "" for this computer's time zone

	ChangesMinutes int // how often, beside that, only what has changed is read; 0 for never

	NextDue time.Time // zero when off, or not known yet
	LastRun time.Time // when a sync was last begun by the schedule; zero for never
	LastDay string    // for ScheduleDaily: the local day of the last occurrence that was begun, YYYY-MM-DD
	Retries int       // how often the last one was begun again because Atlassian could not be reached
}

// DefaultSyncSchedule is what holds for a source until the admin says otherwise: once a day, before work begins.
func DefaultSyncSchedule(sourceID string) SyncSchedule {
	return SyncSchedule{SourceID: sourceID, Mode: ScheduleDaily, Hours: 24, At: "05:30"}
}

// NextSync is the earliest sync that is due, over all sources; At is zero when none is.
type NextSync struct{ At time.Time }
