package bulk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Several actions in order are an action too: its kind is theirs, joined by "+", and its options are theirs, each with
// the number of its step before the name ("2.groups"). A plan of it judges each step as if the ones before were done; a
// run begins a step when the one before is over, and leaves out whoever did not get through that. Everything else knows
// no steps.

const (
	stepMark  = "+"
	thenWords = ", then "
)

// ActionOf gives the action of a kind, which may name several in order.
func ActionOf(kind string) (Action, bool) {
	if !strings.Contains(kind, stepMark) {
		return Actions.Get(kind)
	}
	var parts []Action
	for one := range strings.SplitSeq(kind, stepMark) {
		a, ok := Actions.Get(one)
		if !ok {
			return Action{}, false
		}
		parts = append(parts, a)
	}
	return inOrder(parts), true
}

// stepsOf gives the kinds of the steps of an action, most often one.
func stepsOf(kind string) []string { return strings.Split(kind, stepMark) }

// StepParam is the name of a step's option in a plan of several; steps count from 1.
func StepParam(step int, name string) string { return strconv.Itoa(step) + "." + name }

// inOrder makes one action of several.
func inOrder(parts []Action) Action {
	first := parts[0]
	a := Action{
		Kind: first.Kind, Title: first.Title, Verb: first.Verb, Risk: first.Risk, Reversible: true, Gives: true, Docs: first.Docs, Cap: first.Cap,
		Inverse: first.Inverse, Subject: steps{parts},
	}
	for i, p := range parts {
		if i > 0 {
			a.Kind += stepMark + p.Kind
			a.Title += thenWords + lowerFirst(p.Title)
			a.Verb += thenWords + lowerFirst(p.Verb)
			a.Inverse = p.Inverse + stepMark + a.Inverse
			a.Risk = riskier(a.Risk, p.Risk)
			a.Cap = Cap{Percent: min(a.Cap.Percent, p.Cap.Percent), Count: min(a.Cap.Count, p.Cap.Count)}
		}
		for _, f := range p.Params {
			f.Name, f.Label = StepParam(i+1, f.Name), p.Title+": "+lowerFirst(f.Label)
			a.Params = append(a.Params, f)
		}
		a.Parts = append(a.Parts, p.Kind)
		a.Needs = append(a.Needs, p.Needs...)
		a.Reversible, a.Gives = a.Reversible && p.Reversible, a.Gives && p.Gives
		a.Effect = strings.TrimSpace(a.Effect + " " + p.Effect)
		a.UndoClass = strings.TrimSpace(a.UndoClass + " " + p.UndoClass)
	}
	if slices.ContainsFunc(parts, func(p Action) bool { return p.Inverse == "" }) {
		a.Inverse, a.Reversible = "", false
	}
	a.Sentence = func(p domain.Plan, people string) string {
		var said []string
		for i, part := range parts {
			said = append(said, part.Sentence(stepPlan(p, i), people))
			people = "them"
		}
		for i := range said[1:] {
			said[i+1] = lowerFirst(said[i+1])
		}
		return strings.Join(said, thenWords)
	}
	return a
}

func riskier(a, b Risk) Risk {
	order := []Risk{RiskLow, RiskMedium, RiskHigh}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// stepPlan is the head of a plan as one of its steps sees it.
func stepPlan(p domain.Plan, step int) domain.Plan {
	own := map[string]string{}
	for name, value := range p.Params {
		if name, ok := strings.CutPrefix(name, StepParam(step+1, "")); ok {
			own[name] = value
		}
	}
	p.Params = own
	if step < len(p.About) {
		p.About = p.About[step : step+1]
	}
	return p
}

// step is the head of a plan as one step of the action sees it.
func (a Action) step(p domain.Plan, i int) domain.Plan {
	if len(stepsOf(a.Kind)) == 1 {
		return p
	}
	return stepPlan(p, i)
}

// aboutOf says for each step of a plan what it is about besides the people.
func aboutOf(a Action, p domain.Plan, changes []domain.Change, apps map[string]string) []domain.About {
	all := make([]domain.About, 0, 1)
	for i, kind := range stepsOf(a.Kind) {
		groups := map[string]string{} // names by id
		for _, c := range changes {
			if t := c.Target; c.Step == i && c.Verdict == domain.VerdictChange && t.AccountID != "" && t.GroupID != "" {
				groups[t.GroupID] = t.GroupName
			}
		}
		about := domain.About{Groups: domain.Name(slices.Sorted(maps.Values(groups)))}
		if one, _ := Actions.Get(kind); one.Takes != nil {
			var names []string
			for _, id := range one.Takes(a.step(p, i)) {
				names = append(names, cmp.Or(apps[id], clean(id)))
			}
			slices.Sort(names)
			about.Apps = domain.Name(names)
		}
		all = append(all, about)
	}
	return all
}

// steps is the subject of several actions in order, all about people.
type steps struct{ parts []Action }

func (s steps) Noun() string         { return s.parts[0].Subject.Noun() }
func (s steps) Counted(n int) string { return s.parts[0].Subject.Counted(n) }
func (s steps) declared() bool       { return true }
func (s steps) ends() bool           { return false }
func (s steps) in(l local) int       { return s.parts[0].Subject.in(l) }

// judge lets each step judge the people as they will be after the steps before, and takes nobody further who does not
// get through one.
func (s steps) judge(ctx context.Context, e *Engine, d *draft, l local, known *records, rule protection.Rule) (judged, error) {
	var all judged
	barred := map[string]string{} // account -> why
	var ahead []domain.Change
	for i, part := range s.parts {
		about, ok := part.Subject.(AboutPeople)
		if !ok {
			return judged{}, domain.Errorf(domain.Invalid, "%s is not about people, so it cannot be one of several steps.", part.Title)
		}
		own := draft{plan: stepPlan(d.plan, i), action: part, source: d.source, subjects: d.subjects.step(i), ahead: ahead}
		j, err := about.judge(ctx, e, &own, l, known.after(ahead), rule)
		if err != nil {
			return judged{}, fieldOfStep(err, i+1)
		}
		for n := range j.changes {
			c := &j.changes[n]
			c.Step = i
			if c.Action == "" {
				c.Action = part.Kind
			}
			if why := barred[c.Target.AccountID]; why != "" && c.Verdict == domain.VerdictChange {
				c.Verdict, c.Reason = domain.VerdictUnsupported, why
			}
		}
		for _, c := range j.changes {
			switch c.Verdict {
			case domain.VerdictChange:
				ahead = append(ahead, c)
			case domain.VerdictAlready:
			case domain.VerdictProtected, domain.VerdictSynced, domain.VerdictUnsupported:
				if barred[c.Target.AccountID] == "" {
					barred[c.Target.AccountID] = "An earlier step is not possible: " + c.Reason
				}
			}
		}
		if i == 0 {
			all.byAccount, d.users = j.byAccount, own.users
		}
		all.changes, all.said = append(all.changes, j.changes...), append(all.said, j.said...)
	}
	return all, nil
}

// fieldOfStep names the option of the plan that an error about a step's option means.
func fieldOfStep(err error, step int) error {
	e := *domain.AsError(err)
	if e.Field != "" {
		e.Field = StepParam(step, e.Field)
	}
	return &e
}

// step gives the subjects as one step takes them: of named targets only its own.
func (s subjects) step(i int) subjects {
	if s.steps != nil {
		return s.steps[i]
	}
	return s
}

func (s steps) nothing(in guardInput) domain.GuardFinding    { return s.parts[0].Subject.nothing(in) }
func (s steps) findings(in guardInput) []domain.GuardFinding { return in.said }
func (s steps) state(Reading, domain.Change) domain.State    { return domain.StateOpen } // each change names the action that knows
func (s steps) protects(rule protection.Rule, r Reading) string {
	return s.parts[0].Subject.protects(rule, r)
}
func (s steps) refresh(e *Engine) func(ctx context.Context, sourceID string, targets []domain.Target) error {
	return s.parts[0].Subject.refresh(e)
}

func (s steps) read(ctx context.Context, from eitherReader, targets []domain.Target) (map[string]Reading, error) {
	return s.parts[0].Subject.read(ctx, from, targets)
}

func (s steps) readable(src source.Source) error {
	for _, p := range s.parts {
		if err := p.Subject.readable(src); err != nil {
			return err
		}
	}
	return nil
}

// again finds the people of all steps, and keeps which targets belong to which.
func (s steps) again(ctx context.Context, e *Engine, p domain.Plan, changes []domain.Change) (subjects, error) {
	who, err := s.parts[0].Subject.again(ctx, e, p, changes)
	if err != nil {
		return who, err
	}
	who.steps = make([]subjects, len(s.parts))
	for i := range s.parts {
		who.steps[i] = subjects{users: who.users, targets: map[string][]domain.Target{}}
		for _, c := range changes {
			if c.Step == i {
				who.steps[i].targets[c.Target.AccountID] = append(who.steps[i].targets[c.Target.AccountID], c.Target)
			}
		}
	}
	return who, nil
}

func (s steps) complete(ctx context.Context, e *Engine, p domain.Plan, who *subjects) error {
	for i, part := range s.parts {
		if err := part.Subject.complete(ctx, e, p, &who.steps[i]); err != nil {
			return err
		}
	}
	return nil
}

// back takes the steps back in the opposite order.
func (s steps) back(_ context.Context, _ *Engine, _ *domain.Plan, changes []domain.Change) ([]domain.Change, error) {
	for i := range changes {
		changes[i].Step = len(s.parts) - 1 - changes[i].Step
	}
	return changes, nil
}
