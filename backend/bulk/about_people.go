package bulk

import (
	"context"
	"fmt"
	"slices"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// AboutPeople is the subject of an action about people: their access in directories, their groups.
type AboutPeople struct {
	// Plan makes one change for each target. It reads only its input. It sets everything but Seq and Action, which the
	// engine sets; it need not know who is protected, because the engine overrules it.
	Plan func(ctx context.Context, in PlanInput) ([]domain.Change, error)
	// State names the state of a change's target, given the person as just read. It is asked about changes that name
	// this action only.
	State func(u domain.User, c domain.Change) domain.State
	// After makes of a person what a change of this action makes of one: what a later step of the same plan meets.
	After func(u *domain.User, c domain.Change)
	// Roles says that the action is about roles on apps: they are then read of everybody before a plan is made, and of
	// whom a change names a role before and after the call.
	Roles bool
}

// PlanInput is what an action may look at to make its changes.
type PlanInput struct {
	Users       []domain.User
	Params      map[string]string
	Groups      map[string]domain.Group     // by Atlassian's id
	Directories map[string]domain.Directory // by id
	Apps        map[string]string           // names for the user, by id
	// Targets, if not nil, are the only targets to consider, by account id: an undo or a second try names them exactly.
	Targets map[string][]domain.Target
	// Say adds what the guard shall tell about the plan.
	Say func(domain.GuardFinding)

	known *records
}

// StateOf names the state of a person's target: what a run left, where its record is newer than the local copy, else
// what the action's State makes of the local copy. It is domain.StateOpen where only a reading can tell.
func (in PlanInput) StateOf(u domain.User, t domain.Target, state func(domain.User, domain.Change) domain.State) domain.State {
	if rec, newer := in.recorded(u, t); newer {
		return rec.state
	}
	return state(u, domain.Change{Target: t})
}

// Met tells whether a run met the person's target since the local copy was read.
func (in PlanInput) Met(u domain.User, t domain.Target) bool {
	_, newer := in.recorded(u, t)
	return newer
}

func (in PlanInput) recorded(u domain.User, t domain.Target) (recorded, bool) {
	if in.known == nil {
		return recorded{}, false
	}
	return in.known.of(u, t)
}

// TargetsOf gives the targets of one person: those that the input names, else those that usual yields.
func (in PlanInput) TargetsOf(u domain.User, usual func() []domain.Target) []domain.Target {
	if in.Targets == nil {
		return usual()
	}
	named := slices.Clone(in.Targets[u.AccountID])
	for i := range named {
		named[i].Name, named[i].Email = u.Name, u.Email
	}
	return named
}

// Noun is what the window calls it.
func (AboutPeople) Noun() string { return "person" }

// Counted writes how many.
func (AboutPeople) Counted(n int) string { return domain.Plural(n, "person", "people") }

func (a AboutPeople) declared() bool { return a.Plan != nil }

func (AboutPeople) ends() bool { return false }

func (AboutPeople) in(l local) int { return l.fresh.People }

func (a AboutPeople) judge(ctx context.Context, e *Engine, d *draft, l local, known *records, rule protection.Rule) (judged, error) {
	d.users = distinct(d.users)
	if err := e.lookAgain(ctx, d); err != nil {
		return judged{}, err
	}
	known.present(d.users)
	if err := a.addRoles(ctx, e, d); err != nil {
		return judged{}, err
	}
	carryOut(d.users, d.ahead)
	var j judged
	var err error
	j.changes, err = a.Plan(ctx, PlanInput{
		Users: d.users, Params: d.plan.Params, Targets: d.targets, Groups: l.groups, Directories: l.directories, Apps: l.apps, known: known,
		Say: func(f domain.GuardFinding) { j.said = append(j.said, f) },
	})
	if err != nil {
		return judged{}, err
	}
	changes := j.changes
	j.byAccount = make(map[string]int, len(d.users))
	for i := range d.users {
		j.byAccount[d.users[i].AccountID] = i
	}
	for i := range changes {
		c := &changes[i]
		if at, ok := j.byAccount[c.Target.AccountID]; ok && c.Verdict == domain.VerdictChange {
			if reason := rule.Reason(d.users[at]); reason != "" {
				c.Verdict, c.Reason = domain.VerdictProtected, reason
			}
		}
	}
	return j, nil
}

// carryOut makes of people what changes that come first will make of them. The slices within a person are shared, so
// they are copied.
func carryOut(users []domain.User, ahead []domain.Change) {
	if len(ahead) == 0 {
		return
	}
	at := make(map[string]*domain.User, len(users))
	for i := range users {
		u := &users[i]
		u.Memberships, u.GroupIDs, u.Roles = slices.Clone(u.Memberships), slices.Clone(u.GroupIDs), slices.Clone(u.Roles)
		at[u.AccountID] = u
	}
	for _, c := range ahead {
		own, _ := ActionOf(c.Action)
		if about, ok := own.Subject.(AboutPeople); ok && about.After != nil && at[c.Target.AccountID] != nil {
			about.After(at[c.Target.AccountID], c)
		}
	}
}

// addRoles gives the people their roles where the action is about them. An undo or a second try names its targets
// exactly: what they are like is read just before each call.
func (a AboutPeople) addRoles(ctx context.Context, e *Engine, d *draft) error {
	if !a.Roles || d.targets != nil && d.roles == nil {
		return nil
	}
	if d.roles == nil {
		if err := a.complete(ctx, e, d.plan, &d.subjects); err != nil {
			return err
		}
	}
	for i := range d.users {
		d.users[i].Roles = d.roles[d.users[i].AccountID]
	}
	return nil
}

func (a AboutPeople) complete(ctx context.Context, e *Engine, p domain.Plan, who *subjects) (err error) {
	if a.Roles {
		who.roles, err = e.rolesOf(ctx, p, accountsIn(who.users))
	}
	return err
}

func accountsIn(users []domain.User) []string {
	ids := make([]string, 0, len(users))
	for i := range users {
		if users[i].RemovedAt.IsZero() {
			ids = append(ids, users[i].AccountID)
		}
	}
	return ids
}

func (AboutPeople) nothing(in guardInput) domain.GuardFinding {
	if len(in.users) == 0 {
		return domain.GuardFinding{Level: domain.GuardBlock, Rule: "empty", Message: "Nobody is selected.", Hint: "Select people first."}
	}
	return domain.GuardFinding{
		Level: domain.GuardBlock, Rule: "empty", Message: "There is nothing to change: every selected person is already so or is skipped.",
	}
}

func (AboutPeople) findings(in guardInput) []domain.GuardFinding { return in.said }

// again keeps a person whom the local copy no longer has with what was known, so that the preview can say so instead of
// hiding it.
func (AboutPeople) again(ctx context.Context, e *Engine, p domain.Plan, changes []domain.Change) (subjects, error) {
	who := subjects{targets: map[string][]domain.Target{}}
	var order []string
	known := map[string]domain.Target{}
	for _, c := range changes {
		t := c.Target
		if _, seen := known[t.AccountID]; !seen {
			order = append(order, t.AccountID)
			known[t.AccountID] = t
		}
		who.targets[t.AccountID] = append(who.targets[t.AccountID], t)
	}
	found, err := e.o.People.UsersByAccount(ctx, p.SourceID, order)
	if err != nil {
		return who, fmt.Errorf("look up the people: %w", err)
	}
	byAccount := make(map[string]domain.User, len(found))
	for _, u := range found {
		byAccount[u.AccountID] = u
	}
	for _, id := range order {
		u, there := byAccount[id]
		if !there {
			u = domain.User{AccountID: id, Name: known[id].Name, Email: known[id].Email, RemovedAt: p.CreatedAt}
		}
		who.users = append(who.users, u)
	}
	return who, nil
}

func (AboutPeople) back(_ context.Context, _ *Engine, _ *domain.Plan, changes []domain.Change) ([]domain.Change, error) {
	return changes, nil
}

// readable: every source that changes anything reads people.
func (a AboutPeople) readable(src source.Source) error {
	if _, ok := src.(source.AccessEditor); a.Roles && !ok {
		return cannotReadRoles()
	}
	return nil
}

func (AboutPeople) read(ctx context.Context, from eitherReader, targets []domain.Target) (map[string]Reading, error) {
	users, err := from.ReadUsers(ctx, accountsOf(targets))
	if err != nil {
		return nil, fmt.Errorf("read people afresh: %w", err)
	}
	found := make(map[string]Reading, len(users))
	for i := range users {
		found[users[i].AccountID] = Reading{User: &users[i]}
	}
	var some []string // of whom the roles matter
	for _, t := range targets {
		if t.Role != "" && found[t.AccountID].User != nil {
			some = append(some, t.AccountID)
		}
	}
	roles, err := readRoles(ctx, some, from.ReadRoles, func(int) {})
	for account, theirs := range roles {
		found[account].User.Roles = theirs
	}
	return found, err
}

func accountsOf(targets []domain.Target) []string {
	ids := make([]string, 0, len(targets))
	for _, t := range targets {
		ids = append(ids, t.AccountID)
	}
	return ids
}

func (AboutPeople) refresh(e *Engine) func(ctx context.Context, sourceID string, targets []domain.Target) error {
	if e.o.Refresh == nil {
		return nil
	}
	return func(ctx context.Context, sourceID string, targets []domain.Target) error {
		return e.o.Refresh(ctx, sourceID, accountsOf(targets))
	}
}

func (a AboutPeople) state(r Reading, c domain.Change) domain.State {
	if r.User == nil {
		return domain.StateGone
	}
	return a.State(*r.User, c)
}

func (AboutPeople) protects(rule protection.Rule, r Reading) string {
	if r.User == nil {
		return ""
	}
	return rule.Reason(*r.User)
}

// distinct drops repeated people: a second change of the same person would meet the state that the first one left.
func distinct(users []domain.User) []domain.User {
	seen := make(map[string]bool, len(users))
	return slices.DeleteFunc(slices.Clone(users), func(u domain.User) bool {
		double := seen[u.AccountID] || u.AccountID == ""
		seen[u.AccountID] = true
		return double
	})
}
