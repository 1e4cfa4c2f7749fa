package bindings

import "seatkeeper/backend/export"

// ExportFormat is a kind of file into which a list can be written.
type ExportFormat struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Columns int    `json:"columns"` // that an export of everything has
}

// ExportRequest says what to write.
type ExportRequest struct {
	ID       string   `json:"id"` // chosen by the page, for "export" events and CancelExport
	SourceID string   `json:"sourceId"`
	Snapshot string   `json:"snapshot"`
	Format   string   `json:"format"`
	Columns  []string `json:"columns"` // in order; none means all
}

// ExportProgress is the payload of "export" events.
type ExportProgress struct {
	ID    string `json:"id"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

func exportProgress(p export.Progress) ExportProgress { return ExportProgress(p) }

// SavedFilter is a filter with a name, and what it finds at the source that was asked about.
type SavedFilter struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Filter      string       `json:"filter"`
	Columns     []string     `json:"columns"` // none: those that are shown anyway
	Sort        string       `json:"sort"`
	Desc        bool         `json:"desc"`
	Density     int          `json:"density"` // 0: the one that is chosen anyway
	Pinned      bool         `json:"pinned"`
	UpdatedAt   string       `json:"updatedAt"`
	Count       int          `json:"count"` // people, when Error is null
	Error       *FilterError `json:"error"` // why it finds nobody here: a field or a group is gone
}

// SavedDraft is what is saved.
type SavedDraft struct {
	ID          string   `json:"id"` // "" for a new one
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Filter      string   `json:"filter"`
	Columns     []string `json:"columns"`
	Sort        string   `json:"sort"`
	Desc        bool     `json:"desc"`
	Density     int      `json:"density"`
	Pinned      bool     `json:"pinned"`
}

// SavedImport is what an import of saved filters did.
type SavedImport struct {
	Added   []string `json:"added"`   // names, as they were saved
	Renamed int      `json:"renamed"` // of these: whose name was taken
	Same    int      `json:"same"`    // left out, because they are there already
}

// GroupQuery asks for a page of groups.
type GroupQuery struct {
	SourceID string `json:"sourceId"`
	Search   string `json:"search"` // words of name or description, or an id
	Kind     string `json:"kind"`   // "", "empty", "synced", "locked", "open", "unsure", "many_apps", "default", "admin", "leaks"
	Sort     string `json:"sort"`   // "name", "members", "apps"
	Desc     bool   `json:"desc"`
	From     int    `json:"from"`
	Count    int    `json:"count"`
}

// GroupList is a page of groups.
type GroupList struct {
	Groups      []GroupRow     `json:"groups"`
	Total       int            `json:"total"`
	All         int            `json:"all"`         // groups of the source
	Kinds       map[string]int `json:"kinds"`       // how many the search finds of each kind
	GrantsKnown bool           `json:"grantsKnown"` // whether the source says of any group which apps it gives
	Directories []NamedID      `json:"directories"`
}

// GroupRow is one group of the groups page.
type GroupRow struct {
	GroupID     string       `json:"groupId"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Directory   string       `json:"directory"` // "" when there is only one
	Members     int          `json:"members"`   // in the local copy; equals the list of Filter
	Counted     int          `json:"counted"`   // as the source counts, -1 unknown
	Synced      string       `json:"synced"`    // "yes", "no", "unknown"
	Locked      string       `json:"locked"`    // why its members cannot be changed here, "" if they can
	AdminsOf    string       `json:"adminsOf"`  // what its members administer, e.g. "the organization", "" for nothing
	Grants      []GroupGrant `json:"grants"`    // apps that it gives
	GrantsKnown bool         `json:"grantsKnown"`
	Apps        int          `json:"apps"`   // how many it gives, as the source counts, -1 unknown
	Filter      string       `json:"filter"` // finds its members
}

// NamedID is a thing with its id and name.
type NamedID struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// GroupGrant is one app that a group gives.
type GroupGrant struct {
	App     string   `json:"app"`   // e.g. "Jira (acme)"
	Roles   []string `json:"roles"` // e.g. "user"; none where the source tells only the app
	Default bool     `json:"default"`
}
