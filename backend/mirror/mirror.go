// Package mirror syncs: it reads a source from beginning to end and makes what it delivered the local copy, or leaves
// the old copy as it is.
//
// It neither knows Atlassian nor the database: sources deliver batches, and a store stages and swaps them.
package mirror

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

// Store is what the engine needs of the database.
type Store interface {
	// BeginSync makes a running sync; it must end in CommitSync or AbortSync.
	BeginSync(ctx context.Context, sourceID string) (domain.Sync, error)
	// StageBatch adds to a running sync.
	StageBatch(ctx context.Context, syncID int64, b domain.Batch) error
	// StagedCounts counts the different people and groups that were staged.
	StagedCounts(ctx context.Context, syncID int64) (people, groups int, err error)
	// CommitSync makes what was staged the local copy, all of it or nothing. What was not delivered counts as removed,
	// unless short says that too little was delivered.
	CommitSync(ctx context.Context, syncID int64, short domain.Shortfall) (domain.Sync, error)
	// CommitChanges is CommitSync for a sync of changes: what was not delivered stays as it is.
	CommitChanges(ctx context.Context, syncID int64, c domain.Changes) (domain.Sync, error)
	// AbortSync drops what was staged and keeps the state and error of outcome.
	AbortSync(ctx context.Context, syncID int64, outcome domain.Sync) error
	// LastSync returns the newest sync.
	LastSync(ctx context.Context, sourceID string) (domain.Sync, error)
	// Freshness tells how old the local copy is.
	Freshness(ctx context.Context, sourceID string) (domain.Freshness, error)
	// Place tells up to where the audit log was followed; Follow sets what a full sync keeps when it is saved.
	Place(ctx context.Context, sourceID string) (domain.Place, error)
	Follow(syncID int64, p domain.Place) error
	// CheckCopy looks through the local copy; an error with the reason "damaged" says that it is built again.
	CheckCopy(ctx context.Context) error
	// Explain keeps with a running sync why it reads everything.
	Explain(syncID int64, note string) error
	Alone
}

// Alone is what the engine needs to read people and groups beside a sync.
type Alone interface {
	// MembersOf returns the account ids of the people in any of the groups.
	MembersOf(ctx context.Context, sourceID string, groupIDs []string) ([]string, error)
	// Unread returns the account ids of the people who are still shown although the last full sync did not deliver
	// them.
	Unread(ctx context.Context, sourceID string) ([]string, error)
	// PutUsers writes people who were read afresh.
	PutUsers(ctx context.Context, sourceID string, users []domain.User) error
	// RemovePeople marks people as gone.
	RemovePeople(ctx context.Context, sourceID string, accountIDs []string) error
	// PutGroups writes groups that were read afresh, RemoveGroups marks groups as gone.
	PutGroups(ctx context.Context, sourceID string, groups []domain.Group) error
	RemoveGroups(ctx context.Context, sourceID string, groupIDs []string) error
}

// PageCache keeps the pages of a full sync.
type PageCache interface {
	source.PageCache
	// Resumed tells whether pages of an earlier attempt are there, and when that began.
	Resumed() (started time.Time, resumed bool)
	// Close deletes them if drop is set.
	Close(drop bool) error
}

// Options is what an engine works with.
type Options struct {
	Store Store
	// Open gives the shared connection of a source. It may ask the keyring and so may take its time.
	Open func(ctx context.Context, sourceID string) (source.Source, error)
	// Pages opens the pages that a running full sync keeps, so that the next one can go on if it ends early; nil for
	// none.
	Pages func(ctx context.Context, syncID int64) (PageCache, error)
	Bus   *events.Bus  // nil for none
	Log   *slog.Logger // nil for none
}

// Engine runs at most one sync for each source. Its methods may be called from several goroutines.
type Engine struct {
	options Options
	ctx     context.Context // ends with Close
	end     context.CancelFunc
	work    sync.WaitGroup

	readings readings

	mu     sync.Mutex
	closed bool
	jobs   map[string]*job // by source id
}

// New makes an engine. Close must be called before its store is closed.
func New(o Options) *Engine {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, end := context.WithCancel(context.Background())
	return &Engine{options: o, ctx: ctx, end: end, jobs: map[string]*job{}}
}

// Start begins a full sync and returns at once; ctx ends only the call. It is a Conflict when one runs already,
// NotFound when there is no such source, and Cancelled after Close. Whatever goes wrong later is kept in the sync.
func (e *Engine) Start(ctx context.Context, sourceID string) (domain.Sync, error) {
	return e.start(ctx, sourceID, domain.SyncFull)
}

// StartChanges is Start for a sync of only what the audit log says has changed. Where it cannot tell, the sync reads
// everything, with a Note that says why.
func (e *Engine) StartChanges(ctx context.Context, sourceID string) (domain.Sync, error) {
	return e.start(ctx, sourceID, domain.SyncChanges)
}

func (e *Engine) start(ctx context.Context, sourceID string, kind domain.SyncKind) (domain.Sync, error) {
	j, err := e.claim(sourceID)
	if err != nil {
		return domain.Sync{}, err
	}
	begun, err := e.options.Store.BeginSync(ctx, sourceID)
	if err != nil {
		e.release(j)
		close(j.done)
		return domain.Sync{}, fmt.Errorf("start a sync: %w", err)
	}
	begun.Kind = kind
	j.update(func(s *domain.Sync) { *s = begun })
	e.options.Log.Info("sync started", "source", sourceID, "sync", begun.ID, "kind", kind)
	go func() {
		defer e.work.Done()
		e.run(j)
	}()
	return begun, nil
}

// claim makes the job of a source. Its place in e.work is taken here, so that Close waits for it.
func (e *Engine) claim(sourceID string) (*job, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, domain.Errorf(domain.Cancelled, "Seatkeeper is closing.")
	}
	if e.jobs[sourceID] != nil {
		return nil, domain.Errorf(domain.Conflict, "A sync of this source is running already.")
	}
	j := newJob(e.ctx, sourceID)
	e.jobs[sourceID] = j
	e.work.Add(1)
	return j, nil
}

// release gives the place of a job that never ran back.
func (e *Engine) release(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.jobs, j.sourceID)
	j.cancel()
	e.work.Done()
}

// job gives the running job of a source, or nil.
func (e *Engine) job(sourceID string) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.jobs[sourceID]
}

// Cancel asks a running sync to stop; what was there before it stays. Without a running one it does nothing.
func (e *Engine) Cancel(sourceID string) {
	if j := e.job(sourceID); j != nil {
		j.cancel()
	}
}

// Wait waits until no sync of the source runs and returns the last one. Its error is that of ctx or of the database:
// how the sync itself ended stands in its State and Error.
func (e *Engine) Wait(ctx context.Context, sourceID string) (domain.Sync, error) {
	if j := e.job(sourceID); j != nil {
		select {
		case <-j.done:
		case <-ctx.Done():
			return domain.Sync{}, fmt.Errorf("wait for a sync: %w", ctx.Err())
		}
		if last := j.snapshot(); last.ID != 0 {
			return last, nil
		}
	}
	last, err := e.options.Store.LastSync(ctx, sourceID)
	if err != nil {
		return last, fmt.Errorf("wait for a sync: %w", err)
	}
	return last, nil
}

// Bar stops a running sync, waits for its end, and lets no other begin until free is called: what was read of a source
// that is being removed must not come back.
func (e *Engine) Bar(ctx context.Context, sourceID string) (free func(), err error) {
	for {
		j, err := e.claim(sourceID)
		if err == nil {
			return func() {
				e.release(j)
				close(j.done)
			}, nil
		}
		if domain.CodeOf(err) != domain.Conflict {
			return nil, err
		}
		e.Cancel(sourceID)
		if _, err := e.Wait(ctx, sourceID); err != nil {
			return nil, err
		}
	}
}

// State tells about the running sync, or the last one, and how old the local copy is.
func (e *Engine) State(ctx context.Context, sourceID string) (domain.Sync, domain.Freshness, error) {
	freshness, err := e.options.Store.Freshness(ctx, sourceID)
	if err != nil {
		return domain.Sync{}, freshness, fmt.Errorf("read the state of a source: %w", err)
	}
	if j := e.job(sourceID); j != nil {
		if now := j.snapshot(); now.ID != 0 {
			return now, freshness, nil
		}
	}
	last, err := e.options.Store.LastSync(ctx, sourceID)
	if err != nil {
		return last, freshness, fmt.Errorf("read the state of a source: %w", err)
	}
	return last, freshness, nil
}

// Close stops all syncs, waits until they have ended, and refuses new ones.
func (e *Engine) Close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.end()
	e.work.Wait()
}
