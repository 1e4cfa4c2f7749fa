package domain

import "time"

// RunState is the state of a run.
type RunState string

// The states of a run.
const (
	RunRunning RunState = "running"
	RunPaused  RunState = "paused"  // by the operator, a rate limit, the network, the key; PauseReason says which
	RunStopped RunState = "stopped" // by the operator: the rest was not started
	RunDone    RunState = "done"
)

// ItemState is the state of one change within a run.
type ItemState string

// The states of an item. Intent is on disk before the call is sent; an item found in Intent after a crash is settled by reading.
const (
	ItemPlanned ItemState = "planned" // not started
	ItemIntent  ItemState = "intent"  // a call may be under way
	ItemDone    ItemState = "done"
	ItemAlready ItemState = "already" // was already so: no call was sent, or one was refused because of that
	ItemSkipped ItemState = "skipped" // protected, synced, or changed since the plan; Reason says why
	ItemRefused ItemState = "refused" // Atlassian said no; certainly not carried out
	ItemUnknown ItemState = "unknown" // cannot be known
)

// Evidence says how we know an item's outcome.
type Evidence string

// The kinds of evidence.
const (
	ByAnswer Evidence = "answer" // the call's own answer
	ByRead   Evidence = "read"   // two equal reads after an unclear answer
	ByPlan   Evidence = "plan"   // nothing was sent
)

// Item is one change of a run with its outcome.
type Item struct {
	RunID      string
	Change     Change
	State      ItemState
	Reason     string // for the user: why skipped, refused or not known
	Evidence   Evidence
	Attempts   int // calls that were, or may have been, carried out or refused; one that was put off (429) or never left does not count
	IntentAt   time.Time
	FinishedAt time.Time
	Receipt    *Receipt // nil when nothing was sent
}

// Run is the execution of one plan.
type Run struct {
	ID          string
	PlanID      string
	SourceID    string
	SourceName  string // a copy, so that the log outlives the source
	Action      string
	ActionTitle string
	Params      map[string]string
	Trigger     Trigger
	Operator    string // the operating-system user
	Selection   string
	Note        string
	UndoOf      string
	State       RunState
	PauseReason string
	CreatedAt   time.Time
	FinishedAt  time.Time
	Total       int               // changes in the plan, skipped ones included
	Counts      map[ItemState]int // always sums to Total
	Confirmed   string            // what the operator typed, "" for a plain button
	Raised      *Raised           // the caps that were raised for it; nil for none
	UndoneBy    string            // id of the newest run that undoes this one
}

// Raised records that an operator let a run exceed caps at which its plan had stopped.
type Raised struct {
	Caps   []string `json:"caps"`   // what stopped the plan, in sentences
	Words  string   `json:"words"`  // what the operator typed
	Reason string   `json:"reason"` // why, in the operator's words
}

// Active tells whether the run still has something to do.
func (r Run) Active() bool { return r.State == RunRunning || r.State == RunPaused }
