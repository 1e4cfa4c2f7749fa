package bulk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

const (
	// usedWithin is how long ago the use of an app speaks against somebody's not needing it.
	usedWithin = 90 * 24 * time.Hour
	// usedFew people who used an app are only told: somebody who leaves used one yesterday.
	usedFew = 10
	// usedNamed apps are named at most.
	usedNamed = 3
)

// use is one app that somebody used lately.
type use struct {
	app string // for the user
	at  time.Time
}

// usesOf lists which apps somebody used lately, the last one first.
func usesOf(u domain.User, apps map[string]string, since time.Time) []use {
	var all []use
	for _, a := range u.Access {
		if a.Known && a.LastActive.After(since) {
			all = append(all, use{cmp.Or(apps[a.AppID], a.AppKey, a.AppID), a.LastActive})
		}
	}
	if len(all) == 0 && u.SeenKnown && u.Seen.After(since) {
		all = append(all, use{"Atlassian, by an imported file", u.Seen})
	}
	slices.SortFunc(all, func(a, b use) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.app, b.app)) })
	return all
}

// locksOut tells whether an action takes everything from a person at once, so that it matters which apps are still in use.
func (a Action) locksOut() bool { return !a.Subject.ends() && a.Risk == RiskHigh && !a.Gives }

// markUsed notes with each change that locks somebody out which app the person used lately, and gives what guardUsed says of them all.
func markUsed(in guardInput, apps map[string]string) *domain.GuardFinding {
	if !in.action.locksOut() {
		return nil
	}
	since := time.Now().Add(-usedWithin)
	people := map[string]bool{}
	opens, used := map[string]int{}, map[string]int{} // people by app
	var names []string
	for i := range in.changes {
		c := &in.changes[i]
		at, ok := in.byAccount[c.Target.AccountID]
		if !ok || c.Verdict != domain.VerdictChange {
			continue
		}
		uses := usesOf(in.users[at], apps, since)
		if len(uses) > 0 {
			c.Used = uses[0].app + ", " + uses[0].at.UTC().Format("2 Jan 2006")
		}
		if people[c.Target.AccountID] {
			continue
		}
		people[c.Target.AccountID] = true
		for _, a := range in.users[at].Access {
			if a.Known {
				opens[cmp.Or(apps[a.AppID], a.AppKey, a.AppID)]++
			}
		}
		for _, u := range uses {
			used[u.app]++
		}
		if len(uses) > 0 {
			names = append(names, clean(cmp.Or(c.Target.Name, c.Target.Email, c.Target.AccountID)))
		}
	}
	return usedFinding(len(people), names, opens, used)
}

// usedFinding says how many of the people used an app lately. Where most of them can open an app that none of them used, they seem to be
// chosen for that one: then the others are another app, and the operator confirms.
func usedFinding(people int, names []string, opens, used map[string]int) *domain.GuardFinding {
	if len(names) == 0 {
		return nil
	}
	var idle []string
	for _, app := range byCount(opens) {
		if used[app] == 0 && opens[app]*2 > people {
			idle = append(idle, app)
		}
	}
	f := &domain.GuardFinding{
		Level: domain.GuardInfo, Rule: "used", Names: names[:min(len(names), shownNames)],
		Hint: "They lose it with everything else. They can be shown and left out here.",
	}
	another := "an app"
	if len(idle) > 0 {
		another = "another app than " + listed(idle, " and ")
		if len(names) > usedFew {
			f.Level, f.Hint = domain.GuardConfirm, f.Hint+" "+typeNumber
		}
	}
	said := make([]string, 0, len(used))
	for _, app := range byCount(used) {
		said = append(said, app+" "+grouped(used[app]))
	}
	f.Message = fmt.Sprintf("%s of %s used %s within the last 90 days: %s.", grouped(len(names)), peopleIn(people), another, listed(said, ", "))
	return f
}

// byCount lists the keys, the largest count first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
}

// listed names the first few and says how many more there are.
func listed(all []string, between string) string {
	said := strings.Join(all[:min(len(all), usedNamed)], between)
	if more := len(all) - usedNamed; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}

func peopleIn(n int) string {
	if n == 1 {
		return "1 person"
	}
	return grouped(n) + " people"
}

// WithoutUsed makes a plan of exactly the changes of another one, without those of people who used an app lately, and discards that one.
func (e *Engine) WithoutUsed(ctx context.Context, planID string) (domain.Plan, error) {
	p, err := e.GetPlan(ctx, planID)
	if err != nil {
		return p, err
	}
	if p.RunID != "" {
		return p, domain.Errorf(domain.Conflict, "This plan was confirmed before.").WithHint("Look at its run under Run logs.")
	}
	left := map[string]bool{}
	var changes []domain.Change
	err = e.o.Store.EachChange(ctx, planID, func(c domain.Change) error {
		if c.Used != "" {
			left[c.Target.AccountID] = true
			return nil
		}
		changes = append(changes, c)
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("read the plan's changes: %w", err)
	}
	who, err := e.subjectsOf(ctx, p, changes)
	if err != nil {
		return p, err
	}
	without := domain.Plan{
		SourceID: p.SourceID, Action: p.Action, Params: p.Params, Note: p.Note, Trigger: p.Trigger, UndoOf: p.UndoOf,
		Selection: p.Selection + ", without " + peopleIn(len(left)) + " who used an app within 90 days",
	}
	if without, err = e.plan(ctx, without, who); err != nil {
		return p, err
	}
	if err := e.Discard(ctx, planID); err != nil {
		e.o.Log.Warn("a plan that was replaced could not be discarded; it expires by itself", "plan", planID, "error", err)
	}
	return without, nil
}
