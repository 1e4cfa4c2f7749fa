package sim

import (
	"fmt"
	"math/bits"
	"slices"
)

// event is one line of the audit log. person, group and app are -1 where it is not about one.
type event struct {
	at, seen           int64 // unix nanoseconds; seen is when reads show it
	action             string
	actor              int // -1 for the identity provider or nobody
	person, group, app int
}

// maxEvents bounds the log; the oldest go first.
const maxEvents = 100_000

// eventActions are the actions of the log with their names. Atlassian's own list is much longer.
var eventActions = [][3]string{
	{"user_added_to_group", "Added user to group", "Groups"},
	{"user_removed_from_group", "Removed user from group", "Groups"},
	{"group_created", "Created group", "Groups"},
	{"group_deleted", "Deleted group", "Groups"},
	{"user_suspended", "Suspended user's access", "Users"},
	{"user_access_restored", "Restored user's access", "Users"},
	{"user_removed", "Removed user from directory", "Users"},
	{"user_invited", "Invited user", "Users"},
	{"user_deactivated", "Deactivated account", "Managed accounts"},
	{"user_reactivated", "Reactivated account", "Managed accounts"},
	{"user_deletion_requested", "Requested deletion of account", "Managed accounts"},
	{"user_deletion_cancelled", "Cancelled deletion of account", "Managed accounts"},
	{"user_profile_changed", "Changed profile", "Managed accounts"},
	{"user_email_changed", "Changed e-mail address", "Managed accounts"},
	{"user_api_token_revoked", "Revoked API token", "Managed accounts"},
	{"user_role_granted", "Granted role", "Apps"},
	{"user_role_revoked", "Revoked role", "Apps"},
	{"org_admin_granted", "Made organization admin", "Organization"},
	{"org_admin_revoked", "Unmade organization admin", "Organization"},
}

// note adds a line to the log. The caller holds the lock.
func (w *World) note(who by, now int64, action string, person, group, app int) {
	e := event{at: now, seen: max(now, w.until(who, now)[viewOrg]), action: action, actor: w.actor, person: person, group: group, app: app}
	if who == byNothing {
		e.actor = -1
	}
	if n := len(w.events); n > 0 {
		e.seen = max(e.seen, w.events[n-1].seen) // the log is read in order, so a line never appears before an older one
	}
	w.events = append(w.events, e)
	if len(w.events) > maxEvents {
		w.forgotten += maxEvents / 10
		w.events = slices.Clone(w.events[maxEvents/10:])
	}
}

// noteChange writes down what differs between two states of a person.
func (w *World) noteChange(i int, from, to *state, who by, now int64) {
	line := func(on bool, yes, no string, group, app int) {
		if on {
			w.note(who, now, yes, i, group, app)
		} else {
			w.note(who, now, no, i, group, app)
		}
	}
	for _, g := range from.groups {
		if !to.in(int(g)) {
			line(false, "", "user_removed_from_group", int(g), -1)
		}
	}
	for _, g := range to.groups {
		if !from.in(int(g)) {
			line(true, "user_added_to_group", "", int(g), -1)
		}
	}
	for _, g := range from.direct {
		if !slices.Contains(to.direct, g) {
			line(false, "", "user_role_revoked", -1, g.app)
		}
	}
	for _, g := range to.direct {
		if !slices.Contains(from.direct, g) {
			line(true, "user_role_granted", "", -1, g.app)
		}
	}
	if from.suspended&to.member != to.suspended&from.member {
		line(bits.OnesCount64(to.suspended) > bits.OnesCount64(from.suspended), "user_suspended", "user_access_restored", -1, -1)
	}
	if from.member != to.member {
		line(to.member&^from.member != 0, "user_invited", "user_removed", -1, -1)
	}
	switch {
	case from.deletion != to.deletion:
		line(to.deletion, "user_deletion_requested", "user_deletion_cancelled", -1, -1)
	case from.account != to.account:
		line(to.account != accountActive, "user_deactivated", "user_reactivated", -1, -1)
	}
	if from.orgAdmin != to.orgAdmin {
		line(to.orgAdmin, "org_admin_granted", "org_admin_revoked", -1, -1)
	}
}

// text is the sentence of a line.
func (w *World) text(e *event) string {
	s := e.action
	for _, a := range eventActions {
		if a[0] == e.action {
			s = a[1]
		}
	}
	if e.person >= 0 {
		s += ": " + w.people[e.person].name
	}
	if e.group >= 0 {
		s += fmt.Sprintf(" (%s)", w.groups[e.group].name)
	}
	if e.app >= 0 {
		s += fmt.Sprintf(" (%s)", w.apps[e.app].ari)
	}
	return s
}
