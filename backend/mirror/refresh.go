package mirror

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
)

const (
	refreshAtOnce  = 10 // account ids in one call: Atlassian's bound
	refreshReaders = 4  // calls at a time; the source's rate gate holds them back when it must
)

// Refresh reads chosen people afresh and writes them to the local copy; those whom the source does not know any more
// are marked as gone. On an error, people who were read before it are written all the same. It is Unsupported for a
// source that cannot read single people.
func (e *Engine) Refresh(ctx context.Context, sourceID string, accountIDs []string) error {
	if len(accountIDs) == 0 {
		return nil
	}
	opened, err := e.options.Open(ctx, sourceID)
	if err != nil {
		return fmt.Errorf("refresh people: %w", err)
	}
	reader, ok := opened.(source.UserReader)
	if !ok {
		return domain.Errorf(domain.Unsupported,
			"This source cannot read single people.").WithHint("Sync the source instead.")
	}
	err = e.inTens(ctx, slices.Compact(slices.Sorted(slices.Values(accountIDs))),
		func(ctx context.Context, chunk []string) error {
			return e.refresh(ctx, reader, sourceID, chunk)
		})
	e.options.Bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: sourceID})
	if err != nil {
		return fmt.Errorf("refresh people: %w", err)
	}
	return nil
}

// RefreshGroups reads chosen groups afresh, by their ids or, without one, by directory and name, and writes them and
// the people in them to the local copy, also those whom the copy alone takes for members. It is Unsupported for a
// source that cannot read single groups.
func (e *Engine) RefreshGroups(ctx context.Context, sourceID string, groups []domain.Target) error {
	opened, err := e.options.Open(ctx, sourceID)
	if err != nil {
		return fmt.Errorf("refresh groups: %w", err)
	}
	reader, ok := opened.(source.GroupReader)
	if !ok {
		return domain.Errorf(domain.Unsupported,
			"This source cannot read single groups.").WithHint("Sync the source instead.")
	}
	var ids []string
	for _, t := range groups {
		if t.GroupID != "" {
			ids = append(ids, t.GroupID)
		}
	}
	people, err := e.options.Store.MembersOf(ctx, sourceID, ids)
	if err != nil {
		return fmt.Errorf("find the members of groups: %w", err)
	}
	var mu sync.Mutex
	var there []domain.Group
	var gone []string
	err = inChunks(ctx, e, groups, 1, func(ctx context.Context, some []domain.Target) error {
		t := some[0]
		now, err := reader.ReadGroup(ctx, t.DirectoryID, t.GroupID, t.GroupName)
		if err != nil {
			return fmt.Errorf("read a group: %w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case now.There:
			there = append(there, now.Group)
			for _, u := range now.Members {
				people = append(people, u.AccountID)
			}
		case t.GroupID != "":
			gone = append(gone, t.GroupID)
		}
		return nil
	})
	if errPut := e.options.Store.PutGroups(ctx, sourceID, there); errPut != nil {
		err = first(err, fmt.Errorf("write %d groups: %w", len(there), errPut))
	}
	if errGone := e.options.Store.RemoveGroups(ctx, sourceID, gone); errGone != nil {
		err = first(err, fmt.Errorf("mark %d groups as gone: %w", len(gone), errGone))
	}
	if err == nil && len(people) > 0 {
		return e.Refresh(ctx, sourceID, people)
	}
	e.options.Bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: sourceID})
	return err
}

// inTens calls fn for ten ids at a time, a few at once, until one call fails or everything is done.
func (e *Engine) inTens(ctx context.Context, ids []string, fn func(ctx context.Context, ids []string) error) error {
	return inChunks(ctx, e, ids, refreshAtOnce, fn)
}

func inChunks[T any](
	ctx context.Context, e *Engine, all []T, size int, fn func(ctx context.Context, some []T) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan []T)
	errs := make([]error, refreshReaders)
	var work sync.WaitGroup
	for i := range refreshReaders {
		work.Go(func() {
			for chunk := range chunks {
				if errs[i] != nil {
					continue // so that the sender does not wait for nobody
				}
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = e.guard("read afresh", func() error { return fn(ctx, chunk) })
				}
				if errs[i] != nil {
					cancel()
				}
			}
		})
	}
	for chunk := range slices.Chunk(all, size) {
		chunks <- chunk
	}
	close(chunks)
	work.Wait()
	return first(errs...)
}

// readings are the readings of single people that are under way. The copy keeps times in seconds, and the clock may be
// set back meanwhile, so it cannot tell which of two began first.
type readings struct {
	mu      sync.Mutex
	begun   int               // so far
	open    int               // under way
	written map[[2]string]int // by source and account: the last reading to begin of those that were written; empty while none is under way
}

// begin gives the number of a reading, which must end.
func (r *readings) begin() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	r.open++
	return r.begun
}

func (r *readings) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open--; r.open == 0 {
		clear(r.written)
	}
}

// newest gives those of the people of whom no reading was written that began later than this one, and lets none be
// written before write is over.
func (r *readings) newest(n int, sourceID string, accountIDs []string, write func(newest map[string]bool) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	newest := make(map[string]bool, len(accountIDs))
	for _, id := range accountIDs {
		newest[id] = r.written[[2]string{sourceID, id}] < n
	}
	if err := write(newest); err != nil {
		return err
	}
	if r.written == nil {
		r.written = map[[2]string]int{}
	}
	for id, ok := range newest {
		if ok {
			r.written[[2]string{sourceID, id}] = n
		}
	}
	return nil
}

// refresh reads and writes a few people.
func (e *Engine) refresh(ctx context.Context, reader source.UserReader, sourceID string, accountIDs []string) error {
	began, n := time.Now(), e.readings.begin()
	defer e.readings.end()
	users, err := reader.ReadUsers(ctx, accountIDs)
	if err != nil {
		return fmt.Errorf("read %d people: %w", len(accountIDs), err)
	}
	for i := range users {
		users[i].ReadAt = began
	}
	gone := missing(accountIDs, users, func(u domain.User) string { return u.AccountID })
	return e.readings.newest(n, sourceID, accountIDs, func(newest map[string]bool) error {
		users := slices.DeleteFunc(users, func(u domain.User) bool { return !newest[u.AccountID] })
		gone := slices.DeleteFunc(gone, func(id string) bool { return !newest[id] })
		return e.write(ctx, sourceID, users, gone)
	})
}

// write writes people as just read, and who was not found.
func (e *Engine) write(ctx context.Context, sourceID string, users []domain.User, gone []string) error {
	if err := e.options.Store.PutUsers(ctx, sourceID, users); err != nil {
		return fmt.Errorf("write %d people: %w", len(users), err)
	}
	if len(gone) == 0 {
		return nil
	}
	if err := e.options.Store.RemovePeople(ctx, sourceID, gone); err != nil {
		return fmt.Errorf("mark %d people as gone: %w", len(gone), err)
	}
	return nil
}
