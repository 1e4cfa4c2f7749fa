package domain

import "time"

// ScheduleMode says by what rule a task comes due.
type ScheduleMode string

// The rules.
const (
	ScheduleOff   ScheduleMode = "off"
	ScheduleDaily ScheduleMode = "daily" // at a time of day
	ScheduleHours ScheduleMode = "hours" // so many hours after the last one was begun
)

// Schedule is the rule by which a task comes due.
type Schedule struct {
	Mode  ScheduleMode
	Hours int    // for ScheduleHours: 1 to 168
	At    string // for ScheduleDaily: "05:30"
	Zone  string // for ScheduleDaily: an IANA name, "" for this computer's time zone
}

// TaskSync is the kind of the task that syncs a source.
const TaskSync = "sync"

// Task is something that is done again and again without being asked.
type Task struct {
	ID       string
	Kind     string // of the registered kinds
	Name     string // "" for the title of its kind
	SourceID string // "" for none
	Schedule Schedule
	Params   map[string]string // what the kind asks for besides
	Active   bool              // one that is not does nothing by itself

	NextDue        time.Time // of the first occurrence that was not begun; zero for none, or not known yet
	LastRun        time.Time // when the schedule last began a run; zero for never
	LastOccurrence string    // the one that was begun then
	RetryAt        time.Time // when that one is begun again; zero for not
	Retries        int       // how often it was
}

// Upcoming is when the task is begun next: zero for never.
func (t Task) Upcoming() time.Time {
	if t.RetryAt.IsZero() || !t.NextDue.IsZero() && t.NextDue.Before(t.RetryAt) {
		return t.NextDue
	}
	return t.RetryAt
}

// NextTask is the earliest task that is due, of all; At is zero when none is.
type NextTask struct{ At time.Time }

// TaskRun is one occurrence of a task: it is there from the moment at which somebody claims it, or lets it pass. There is never a second
// one of the same task and occurrence.
type TaskRun struct {
	ID         int64 // grows in the order in which they were recorded
	TaskID     string
	Occurrence string // stays the same whatever the clock and the time zone do: the local day and time, or the moment in UTC
	Part       string // "" for what the schedule asks for; else a word of the kind for what it does beside that
	DueAt      time.Time
	StartedAt  time.Time // of the last attempt; zero for none
	SeenAt     time.Time // when the process that does it last said that it goes on
	FinishedAt time.Time // zero while it runs, and when nobody saw the end
	Attempts   int
	Outcome    TaskOutcome
	Reason     string // of one that was missed: a Missed constant; of one that failed: a Code
	Ref        string // the id of what it made, such as a sync; "" for none
}

// TaskOutcome is how a run of a task ended.
type TaskOutcome string

// The outcomes.
const (
	TaskRunning     TaskOutcome = "running"
	TaskDone        TaskOutcome = "done"
	TaskFailed      TaskOutcome = "failed"
	TaskStopped     TaskOutcome = "stopped"     // by hand
	TaskInterrupted TaskOutcome = "interrupted" // the program ended first
	TaskMissed      TaskOutcome = "missed"      // it was never begun
)

// Why an occurrence was missed.
const (
	MissedAway    = "away"    // the program did not run, or the computer slept
	MissedPaused  = "paused"  // the source was paused
	MissedLocked  = "locked"  // the keys were under lock
	MissedBusy    = "busy"    // something else was under way
	MissedChanged = "changed" // the schedule was changed before it was begun
)
