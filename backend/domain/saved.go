package domain

import "time"

// SavedFilter is a filter that an admin has given a name, with the way its list is shown. It belongs to a workspace, not to one source:
// "inactive in Jira" is asked of every organization.
type SavedFilter struct {
	ID          string
	Name        string
	Description string
	Filter      string   // filter language, canonical when it was saved; kept also when a field or a group of it is gone
	Columns     []string // shown columns in order; none: those that are shown anyway
	Sort        string   // a column; "" for the filter's ORDER BY, else the name
	Desc        bool     // for Sort
	Density     int      // height of a row in pixels; 0: the one that is chosen anyway
	Pinned      bool     // stands in the rail with its count
	CreatedAt   time.Time
	UpdatedAt   time.Time
}
