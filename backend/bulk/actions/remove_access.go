package actions

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// docsAccess is Atlassian's page about who may open an app.
const docsAccess = "https://support.atlassian.com/user-management/docs/manage-users-product-access/"

// Which apps are meant. That none is chosen never means all of them.
const (
	appsChosen = "chosen"
	appsAll    = "all"
)

// What happens with a group that also gives apps which were not chosen.
const (
	othersStay = "stay"
	othersGo   = "go"
)

var (
	whichField = form.Field{
		Name: "which", Label: "Access to", Type: form.Choice, Required: true,
		Choices: []form.Option{{Value: appsChosen, Label: "The apps chosen here"}, {Value: appsAll, Label: "All apps"}},
	}
	accessAppsField = form.Field{Name: "apps", Label: "Apps", Type: form.Apps}
	othersField     = form.Field{
		Name: "others", Label: "Groups that also give other apps", Type: form.Choice, Required: true,
		Choices: []form.Option{
			{Value: othersStay, Label: "Leave people in them: they keep their access"},
			{Value: othersGo, Label: "Take people out of them all the same"},
		},
	}
)

// Access to an app comes by groups and by roles of the person's own. Each such way is one change, which names the
// action that ends it; what cannot be ended stands in the preview with the reason, together with what the person keeps
// by it.
var (
	_ = bulk.Register(bulk.Action{
		Kind:       "access.remove",
		Title:      "Remove app access",
		Verb:       "Remove app access of",
		Params:     []form.Field{whichField, accessAppsField, othersField},
		Needs:      []domain.Capability{domain.CanEditAccess, domain.CanEditGroups},
		Risk:       bulk.RiskMedium,
		Reversible: true,
		UndoClass:  "Undo gives exactly the groups and roles back that the run took, unless the plan's seats are used up by then.",
		Effect:     "They leave the groups and lose the roles that give the apps. Their account stays as it is.",
		Docs:       docsAccess,
		Cap:        bulk.Cap{Percent: 10, Count: 200},
		Parts:      []string{"group.remove_member", "role.revoke"},
		Inverse:    "access.give_back",
		Takes:      func(p domain.Plan) []string { return form.List(p.Params[accessAppsField.Name]) },
		Sentence:   removeAccessSentence,
		Subject:    bulk.AboutPeople{Roles: true, Plan: planRemoveAccess},
	})

	_ = bulk.Register(bulk.Action{
		Kind:       "access.give_back",
		Title:      "Give app access back",
		Verb:       "Give app access back to",
		Hidden:     true,
		Needs:      []domain.Capability{domain.CanEditAccess, domain.CanEditGroups},
		Risk:       bulk.RiskMedium,
		Reversible: true,
		Gives:      true,
		UndoClass:  "Undo takes exactly the groups and roles away again that the run gave.",
		Effect:     "They get the groups and roles back, which may need seats.",
		Docs:       docsAccess,
		Cap:        bulk.Cap{Percent: 20, Count: 500},
		Parts:      []string{"group.add_member", "role.assign"},
		Inverse:    "access.remove",
		Sentence:   func(_ domain.Plan, people string) string { return "Give app access back to " + people },
		Subject: bulk.AboutPeople{
			Roles: true,
			Plan: planNamed(func(in bulk.PlanInput, u domain.User, t domain.Target) domain.Change {
				return judgeGroupOrRole(in, u, t, true)
			}),
		},
	})
)

func removeAccessSentence(p domain.Plan, people string) string {
	apps := aboutOf(p).Apps
	if apps.Count == 0 {
		return "Remove all app access of " + people
	}
	return "Remove access to " + strings.TrimPrefix(apps.Words("app", "apps"), "the app ") + " of " + people
}

// judgeGroupOrRole judges one way to an app, which is to be given or taken, and names the action of the change.
func judgeGroupOrRole(in bulk.PlanInput, u domain.User, t domain.Target, give bool) domain.Change {
	var c domain.Change
	switch {
	case t.Role != "" && give:
		c = judgeRole(in, u, t, domain.StateNotGiven, domain.StateGiven)
		c.Action = "role.assign"
	case t.Role != "":
		c = judgeRole(in, u, t, domain.StateGiven, domain.StateNotGiven)
		c.Action = "role.revoke"
	case give:
		c = judgeGroup(in, u, t, domain.StateNotMember, domain.StateMember)
		c.Action = "group.add_member"
	default:
		c = judgeGroup(in, u, t, domain.StateMember, domain.StateNotMember)
		c.Action = "group.remove_member"
	}
	return c
}

// A way is one group or one role of a person's own that gives the person apps.
type way struct {
	domain.Change

	gives []string // ids of all apps that it opens
}

// planRemoveAccess makes one change for each way by which a person has one of the chosen apps.
func planRemoveAccess(ctx context.Context, in bulk.PlanInput) ([]domain.Change, error) {
	if err := checkApps(in); err != nil {
		return nil, err
	}
	r := removal{in: in, chosen: form.List(in.Params[accessAppsField.Name]), othersGo: in.Params[othersField.Name] == othersGo}
	var changes []domain.Change
	for _, u := range in.Users {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		changes = append(changes, r.of(u)...)
	}
	r.tell()
	return changes, nil
}

// checkApps refuses apps that are missing, not known, or beside "all apps".
func checkApps(in bulk.PlanInput) error {
	if in.Targets != nil {
		return nil
	}
	chosen := form.List(in.Params[accessAppsField.Name])
	wrong := domain.Error{Code: domain.Invalid, Field: accessAppsField.Name}
	switch all := in.Params[whichField.Name] == appsAll; {
	case all && len(chosen) > 0:
		wrong.Message, wrong.Hint = "All apps are meant, and some are chosen.", "Take the chosen ones out, or let only these be meant."
	case !all && len(chosen) == 0:
		wrong.Message = "Choose at least one app."
	case slices.ContainsFunc(chosen, func(app string) bool { return in.Apps[app] == "" }):
		wrong.Message, wrong.Hint = "One of the apps is not in the local copy.", "Sync, then choose the apps again."
	default:
		return nil
	}
	return &wrong
}

// removal collects what a plan takes from whom.
type removal struct {
	in       bulk.PlanInput
	chosen   []string // ids of apps; none means all
	othersGo bool

	keep, lose, admins []string // people who keep a chosen app, lose another one, lose an admin role
}

func (r *removal) takes(app string) bool { return len(r.chosen) == 0 || slices.Contains(r.chosen, app) }

func (r *removal) of(u domain.User) []domain.Change {
	skip := func(v domain.Verdict, reason string) []domain.Change {
		return []domain.Change{{Target: targetOf(u), Verdict: v, Reason: reason}}
	}
	if reason := notAPerson(u); reason != "" {
		return skip(domain.VerdictUnsupported, reason)
	}
	ways := r.ways(u)
	if r.in.Targets != nil {
		ways = r.named(u)
	}
	if len(ways) == 0 {
		if slices.ContainsFunc(u.Access, func(a domain.AppAccess) bool { return r.takes(a.AppID) }) {
			return skip(domain.VerdictUnsupported, "Has access, but neither a group nor a role that gives it is known. Sync, then look again.")
		}
		return skip(domain.VerdictAlready, "Has none of these apps.")
	}
	r.leavePointless(ways)
	r.explain(u, ways)
	changes := make([]domain.Change, len(ways))
	for i, w := range ways {
		changes[i] = w.Change
	}
	return changes
}

// named gives the ways that a plan's targets name.
func (r *removal) named(u domain.User) []way {
	var ways []way
	for _, t := range r.in.TargetsOf(u, nil) {
		if t.GroupID == "" && t.Role == "" { // the line of somebody without any
			continue
		}
		w := way{Change: judgeGroupOrRole(r.in, u, t, false), gives: []string{t.AppID}}
		if t.GroupID != "" {
			w = r.byGroup(u, r.in.Groups[t.GroupID], t)
		}
		ways = append(ways, w)
	}
	return ways
}

// ways finds all ways by which a person has one of the chosen apps, those that cannot be ended too.
func (r *removal) ways(u domain.User) []way {
	var ways []way
	given := map[string]bool{} // apps by groups
	for _, id := range u.GroupIDs {
		g, known := r.in.Groups[id]
		if !known || !slices.ContainsFunc(g.GrantsAccess, r.takes) {
			continue
		}
		for _, app := range g.GrantsAccess {
			given[app] = true
		}
		t := targetOf(u)
		t.GroupID, t.GroupName, t.DirectoryID = g.GroupID, g.Name, g.DirectoryID
		ways = append(ways, r.byGroup(u, g, t))
	}
	for _, role := range u.Roles {
		if !domain.RoleOpens(role.Role) || !r.takes(role.AppID) {
			continue
		}
		t := targetOf(u)
		t.AppID, t.AppName, t.Role = role.AppID, r.name(role.AppID), role.Role
		w := way{Change: domain.Change{Action: "role.revoke", Target: t, Verdict: domain.VerdictUnsupported}, gives: []string{role.AppID}}
		switch {
		case role.Direct:
			w.Change = judgeGroupOrRole(r.in, u, t, false)
		case role.ByGroup && given[role.AppID]:
			continue // the group stands there itself
		case role.ByGroup:
			w.Reason = "The role comes through a group that the local copy does not show. Sync, then make the preview again."
		case role.Inferred:
			w.Reason = "Atlassian gives this role because of another one, such as being an administrator."
		case given[role.AppID]:
			continue
		default:
			w.Reason = "Atlassian does not tell how this role was given."
		}
		ways = append(ways, w)
	}
	return ways
}

func (r *removal) byGroup(u domain.User, g domain.Group, t domain.Target) way {
	w := way{Change: judgeGroupOrRole(r.in, u, t, false), gives: g.GrantsAccess}
	if w.Verdict != domain.VerdictChange || r.othersGo || r.in.Targets != nil {
		return w
	}
	var more []string
	for _, app := range g.GrantsAccess {
		if !r.takes(app) {
			more = append(more, r.name(app))
		}
	}
	if len(more) > 0 {
		w.Change = domain.Change{
			Action: w.Action, Target: t, Verdict: domain.VerdictUnsupported,
			Reason: "The group also gives " + strings.Join(more, ", ") + ", and such groups are left as they are.",
		}
	}
	return w
}

// leavePointless leaves the ways alone that give nothing but apps which the person keeps by another one.
func (r *removal) leavePointless(ways []way) {
	kept := map[string]string{} // by app what keeps it
	for _, w := range ways {
		if w.Verdict != domain.VerdictChange && w.Verdict != domain.VerdictAlready {
			for _, app := range w.gives {
				kept[app] = byWay(w.Target)
			}
		}
	}
	for i := range ways {
		w := &ways[i]
		taken := slices.DeleteFunc(slices.Clone(w.gives), func(app string) bool { return !r.takes(app) })
		if w.Verdict != domain.VerdictChange || slices.ContainsFunc(taken, func(app string) bool { return kept[app] == "" }) {
			continue
		}
		w.Change = domain.Change{
			Action: w.Action, Target: w.Target, Verdict: domain.VerdictUnsupported,
			Reason: "Would keep " + r.name(taken[0]) + " " + kept[taken[0]] + ", so nothing is taken.",
		}
	}
}

func byWay(t domain.Target) string {
	if t.GroupName != "" {
		return "through the group " + t.GroupName
	}
	return "by a role of their own"
}

// explain adds to each change what becomes of every app that it gave.
func (r *removal) explain(u domain.User, ways []way) {
	who := cmp.Or(u.Name, u.Email, u.AccountID)
	keeps, loses, admin := false, false, false
	for i := range ways {
		w := &ways[i]
		keeps = keeps || w.Verdict != domain.VerdictChange && w.Verdict != domain.VerdictAlready
		if w.Verdict != domain.VerdictChange {
			continue
		}
		admin = admin || strings.HasSuffix(w.Target.Role, "admin") || r.in.Groups[w.Target.GroupID].AdminsOf() != ""
		for _, app := range w.gives {
			after := "no access"
			if still := r.still(u, ways, app); still != "" {
				after = "keeps access: " + still
			} else if !r.takes(app) {
				after, loses = "no access either: the group gave it too", true
			}
			w.Diffs = append(w.Diffs, domain.Diff{Field: r.name(app), Before: "access", After: after})
		}
	}
	for list, is := range map[*[]string]bool{&r.keep: keeps, &r.lose: loses, &r.admins: admin} {
		if is {
			*list = append(*list, who)
		}
	}
}

// still names one way by which the person has an app after the plan, "" for none that is known.
func (r *removal) still(u domain.User, ways []way, app string) string {
	leaves := map[string]bool{}
	for _, w := range ways {
		switch {
		case w.Verdict == domain.VerdictChange:
			leaves[w.Target.GroupID] = true
		case slices.Contains(w.gives, app):
			return byWay(w.Target)
		}
	}
	for _, id := range u.GroupIDs {
		if g := r.in.Groups[id]; !leaves[id] && slices.Contains(g.GrantsAccess, app) {
			return byWay(domain.Target{GroupName: g.Name})
		}
	}
	for _, role := range u.Roles {
		if role.AppID == app && role.Direct && domain.RoleOpens(role.Role) && !r.takes(app) {
			return "by a role of their own"
		}
	}
	return ""
}

func (r *removal) name(app string) string { return cmp.Or(r.in.Apps[app], app) }

// tell says what the operator must know of the whole plan.
func (r *removal) tell() {
	say := func(level domain.GuardLevel, rule string, who []string, one, many, hint string) {
		if len(who) > 0 {
			r.in.Say(domain.GuardFinding{
				Level: level, Rule: rule, Message: domain.Plural(len(who), "person "+one, "people "+many), Hint: hint, Names: who[:min(len(who), shownNames)],
			})
		}
	}
	say(domain.GuardConfirm, "other_apps", r.lose, "loses another app too, which was not chosen.", "lose another app too, which was not chosen.",
		"The groups that they leave give both. The preview says it with each of them.")
	say(domain.GuardConfirm, "app_admins", r.admins, "is an administrator of an app and will not be any more.",
		"are administrators of an app and will not be any more.", "")
	say(domain.GuardInfo, "keep_access", r.keep, "keeps access by a way that is not ended here.", "keep access by a way that is not ended here.",
		"The preview says which, and why.")
}

// shownNames is how many people a finding names.
const shownNames = 5
