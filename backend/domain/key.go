package domain

import "time"

// KeyUse says what one of a source's credentials is used for.
type KeyUse string

// The uses. A source without a key for changes does everything with the one for reading.
const (
	KeyForReading KeyUse = "reading" // syncs, schedules, previews, reading back: the credential that every source has
	KeyForChanges KeyUse = "changes" // the calls of a run that change something; it is unlocked for one run at a time
)

// KeyKeeping says where the key for changes is between two runs.
type KeyKeeping string

// The ways of keeping it; "" is a source without one.
const (
	KeyStored KeyKeeping = "stored" // where secrets are kept, and read from there when a run starts
	KeyAsked  KeyKeeping = "asked"  // nowhere: the operator types it for each run
)

// ChangeKey is what is known of a source's key for changes, never the key itself. Its JSON is what stands on disk.
type ChangeKey struct {
	Keeping  KeyKeeping            `json:"keeping,omitempty"`
	Owners   []string              `json:"owners,omitempty"` // account ids that own it, or may: always protected
	Expires  time.Time             `json:"expires,omitzero"` // zero when unknown
	TestedAt time.Time             `json:"testedAt,omitzero"`
	Lacks    map[Capability]string `json:"lacks,omitempty"` // what it cannot do, with the reason for the user
}

// Set tells whether there is such a key.
func (k ChangeKey) Set() bool { return k.Keeping != "" }

// Lacks gives what a test found missing, with the reasons; nil when nothing.
func (r *TestResult) Lacks() map[Capability]string {
	var out map[Capability]string
	for _, s := range r.Capabilities {
		if !s.Supported {
			if out == nil {
				out = map[Capability]string{}
			}
			out[s.Capability] = s.Reason
		}
	}
	return out
}
