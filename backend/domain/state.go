package domain

import (
	"fmt"
	"strconv"
	"strings"
)

// State is what the target of a change is like, as a code. Codes are stored and compared; Words gives one to the user,
// so that another wording never changes what an old run or its undo means. A group's code may carry numbers: see
// GroupShape.
type State string

// The states of all targets.
const (
	StateGone State = "gone" // the person is no longer in the organization
	StateOpen State = "open" // only a reading can tell: a call may or may not have been carried out
)

// The states of a person's access in a directory.
const (
	StateActive         State = "active"
	StateSuspended      State = "suspended"
	StateNotInDirectory State = "not_in_directory"
	StateDeactivated    State = "deactivated" // of the account, everywhere
	StateUnknown        State = "unknown"
)

// The states of a membership in a group.
const (
	StateMember    State = "member"
	StateNotMember State = "not_member"
)

// The states of a group.
const (
	StateThere  State = "there"
	StateAbsent State = "absent"
)

// The states of one way by which somebody has a role on an app.
const (
	StateGiven    State = "given"
	StateNotGiven State = "not_given"
)

// stateWords are the states in the words of the user.
var stateWords = map[State]string{
	StateGone: "no longer there", StateOpen: "to be read",
	StateActive: "active", StateSuspended: "suspended", StateNotInDirectory: "not in this directory", StateDeactivated: "deactivated",
	StateUnknown: "unknown",
	StateMember:  "member", StateNotMember: "not a member",
	StateThere: "there", StateAbsent: "not there",
	StateGiven: "given", StateNotGiven: "not given",
}

// others ends the code of a group that has as many members and apps as another one, but not the same.
const others = "others"

// GroupShape is the state of a group that is there, with what would be lost with it: how many members it has and how
// many apps it opens. differs says that they are others than those with which it is compared.
func GroupShape(members, opens int, differs bool) State {
	code := fmt.Sprintf("%s:%d:%d", StateThere, members, opens)
	if differs {
		code += ":" + others
	}
	return State(code)
}

// Words names the state for the user. A code that this version does not know is given as it is.
func (s State) Words() string {
	if words, ok := stateWords[s]; ok {
		return words
	}
	part := strings.Split(string(s), ":")
	if len(part) < 3 {
		return string(s)
	}
	members, _ := strconv.Atoi(part[1])
	opens, _ := strconv.Atoi(part[2])
	said := StateThere.Words() + ", " + none(members, "member") + ", opens " + none(opens, "app")
	if len(part) > 3 && part[3] == others {
		said += ", but others than in the preview"
	}
	return said
}

func none(n int, one string) string {
	switch n {
	case 0:
		return "no " + one + "s"
	case 1:
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
