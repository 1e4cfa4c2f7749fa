package source

import (
	"strings"

	"seatkeeper/backend/domain"
)

// addKeyHint says what to do where the key for reading cannot do something that another key could.
const addKeyHint = "Add a key for changes under Sources."

// KeyFor tells which of a source's keys gives a capability: the key for changes gives all changes where there is one,
// and nothing else. use is "" when none does, and reason says why, for the user; NeedsKey tells whether a key for
// changes would help.
func KeyFor(s domain.Source, c domain.Capability) (use domain.KeyUse, reason string) {
	kind, ok := Kinds.Get(string(s.Kind))
	if !ok {
		return "", "This version of Seatkeeper does not know this type of source."
	}
	declared, reason := declares(kind, c)
	lacks := s.Lacks[c]
	switch {
	case !declared:
		return "", reason
	case c.Changes() && s.ChangeKey.Set() && s.ChangeKey.Lacks[c] == "":
		return domain.KeyForChanges, ""
	case lacks == "":
		return domain.KeyForReading, ""
	case c.Changes() && s.ChangeKey.Set():
		return "", s.ChangeKey.Lacks[c]
	case NeedsKey(s, c):
		return "", strings.TrimSpace(lacks + " " + addKeyHint)
	}
	return "", lacks
}

// KeyForAll is KeyFor for several capabilities at once.
func KeyForAll(s domain.Source, all []domain.Capability) (use domain.KeyUse, reason string) {
	use = domain.KeyForReading
	for _, c := range all {
		one, reason := KeyFor(s, c)
		if one == "" {
			return "", reason
		}
		if one == domain.KeyForChanges {
			use = one
		}
	}
	return use, ""
}

// NeedsKey tells whether the source lacks a capability that a key for changes would give.
func NeedsKey(s domain.Source, c domain.Capability) bool {
	kind, ok := Kinds.Get(string(s.Kind))
	if !ok || kind.ChangeKeyField == "" || s.ChangeKey.Set() || !c.Changes() {
		return false
	}
	declared, _ := declares(kind, c)
	return declared && s.Lacks[c] != ""
}

// declares tells whether the kind has a capability at all; it must list it to have it.
func declares(kind Kind, c domain.Capability) (ok bool, reason string) {
	reason = "This type of source cannot do this."
	for _, s := range kind.Supports {
		if s.Capability != c {
			continue
		}
		if s.Supported {
			return true, ""
		}
		if s.Reason != "" {
			reason = s.Reason
		}
	}
	return false, reason
}

// lacksOf keeps of a test's result what the kind could do.
func lacksOf(kind Kind, r domain.TestResult) map[domain.Capability]string {
	lacks := r.Lacks()
	for c := range lacks {
		if ok, _ := declares(kind, c); !ok {
			delete(lacks, c)
		}
	}
	return lacks
}
