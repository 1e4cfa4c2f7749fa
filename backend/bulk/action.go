package bulk

import (
	"context"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/registry"
	"seatkeeper/backend/source"
)

// StateGone is the state of a person who is no longer in the organization; the engine sets it, no action returns it.
const StateGone = "no longer there"

// Risk says how much harm a mistaken use of an action does.
type Risk string

// The risks.
const (
	RiskLow    Risk = "low"    // gives something; easily taken back
	RiskMedium Risk = "medium" // takes something away that can be given back exactly
	RiskHigh   Risk = "high"   // locks people out
)

// Cap is the size from which a plan must be confirmed by typing. The smaller of both wins.
type Cap struct {
	Percent int // of the people, or groups, of the source
	Count   int // people, or groups
}

// Action declares one thing that can be done to many people. All its knowledge is here; the engine adds protection, guard, log and undo.
type Action struct {
	Kind       string       // stable name, "noun.verb": "user.suspend"
	Title      string       // "Suspend access"
	Verb       string       // "Suspend", for the button
	Params     []form.Field // what must be chosen besides the people
	Needs      domain.Capability
	Risk       Risk
	Reversible bool
	Gives      bool   // it takes nothing from anybody: taking another run back by it is never stopped for its size
	UndoClass  string // one sentence: what an undo gives back
	Effect     string // one sentence: what happens to the person
	Docs       string // address of Atlassian's page about it
	Cap        Cap

	// Goal is the state after the change, as State names it. Applying sets this state: twice does no more than once.
	Goal string
	// Visible is how long Atlassian may take until a read shows the change.
	Visible time.Duration
	// Inverse is the kind of the action that takes this one back, "" for none.
	Inverse string

	// Sentence says what a plan does to the people, without source and full stop: "Suspend access of 214 people".
	Sentence func(p domain.Plan, people string) string
	// Groups makes the action one about groups; Plan and State are nil then.
	Groups *GroupAction
	// Plan makes one change for each target. It reads only its input. It sets everything but Seq and Action, which the engine sets;
	// it need not know who is protected, because the engine overrules it.
	Plan func(ctx context.Context, in PlanInput) ([]domain.Change, error)
	// State names the state of a change's target, given the person as just read.
	State func(u domain.User, c domain.Change) string
	// Apply sends the one call. Its error is a *domain.Error with Effect; one without counts as "may have been carried out".
	Apply func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error)
}

// PlanInput is what an action may look at to make its changes.
type PlanInput struct {
	Users       []domain.User
	Params      map[string]string
	Groups      map[string]domain.Group     // by Atlassian's id
	Directories map[string]domain.Directory // by id
	// Targets, if not nil, are the only targets to consider, by account id: an undo or a second try names them exactly.
	Targets map[string][]domain.Target

	known *records
}

// StateOf names the state of a person's target: what a run left, where its record is newer than the local copy, else what the action's
// State makes of the local copy. It is StateOpen where only a reading can tell.
func (in PlanInput) StateOf(u domain.User, t domain.Target, state func(domain.User, domain.Change) string) string {
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

// Actions holds every bulk action by its kind.
var Actions = registry.New[Action]("bulk action")

// Register adds an action; call it from a package-level var of the action's file. It panics on an incomplete declaration.
func Register(a Action) Action {
	judges := a.Plan != nil && a.State != nil
	if a.Groups != nil {
		judges = !judges && a.Groups.Plan != nil && a.Groups.State != nil
	}
	if a.Title == "" || a.Verb == "" || a.Goal == "" || a.Sentence == nil || !judges || a.Apply == nil || a.Cap.Count == 0 || a.Cap.Percent == 0 {
		panic("bulk: action " + a.Kind + " is incomplete")
	}
	return Actions.Add(a.Kind, a)
}

// ActionInfo is an action and whether one source can do it.
type ActionInfo struct {
	Action
	Supported bool
	Reason    string // why not, for the user
	NeedsKey  bool   // a key for changes would make it possible
}

// Actions lists every action, in the order of their kinds, and whether the source can do it.
func (e *Engine) Actions(ctx context.Context, sourceID string) ([]ActionInfo, error) {
	src, err := e.o.Source(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	all := Actions.All()
	infos := make([]ActionInfo, 0, len(all))
	for _, a := range all {
		reason := unsupported(src, a)
		infos = append(infos, ActionInfo{Action: a, Supported: reason == "", Reason: reason, NeedsKey: source.NeedsKey(src, a.Needs)})
	}
	return infos, nil
}

// unsupported says why a source cannot do an action with any of its keys, "" when it can.
func unsupported(src domain.Source, a Action) string {
	_, reason := source.KeyFor(src, a.Needs)
	return reason
}
