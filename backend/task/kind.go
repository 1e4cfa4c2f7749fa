package task

import (
	"context"
	"maps"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/registry"
)

// Kinds are the registered kinds of task. Each stands in a file of its own in task/kinds.
var Kinds = registry.New[Kind]("kind of task")

// Kind declares one kind of task. All its knowledge is here; the Service adds due times, claims, history and words.
type Kind struct {
	Title  string            // "Sync"
	Parts  map[string]string // what a run of each part does, for the history; the part "" is what the schedule asks for
	Params []form.Field      // what must be known besides the schedule
	// OfSource is the task that a source gets when it is added; nil for none.
	OfSource *domain.Task
	// Repeatable says that doing an occurrence twice does no more than once: one that was begun and has not ended is
	// begun again.
	Repeatable bool

	// Held tells why nothing can begin now, as one of the Missed constants; "" for nothing. What is due waits. It may
	// be nil.
	Held func(ctx context.Context, w World, t domain.Task) (string, error)
	// Beside tells what is due beside the schedule, if anything. It may be nil.
	Beside func(ctx context.Context, w World, t domain.Task, now time.Time) (o Occurrence, due bool, err error)
	// Run does it and waits for the end. An error of a context that ended leaves the run as one that nobody saw the end
	// of.
	Run func(ctx context.Context, w World, t domain.Task, r domain.TaskRun) (Result, error)
}

// Occurrence is one time at which a task is due. Its key stays the same whatever the clock does, so that it can be
// begun only once; that of a part begins with the part's name.
type Occurrence struct {
	Part string
	Key  string
	Due  time.Time
}

// Result is how a run ended.
type Result struct {
	Outcome domain.TaskOutcome
	Reason  domain.Code // of a failure
	Ref     string      // the id of what it made
	Again   bool        // it failed in a way that may be over soon
}

// World is what kinds work with.
type World struct {
	Sources func(ctx context.Context) ([]domain.Source, error)
	// Locked tells whether the keys are under lock; nil for never.
	Locked func(ctx context.Context) bool
	Syncs  Syncs
	// Last gives the newest run of a part of a task, the zero value for none; New sets it.
	Last func(ctx context.Context, taskID, part string) (domain.TaskRun, error)
}

// Syncs is what syncs.
type Syncs interface {
	Start(ctx context.Context, sourceID string) (domain.Sync, error)
	StartChanges(ctx context.Context, sourceID string) (domain.Sync, error)
	Wait(ctx context.Context, sourceID string) (domain.Sync, error)
	State(ctx context.Context, sourceID string) (domain.Sync, domain.Freshness, error)
}

// OfSource gives the tasks of a source that is added.
func OfSource(sourceID string) []domain.Task {
	var tasks []domain.Task
	for _, name := range Kinds.Names() {
		if k, _ := Kinds.Get(name); k.OfSource != nil {
			t := *k.OfSource
			t.Params = maps.Clone(t.Params)
			t.ID, t.Kind, t.SourceID, t.Active = name+"-"+sourceID, name, sourceID, true
			tasks = append(tasks, t)
		}
	}
	return tasks
}
