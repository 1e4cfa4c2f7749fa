package mirror

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

const (
	// lateness is how long after it happened an event may still appear in the audit log: so far back it is read again
	// each time.
	lateness = time.Hour
	// settled is how long after its event a person's listing may still show the state before: until then the person is
	// read again.
	settled = 2 * time.Minute
	// followFor is how far back the log is followed; after a longer pause a full sync is the surer way.
	followFor = 7 * 24 * time.Hour
	// fewPeople may always be read one by one; of a large organization a tenth, because beyond it reading everybody
	// costs less.
	fewPeople = 200
)

// insteadError says why everything has to be read where only changes were asked for. The sentence is for the user.
type insteadError struct{ why string }

func (f *insteadError) Error() string { return f.why }

// changes are what the audit log says has changed.
type changes struct {
	people map[string]bool // account ids
	groups map[string]bool // group ids
	whole  map[string]bool // of these groups all members are concerned
	place  domain.Place    // up to where that is
}

// readChanges makes the local copy follow the audit log. The error is a *insteadError when that cannot be done.
func (e *Engine) readChanges(j *job) (result domain.Sync, err error) {
	syncID := j.snapshot().ID
	opened, err := e.options.Open(j.ctx, j.sourceID)
	if err != nil {
		return result, fmt.Errorf("open the source: %w", err)
	}
	reader, ok := opened.(source.ChangeReader)
	if !ok {
		return result, &insteadError{"This kind of source cannot tell what has changed, so everything was read."}
	}
	c, err := e.follow(j, reader)
	if err != nil {
		return result, err
	}
	w := newWriter(e, j, syncID, false)
	r := &changeReader{engine: e, job: j, reader: reader, add: w.add}
	err = w.while(func() error {
		return e.guard("read changes", func() error { return r.read(c) })
	})
	if err != nil {
		return result, err
	}
	err = e.guard("save", func() error {
		result, err = e.options.Store.CommitChanges(j.ctx, syncID,
			domain.Changes{GonePeople: r.gonePeople, GoneGroups: r.goneGroups, Place: c.place})
		if err != nil {
			return fmt.Errorf("save the changes: %w", err)
		}
		return nil
	})
	if err == nil {
		e.options.Log.Info("sync of changes done", "source", j.sourceID, "sync", syncID, "people", len(c.people),
			"groups", len(c.groups),
			"added", result.Added, "changed", result.Changed, "removed", result.Removed)
	}
	return result, err
}

// follow reads the audit log from a while before the kept place on.
func (e *Engine) follow(j *job, reader source.ChangeReader) (*changes, error) {
	old, err := e.options.Store.Place(j.ctx, j.sourceID)
	if err != nil {
		return nil, fmt.Errorf("read how far the audit log was followed: %w", err)
	}
	fresh, err := e.options.Store.Freshness(j.ctx, j.sourceID)
	if err != nil {
		return nil, fmt.Errorf("read the state of the local copy: %w", err)
	}
	now := reader.Now()
	switch {
	case old.At.IsZero():
		return nil, &insteadError{"The audit log could not be read at the last full sync, so everything was read."}
	case old.At.Sub(now) > lateness:
		return nil, &insteadError{"The computer's clock was changed, so everything was read."}
	case now.Sub(old.At) > followFor:
		return nil, &insteadError{"The audit log was not followed for more than 7 days, so everything was read."}
	}
	j.update(func(s *domain.Sync) {
		s.Progress = domain.ReadProgress{Step: "Audit log", PeopleTotal: -1, GroupsTotal: -1}
	})
	c := &changes{
		people: map[string]bool{}, groups: map[string]bool{}, whole: map[string]bool{},
		place: domain.Place{At: old.At, Handled: maps.Clone(old.Handled)},
	}
	if c.place.Handled == nil {
		c.place.Handled = map[string]time.Time{}
	}
	most := max(fewPeople, fresh.People/10)
	err = reader.ReadEventsSince(j.ctx, old.At.Add(-lateness), func(events []domain.Event) error {
		for _, event := range events {
			c.take(event, reader.Now())
		}
		if len(c.people) > most {
			return &insteadError{"So much has changed that everything was read."}
		}
		return j.ctx.Err()
	})
	if err == nil && len(c.whole) > 0 {
		members, errMembers := e.options.Store.MembersOf(j.ctx, j.sourceID, slices.Collect(maps.Keys(c.whole)))
		if errMembers != nil {
			return nil, fmt.Errorf("find the members of changed groups: %w", errMembers)
		}
		for _, id := range members {
			c.people[id] = true
		}
	}
	switch code := domain.CodeOf(err); {
	case err == nil && len(c.people) > most:
		return nil, &insteadError{"So much has changed that everything was read."}
	case err == nil:
		c.forget()
		return c, nil
	case errors.As(err, new(*insteadError)):
		return nil, err
	case code == domain.Forbidden, code == domain.NotFound, code == domain.AuthFailed, code == domain.Invalid,
		code == domain.Unsupported:
		// A key that has ended fails the full sync too, with its own sentence.
		return nil, &insteadError{"The audit log cannot be read with this key or plan, so everything was read."}
	default:
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
}

// take notes whom an event is about, unless they were read long enough after it.
func (c *changes) take(event domain.Event, now time.Time) {
	if _, known := c.place.Handled[event.ID]; known && event.ID != "" {
		return
	}
	at := event.At
	if at.After(now.Add(lateness)) || at.IsZero() {
		at = now // a time that cannot be
	}
	if at.After(c.place.At) {
		c.place.At = at
	}
	if now.Sub(at) >= settled {
		c.place.Handled[event.ID] = at
	}
	if event.ActorID != "" {
		c.people[event.ActorID] = true
	}
	for _, id := range event.AccountIDs {
		c.people[id] = true
	}
	for _, id := range event.GroupIDs {
		c.groups[id] = true
		if len(event.AccountIDs) == 0 { // about the group itself, and so about all who are in it
			c.whole[id] = true
		}
	}
}

// forget drops the events that will not be read again.
func (c *changes) forget() {
	from := c.place.At.Add(-lateness)
	maps.DeleteFunc(c.place.Handled, func(_ string, at time.Time) bool { return at.Before(from) })
}

// changeReader reads afresh what has changed.
type changeReader struct {
	engine *Engine
	job    *job
	reader source.ChangeReader

	mu         sync.Mutex
	add        func(domain.Batch) error
	gonePeople []string
	goneGroups []string
}

// read delivers the short lists, then groups and people.
func (r *changeReader) read(c *changes) error {
	people, groups := slices.Sorted(maps.Keys(c.people)), slices.Sorted(maps.Keys(c.groups))
	r.job.update(func(s *domain.Sync) {
		s.Progress = domain.ReadProgress{Step: "Changes", PeopleTotal: len(people), GroupsTotal: len(groups)}
	})
	// First, so that an app that somebody has is not taken for an unnamed one.
	frame, err := r.reader.ReadFrame(r.job.ctx)
	if err != nil {
		return fmt.Errorf("read the short lists: %w", err)
	}
	if err := r.deliver(frame, func(*domain.ReadProgress) {}); err != nil {
		return err
	}
	if err := r.engine.inTens(r.job.ctx, groups, r.readGroups); err != nil {
		return err
	}
	return r.engine.inTens(r.job.ctx, people, r.readPeople)
}

func (r *changeReader) readGroups(ctx context.Context, ids []string) error {
	b, err := r.reader.ReadGroups(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d groups: %w", len(ids), err)
	}
	gone := missing(ids, b.Groups, func(g domain.Group) string { return g.GroupID })
	return r.deliver(b, func(p *domain.ReadProgress) {
		p.Groups += len(ids)
		r.goneGroups = append(r.goneGroups, gone...)
	})
}

func (r *changeReader) readPeople(ctx context.Context, ids []string) error {
	users, err := r.reader.ReadUsers(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d people: %w", len(ids), err)
	}
	gone := missing(ids, users, func(u domain.User) string { return u.AccountID })
	return r.deliver(domain.Batch{Users: users}, func(p *domain.ReadProgress) {
		p.People += len(ids)
		r.gonePeople = append(r.gonePeople, gone...)
	})
}

// deliver hands a batch to the writer, one at a time, and counts it.
func (r *changeReader) deliver(b domain.Batch, count func(*domain.ReadProgress)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.add(b); err != nil {
		return err
	}
	r.job.update(func(s *domain.Sync) { count(&s.Progress) })
	return nil
}

// missing gives the ids that an answer does not hold.
func missing[T any](ids []string, found []T, idOf func(T) string) []string {
	there := make(map[string]bool, len(found))
	for _, x := range found {
		there[idOf(x)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return there[id] })
}
