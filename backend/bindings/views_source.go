package bindings

// SupportView is one capability with, when missing, the reason.
type SupportView struct {
	Capability string `json:"capability"`
	Supported  bool   `json:"supported"`
	Reason     string `json:"reason"`
}

// SourceKindView is one kind of source.
type SourceKindView struct {
	Kind     string        `json:"kind"`
	Title    string        `json:"title"`
	Summary  string        `json:"summary"`
	Fields   []FieldView   `json:"fields"`
	Supports []SupportView `json:"supports"`
}

// SourceView is one source that was added.
type SourceView struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	KindTitle  string            `json:"kindTitle"`
	Name       string            `json:"name"`
	Color      string            `json:"color"`
	Settings   map[string]string `json:"settings"`
	Paused     bool              `json:"paused"`
	Demo       bool              `json:"demo"`
	KeyExpires string            `json:"keyExpires"`
	Key        KeyView           `json:"key"`
	Keys       KeysView          `json:"keys"`
	CreatedAt  string            `json:"createdAt"`
	TestedAt   string            `json:"testedAt"`
	Sync       SyncView          `json:"sync"`
}

// SourceDraft is what the page sends to test, add or change a source. Values hold secrets as typed; they never come
// back.
type SourceDraft struct {
	Kind       string            `json:"kind"`
	Name       string            `json:"name"`
	Color      string            `json:"color"`
	Values     map[string]string `json:"values"`
	KeyExpires string            `json:"keyExpires"` // YYYY-MM-DD or ""
}

// FindingView is one line of a connection test.
type FindingView struct {
	Check   string `json:"check"`
	Title   string `json:"title"`
	State   string `json:"state"` // "ok", "warning", "failed", "skipped"
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Reason  string `json:"reason"` // finer cause of a failed check, e.g. "ip_allowlist", "scope", "credential"
}

// TestView is the result of a connection test.
type TestView struct {
	OK           bool          `json:"ok"`
	Name         string        `json:"name"`
	Findings     []FindingView `json:"findings"`
	Capabilities []SupportView `json:"capabilities"`
	OperatorName string        `json:"operatorName"`
	KeyExpires   string        `json:"keyExpires"`
	TestedAt     string        `json:"testedAt"`
}

// AddedSource is the result of adding or changing a source: Source is null when the test failed and nothing was saved.
type AddedSource struct {
	Source *SourceView `json:"source"`
	Test   TestView    `json:"test"`
}

// SyncView is the state of a source's local copy; it also arrives as the event "sync".
type SyncView struct {
	SourceID    string   `json:"sourceId"`
	State       string   `json:"state"` // "never", "running", "done", "failed", "cancelled"
	StartedAt   string   `json:"startedAt"`
	FinishedAt  string   `json:"finishedAt"`
	Step        string   `json:"step"`
	PeopleDone  int      `json:"peopleDone"`
	PeopleTotal int      `json:"peopleTotal"` // -1 unknown
	GroupsDone  int      `json:"groupsDone"`
	GroupsTotal int      `json:"groupsTotal"` // -1 unknown
	Requests    int      `json:"requests"`
	WaitingMS   int64    `json:"waitingMs"` // > 0: Atlassian asked to wait
	SilentMS    int64    `json:"silentMs"`  // > 0: there has been no answer for so long
	Party       string   `json:"party"`     // from whom
	Added       int      `json:"added"`
	Changed     int      `json:"changed"`
	Removed     int      `json:"removed"`
	Drift       string   `json:"drift"`
	Problem     *Problem `json:"problem"`
	Revision    int64    `json:"revision"`   // of the last complete sync; 0 when none
	CompleteAt  string   `json:"completeAt"` // of the last complete sync
	Partial     bool     `json:"partial"`    // what is shown comes from a first sync that is not complete
	Stale       bool     `json:"stale"`      // too old to act on
	Kind        string   `json:"kind"`       // of the last sync: "full", "changes"
	Note        string   `json:"note"`       // why everything was read where only changes were asked for
	Resumed     bool     `json:"resumed"`    // the running sync goes on where an earlier one ended
	Resumable   bool     `json:"resumable"`  // a full sync goes on where the last one ended
	ChangesAt   string   `json:"changesAt"`  // of the last sync of changes after the complete one
	CanFollow   bool     `json:"canFollow"`  // a sync of only the changes is enough
	People      int      `json:"people"`     // in the local copy
	Groups      int      `json:"groups"`
}
