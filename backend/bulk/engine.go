package bulk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// Calls in flight: the default, and what no option can exceed. It is also how many items a crash can leave ambiguous.
const (
	defaultInFlight = 4
	maxInFlight     = 10
)

// Store keeps plans and runs on disk. All times are UTC with millisecond precision.
type Store interface {
	PastRuns

	// SavePlan stores a plan with its changes, whole or not at all.
	SavePlan(ctx context.Context, p domain.Plan, changes []domain.Change) error
	// Plan returns a stored plan; NotFound.
	Plan(ctx context.Context, id string) (domain.Plan, error)
	// PlanChanges returns a page of changes in their order, and how many match in all.
	PlanChanges(ctx context.Context, planID string, q domain.ChangeQuery) ([]domain.Change, int, error)
	// EachChange streams a plan's changes in their order.
	EachChange(ctx context.Context, planID string, fn func(domain.Change) error) error
	// DeletePlan forgets a plan that was not confirmed; Conflict when it was.
	DeletePlan(ctx context.Context, id string) error

	// StartRun turns the plan into a run, in one transaction: Stale when the plan has another hash or expired before
	// now, Conflict when it was confirmed before or another run of the source is active. Items with another verdict
	// than change get their outcome at once.
	StartRun(ctx context.Context, r domain.Run, hash string, now time.Time) error
	// Run returns a run; NotFound.
	Run(ctx context.Context, id string) (domain.Run, error)
	// UnfinishedRuns returns every run that is running, has items in intent, or changed people or groups that were not
	// read again since.
	UnfinishedRuns(ctx context.Context) ([]domain.Run, error)
	// SetRunState moves an active run to another state; Conflict when the run is not active. finished is zero for
	// active states.
	SetRunState(ctx context.Context, runID string, state domain.RunState, reason string, finished time.Time) error
	// PlannedItems returns the first limit items after seq that are not started, in order.
	PlannedItems(ctx context.Context, runID string, after, limit int) ([]domain.Item, error)
	// IntentItems returns all items in intent, in order.
	IntentItems(ctx context.Context, runID string) ([]domain.Item, error)
	// WriteItems records outcomes and intents in one transaction that is on disk when it returns, and returns the run's
	// counts after it. It refuses to change an item that has its outcome, but for done by an answer, which may become
	// unknown. No items is a test of the disk.
	WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error)
	// EachItem streams a run's items in their order.
	EachItem(ctx context.Context, runID string, fn func(domain.Item) error) error
	// Unrefreshed returns the items that came to an end while the run went on, since the time that MarkRefreshed noted:
	// what ended before it was read back and stands in the local copy.
	Unrefreshed(ctx context.Context, runID string) ([]domain.Item, error)
	MarkRefreshed(ctx context.Context, runID string, at time.Time) error
}

// People is the local copy as the engine needs it.
type People interface {
	UsersByAccount(ctx context.Context, sourceID string, accountIDs []string) ([]domain.User, error)
	Groups(ctx context.Context, sourceID string) ([]domain.Group, error)
	// MembersOf returns the account ids of the people in any of the groups.
	MembersOf(ctx context.Context, sourceID string, groupIDs []string) ([]string, error)
	Apps(ctx context.Context, sourceID string) ([]domain.App, error)
	Directories(ctx context.Context, sourceID string) ([]domain.Directory, error)
	Freshness(ctx context.Context, sourceID string) (domain.Freshness, error)
}

// Options is what an engine needs.
type Options struct {
	Store  Store
	People People
	// Source returns a source's settings; Open its connection, shared with others.
	Source func(ctx context.Context, id string) (domain.Source, error)
	Open   func(ctx context.Context, id string) (source.Source, error)
	// Unlock opens a connection with a source's key for changes, for one run, which closes it; nil where no source has
	// such a key. typed is the key where the operator is asked for it each time.
	Unlock func(ctx context.Context, id string, typed domain.Secret) (*source.Unlocked, error)
	// Refresh reads people afresh into the local copy after they were changed; nil for none.
	Refresh func(ctx context.Context, sourceID string, accountIDs []string) error
	// RefreshGroups does so with groups and the people in them, by id or, without one, by directory and name; nil for
	// none.
	RefreshGroups func(ctx context.Context, sourceID string, groups []domain.Target) error
	Bus           *events.Bus
	Log           *slog.Logger
	Operator      string // the operating-system user, for the log
	InFlight      int    // calls under way at once: 0 means 4, never more than 10
}

// Engine plans and runs bulk actions. Its methods may be called from several goroutines.
type Engine struct {
	o Options

	mu       sync.Mutex
	closed   bool
	runners  map[string]*runner            // by run id; there while something is left to do in this process
	rechecks map[string]context.CancelFunc // fresh looks under way, by plan id
	marked   map[string]time.Time          // when a run last noted that people or groups were read again, by source id
}

// New makes an engine. It starts nothing: Recover goes on with what an earlier process left.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.InFlight <= 0 {
		o.InFlight = defaultInFlight
	}
	o.InFlight = min(o.InFlight, maxInFlight)
	return &Engine{o: o, runners: map[string]*runner{}, rechecks: map[string]context.CancelFunc{}, marked: map[string]time.Time{}}
}

// now is the present in the form that is stored.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// sleep waits for d or the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
