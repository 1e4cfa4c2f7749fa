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

// usesOf lists which apps somebody used lately, the last one first; of taken, if there are any, only these.
func usesOf(u domain.User, apps map[string]string, since time.Time, taken []string) []use {
	var all []use
	for _, a := range u.Access {
		if a.Known && a.LastActive.After(since) && isTaken(taken, a.AppID) {
			all = append(all, use{cmp.Or(apps[a.AppID], a.AppKey, a.AppID), a.LastActive})
		}
	}
	if len(all) == 0 && len(taken) == 0 && u.SeenKnown && u.Seen.After(since) {
		all = append(all, use{"Atlassian, by an imported file", u.Seen})
	}
	slices.SortFunc(all, func(a, b use) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.app, b.app)) })
	return all
}

func isTaken(taken []string, app string) bool { return len(taken) == 0 || slices.Contains(taken, app) }

// locksOut tells whether an action takes apps from people at once, so that it matters which of them are still in use.
func (a Action) locksOut() bool {
	if s, several := a.Subject.(steps); several {
		return slices.ContainsFunc(s.parts, Action.locksOut)
	}
	return a.Takes != nil || !a.Subject.ends() && a.Risk == RiskHigh && !a.Gives
}

// markUsed notes with each change that locks somebody out which app the person used lately, and gives what guardUsed
// says of them all.
func markUsed(in guardInput, apps map[string]string) *domain.GuardFinding {
	if !in.action.locksOut() {
		return nil
	}
	var taken []string
	if in.action.Takes != nil {
		taken = in.action.Takes(in.plan)
	}
	since := time.Now().Add(-usedWithin)
	seen := map[string]bool{}
	u := usage{single: in.action.Takes != nil, opens: map[string]int{}, used: map[string]int{}}
	for i := range in.changes {
		c := &in.changes[i]
		at, ok := in.byAccount[c.Target.AccountID]
		if !ok || c.Verdict != domain.VerdictChange {
			continue
		}
		uses := usesOf(in.users[at], apps, since, taken)
		if len(uses) > 0 {
			c.Used = uses[0].app + ", " + uses[0].at.UTC().Format("2 Jan 2006")
		}
		if seen[c.Target.AccountID] {
			continue
		}
		seen[c.Target.AccountID] = true
		for _, a := range in.users[at].Access {
			if a.Known && isTaken(taken, a.AppID) {
				u.opens[cmp.Or(apps[a.AppID], a.AppKey, a.AppID)]++
			}
		}
		for _, use := range uses {
			u.used[use.app]++
		}
		if len(uses) > 0 {
			u.names = append(u.names, clean(cmp.Or(c.Target.Name, c.Target.Email, c.Target.AccountID)))
		}
	}
	u.people = len(seen)
	return u.finding()
}

// usage is who of the people to be changed used which apps lately.
type usage struct {
	single      bool           // only some apps are taken from them, not everything
	people      int            // to be changed
	names       []string       // of those who used one
	opens, used map[string]int // people by app: who can open it, who used it
}

// finding says how many of the people used an app lately. Where most of them can open an app that none of them used,
// they seem to be chosen for that one: then the others are another app, and the operator confirms; so he does where
// only the used apps are taken.
func (u usage) finding() *domain.GuardFinding {
	if len(u.names) == 0 {
		return nil
	}
	var idle []string
	for _, app := range byCount(u.opens) {
		if u.used[app] == 0 && u.opens[app]*2 > u.people {
			idle = append(idle, app)
		}
	}
	f := &domain.GuardFinding{Level: domain.GuardInfo, Rule: "used", Names: u.names[:min(len(u.names), shownNames)], Hint: "They can be shown and left out here."}
	what, doubtful := "an app", false
	switch {
	case u.single:
		what, doubtful = "an app that they lose", true
	case len(idle) > 0:
		what, doubtful = "another app than "+listed(idle, " and "), true
	}
	if !u.single {
		f.Hint = "They lose it with everything else. " + f.Hint
	}
	if doubtful && len(u.names) > usedFew {
		f.Level, f.Hint = domain.GuardConfirm, f.Hint+" "+typeNumber
	}
	said := make([]string, 0, len(u.used))
	for _, app := range byCount(u.used) {
		said = append(said, app+" "+domain.Thousands(u.used[app]))
	}
	f.Message = fmt.Sprintf("%s of %s used %s within the last 90 days: %s.", domain.Thousands(len(u.names)), domain.Plural(u.people, "person", "people"), what, listed(said, ", "))
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

// WithoutUsed makes a plan of exactly the changes of another one, without those of people who used an app lately, and
// discards that one.
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
		Selection: p.Selection + ", without " + domain.Plural(len(left), "person", "people") + " who used an app within 90 days",
	}
	if without, err = e.plan(ctx, without, who); err != nil {
		return p, err
	}
	if err := e.Discard(ctx, planID); err != nil {
		e.o.Log.Warn("a plan that was replaced could not be discarded; it expires by itself", "plan", planID, "error", err)
	}
	return without, nil
}
