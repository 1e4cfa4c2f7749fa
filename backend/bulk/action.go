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

// Action declares one thing that can be done to many people. All its knowledge is here; the engine adds protection,
// guard, log and undo.
type Action struct {
	Kind       string              // stable name, "noun.verb": "user.suspend"
	Title      string              // "Suspend access"
	Verb       string              // "Suspend", for the button
	Params     []form.Field        // what must be chosen besides the people
	Needs      []domain.Capability // all of them
	Risk       Risk
	Reversible bool
	Gives      bool   // it takes nothing from anybody: taking another run back by it is never stopped for its size
	UndoClass  string // one sentence: what an undo gives back
	Effect     string // one sentence: what happens to the person
	Docs       string // address of Atlassian's page about it
	Cap        Cap
	Hidden     bool // it is a part or the way back of others, and not offered by itself

	// Takes gives the ids of the apps that a plan takes from people, none for all; nil where the action is not about
	// single apps.
	Takes func(p domain.Plan) []string
	// Parts are the kinds of the actions that its changes name: it only plans, and they know how to read, apply and
	// take back a change. Goal, Visible and Apply are then theirs. nil for an action of its own.
	Parts []string
	// Goal is the state after the change, as State names it. Applying sets this state: twice does no more than once.
	Goal domain.State
	// Visible is how long Atlassian may take until a read shows the change.
	Visible time.Duration
	// Inverse is the kind of the action that takes this one back, "" for none.
	Inverse string

	// Sentence says what a plan does to the people, without source and full stop: "Suspend access of 214 people".
	Sentence func(p domain.Plan, people string) string
	// Subject is what the action is about, and how it judges it.
	Subject Subject
	// Apply sends the one call. Its error is a *domain.Error with Effect; one without counts as "may have been carried
	// out".
	Apply func(ctx context.Context, src source.Source, c domain.Change) (domain.Receipt, error)
}

// Actions holds every bulk action by its kind.
var Actions = registry.New[Action]("bulk action")

// Register adds an action; call it from a package-level var of the action's file. It panics on an incomplete
// declaration.
func Register(a Action) Action {
	judges := a.Subject != nil && a.Subject.declared()
	alone := a.Goal != "" && a.Apply != nil
	if a.Title == "" || a.Verb == "" || alone == (a.Parts != nil) || a.Sentence == nil || !judges || a.Cap.Count == 0 || a.Cap.Percent == 0 {
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
		if a.Hidden {
			continue
		}
		reason := unsupported(src, a)
		infos = append(infos, ActionInfo{Action: a, Supported: reason == "", Reason: reason, NeedsKey: slices.ContainsFunc(a.Needs, func(c domain.Capability) bool { return source.NeedsKey(src, c) })})
	}
	return infos, nil
}

// unsupported says why a source cannot do an action with any of its keys, "" when it can.
func unsupported(src domain.Source, a Action) string {
	_, reason := source.KeyForAll(src, a.Needs)
	return reason
}
