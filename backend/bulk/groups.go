package bulk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
)

// AboutGroups is the subject of an action about groups themselves.
type AboutGroups struct {
	// Ends says that groups, and what they give their members, come to an end: the engine then refuses those that must
	// stay and works out who loses what.
	Ends bool
	// Refill is the kind of the action that puts the members back when the groups that ended were made again, "" for
	// none.
	Refill string
	// Plan makes one change for each group, with Before set. It need not know which groups must stay, because the
	// engine overrules it.
	Plan func(ctx context.Context, in GroupInput) ([]domain.Change, error)
	// State names the state of a change's group, which may be absent.
	State func(g domain.GroupNow, c domain.Change) domain.State
}

// GroupInput is what an action about groups may look at to make its changes.
type GroupInput struct {
	Source      domain.Source
	Params      map[string]string
	Directories map[string]domain.Directory // by id
	Chosen      []domain.GroupNow           // as the local copy has them; one that it does not have is not There
	// Again, if not nil, are the only changes to consider: an undo or a second try names them exactly. Undo tells which
	// of both it is.
	Again []domain.Change
	Undo  bool
	// Find finds a group of the local copy by its id or, where that is "", by directory and name; it may be absent.
	Find func(t domain.Target) domain.GroupNow
	// AppName names an app for the user.
	AppName func(appID string) string
}

// groupBook is the groups of the local copy, with the people in those that a plan is about.
type groupBook struct {
	local
	members map[string]domain.User // by account id
	in      map[string][]string    // account ids by group id
	read    map[string]bool        // groups whose members were looked up
}

// openGroups looks up the people in some groups. Of one that is too large for any action they are not needed.
func (e *Engine) openGroups(ctx context.Context, sourceID string, l local, ids []string) (*groupBook, error) {
	b := &groupBook{local: l, members: map[string]domain.User{}, in: map[string][]string{}, read: map[string]bool{}}
	var small []string
	for _, id := range ids {
		if g, ok := l.groups[id]; ok && g.MemberCount <= domain.MaxGroupMembers {
			small = append(small, id)
			b.read[id] = true
		}
	}
	if len(small) == 0 {
		return b, nil
	}
	accounts, err := e.o.People.MembersOf(ctx, sourceID, small)
	if err != nil {
		return nil, fmt.Errorf("find the members of the groups: %w", err)
	}
	users, err := e.o.People.UsersByAccount(ctx, sourceID, accounts)
	if err != nil {
		return nil, fmt.Errorf("look up the members of the groups: %w", err)
	}
	for _, u := range users {
		b.members[u.AccountID] = u
		for _, id := range u.GroupIDs {
			if b.read[id] {
				b.in[id] = append(b.in[id], u.AccountID)
			}
		}
	}
	return b, nil
}

// find gives a group as the local copy has it.
func (b *groupBook) find(t domain.Target) domain.GroupNow {
	g, there := b.groups[t.GroupID]
	if t.GroupID == "" {
		at := slices.IndexFunc(b.all, func(g domain.Group) bool {
			return strings.EqualFold(g.Name, t.GroupName) && (g.DirectoryID == t.DirectoryID || g.DirectoryID == "")
		})
		if there = at >= 0; there {
			g = b.all[at]
		}
	}
	if !there {
		return domain.GroupNow{Group: domain.Group{GroupID: t.GroupID, DirectoryID: t.DirectoryID, Name: t.GroupName}}
	}
	now := domain.GroupNow{Group: g, There: true, Default: g.IsDefault(), Whole: b.read[g.GroupID]}
	if opens := len(g.GrantsAccess) > 0; opens || g.GrantsKnown || g.AppCount == 0 && len(b.apps) > 0 {
		now.Opens = domain.TriOf(&opens)
	}
	for _, account := range b.in[g.GroupID] {
		now.Members = append(now.Members, b.members[account])
	}
	slices.SortFunc(now.Members, func(a, b domain.User) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.AccountID, b.AccountID))
	})
	if now.Whole {
		now.MemberCount = len(now.Members) // the source's own count is as old as the last sync
	}
	return now
}

func (b *groupBook) appName(id string) string { return cmp.Or(b.apps[id], id) }

func (a AboutGroups) judge(ctx context.Context, e *Engine, d *draft, l local, known *records, rule protection.Rule) (judged, error) {
	ids := slices.Clone(d.groups)
	for _, c := range d.again {
		ids = append(ids, c.Target.GroupID)
		if c.Target.GroupID == "" {
			ids = append(ids, (&groupBook{local: l}).find(c.Target).GroupID)
		}
	}
	book, err := e.openGroups(ctx, d.plan.SourceID, l, ids)
	if err != nil {
		return judged{}, err
	}
	find := func(t domain.Target) domain.GroupNow { return known.group(t, book.find(t)) }
	in := GroupInput{
		Source: d.source, Params: d.plan.Params, Directories: l.directories, Again: d.again, Undo: d.plan.UndoOf != "",
		Find: find, AppName: book.appName,
	}
	if len(d.groups) > MaxGroups {
		return judged{}, domain.Errorf(domain.Invalid, "These are %d groups; one plan takes at most %d.", len(d.groups), MaxGroups)
	}
	seen := map[string]bool{}
	for _, id := range d.groups {
		if !seen[id] {
			seen[id] = true
			in.Chosen = append(in.Chosen, find(domain.Target{GroupID: id, DirectoryID: l.groups[id].DirectoryID}))
		}
	}
	changes, err := a.Plan(ctx, in)
	if err != nil || !a.Ends {
		return judged{changes: changes}, err
	}
	ending := map[string]bool{}
	for i := range changes {
		c := &changes[i]
		if c.Verdict != domain.VerdictChange {
			continue
		}
		if verdict, reason := groupStays(rule, book.find(c.Target)); reason != "" {
			c.Verdict, c.Reason, c.Before = verdict, reason, nil
			continue
		}
		ending[c.Target.GroupID] = true
	}
	return judged{changes: changes, losers: book.losses(changes, ending)}, nil
}

// losses adds to the changes of groups that end who loses which app, by the granting paths of the local copy: who is in
// another group that opens it, and does not end too, keeps it. A role of the person's own may keep it as well; the
// local copy does not know these.
func (b *groupBook) losses(changes []domain.Change, ending map[string]bool) []domain.User {
	losers := map[string]bool{}
	var all []domain.User
	for i := range changes {
		c := &changes[i]
		if !ending[c.Target.GroupID] {
			continue
		}
		now := b.find(c.Target)
		for _, app := range now.GrantsAccess {
			var lose []string
			for _, u := range now.Members {
				if slices.ContainsFunc(u.GroupIDs, func(id string) bool { return !ending[id] && slices.Contains(b.groups[id].GrantsAccess, app) }) {
					continue
				}
				lose = append(lose, cmp.Or(u.Name, u.Email, u.AccountID))
				if !slices.Contains(c.Before.Lose, u.AccountID) {
					c.Before.Lose = append(c.Before.Lose, u.AccountID)
				}
				if !losers[u.AccountID] {
					losers[u.AccountID] = true
					all = append(all, u)
				}
			}
			c.Diffs = append(c.Diffs, domain.Diff{
				Field: b.appName(app), Before: domain.Plural(len(now.Members), "member has it", "members have it") + " through this group", After: whoLoses(lose, len(now.Members)),
			})
		}
		slices.Sort(c.Before.Lose)
	}
	return all
}

func whoLoses(names []string, members int) string {
	if len(names) == 0 {
		return "nobody loses it: other groups give it too"
	}
	said := domain.Plural(len(names), "loses", "lose") + " it, unless by a role of their own: " + strings.Join(names, ", ")
	if keep := members - len(names); keep > 0 {
		said += "; " + domain.Plural(keep, "keeps", "keep") + " it through another group"
	}
	return said
}

// groupStays says which groups never end, and why; "" for one that may.
func groupStays(protect protection.Rule, g domain.GroupNow) (domain.Verdict, string) {
	admins := g.AdminsOf()
	switch {
	case !g.There:
		return "", ""
	case admins != "":
		return domain.VerdictProtected, "Its members are administrators of " + admins + ": such a group is never deleted here."
	case g.Synced == domain.Yes:
		return domain.VerdictSynced, "The group comes from the identity provider: delete it there."
	case g.Modifiable == domain.No:
		return domain.VerdictSynced, "Atlassian does not let this group be changed."
	case g.Default:
		return domain.VerdictProtected, "It is a default group of an app: whoever is given the app gets into it."
	case g.Deletable == domain.No:
		return domain.VerdictProtected, "Atlassian does not let this group be deleted."
	case g.Opens == domain.Unknown:
		return domain.VerdictUnsupported, "What it gives access to is not known, so nobody can say who would lose it."
	case max(g.MemberCount, len(g.Members)) > domain.MaxGroupMembers:
		return domain.VerdictUnsupported, fmt.Sprintf("It has %d members; a group with more than %d is not deleted. Remove people from it first: that can be undone.",
			max(g.MemberCount, len(g.Members)), domain.MaxGroupMembers)
	case !g.Whole:
		return domain.VerdictUnsupported, fmt.Sprintf("Atlassian counts %d members, and %d could be read.", g.MemberCount, len(g.Members))
	}
	var who []string
	for _, u := range g.Members {
		if reason := protect.Reason(u); reason != "" {
			who = append(who, fmt.Sprintf("%s (%s)", cmp.Or(u.Name, u.Email, u.AccountID), strings.TrimSuffix(reason, ".")))
		}
	}
	if len(who) == 0 {
		return "", ""
	}
	said := "Protected people are in it: " + strings.Join(who[:min(len(who), shownNames)], ", ")
	if more := len(who) - shownNames; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return domain.VerdictProtected, said + "."
}

// MaxGroups is how many groups one plan takes.
const MaxGroups = 500

// maxFull is how many groups with members one plan may end: an undo puts the people of so many back at once.
const maxFull = 20

// findings says what comes to an end with groups.
func (a AboutGroups) findings(in guardInput) []domain.GuardFinding {
	if !a.Ends || in.subjects == 0 {
		return nil
	}
	full, people := 0, map[string]bool{}
	for _, c := range in.changes {
		if c.Verdict == domain.VerdictChange && c.Before != nil && len(c.Before.Members) > 0 {
			full++
			for _, account := range c.Before.Members {
				people[account] = true
			}
		}
	}
	var found []domain.GuardFinding
	if full > maxFull {
		found = append(found, domain.GuardFinding{
			Level: domain.GuardBlock, Rule: "many_full", Message: fmt.Sprintf("%d of these groups have members; one plan takes at most %d such.", full, maxFull),
			Hint: "Choose fewer, or only empty ones.",
		})
	}
	if full > 0 {
		found = append(found, domain.GuardFinding{
			Level: domain.GuardConfirm, Rule: "members", Hint: typeNumber,
			Message: domain.Plural(full, "group has", "groups have") + " members, " + domain.Plural(len(people), "person", "people") + " in all.",
		})
	}
	if full > 0 && in.source.Kind == domain.KindJiraCloud {
		found = append(found, domain.GuardFinding{
			Level: domain.GuardConfirm, Rule: "other_apps",
			Message: "A Jira site tells of Jira alone: whether these groups also give Confluence or another app is not known.",
			Hint:    "Look at the groups in Atlassian Administration first. " + typeNumber,
		})
	}
	if n := len(in.losers); n > 0 {
		found = append(found, domain.GuardFinding{
			Level: domain.GuardConfirm, Rule: "access", Hint: typeNumber,
			Message: domain.Plural(n, "person loses", "people lose") + " access to an app, unless a role of their own gives it.",
		})
	}
	return append(found, domain.GuardFinding{
		Level: domain.GuardConfirm, Rule: "uses", Hint: "An undo makes new groups, which those do not know. " + typeNumber,
		Message: "Where else these groups are named is not looked at: project roles, permission schemes, filters, automation rules.",
	})
}
