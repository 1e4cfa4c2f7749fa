package domain

import "time"

// Batch is a piece of what a source delivers while it is read. Any part may be empty; a user or group may come in several batches
// (an original-experience account once for each directory): the mirror merges by account id, and of statuses what is true of the
// account itself holds, then the best of a directory.
type Batch struct {
	Directories []Directory
	Apps        []App
	Groups      []Group
	Users       []User
	Domains     []Domain
	Grants      []Granting    // each after or with the group's own row
	Accounts    []AccountFact // before or after the person's own row; people who have none are passed over
}

// AccountFact is what a second list of a source tells about people of the first one.
type AccountFact struct {
	AccountID string
	Billable  Tri // counts for Atlassian Guard
}

// ReadProgress tells how far a read is. Totals are -1 while unknown.
type ReadProgress struct {
	Step        string // for the user: "People", "Groups", "Apps"
	People      int
	PeopleTotal int
	Groups      int
	GroupsTotal int
	Requests    int
	Waiting     time.Duration // > 0: Atlassian asked to wait this long
	Silent      time.Duration // > 0: there has been no answer for so long
	Party       string        // from whom
}

// ReadTotals are the source's own counts at the end of a read, -1 where it has none; the mirror compares them with what it got.
type ReadTotals struct {
	People int
	Groups int
	// Limited says, in a sentence for the user, why the source may have more people than it can list; "" when it listed all. Nobody who
	// is missing is then taken for removed.
	Limited string
	// Note says, in a sentence for the user, what else could not be read; "" for nothing. People and groups are complete all the same.
	Note string
}

// Shortfall says where a source's own counts differ from what it delivered. The zero value: nowhere.
type Shortfall struct {
	Sentence    string // for the user, "" for none
	FewerPeople bool   // fewer people were delivered than counted: nobody is then taken for removed
	FewerGroups bool   // the same for groups
}

// SyncState is the state of a source's local copy.
type SyncState string

// The states of a sync.
const (
	SyncNever     SyncState = "never"
	SyncRunning   SyncState = "running"
	SyncDone      SyncState = "done"
	SyncFailed    SyncState = "failed"
	SyncCancelled SyncState = "cancelled"
)

// SyncKind says how much a sync reads.
type SyncKind string

// The kinds. A full sync is the truth; one of changes reads only whom the audit log names.
const (
	SyncFull    SyncKind = "full"
	SyncChanges SyncKind = "changes"
)

// Sync is one sync of one source: running, or the last one.
type Sync struct {
	ID         int64 // of a full one also the revision of the local copy that it produced
	SourceID   string
	Kind       SyncKind
	Note       string // "" or a sentence: why everything was read where only changes were asked for
	Resumed    bool   // it goes on where an earlier one ended
	State      SyncState
	StartedAt  time.Time
	FinishedAt time.Time
	Progress   ReadProgress
	People     int // in the local copy after it
	Groups     int
	Added      int
	Changed    int
	Removed    int
	Drift      string // "" or a sentence: where the source's own counts differ from what it delivered
	Error      *Error // for failed ones
}

// Freshness says how old a source's local copy is.
type Freshness struct {
	Revision   int64     // of the last complete sync, 0 when none
	CompleteAt time.Time // zero when none
	ChangesAt  time.Time // of the last sync of changes after it, zero when none
	Followed   bool      // the audit log can tell what has changed since
	Resumable  bool      // a full sync that did not end can go on where it was
	Partial    bool      // what is shown comes from a first sync that is still running
	People     int
	Groups     int
}

// MaxSilence is how long a server may be silent before the operator is told, with a way out.
const MaxSilence = 5 * time.Second

// clockStep is by how much a clock may be put back without anybody having changed it: time servers do that.
const clockStep = 5 * time.Minute

// Old tells whether the last complete sync is longer ago than most, or nobody knows how long: its time is still to come, because the
// computer's clock was ahead then or is behind now.
func (f Freshness) Old(now time.Time, most time.Duration) bool {
	age := now.Sub(f.CompleteAt)
	return age > most || age < -clockStep
}

// Place says up to where the audit log was followed. The zero value: not at all.
type Place struct {
	// At is the time of the newest event that was met, by Atlassian's clock.
	At time.Time
	// Handled are the recent events whose people need not be read again, with their times: the log is read from a while before At on,
	// because events may be late.
	Handled map[string]time.Time
}

// Changes are what a sync of changes found beside what it staged.
type Changes struct {
	GonePeople []string // account ids that the source does not know any more
	GoneGroups []string // group ids
	Place      Place    // kept together with what was staged, or not at all
}
