package mirror

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// How much is gathered before it is written: enough for few statements, little enough to be seen soon.
const (
	gatherPeople = 2000
	gatherGroups = 2000
	gatherFor    = time.Second
)

// showEvery is how often the directory is told that a first sync has brought more people.
const showEvery = 2 * time.Second

// writer stages batches on a goroutine of its own, so that reading goes on while the database writes.
type writer struct {
	engine *Engine
	job    *job
	syncID int64
	show   bool // what is written can be looked at: a first sync

	queue    chan domain.Batch
	failed   chan struct{} // closed when writing has failed
	err      error         // why, once failed is closed
	gathered domain.Batch
	since    time.Time // when gathered was begun
	shown    time.Time
}

func newWriter(e *Engine, j *job, syncID int64, show bool) *writer {
	now := time.Now()
	return &writer{
		engine: e, job: j, syncID: syncID, show: show,
		queue: make(chan domain.Batch, 1), failed: make(chan struct{}), since: now, shown: now,
	}
}

// while runs read with the writer beside it, and returns when everything that was added is written or either has
// failed.
func (w *writer) while(read func() error) error {
	written := make(chan struct{})
	go func() {
		defer close(written)
		w.err = w.engine.guard("write", w.write)
		if w.err != nil {
			close(w.failed)
		}
	}()
	err := read()
	if err == nil {
		err = w.send()
	}
	close(w.queue)
	<-written
	return first(w.err, err)
}

// add takes a batch from the source. Its error is that of the writer.
func (w *writer) add(b domain.Batch) error {
	g := &w.gathered
	g.Directories = append(g.Directories, b.Directories...)
	g.Apps = append(g.Apps, b.Apps...)
	g.Groups = append(g.Groups, b.Groups...)
	g.Users = append(g.Users, b.Users...)
	g.Domains = append(g.Domains, b.Domains...)
	g.Grants = append(g.Grants, b.Grants...)
	g.Accounts = append(g.Accounts, b.Accounts...)
	if len(g.Users) < gatherPeople && len(g.Accounts) < gatherPeople && len(g.Groups) < gatherGroups &&
		time.Since(w.since) < gatherFor {
		return w.job.ctx.Err()
	}
	return w.send()
}

// send hands what was gathered to the writing goroutine.
func (w *writer) send() error {
	select {
	case w.queue <- w.gathered:
		w.gathered, w.since = domain.Batch{}, time.Now()
		return nil
	case <-w.failed:
		return w.err
	case <-w.job.ctx.Done():
		return context.Cause(w.job.ctx)
	}
}

// write stages what comes.
func (w *writer) write() error {
	for b := range w.queue {
		if err := w.engine.options.Store.StageBatch(w.job.ctx, w.syncID, b); err != nil {
			return err
		}
		if w.show && time.Since(w.shown) >= showEvery {
			w.shown = time.Now()
			w.engine.options.Bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: w.job.sourceID})
		}
	}
	return nil
}
