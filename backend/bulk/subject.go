package bulk

import (
	"context"
	"maps"

	"seatkeeper/backend/bulk/protection"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// Subject is what an action is about. It chooses its targets and judges them, reads them, protects them and words them,
// so that plan, guard, run, settling and undo know no kinds. AboutPeople and AboutGroups are the subjects.
type Subject interface {
	// Noun names the subject for the window, "person" or "group"; Counted writes how many there are: "3 people".
	Noun() string
	Counted(n int) string

	// declared tells whether the declaration is whole.
	declared() bool
	// ends tells whether what the action is about is gone after it: an undo can then give back a part only.
	ends() bool
	// in is how many there are in the source: what the percentage of a cap is of.
	in(l local) int
	// judge makes a plan's changes and overrules them where somebody or something is protected.
	judge(ctx context.Context, e *Engine, d *draft, l local, known *records, rule protection.Rule) (judged, error)
	// nothing says why a plan changes nothing.
	nothing(in guardInput) domain.GuardFinding
	// findings is what the guard has to say about this kind alone.
	findings(in guardInput) []domain.GuardFinding
	// again finds those whom changes of an earlier plan or run are about.
	again(ctx context.Context, e *Engine, p domain.Plan, changes []domain.Change) (subjects, error)
	// complete reads, of people whose targets are named, what the action needs and no local copy keeps.
	complete(ctx context.Context, e *Engine, p domain.Plan, who *subjects) error
	// back prepares the plan of an undo, which takes these changes back, and gives the changes to plan.
	back(ctx context.Context, e *Engine, p *domain.Plan, changes []domain.Change) ([]domain.Change, error)

	// readable says why a source cannot tell what is to be known before a change; nil when it can.
	readable(src source.Source) error
	// read reads at most ten of them now, by the target's key. Who is gone is missing.
	read(ctx context.Context, from eitherReader, targets []domain.Target) (map[string]Reading, error)
	// refresh reads them afresh into the local copy; nil where that is not possible.
	refresh(e *Engine) func(ctx context.Context, sourceID string, targets []domain.Target) error
	// state names the state of a change's target as just read.
	state(r Reading, c domain.Change) domain.State
	// protects says why nothing is done to one as just read, "" when something may be done.
	protects(rule protection.Rule, r Reading) string
}

// Reading is a person or group as just read; the zero value is one that is gone.
type Reading struct {
	User  *domain.User
	Group *domain.GroupNow
}

// judged is what a subject made of a plan.
type judged struct {
	changes   []domain.Change
	byAccount map[string]int // people who are judged: index into the draft's users
	losers    []domain.User  // who lose access to an app because groups end
	said      []domain.GuardFinding
}

// of gives the action of a change.
func (r *runner) of(c domain.Change) Action {
	a, _ := ActionOf(c.Action)
	return a
}

// read reads the subjects of some items, each once; found by the target's key.
func (r *runner) read(ctx context.Context, items []domain.Item) (map[string]Reading, error) {
	var about []Subject
	targets, seen := map[string][]domain.Target{}, map[string]bool{}
	// A target with a role says that the person's roles are to be read too, so it goes before the person's others.
	for _, role := range []bool{true, false} {
		for _, it := range items {
			s, t := r.of(it.Change).Subject, it.Change.Target
			if seen[t.Key()] || (t.Role != "") != role {
				continue
			}
			seen[t.Key()] = true
			if targets[s.Noun()] == nil {
				about = append(about, s)
			}
			targets[s.Noun()] = append(targets[s.Noun()], t)
		}
	}
	found := make(map[string]Reading, len(seen))
	for _, s := range about {
		some, err := s.read(ctx, r.reader, targets[s.Noun()])
		if err != nil {
			return nil, err
		}
		maps.Copy(found, some)
	}
	return found, nil
}

func (r *runner) stateOf(now Reading, c domain.Change) domain.State {
	return r.of(c).Subject.state(now, c)
}

func (r *runner) protected(now Reading, c domain.Change) string {
	return r.of(c).Subject.protects(r.protect, now)
}
