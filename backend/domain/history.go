package domain

import "time"

// PersonEventKind says what happened to a person between two readings of a source.
type PersonEventKind string

// The kinds.
const (
	PersonListed    PersonEventKind = "listed"    // there already when the local copy was first made
	PersonCame      PersonEventKind = "came"      // first seen
	PersonGone      PersonEventKind = "gone"      // no longer delivered
	PersonBack      PersonEventKind = "back"      // delivered again
	PersonJoined    PersonEventKind = "joined"    // a member of Group now
	PersonLeft      PersonEventKind = "left"      // no longer a member of Group
	PersonNewStatus PersonEventKind = "newStatus" // Status is another
)

// PersonEvent is one change of a person that a reading has found. It happened before At and after the reading before that.
type PersonEvent struct {
	At     time.Time // of the reading
	Kind   PersonEventKind
	Group  string // name, as it is or was last
	Status Status // the new one
}

// Deed is what one run did, or would have done, to one person.
type Deed struct {
	Item        Item
	ActionTitle string
	Note        string
	Operator    string
	Undo        bool // the run took back another one
}
