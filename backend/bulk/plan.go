package bulk

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/bulk/protection"
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
	Groups    []string      // ids of groups, for an action about groups
}

// draft is a plan in the making.
type draft struct {
	plan   domain.Plan
	action Action
	source domain.Source
	ahead  []domain.Change // what earlier steps of the plan change first
	subjects
}

// subjects are those whom a plan is about. An undo or a second try names the targets exactly.
type subjects struct {
	users   []domain.User
	targets map[string][]domain.Target         // by account id; nil for the usual ones
	groups  []string                           // ids of chosen groups
	again   []domain.Change                    // the changes of groups that are taken back or tried again; nil for none
	steps   []subjects                         // of named targets those of each step, where there are several; nil else
	roles   map[string][]domain.RoleAssignment // of the people, by account id, where they were read just now; nil: not read
}

// exact tells whether the targets are named, so that nothing needs to be chosen.
func (s subjects) exact() bool { return s.targets != nil || s.again != nil }

// Plan makes a plan, stores it and returns it with the guard's findings. Nothing is changed at Atlassian. No request is
// sent but for an action about roles on apps, which reads the roles of the people first. A plan that the guard blocks
// is stored all the same, so that the preview can show why.
func (e *Engine) Plan(ctx context.Context, r Request) (domain.Plan, error) {
	return e.plan(ctx, domain.Plan{
		SourceID: r.SourceID, Action: r.Action, Params: r.Params, Note: r.Note, Selection: r.Selection, Trigger: domain.TriggerManual,
	}, subjects{users: r.Users, groups: r.Groups})
}

func (e *Engine) plan(ctx context.Context, p domain.Plan, who subjects) (domain.Plan, error) {
	e.catchUp(ctx, p.SourceID)
	action, ok := ActionOf(p.Action)
	if !ok {
		return domain.Plan{}, domain.Errorf(domain.NotFound, "There is no action %s.", domain.Quote(p.Action))
	}
	src, err := e.o.Source(ctx, p.SourceID)
	if err != nil {
		return domain.Plan{}, fmt.Errorf("plan %s: %w", p.Action, err)
	}
	if reason := unsupported(src, action); reason != "" {
		return domain.Plan{}, &domain.Error{Code: domain.Unsupported, Message: action.Title + " is not possible here. " + reason}
	}
	if !who.exact() { // else the targets say it all
		if err := form.Check(action.Params, p.Params); err != nil {
			return domain.Plan{}, err
		}
	}
	p.Params = cleanMap(p.Params)
	p.Note, p.Selection = clip(p.Note), clip(p.Selection)
	d := draft{plan: p, action: action, source: src, subjects: who}
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

// local is what the local copy says about a source, for one plan.
type local struct {
	all         []domain.Group
	groups      map[string]domain.Group // by Atlassian's id
	directories map[string]domain.Directory
	apps        map[string]string // names for the user, by id
	fresh       domain.Freshness
}

func (e *Engine) local(ctx context.Context, sourceID string) (local, error) {
	l := local{groups: map[string]domain.Group{}, directories: map[string]domain.Directory{}, apps: map[string]string{}}
	var err error
	if l.all, err = e.o.People.Groups(ctx, sourceID); err != nil {
		return l, fmt.Errorf("read the groups: %w", err)
	}
	directories, err := e.o.People.Directories(ctx, sourceID)
	if err != nil {
		return l, fmt.Errorf("read the directories: %w", err)
	}
	apps, err := e.o.People.Apps(ctx, sourceID)
	if err != nil {
		return l, fmt.Errorf("read the apps: %w", err)
	}
	if l.fresh, err = e.o.People.Freshness(ctx, sourceID); err != nil {
		return l, fmt.Errorf("read how fresh the local copy is: %w", err)
	}
	for _, g := range l.all {
		l.groups[g.GroupID] = g
	}
	for _, a := range apps {
		l.apps[a.AppID] = clean(a.Label())
	}
	for _, d := range directories {
		l.directories[d.DirectoryID] = d
	}
	return l, nil
}

// changes lets the action judge people or groups, then overrules it where somebody is protected, then asks the guard.
func (e *Engine) changes(ctx context.Context, d *draft) ([]domain.Change, error) {
	l, known, err := e.known(ctx, d.plan)
	if err != nil {
		return nil, err
	}
	j, err := d.action.Subject.judge(ctx, e, d, l, known, protection.New(d.source, l.all))
	if err != nil {
		return nil, err
	}
	in := guardInput{
		judged: j, plan: d.plan, action: d.action, source: d.source, fresh: l.fresh, users: d.users, total: d.action.Subject.in(l),
		counts: map[domain.Verdict]int{},
	}
	in.used = markUsed(in, l.apps)
	in.reach = newReach()
	for i := range in.changes {
		c := &in.changes[i]
		c.Seq, c.Action = i+1, cmp.Or(c.Action, d.action.Kind)
		if c.Verdict == domain.VerdictChange {
			in.reach.add(c.Target.Key(), c.Before)
		} else {
			c.Diffs = nil
		}
		cleanChange(c)
		in.counts[c.Verdict]++
	}
	in.subjects = len(in.reach.subjects)
	if in.today, err = e.today(ctx, d.plan, d.action, in.reach, in.total); err != nil {
		return nil, err
	}
	d.plan.ID, d.plan.CreatedAt = rand.Text(), now()
	d.plan.ExpiresAt = d.plan.CreatedAt.Add(planLife)
	d.plan.Revision, d.plan.Counts, d.plan.People = l.fresh.Revision, in.counts, in.subjects
	d.plan.About = aboutOf(d.action, d.plan, in.changes, l.apps)
	in.plan = d.plan
	d.plan.Findings = append(guard(in), guardRecorded(in, known)...)
	return in.changes, nil
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

// Subjects gives whom a plan is about: each person or group once, in the plan's order.
func (e *Engine) Subjects(ctx context.Context, planID string) ([]domain.Target, error) {
	var subjects []domain.Target
	seen := map[string]bool{}
	err := e.o.Store.EachChange(ctx, planID, func(c domain.Change) error {
		if key := c.Target.Key(); !seen[key] {
			seen[key] = true
			subjects = append(subjects, c.Target)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the plan's changes: %w", err)
	}
	return subjects, nil
}

// Discard forgets a plan that was not confirmed; Conflict when it was.
func (e *Engine) Discard(ctx context.Context, planID string) error {
	if err := e.o.Store.DeletePlan(ctx, planID); err != nil {
		return fmt.Errorf("discard the plan: %w", err)
	}
	return nil
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
	for _, s := range []*string{&t.AccountID, &t.Name, &t.Email, &t.DirectoryID, &t.GroupID, &t.GroupName, &t.AppID, &t.AppName, &t.Role, &c.Reason, &c.Used} {
		*s = clean(*s)
	}
	for i := range c.Diffs {
		d := &c.Diffs[i]
		d.Field, d.Before, d.After = clean(d.Field), clean(d.Before), clean(d.After)
	}
	if b := c.Before; b != nil {
		b.Description = clean(b.Description)
		for _, list := range [][]string{b.Members, b.Opens, b.Lose} {
			for i := range list {
				list[i] = clean(list[i])
			}
		}
	}
}
