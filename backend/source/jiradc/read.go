package jiradc

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/packed"
)

const (
	groupsAtOnce = 8
	chosenAtOnce = 10
	batchSize    = 500

	// The chains of kept pages.
	chainPeople = "people"
	chainGroup  = "group " // and the group's name, quoted
)

// reader is one read under way. People, groups with their members, and applications are read at once. A person's groups
// are known only when all members have been read, so people are kept packed until then and emitted whole.
type reader struct {
	site  *instance
	cache source.PageCache // nil for none
	stats *jira.ReadStats

	mu      sync.Mutex
	people  *packed.People
	groups  []jira.DCGroup
	rosters map[string]*roster // by the group's name
	total   int                // groups, as Jira counts
	roles   []jira.DCRole
	title   string
	limited string

	nameless atomic.Int64 // rows without an id, in any list
}

// Read delivers the whole instance.
func (s *instance) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return s.ReadOn(ctx, nil, emit, progress)
}

// ReadOn is Read that goes on from the listings that an earlier one has received whole; cache may be nil.
func (s *instance) ReadOn(
	ctx context.Context, cache source.PageCache, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	none := domain.ReadTotals{People: -1, Groups: -1}
	t := jira.NewReadStats(progress)
	r := &reader{
		site: s, cache: cache, stats: t, people: packed.New(), rosters: map[string]*roster{}, total: -1, title: s.base,
	}
	ctx = atlassian.Observe(ctx, atlassian.Observer{Request: t.Request, Waiting: t.Waiting, Nameless: func(rows int) { r.nameless.Add(int64(rows)) }})
	outer := ctx
	work, ctx := errgroup.WithContext(ctx)
	for what, step := range map[string]func(context.Context) error{"people": r.readPeople, "groups": r.readGroups, "applications": r.readApps} {
		work.Go(func() error {
			if err := step(ctx); err != nil {
				return fmt.Errorf("reading %s: %w", what, err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return none, err
	}
	if err := r.check(outer); err != nil {
		return none, err
	}
	if err := r.doubt(outer); err != nil {
		return none, fmt.Errorf("reading groups: %w", err)
	}
	if err := r.emit(emit); err != nil {
		return none, err
	}
	// Jira has no count of its people.
	limited := strings.TrimSpace(r.limited + " " + atlassian.NamelessNote(int(r.nameless.Load())))
	return domain.ReadTotals{People: -1, Groups: r.total, Limited: limited}, nil
}

// roster is who is in a group.
type roster struct {
	packed.Members
	deleted map[string]bool // keys of members who are nobody any more: Jira keeps them as authors
}

// Len counts the deleted too, as Jira does.
func (r *roster) Len() int { return r.Members.Len() + len(r.deleted) }

// keep adds people: members of a group or, without one, those of the list of people. One who is known already stays as
// first seen, but in the list; deleted users are left out.
func (r *reader) keep(users []jira.DCUser, group *roster) {
	r.mu.Lock()
	for _, u := range users {
		if u.Deleted {
			if group != nil {
				group.deleted[u.Key] = true
			}
			continue
		}
		p := personOf(u)
		p.Listed = group == nil
		at, fresh := r.people.Add(p)
		switch {
		case group != nil:
			group.Add(at)
		case !fresh && r.people.List(at):
			r.people.Set(at, p)
		}
	}
	n := r.people.Len()
	r.mu.Unlock()
	r.stats.People(n)
}

// readApps reads the applications with the groups that grant them, and the instance's title.
func (r *reader) readApps(ctx context.Context) (err error) {
	if info, err := r.site.api.ServerInfo(ctx); err == nil && info.Title != "" { // the title is an extra
		r.title = info.Title
	}
	r.roles, err = r.site.api.Roles(ctx)
	return err
}

// readGroups lists the groups and reads the members of several at once.
func (r *reader) readGroups(ctx context.Context) error {
	groups, total, err := r.site.api.Groups(ctx)
	if err != nil {
		return err
	}
	r.groups, r.total = groups, total
	r.site.noteAdmins(groups)
	r.stats.ExpectGroups(len(groups))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(groupsAtOnce)
	for _, g := range groups {
		work.Go(func() error {
			defer r.stats.Group()
			return r.readMembers(ctx, g.Name)
		})
	}
	return work.Wait()
}

// readMembers reads one group. Pages shift when somebody leaves the group meanwhile, so a group that misses members is
// read once more; one that misses them again is not believed, unless each of its rows came.
func (r *reader) readMembers(ctx context.Context, group string) error {
	known := &roster{deleted: map[string]bool{}}
	chain := chainGroup + url.QueryEscape(group)
	kept, err := source.Whole(r.cache, chain, func(page []byte) error {
		users, _, err := atlassian.Listed[jira.DCUser](ctx, page)
		r.keep(users, known)
		return err
	})
	if err != nil {
		return fmt.Errorf("members of a group: %w", err)
	}
	if kept {
		r.joined(group, known)
		return nil
	}
	pages := source.NewListing(r.cache, chain)
	before := -1
	for range 2 {
		total, rows, err := r.site.api.ReadMembers(ctx, group, func(page json.RawMessage, users []jira.DCUser) {
			r.keep(users, known)
			pages.Keep(page)
		})
		if domain.CodeOf(err) == domain.NotFound { // deleted since the list of groups was read
			r.joined(group, &roster{})
			return nil
		}
		if err != nil {
			return fmt.Errorf("members of a group: %w", err)
		}
		if known.Len() >= total {
			pages.End()
			r.joined(group, known)
			return nil
		}
		if rows >= total && known.Len() == before { // all rows came, and again no others: somebody stands there twice, or has no id
			r.joined(group, known)
			return nil
		}
		before = known.Len()
	}
	return atlassian.Contract("a group has more members than its list")
}

// doubt compares members of groups that look like an answer about no group with these people's own lists of groups.
func (r *reader) doubt(ctx context.Context) error {
	misfit, err := r.people.Doubt(ctx, r.members(), func(ctx context.Context, id string, group int) (is, known bool, err error) {
		person, err := r.site.api.Person(ctx, id)
		if domain.CodeOf(err) == domain.NotFound {
			return false, false, nil
		}
		return isIn(person, r.groups[group].Name), err == nil, err
	})
	if err == nil && misfit {
		err = atlassian.Misfit(notInTheGroup)
	}
	return err
}

const notInTheGroup = "people who are not in the group that was asked for"

// isIn tells whether a user's own list has the group.
func isIn(u jira.DCUser, group string) bool {
	return slices.ContainsFunc(groupNames(u), func(name string) bool { return strings.EqualFold(name, group) })
}

// members are those of each group, in the order of the groups.
func (r *reader) members() []*packed.Members {
	rosters := make([]*packed.Members, 0, len(r.groups))
	for _, g := range r.groups {
		rosters = append(rosters, &r.rosters[g.Name].Members)
	}
	return rosters
}

func (r *reader) joined(group string, known *roster) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rosters[group] = known
}

// emit delivers everything once it is complete.
func (r *reader) emit(emit func(domain.Batch) error) error {
	grants := map[string][]domain.App{} // by name of the group in lower case
	first := domain.Batch{Directories: []domain.Directory{{DirectoryID: allPeople, Name: r.title}}}
	for _, role := range r.roles {
		app := appOf(role, r.site.base)
		first.Apps = append(first.Apps, app)
		for _, g := range role.Groups {
			grants[strings.ToLower(g)] = append(grants[strings.ToLower(g)], app)
		}
	}
	for _, g := range r.groups {
		known := r.rosters[g.Name]
		apps := grants[strings.ToLower(g.Name)]
		out := domain.Group{GroupID: groupID(g.Name), Name: g.Name, MemberCount: known.Len(), AppCount: len(apps)}
		for _, app := range apps {
			out.GrantsAccess = append(out.GrantsAccess, app.AppID)
		}
		first.Groups = append(first.Groups, out)
	}
	if err := emit(first); err != nil {
		return err
	}
	admins := r.site.markedAdmins()
	var b domain.Batch
	err := r.people.Each(r.members(), func(p packed.Person, in []int) error {
		var groups []string
		for _, i := range in {
			groups = append(groups, r.groups[i].Name)
		}
		u := userOf(p, groups, admins)
		u.Access = accessOf(groups, grants)
		if b.Users = append(b.Users, u); len(b.Users) < batchSize {
			return nil
		}
		full := b
		b = domain.Batch{}
		return emit(full)
	})
	if err != nil || len(b.Users) == 0 {
		return err
	}
	return emit(b)
}

// noteAdmins keeps which groups Jira marks as those of administrators.
func (s *instance) noteAdmins(groups []jira.DCGroup) {
	marked := map[string]bool{}
	for _, g := range groups {
		if g.Admin() {
			marked[strings.ToLower(g.Name)] = true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.admins = marked
}

func (s *instance) markedAdmins() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.admins
}
