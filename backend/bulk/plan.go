package bulk

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// planLife is how long a plan may be confirmed.
const planLife = time.Hour

// maxNote bounds what an operator or a filter can put into a plan's text, in bytes.
const maxNote = 4000

// Request asks for a plan.
type Request struct {
	SourceID  string
	Action    string
	Params    map[string]string
	Note      string        // the operator's reason
	Selection string        // how the people were chosen, in words
	Users     []domain.User // whole people of the local copy, with memberships and groups
}

// draft is a plan in the making.
type draft struct {
	plan    domain.Plan
	action  Action
	source  domain.Source
	users   []domain.User
	targets map[string][]domain.Target
}

// Plan makes a plan, stores it and returns it with the guard's findings. Nothing is changed at Atlassian and no request is sent.
// A plan that the guard blocks is stored all the same, so that the preview can show why.
func (e *Engine) Plan(ctx context.Context, r Request) (domain.Plan, error) {
	return e.plan(ctx, domain.Plan{
		SourceID: r.SourceID, Action: r.Action, Params: r.Params, Note: r.Note, Selection: r.Selection, Trigger: domain.TriggerManual,
	}, r.Users, nil)
}

func (e *Engine) plan(ctx context.Context, p domain.Plan, users []domain.User, targets map[string][]domain.Target) (domain.Plan, error) {
	action, ok := Actions.Get(p.Action)
	if !ok {
		return domain.Plan{}, domain.Errorf(domain.NotFound, "There is no action %q.", p.Action)
	}
	src, err := e.o.Source(ctx, p.SourceID)
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan %s: %w", p.Action, err)
	}
	if reason := unsupported(src, action); reason != "" {
		return domain.Plan{}, &domain.Error{Code: domain.Unsupported, Message: action.Title + " is not possible here. " + reason}
	}
	if err := form.Check(action.Params, p.Params); err != nil {
		return domain.Plan{}, err
	}
	p.Params = cleanMap(p.Params)
	p.Note, p.Selection = clip(p.Note), clip(p.Selection)
	d := draft{plan: p, action: action, source: src, users: distinct(users), targets: targets}
	changes, err := e.changes(ctx, &d)
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan %s: %w", p.Action, err)
	}
	if d.plan.Hash, err = hashOf(d.plan, func(fn func(domain.Change) error) error {
		for _, c := range changes {
			if err := fn(c); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return domain.Plan{}, err
	}
	if err := e.o.Store.SavePlan(ctx, d.plan, changes); err != nil {
		return domain.Plan{}, fmt.Errorf("store the plan: %w", err)
	}
	e.o.Log.Info("plan made", "plan", d.plan.ID, "action", d.plan.Action, "changes", d.plan.Counts[domain.VerdictChange], "all", len(changes))
	return d.plan, nil
}

// changes lets the action judge the people, then overrules it where somebody is protected, then asks the guard.
func (e *Engine) changes(ctx context.Context, d *draft) ([]domain.Change, error) {
	groups, err := e.o.People.Groups(ctx, d.plan.SourceID)
	if err != nil {
		return nil, fmt.Errorf("read the groups: %w", err)
	}
	directories, err := e.o.People.Directories(ctx, d.plan.SourceID)
	if err != nil {
		return nil, fmt.Errorf("read the directories: %w", err)
	}
	fresh, err := e.o.People.Freshness(ctx, d.plan.SourceID)
	if err != nil {
		return nil, fmt.Errorf("read how fresh the local copy is: %w", err)
	}
	in := PlanInput{
		Users: d.users, Params: d.plan.Params, Targets: d.targets,
		Groups: make(map[string]domain.Group, len(groups)), Directories: make(map[string]domain.Directory, len(directories)),
	}
	for _, g := range groups {
		in.Groups[g.GroupID] = g
	}
	for _, dir := range directories {
		in.Directories[dir.DirectoryID] = dir
	}
	changes, err := d.action.Plan(ctx, in)
	if err != nil {
		return nil, err
	}
	byAccount := make(map[string]int, len(d.users))
	for i := range d.users {
		byAccount[d.users[i].AccountID] = i
	}
	protect := newProtection(d.source, groups)
	counts, people := map[domain.Verdict]int{}, map[string]bool{}
	for i := range changes {
		c := &changes[i]
		c.Seq, c.Action = i+1, d.action.Kind
		if at, ok := byAccount[c.Target.AccountID]; ok && c.Verdict == domain.VerdictChange {
			if reason := protect.reason(d.users[at]); reason != "" {
				c.Verdict, c.Reason = domain.VerdictProtected, reason
			}
		}
		if c.Verdict == domain.VerdictChange {
			people[c.Target.AccountID] = true
		} else {
			c.Diffs = nil
		}
		cleanChange(c)
		counts[c.Verdict]++
	}
	d.plan.ID, d.plan.CreatedAt = rand.Text(), now()
	d.plan.ExpiresAt = d.plan.CreatedAt.Add(planLife)
	d.plan.Revision, d.plan.Counts, d.plan.People = fresh.Revision, counts, len(people)
	d.plan.Findings = guard(guardInput{
		action: d.action, source: d.source, fresh: fresh, changes: changes, users: d.users, byAccount: byAccount, people: len(people), counts: counts,
	})
	return changes, nil
}

// GetPlan returns a stored plan; NotFound.
func (e *Engine) GetPlan(ctx context.Context, id string) (domain.Plan, error) {
	p, err := e.o.Store.Plan(ctx, id)
	if err != nil {
		return p, fmt.Errorf("read the plan: %w", err)
	}
	return p, nil
}

// ChangeQuery chooses changes of a plan.
type ChangeQuery = domain.ChangeQuery

// Changes returns a page of a plan's changes and how many match in all.
func (e *Engine) Changes(ctx context.Context, planID string, q ChangeQuery) ([]domain.Change, int, error) {
	changes, total, err := e.o.Store.PlanChanges(ctx, planID, q)
	if err != nil {
		return nil, 0, fmt.Errorf("read the plan's changes: %w", err)
	}
	return changes, total, nil
}

// Discard forgets a plan that was not confirmed; Conflict when it was.
func (e *Engine) Discard(ctx context.Context, planID string) error {
	if err := e.o.Store.DeletePlan(ctx, planID); err != nil {
		return fmt.Errorf("discard the plan: %w", err)
	}
	return nil
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

// clean makes text that survives JSON and SQLite unchanged, so that a stored plan hashes as the plan that was made.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func clip(s string) string {
	if len(s) > maxNote {
		s = s[:maxNote] + "…"
	}
	return clean(s)
}

func cleanMap(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out[clean(k)] = clean(m[k])
	}
	return out
}

func cleanChange(c *domain.Change) {
	t := &c.Target
	for _, s := range []*string{&t.AccountID, &t.Name, &t.Email, &t.DirectoryID, &t.GroupID, &t.GroupName, &c.Reason, &c.Expect, &c.Undo} {
		*s = clean(*s)
	}
	for i := range c.Diffs {
		d := &c.Diffs[i]
		d.Field, d.Before, d.After = clean(d.Field), clean(d.Before), clean(d.After)
	}
}
