package bindings

// ActionView is one bulk action.
type ActionView struct {
	Kind       string      `json:"kind"`
	Groups     bool        `json:"groups"` // it is about groups, not about people
	Title      string      `json:"title"`
	Verb       string      `json:"verb"`
	Effect     string      `json:"effect"` // what happens to the people, in one sentence
	Undo       string      `json:"undo"`   // what can be taken back, in one sentence
	Docs       string      `json:"docs"`
	Risk       string      `json:"risk"` // "low", "medium", "high"
	Reversible bool        `json:"reversible"`
	Params     []FieldView `json:"params"`
	Supported  bool        `json:"supported"`
	Reason     string      `json:"reason"`   // why not, when not supported
	NeedsKey   bool        `json:"needsKey"` // a key for changes would make it possible
}

// PlanRequest asks for a plan over the current selection of a source.
type PlanRequest struct {
	SourceID  string            `json:"sourceId"`
	Action    string            `json:"action"`
	Params    map[string]string `json:"params"`
	Note      string            `json:"note"`      // the operator's reason
	Selection string            `json:"selection"` // how the people or groups were chosen, in words
	Groups    []string          `json:"groups"`    // ids of groups, for an action about groups
}

// GuardView is one thing the guard has to say.
type GuardView struct {
	Level   string   `json:"level"` // "info", "confirm", "stop", "block"
	Rule    string   `json:"rule"`
	Message string   `json:"message"`
	Hint    string   `json:"hint"`
	Names   []string `json:"names"` // some of whom it speaks of
}

// PlanView is a stored plan.
type PlanView struct {
	ID          string            `json:"id"`
	Hash        string            `json:"hash"`
	SourceID    string            `json:"sourceId"`
	SourceName  string            `json:"sourceName"`
	Action      ActionView        `json:"action"`
	Params      map[string]string `json:"params"`
	Trigger     string            `json:"trigger"`
	Selection   string            `json:"selection"`
	Note        string            `json:"note"`
	UndoOf      string            `json:"undoOf"`
	CreatedAt   string            `json:"createdAt"`
	ExpiresAt   string            `json:"expiresAt"`
	Sentence    string            `json:"sentence"` // what will happen, e.g. "Suspend access of 214 people in Acme."
	Guard       []GuardView       `json:"guard"`
	Counts      map[string]int    `json:"counts"` // by verdict
	Total       int               `json:"total"`
	People      int               `json:"people"`
	Changes     int               `json:"changes"`
	Blocked     bool              `json:"blocked"`
	MustType    bool              `json:"mustType"` // the number of changes must be typed to confirm
	Words       string            `json:"words"`    // what must be typed to raise the caps at which the plan stops; "" where it does not
	ButtonLabel string            `json:"buttonLabel"`
	Key         string            `json:"key"`     // which of the source's keys the run uses: "reading" or "changes"
	AsksKey     bool              `json:"asksKey"` // the key must be typed to confirm
	Outside     OutsideView       `json:"outside"`
}

// OutsideView tells who of a plan is not in the list of people or groups that was shown last.
type OutsideView struct {
	Count int      `json:"count"`
	Of    int      `json:"of"`    // people or groups in the plan
	Names []string `json:"names"` // the first of them; see Bulk.Outside
}

// SubjectView is a person or a group that a plan is about.
type SubjectView struct {
	Key       string `json:"key"`
	AccountID string `json:"accountId"`
	Name      string `json:"name"`
	Email     string `json:"email"`
}

// SubjectPage is a page of people or groups with the number of all.
type SubjectPage struct {
	Subjects []SubjectView `json:"subjects"`
	Total    int           `json:"total"`
}

// ChangeQuery asks for a page of a plan's changes.
type ChangeQuery struct {
	PlanID  string `json:"planId"`
	Verdict string `json:"verdict"` // "" for all
	Search  string `json:"search"`
	Used    bool   `json:"used"` // only people who used an app lately
	From    int    `json:"from"`
	Count   int    `json:"count"` // <= 1000
}

// ChangeView is one planned change.
type ChangeView struct {
	Seq       int        `json:"seq"`
	AccountID string     `json:"accountId"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Group     string     `json:"group"`
	Role      string     `json:"role"` // on an app, as "Role user on Jira (acme)"
	Verdict   string     `json:"verdict"`
	Reason    string     `json:"reason"`
	Used      string     `json:"used"` // the app that somebody who is to be locked out used lately, and when
	Diffs     []DiffView `json:"diffs"`
}

// DiffView is one attribute before and after.
type DiffView struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ChangePage is a page of changes with the number of all that match.
type ChangePage struct {
	Changes []ChangeView `json:"changes"`
	Total   int          `json:"total"`
}

// RunView is a run; it also arrives as the event "run".
type RunView struct {
	ID          string            `json:"id"`
	PlanID      string            `json:"planId"`
	SourceID    string            `json:"sourceId"`
	SourceName  string            `json:"sourceName"`
	Action      string            `json:"action"`
	ActionTitle string            `json:"actionTitle"`
	Groups      bool              `json:"groups"` // it is about groups, not about people
	Params      map[string]string `json:"params"`
	Trigger     string            `json:"trigger"`
	Operator    string            `json:"operator"`
	Selection   string            `json:"selection"`
	Note        string            `json:"note"`
	UndoOf      string            `json:"undoOf"`
	UndoneBy    string            `json:"undoneBy"`
	State       string            `json:"state"` // "running", "paused", "stopped", "done"
	PauseReason string            `json:"pauseReason"`
	CreatedAt   string            `json:"createdAt"`
	FinishedAt  string            `json:"finishedAt"`
	Total       int               `json:"total"`
	Raised      *RaisedView       `json:"raised"`   // the caps that were raised for it; null for none
	Counts      map[string]int    `json:"counts"`   // by item state; always sums to Total
	Finished    int               `json:"finished"` // items that have their outcome
	CanUndo     bool              `json:"canUndo"`
	UndoReason  string            `json:"undoReason"` // why not, when not
}

// RaisedView tells that an operator let a run exceed caps at which its plan had stopped.
type RaisedView struct {
	Caps   []string `json:"caps"`   // what stopped the plan, in sentences
	Words  string   `json:"words"`  // what the operator typed
	Reason string   `json:"reason"` // why
}

// RunQuery asks for a page of the run log.
type RunQuery struct {
	Actions   []string `json:"actions"`
	SourceIDs []string `json:"sourceIds"`
	States    []string `json:"states"`
	Outcome   string   `json:"outcome"` // "", "clean", "refused", "unknown"
	From      string   `json:"from"`    // RFC 3339 or ""
	To        string   `json:"to"`
	Search    string   `json:"search"`
	Offset    int      `json:"offset"`
	Limit     int      `json:"limit"`
}

// RunPage is a page of runs with the number of all that match.
type RunPage struct {
	Runs  []RunView `json:"runs"`
	Total int       `json:"total"`
}

// ItemQuery asks for a page of a run's results.
type ItemQuery struct {
	RunID  string `json:"runId"`
	State  string `json:"state"` // "" for all
	Search string `json:"search"`
	From   int    `json:"from"`
	Count  int    `json:"count"` // <= 1000
}

// ItemView is one result.
type ItemView struct {
	Seq        int        `json:"seq"`
	AccountID  string     `json:"accountId"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Group      string     `json:"group"`
	State      string     `json:"state"`
	Reason     string     `json:"reason"`
	Evidence   string     `json:"evidence"`
	Diffs      []DiffView `json:"diffs"`
	FinishedAt string     `json:"finishedAt"`
}

// ItemPage is a page of results with the number of all that match.
type ItemPage struct {
	Items []ItemView `json:"items"`
	Total int        `json:"total"`
}

// ItemDetails is one result with what was asked and answered.
type ItemDetails struct {
	Item      ItemView `json:"item"`
	Attempts  int      `json:"attempts"`
	Called    bool     `json:"called"` // a request was sent
	Method    string   `json:"method"`
	URL       string   `json:"url"`
	Body      string   `json:"body"`
	Status    int      `json:"status"` // 0: no answer came
	Answer    string   `json:"answer"`
	RequestID string   `json:"requestId"`
	SentAt    string   `json:"sentAt"`
	TookMS    int64    `json:"tookMs"`
}

// Exported tells where a file was written; Path is "" when the operator cancelled the dialog.
type Exported struct {
	Path string `json:"path"`
	Rows int    `json:"rows"`
}

// RecheckView is what a fresh look at the people of a plan found.
type RecheckView struct {
	Plan    PlanView `json:"plan"`    // the one to decide on: the same, or a new one where somebody has changed
	Changed int      `json:"changed"` // people for whom the new plan says something else
	Names   []string `json:"names"`   // some of them
	Checked int      `json:"checked"` // people who were read afresh
	Skipped string   `json:"skipped"` // why nobody was
}

// RecheckProgress tells how far the fresh look is; it arrives as the event "recheck".
type RecheckProgress struct {
	PlanID string `json:"planId"`
	Done   int    `json:"done"`
	Total  int    `json:"total"`
}
