package bindings

// PeopleQuery asks for a list of people.
type PeopleQuery struct {
	SourceID string `json:"sourceId"`
	Filter   string `json:"filter"` // filter language; "" for all
	Search   string `json:"search"` // search as you type: name, e-mail, account id
	Sort     string `json:"sort"`   // what it is to be sorted by, as sort of a snapshot; "" for the filter's ORDER BY or the name
	Desc     bool   `json:"desc"`
	Selected bool   `json:"selected"` // only those who are selected now
	Shown    bool   `json:"shown"`    // the operator is shown it: a preview says who is not in the list that was shown last
}

// SnapshotView is a list that stays as it is while a sync writes: its rows are read by position.
type SnapshotView struct {
	ID      string       `json:"id"` // "" when FilterError is set
	Total   int          `json:"total"`
	Filter  string       `json:"filter"` // canonical text
	Partial bool         `json:"partial"`
	Stale   bool         `json:"stale"`
	All     int          `json:"all"`  // people in the local copy, without any filter
	Sort    string       `json:"sort"` // what it is sorted by: status, lastActive("Jira"); "" for the name
	Desc    bool         `json:"desc"`
	Error   *FilterError `json:"error"`
}

// DriftView tells how far a list is from what the same query would show now.
type DriftView struct {
	Stale   bool `json:"stale"`
	Changes int  `json:"changes"` // people who came, went, or look different
	Total   int  `json:"total"`   // people whom the same query would list now
}

// FilterError points at a mistake in a filter. Positions are UTF-16 offsets, as JavaScript counts.
type FilterError struct {
	Start      int      `json:"start"`
	End        int      `json:"end"`
	Message    string   `json:"message"`
	Expected   []string `json:"expected"`
	Suggestion string   `json:"suggestion"` // whole corrected text, or ""
}

// PersonRow is one row of the grid.
type PersonRow struct {
	ID         int64    `json:"id"`
	AccountID  string   `json:"accountId"`
	Name       string   `json:"name"`
	Email      string   `json:"email"`
	Status     string   `json:"status"`
	Managed    string   `json:"managed"` // "yes", "no", "unknown"
	Origin     string   `json:"origin"`  // "invited", "synced", ""
	Apps       []string `json:"apps"`    // names, e.g. "Jira (acme)"
	LastActive string   `json:"lastActive"`
	Activity   string   `json:"activity"` // "active", "never", "unknown", "none" (no app)
	Groups     int      `json:"groups"`
	Roles      []string `json:"roles"`
	Department string   `json:"department"`
	JobTitle   string   `json:"jobTitle"`
	Location   string   `json:"location"`
	AddedAt    string   `json:"addedAt"`
	MFA        string   `json:"mfa"`
	Billable   string   `json:"billable"` // counts for Atlassian Guard: "yes", "no", "unknown"
	Type       string   `json:"type"`
	UserName   string   `json:"userName"` // at a Data Center
	Policy     string   `json:"policy"`   // authentication policy, where an imported file told it
	ReadAt     string   `json:"readAt"`   // when what is known was read, "" while the first sync runs
	Selected   bool     `json:"selected"`
}

// SelectRequest changes the selection by rows From (inclusive) to To (exclusive) of a snapshot.
type SelectRequest struct {
	Snapshot string `json:"snapshot"`
	Op       string `json:"op"` // "add", "remove", "toggle", "only"; without rows: "all" (this list alone), "here", "keep"
	From     int    `json:"from"`
	To       int    `json:"to"`
}

// SelectionView is the selection as a list sees it.
type SelectionView struct {
	Count int  `json:"count"` // people who are selected
	Here  int  `json:"here"`  // of them in the list
	All   bool `json:"all"`   // everybody in the list is selected
	Aside int  `json:"aside"` // people whom "all", "only" or "here" took out, and "keep" brings back
}

// PersonView is everything about one person.
type PersonView struct {
	Row           PersonRow        `json:"row"`
	Nickname      string           `json:"nickname"`
	EmailVerified string           `json:"emailVerified"`
	Organization  string           `json:"organization"`
	TimeZone      string           `json:"timeZone"`
	DeactivatedAt string           `json:"deactivatedAt"`
	Directories   []DirectoryState `json:"directories"`
	Access        []AccessView     `json:"access"`
	GroupList     []GroupView      `json:"groupList"`
	Protected     string           `json:"protected"` // why no action touches this person, "" if one may
	Runs          []PersonRunView  `json:"runs"`      // what was done to this person, newest first, at most 50
	RunsTotal     int              `json:"runsTotal"`
	History       []PersonEvent    `json:"history"` // what syncs have found different, newest first
}

// PersonEvent is one change of a person that a sync has found.
type PersonEvent struct {
	At     string `json:"at"`
	Kind   string `json:"kind"`   // "listed", "came", "gone", "back", "joined", "left", "newStatus"
	Group  string `json:"group"`  // for "joined" and "left"
	Status string `json:"status"` // for "newStatus"
}

// DirectoryState is a person's state in one directory.
type DirectoryState struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

// AccessView is one app that a person may open.
type AccessView struct {
	App        string   `json:"app"`
	Site       string   `json:"site"`
	SiteURL    string   `json:"siteUrl"`
	LastActive string   `json:"lastActive"`
	Activity   string   `json:"activity"` // "active", "never", "unknown"
	Via        []string `json:"via"`      // groups that are known to grant it
	// Why it costs a seat.
	Paths    []PathView `json:"paths"`    // the groups that grant it, with their roles
	Known    bool       `json:"known"`    // of each of the person's groups it is known what it grants
	Direct   string     `json:"direct"`   // "yes", "no" or "unknown": given to the person alone
	Inferred bool       `json:"inferred"` // follows from something else
	Seat     string     `json:"seat"`     // "yes", "no" or "unknown": access of a kind that costs a seat
	Idle     string     `json:"idle"`     // status because of which no seat is counted now, "" if counted
}

// PathView is one group by which a person came to an app.
type PathView struct {
	GroupID string   `json:"groupId"`
	Group   string   `json:"group"`
	Roles   []string `json:"roles"`   // e.g. "user", "guest"
	Default bool     `json:"default"` // a default group: an invitation may put the person back
	Synced  string   `json:"synced"`  // "yes": the identity provider decides who is in it
	Seat    bool     `json:"seat"`
	Effect  string   `json:"effect"` // of leaving just this group: "nothing", "frees", "frees_unless", "no_seat"
	Others  []string `json:"others"` // names of the groups that keep the seat
	Also    []string `json:"also"`   // other apps that leaving the group ends too
}

// PersonRunView is one thing that was done to a person.
type PersonRunView struct {
	RunID  string `json:"runId"`
	Seq    int    `json:"seq"`
	Action string `json:"action"`
	State  string `json:"state"`
	Reason string `json:"reason"`
	At     string `json:"at"` // "" while it is under way
	Note   string `json:"note"`
	By     string `json:"by"`    // the operating-system user
	Undo   bool   `json:"undo"`  // the run took back another one
	Group  string `json:"group"` // the group that was meant, "" for none
}

// GroupView is one group.
type GroupView struct {
	GroupID     string `json:"groupId"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Synced      string `json:"synced"`
	Locked      string `json:"locked"` // why its members cannot be changed here, "" if they can
	Members     int    `json:"members"`
	Filter      string `json:"filter"` // finds its members; only with a person
}

// GroupPage is a list of groups with the number of all that match.
type GroupPage struct {
	Groups []GroupView `json:"groups"`
	Total  int         `json:"total"`
}

// AppTile is the summary of one app; each number opens the list of its filter and equals it.
type AppTile struct {
	AppID   string       `json:"appId"`
	App     string       `json:"app"`
	Site    string       `json:"site"`
	SiteURL string       `json:"siteUrl"`
	Plan    string       `json:"plan"`
	Usage   int          `json:"usage"`   // Atlassian's own count of the seats that are taken; -1 unknown
	Partial bool         `json:"partial"` // the numbers are of a first sync that is not complete
	Numbers []TileNumber `json:"numbers"`
}

// TileNumber is one number of a tile.
type TileNumber struct {
	Name   string `json:"name"` // "seats", "active", "inactive", "never", "unknown", "suspended"
	Count  int    `json:"count"`
	Filter string `json:"filter"`
}

// FilterField describes one field of the filter language, for chips and help.
type FilterField struct {
	Name      string   `json:"name"`
	Label     string   `json:"label"`
	Docs      string   `json:"docs"`
	Type      string   `json:"type"` // "text", "choice", "date", "number", "bool"
	Operators []string `json:"operators"`
	Values    []string `json:"values"`   // for choices; may be empty when Dynamic
	Dynamic   bool     `json:"dynamic"`  // values come from Complete
	Argument  string   `json:"argument"` // what its argument is, e.g. "app"; "" for none
	Example   string   `json:"example"`
}

// ParsedFilter is a filter as text and as tree. The tree is JSON text, so that the page can keep what it does not know.
type ParsedFilter struct {
	Canonical string        `json:"canonical"`
	Explain   string        `json:"explain"`
	Tree      string        `json:"tree"`
	Count     int           `json:"count"` // people for whom it is true; not known from Format
	Error     *FilterError  `json:"error"`
	Warnings  []FilterError `json:"warnings"` // what is no mistake but probably not meant
}

// Completion is one proposal of the filter box: replace [Start, End) of the text by Insert.
type Completion struct {
	Label  string `json:"label"`
	Detail string `json:"detail"`
	Insert string `json:"insert"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}
