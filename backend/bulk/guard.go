package bulk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// MaxAge is how old the local copy may be to plan from.
const MaxAge = 24 * time.Hour

// manyChanges is from how many changes on the operator types their number, whatever the caps say.
const manyChanges = 50

// typeNumber is the hint of whatever must be confirmed.
const typeNumber = "Type the number of changes to go on."

type guardInput struct {
	judged

	plan     domain.Plan // its head
	action   Action
	source   domain.Source
	fresh    domain.Freshness
	users    []domain.User
	subjects int // people, or groups, with at least one change
	total    int // of the source
	counts   map[domain.Verdict]int
	reach    reach                // whom the plan changes
	today    reach                // with whom the last day's runs changed
	used     *domain.GuardFinding // who of the people used an app lately; nil for nobody
}

// guard looks at a finished plan. Blocks come first, then what stops it, what must be confirmed, and what is good to
// know.
func guard(in guardInput) []domain.GuardFinding {
	var all []domain.GuardFinding
	all = append(all, guardSource(in)...)
	all = append(all, guardEmpty(in)...)
	stops := guardStop(in)
	all = append(all, stops...)
	if len(stops) == 0 {
		all = append(all, guardSize(in)...)
	}
	if in.used != nil {
		all = append(all, *in.used)
	}
	all = append(all, guardAdmins(in)...)
	all = append(all, in.action.Subject.findings(in)...)
	all = append(all, guardNames(in)...)
	for i := range all {
		if len(stops) > 0 { // the words that are typed hold the number
			all[i].Hint = strings.TrimSpace(strings.ReplaceAll(all[i].Hint, typeNumber, ""))
		}
	}
	return all
}

func guardSource(in guardInput) []domain.GuardFinding {
	block := func(rule, message, hint string) domain.GuardFinding {
		return domain.GuardFinding{Level: domain.GuardBlock, Rule: rule, Message: message, Hint: hint}
	}
	var found []domain.GuardFinding
	if in.source.Paused {
		found = append(found, block("not_connected", "The source is paused.", "Resume it under Sources first."))
	}
	switch {
	case in.fresh.Partial:
		found = append(found, block("stale", "The first sync is not complete yet: the selection may miss people.", "Wait for the sync, or Sync now."))
	case in.fresh.CompleteAt.IsZero():
		found = append(found, block("stale", "This source was never synced.", "Sync now."))
	case in.fresh.Old(time.Now(), MaxAge):
		hours := time.Since(in.fresh.CompleteAt).Hours()
		if hours < 0 {
			found = append(found, block("stale", "The clock of this computer was changed, so it is not known how old the local copy is.", "Sync now."))
			break
		}
		found = append(found, block("stale", fmt.Sprintf("The local copy is %d hours old; a plan needs one that is at most 24 hours old.", int(hours)), "Sync now."))
	}
	return found
}

func guardEmpty(in guardInput) []domain.GuardFinding {
	if in.counts[domain.VerdictChange] > 0 {
		return nil
	}
	return []domain.GuardFinding{in.action.Subject.nothing(in)}
}

// guardSize applies the caps. Both are about people, or groups: a person in two directories is one.
func guardSize(in guardInput) []domain.GuardFinding {
	confirm := func(rule, message string) domain.GuardFinding {
		return domain.GuardFinding{Level: domain.GuardConfirm, Rule: rule, Message: message, Hint: typeNumber}
	}
	var found []domain.GuardFinding
	if n := in.counts[domain.VerdictChange]; n >= manyChanges {
		found = append(found, confirm("many", fmt.Sprintf("These are %s changes.", domain.Thousands(n))))
	}
	counted := in.action.Subject.Counted
	if in.subjects > in.action.Cap.Count {
		found = append(found, confirm("cap_count", fmt.Sprintf("%s are more than the usual limit of %d for this action.", counted(in.subjects), in.action.Cap.Count)))
	}
	if in.subjects*100 > in.total*in.action.Cap.Percent {
		found = append(found, confirm("cap_percent", fmt.Sprintf("%d of %s are more than the usual limit of %d %% for this action.",
			in.subjects, counted(in.total), in.action.Cap.Percent)))
	}
	return found
}

// guardAdmins counts people whose work others depend on; only organization admins are never touched.
func guardAdmins(in guardInput) []domain.GuardFinding {
	admins := map[string]bool{}
	note := func(u domain.User) {
		if slices.Contains(u.PlatformRoles, domain.RoleSiteAdmin) || slices.Contains(u.PlatformRoles, domain.RoleUserAccessAdmin) {
			admins[u.AccountID] = true
		}
	}
	for _, c := range in.changes {
		if at, ok := in.byAccount[c.Target.AccountID]; ok && c.Verdict == domain.VerdictChange {
			note(in.users[at])
		}
	}
	for _, u := range in.losers {
		note(u)
	}
	if len(admins) == 0 {
		return nil
	}
	return []domain.GuardFinding{{
		Level: domain.GuardConfirm, Rule: "admins", Message: domain.Plural(len(admins), "person is", "people are") + " site admin or user access admin.",
		Hint: typeNumber,
	}}
}
