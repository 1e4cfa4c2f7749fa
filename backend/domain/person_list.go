package domain

import "time"

// PersonList is a list of people that an admin has given a name, such as the leavers of a month. It belongs to a workspace, not to one
// source: each entry is looked for in the source that is asked.
type PersonList struct {
	ID        string
	Name      string   // unlike the others', whatever the case of letters
	Values    []string // e-mail addresses and account ids, as they were given
	CreatedAt time.Time
	UpdatedAt time.Time
}
