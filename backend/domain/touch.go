package domain

import "time"

// Touch is what one run did about one person, or tried to.
type Touch struct {
	AccountID string
	RunID     string
	Action    string    // name of the action, e.g. "suspend"
	State     ItemState // what came of it; never ItemPlanned
	At        time.Time // when that was known; zero while it is open
}
