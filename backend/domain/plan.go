package domain

import (
	"strings"
	"time"
)

// Verdict says what a plan will do with one target.
type Verdict string

// The verdicts. Only VerdictChange leads to a call.
const (
	VerdictChange      Verdict = "change"
	VerdictAlready     Verdict = "already"     // is already so
	VerdictProtected   Verdict = "protected"   // organization admin, the operator, the key's owner, the protected list
	VerdictSynced      Verdict = "synced"      // owned by the identity provider
	VerdictUnsupported Verdict = "unsupported" // the source or the account's kind does not allow it
)

// Target is whom a change is about: a person or, without an AccountID, the group of GroupID; one that is to be made has
// no GroupID yet. With AppID and Role it is one role that the person has on the app, without a group. Name, Email and
// AppName are copies for the log: attacker's text. A group's Name is its GroupName.
type Target struct {
	AccountID   string `json:"accountId"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	DirectoryID string `json:"directoryId,omitempty"`
	GroupID     string `json:"groupId,omitempty"`
	GroupName   string `json:"groupName,omitempty"`
	AppID       string `json:"appId,omitempty"`   // the app's resource id
	AppName     string `json:"appName,omitempty"` // with its site
	Role        string `json:"role,omitempty"`    // as Atlassian names it
}

// Key names the person or group, the same for all changes about one of them.
func (t Target) Key() string {
	switch {
	case t.AccountID != "":
		return t.AccountID
	case t.GroupID != "":
		return "group:" + t.GroupID
	}
	return "new group:" + t.DirectoryID + "/" + strings.ToLower(t.GroupName)
}

// Diff is one attribute before and after, in words for the user.
type Diff struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Change is one planned call on one target. It holds everything that applying needs: nothing is looked up again but the
// precondition.
type Change struct {
	Seq     int     `json:"seq"`            // 1..n within the plan
	Step    int     `json:"step,omitempty"` // which of the plan's actions in order it belongs to, from 0
	Action  string  `json:"action"`
	Target  Target  `json:"target"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"` // why it is skipped, for the user
	Diffs   []Diff  `json:"diffs,omitempty"`
	// Expect is the state that the target must still have just before the call.
	Expect State `json:"expect,omitempty"`
	// Undo is the capsule for the way back: the state before the call.
	Undo State `json:"undo,omitempty"`
	// Used is which app somebody who is to be locked out used lately, and when; "" for none that is known.
	Used string `json:"used,omitempty"`
	// Before is the rest of the capsule where the change is about a group; nil otherwise.
	Before *GroupBefore `json:"before,omitempty"`
}

// Trigger says who started something.
type Trigger string

// The triggers.
const (
	TriggerManual Trigger = "manual"
	TriggerUndo   Trigger = "undo"
)

// GuardLevel says what a guard's finding asks for.
type GuardLevel string

// The levels.
const (
	GuardInfo    GuardLevel = "info"
	GuardConfirm GuardLevel = "confirm" // the operator must type the number of changes
	GuardStop    GuardLevel = "stop"    // the plan goes on only after its own caps were raised in words, with a reason
	GuardBlock   GuardLevel = "block"   // the plan cannot be run
)

// GuardFinding is one thing the guard has to say about a plan.
type GuardFinding struct {
	Level   GuardLevel `json:"level"`
	Rule    string     `json:"rule"` // stable name: "stale", "cap_count", "cap_percent", "empty", "not_connected"
	Message string     `json:"message"`
	Hint    string     `json:"hint,omitempty"`
	Names   []string   `json:"names,omitempty"` // some of whom it speaks of: attacker's text
	Stop    *Stop      `json:"stop,omitempty"`  // of GuardStop
}

// Stop is a cap that a plan exceeds so far that it stops.
type Stop struct {
	Count int    `json:"count"` // people, or groups, with those of the last day
	Of    int    `json:"of"`    // of the source
	Limit int    `json:"limit"` // percent
	Words string `json:"words"` // with which the operator raises it for this plan
}

// Plan is what will be done, stored before anybody is asked to confirm it. A run does exactly the plan. Its JSON is
// what stands on disk.
type Plan struct {
	ID        string            `json:"id"`
	SourceID  string            `json:"sourceId"`
	Action    string            `json:"action"` // the action's kind, e.g. "user.suspend"
	Params    map[string]string `json:"params"` // the action's options, by field name
	Trigger   Trigger           `json:"trigger"`
	Selection string            `json:"selection"` // how the people were chosen, in words, e.g. `status = active (214 people)`
	Note      string            `json:"note"`      // the operator's reason
	Revision  int64             `json:"revision"`  // of the local copy it was made from
	UndoOf    string            `json:"undoOf"`    // run id, for an undo
	CreatedAt time.Time         `json:"createdAt"`
	ExpiresAt time.Time         `json:"expiresAt"`
	Findings  []GuardFinding    `json:"findings"`
	Counts    map[Verdict]int   `json:"counts"`
	People    int               `json:"people"` // distinct people, or groups, with at least one VerdictChange
	About     []About           `json:"about"`  // one for each action of the plan, in their order
	Hash      string            `json:"hash"`   // SHA-256 over everything that will be done
	RunID     string            `json:"runId"`  // set once it is confirmed
}

// About is what the changes of one action are about besides the people.
type About struct {
	Groups Named `json:"groups"` // into which, or out of which, people are to go
	Apps   Named `json:"apps"`   // that were chosen; none where the action is not about single apps, or about all
}

// Named is how many things of a kind a plan is about, with their names while they are few: attacker's text.
type Named struct {
	Count int      `json:"count"`
	Names []string `json:"names,omitempty"`
}

// maxNamed things are named, and none by more than maxName characters.
const (
	maxNamed = 3
	maxName  = 60
)

// Name makes a Named of all names.
func Name(all []string) Named {
	n := Named{Count: len(all)}
	if len(all) > maxNamed {
		return n
	}
	for _, name := range all {
		if runes := []rune(name); len(runes) > maxName {
			name = string(runes[:maxName]) + "…"
		}
		n.Names = append(n.Names, name)
	}
	return n
}

// Words names them in a sentence: "the group staff", "the groups a, b and c", "12 groups".
func (n Named) Words(one, many string) string {
	last := len(n.Names) - 1
	switch {
	case last < 0:
		return Plural(n.Count, one, many)
	case last == 0:
		return "the " + one + " " + n.Names[0]
	}
	return "the " + many + " " + strings.Join(n.Names[:last], ", ") + " and " + n.Names[last]
}

// Recheck is what a fresh look at the people of a plan found.
type Recheck struct {
	// Plan is the one to decide on: the plan that was shown, or a new one where somebody has changed since.
	Plan Plan
	// Changed counts the people for whom the new plan says something else; Names are some of them.
	Changed int
	Names   []string
	Checked int    // people who were read afresh
	Skipped string // why nobody was, in a sentence; "" when they were
}

// RecheckProgress tells how far the fresh look at a plan's people is.
type RecheckProgress struct {
	PlanID string
	Done   int
	Total  int
}

// Blocked tells whether the guard refuses the plan.
func (p Plan) Blocked() bool {
	for _, f := range p.Findings {
		if f.Level == GuardBlock {
			return true
		}
	}
	return false
}

// RaiseWords are the words with which the operator raises the caps of this plan; "" where nothing stops it.
func (p Plan) RaiseWords() string {
	var words []string
	for _, f := range p.Findings {
		if f.Stop != nil {
			words = append(words, f.Stop.Words)
		}
	}
	return strings.Join(words, ", ")
}

// MustType tells whether the operator must type the number of changes to confirm. Words that raise a cap hold it
// already.
func (p Plan) MustType() bool {
	if p.RaiseWords() != "" {
		return false
	}
	for _, f := range p.Findings {
		if f.Level == GuardConfirm {
			return true
		}
	}
	return false
}
