package domain

import "time"

// KeyPhase says how near the end of a source's key is.
type KeyPhase string

// The phases of a key.
const (
	KeyUnknown KeyPhase = "unknown" // nobody said when it ends
	KeyValid   KeyPhase = "valid"
	KeyEnding  KeyPhase = "ending" // within the first reminder's time
	KeyEnded   KeyPhase = "ended"
)

// KeyReminder tells that the key of a source ends soon or has ended. It is plain data, so that the window, a desktop notification and
// a webhook can all say the same.
type KeyReminder struct {
	SourceID   string
	SourceName string
	Expires    time.Time
	Days       int // which reminder it is: 30, 7, 1, or 0 when the key has ended
	Title      string
	Message    string
}
