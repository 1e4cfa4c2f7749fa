package domain

import "time"

// ChangeQuery chooses changes of a plan. The zero value means all; Count 0 means "only the total".
type ChangeQuery struct {
	Verdict Verdict // "" for all
	Search  string  // part of a name, e-mail address, account id or group name, in any case
	Used    bool    // only people who used an app lately
	From    int     // how many matching changes to pass over
	Count   int     // how many to return, at most 1000
}

// ItemQuery chooses items of a run; the fields mean the same as in ChangeQuery.
type ItemQuery struct {
	State  ItemState // "" for all
	Search string
	From   int
	Count  int
}

// The outcomes by which runs can be chosen. A run may belong to both of the last two.
const (
	OutcomeClean   = "clean"   // no item refused, none not known
	OutcomeRefused = "refused" // at least one item refused
	OutcomeUnknown = "unknown" // at least one item not known
)

// RunQuery chooses runs, newest first. The zero value of a field means all.
type RunQuery struct {
	Actions   []string
	SourceIDs []string
	States    []RunState
	Outcome   string    // "" or one of the constants
	From, To  time.Time // of the run's start; From is included, To is not
	Search    string    // part of a person's name, e-mail address or account id within the run, in any case
	Offset    int
	Limit     int // at most 500; 0 means 100
}
