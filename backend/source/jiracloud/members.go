package jiracloud

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/packed"
)

// roster is what is known of one group's members.
type roster struct {
	packed.Members
	pages *source.Listing
	total int // as the group said last, -1 unknown
	open  int // parts of the list that are not read yet
}

// readGroups lists the groups and reads the members of several at once. A site's default group holds nearly everybody,
// so the pages of one group are asked for side by side too, as soon as the first one has told how many there are.
func (r *reader) readGroups(ctx context.Context) error {
	groups, total, err := r.site.api.Groups(ctx)
	if err != nil {
		return err
	}
	r.groups, r.total = groups, total
	r.stats.ExpectGroups(len(groups))
	ctx = atlassian.Ranked(ctx, func() int { return 0 }) // any of them can be asked for at any time; the list of people cannot
	var p pool
	for _, g := range groups {
		known := &roster{pages: source.NewListing(r.cache, chainGroup+g.GroupID), total: -1, open: 1}
		r.rosters[g.GroupID] = known
		kept, err := source.Whole(r.cache, chainGroup+g.GroupID, func(page []byte) error {
			members, _, err := atlassian.Listed[jira.User](ctx, page)
			r.keep(members, &known.Members)
			return err
		})
		if err != nil {
			return fmt.Errorf("members of the earlier read: %w", err)
		}
		if kept {
			known.total = known.Len()
			r.stats.Group()
			continue
		}
		p.add(func() error { return r.firstMembers(ctx, &p, g.GroupID) })
	}
	if err := p.run(ctx, r.site.api.REST().Reads()); err != nil {
		return err
	}
	return r.mendGroups(ctx)
}

// firstMembers reads the first page and queues the others.
func (r *reader) firstMembers(ctx context.Context, p *pool, groupID string) error {
	defer r.stats.Group()
	if err := r.someMembers(ctx, groupID, 0, jira.PageSize); err != nil {
		return err
	}
	r.mu.Lock()
	known := r.rosters[groupID]
	total := known.total
	if total > jira.PageSize {
		known.open += (total - 1) / jira.PageSize
	}
	r.mu.Unlock()
	if total < 0 { // no count: one page after the other
		return r.someMembers(ctx, groupID, jira.PageSize, -1)
	}
	for from := jira.PageSize; from < total; from += jira.PageSize {
		to := from + jira.PageSize
		if to >= total {
			to = -1 // the list may have grown
		}
		p.add(func() error { return r.someMembers(ctx, groupID, from, to) })
	}
	return nil
}

// mendGroups reads those groups again, page after page, that miss members: pages shift when somebody leaves a group
// meanwhile.
func (r *reader) mendGroups(ctx context.Context) error {
	var p pool
	for id, known := range r.rosters {
		if known.Len() < known.total {
			p.add(func() error { return r.someMembers(ctx, id, 0, -1) })
		}
	}
	return p.run(ctx, r.site.api.REST().Reads())
}

func (r *reader) someMembers(ctx context.Context, groupID string, from, to int) error {
	known := r.rosters[groupID]
	total, err := r.site.api.ReadMembers(ctx, groupID, from, to, func(page json.RawMessage, users []jira.User) {
		r.keep(users, &known.Members)
		known.pages.Keep(page)
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case domain.CodeOf(err) == domain.NotFound: // deleted since the list of groups was read
		known.total = -1
		return nil
	case err != nil:
		return fmt.Errorf("reading members: %w", err)
	}
	known.total = total
	if known.open--; known.open <= 0 && total >= 0 && known.Len() >= total {
		known.pages.End()
	}
	return nil
}

// doubt compares members of groups that look like an answer about no group with these people's own lists of groups.
func (r *reader) doubt(ctx context.Context) error {
	slices.SortFunc(r.groups, func(a, b jira.GroupRef) int { return strings.Compare(a.GroupID, b.GroupID) }) // so are each person's
	rosters := make([]*packed.Members, 0, len(r.groups))
	for _, g := range r.groups {
		rosters = append(rosters, &r.rosters[g.GroupID].Members)
	}
	misfit, err := r.people.Doubt(ctx, rosters, func(ctx context.Context, id string, group int) (is, known bool, err error) {
		person, err := r.site.api.Person(ctx, id)
		if domain.CodeOf(err) == domain.NotFound {
			return false, false, nil
		}
		if err != nil {
			return false, false, err
		}
		return slices.ContainsFunc(person.Groups.Items, func(g jira.GroupRef) bool { return g.GroupID == r.groups[group].GroupID }), true, nil
	})
	if err == nil && misfit {
		err = atlassian.Misfit(notInTheGroup)
	}
	return err
}

const notInTheGroup = "people who are not in the group that was asked for"

// pool runs tasks, of which some add further ones, on a few goroutines.
type pool struct {
	mu   sync.Mutex
	more *sync.Cond
	todo []func() error
	busy int
	err  error
}

func (p *pool) add(task func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.todo = append(p.todo, task)
	if p.more != nil {
		p.more.Signal()
	}
}

// run returns when nothing is left to do, or with the first error.
func (p *pool) run(ctx context.Context, workers int) error {
	p.more = sync.NewCond(&p.mu)
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			for p.next() {
				p.work(ctx)
			}
		})
	}
	work.Wait()
	return p.err
}

// next waits until there is a task; false when there will be none. The lock is held.
func (p *pool) next() bool {
	for len(p.todo) == 0 && p.busy > 0 && p.err == nil {
		p.more.Wait()
	}
	if len(p.todo) == 0 || p.err != nil {
		p.more.Broadcast()
		return false
	}
	return true
}

// work does the newest task. The lock is held, but not while the task runs.
func (p *pool) work(ctx context.Context) {
	task := p.todo[len(p.todo)-1]
	p.todo = p.todo[:len(p.todo)-1]
	p.busy++
	p.mu.Unlock()
	err := context.Cause(ctx)
	if err == nil {
		err = task()
	}
	p.mu.Lock()
	p.busy--
	if err != nil && p.err == nil {
		p.err = err
	}
	p.more.Broadcast()
}
