package bulk

import (
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
)

// MaxAge is how old the local copy may be to plan from.
const MaxAge = 24 * time.Hour

// manyChanges is from how many changes on the operator types their number, whatever the caps say.
const manyChanges = 50

type guardInput struct {
	action    Action
	source    domain.Source
	fresh     domain.Freshness
	changes   []domain.Change
	users     []domain.User
	byAccount map[string]int // index into users
	people    int            // with at least one change
	counts    map[domain.Verdict]int
}

// guard looks at a finished plan. Blocks come first, then what must be confirmed, then what is good to know.
func guard(in guardInput) []domain.GuardFinding {
	var all []domain.GuardFinding
	all = append(all, guardSource(in)...)
	all = append(all, guardEmpty(in)...)
	all = append(all, guardSize(in)...)
	all = append(all, guardAdmins(in)...)
	all = append(all, guardNames(in)...)
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
	case time.Since(in.fresh.CompleteAt) > MaxAge:
		hours := int(time.Since(in.fresh.CompleteAt).Hours())
		found = append(found, block("stale", fmt.Sprintf("The local copy is %d hours old; a plan needs one that is at most 24 hours old.", hours), "Sync now."))
	}
	return found
}

func guardEmpty(in guardInput) []domain.GuardFinding {
	switch {
	case len(in.users) == 0:
		return []domain.GuardFinding{{Level: domain.GuardBlock, Rule: "empty", Message: "Nobody is selected.", Hint: "Select people first."}}
	case in.counts[domain.VerdictChange] == 0:
		return []domain.GuardFinding{{Level: domain.GuardBlock, Rule: "empty", Message: "There is nothing to change: every selected person is already so or is skipped."}}
	}
	return nil
}

// guardSize applies the caps. Both are about people: a person in two directories is one.
func guardSize(in guardInput) []domain.GuardFinding {
	confirm := func(rule, message string) domain.GuardFinding {
		return domain.GuardFinding{Level: domain.GuardConfirm, Rule: rule, Message: message, Hint: "Type the number of changes to go on."}
	}
	var found []domain.GuardFinding
	if n := in.counts[domain.VerdictChange]; n >= manyChanges {
		found = append(found, confirm("many", fmt.Sprintf("These are %d changes.", n)))
	}
	if in.people > in.action.Cap.Count {
		found = append(found, confirm("cap_count", fmt.Sprintf("%d people are more than the usual limit of %d for this action.", in.people, in.action.Cap.Count)))
	}
	if in.people*100 > in.fresh.People*in.action.Cap.Percent {
		found = append(found, confirm("cap_percent", fmt.Sprintf("%d of %d people are more than the usual limit of %d %% for this action.",
			in.people, in.fresh.People, in.action.Cap.Percent)))
	}
	return found
}

// guardAdmins counts people whose work others depend on; only organization admins are never touched.
func guardAdmins(in guardInput) []domain.GuardFinding {
	admins := map[string]bool{}
	for _, c := range in.changes {
		if c.Verdict != domain.VerdictChange {
			continue
		}
		at, ok := in.byAccount[c.Target.AccountID]
		if !ok {
			continue
		}
		roles := in.users[at].PlatformRoles
		if slices.Contains(roles, domain.RoleSiteAdmin) || slices.Contains(roles, domain.RoleUserAccessAdmin) {
			admins[c.Target.AccountID] = true
		}
	}
	if len(admins) == 0 {
		return nil
	}
	return []domain.GuardFinding{{
		Level: domain.GuardConfirm, Rule: "admins", Message: plural(len(admins), "person is", "people are") + " site admin or user access admin.",
		Hint: "Type the number of changes to go on.",
	}}
}
