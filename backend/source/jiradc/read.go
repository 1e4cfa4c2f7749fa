package jiradc

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

const (
	groupsAtOnce = 8
	chosenAtOnce = 10
	batchSize    = 500

	// The chains of kept pages.
	chainPeople = "people"
	chainGroup  = "group " // and the group's name, quoted
)

// reader is one read under way. People, groups with their members, and applications are read at once. A person's groups are known only
// when all members have been read, so people are kept until then and emitted whole.
type reader struct {
	site  *instance
	spool source.Spool // nil for none
	tally *jira.Tally

	mu      sync.Mutex
	order   []string // keys as they came
	people  map[string]jira.DCUser
	listed  map[string]bool     // keys that the list of people itself had
	members map[string][]string // names of groups by key
	groups  []jira.DCGroup
	sizes   map[string]int // members of each group, by its name
	total   int            // groups, as Jira counts
	roles   []jira.DCRole
	title   string
	limited string
}

// Read delivers the whole instance.
func (s *instance) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return s.ReadOn(ctx, nil, emit, progress)
}

// ReadOn is Read that goes on from the listings that an earlier one has received whole; spool may be nil.
func (s *instance) ReadOn(
	ctx context.Context, spool source.Spool, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	none := domain.ReadTotals{People: -1, Groups: -1}
	t := jira.NewTally(progress)
	ctx = atlassian.Observe(ctx, atlassian.Observer{Request: t.Request, Waiting: t.Waiting})
	r := &reader{
		site: s, spool: spool, tally: t, people: map[string]jira.DCUser{}, listed: map[string]bool{}, members: map[string][]string{},
		sizes: map[string]int{}, total: -1, title: s.base,
	}
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
	if err := r.emit(emit); err != nil {
		return none, err
	}
	// Jira has no count of its people.
	return domain.ReadTotals{People: -1, Groups: r.total, Limited: r.limited}, nil
}

// keep adds people; one who is known already stays as first seen. Deleted users are nobody any more: Jira keeps them as authors.
func (r *reader) keep(users []jira.DCUser, fromList bool) {
	r.mu.Lock()
	for _, u := range users {
		if u.Deleted {
			continue
		}
		if _, known := r.people[u.Key]; !known || fromList && !r.listed[u.Key] {
			if !known {
				r.order = append(r.order, u.Key)
			}
			r.people[u.Key] = u
		}
		r.listed[u.Key] = r.listed[u.Key] || fromList
	}
	n := len(r.people)
	r.mu.Unlock()
	r.tally.People(n)
}

// readApps reads the applications with the groups that grant them, and the instance's title.
func (r *reader) readApps(ctx context.Context) (err error) {
	if info, err := r.site.api.ServerInfo(ctx); err == nil && info.Title != "" { // the title is an extra
		r.title = info.Title
	}
	r.roles, err = r.site.api.Roles(ctx)
	return err //nolint:wrapcheck // the caller says what was tried
}

// readGroups lists the groups and reads the members of several at once.
func (r *reader) readGroups(ctx context.Context) error {
	groups, total, err := r.site.api.Groups(ctx)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what was tried
	}
	r.groups, r.total = groups, total
	r.site.noteAdmins(groups)
	r.tally.ExpectGroups(len(groups))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(groupsAtOnce)
	for _, g := range groups {
		work.Go(func() error {
			defer r.tally.Group()
			return r.readMembers(ctx, g.Name)
		})
	}
	return work.Wait()
}

// readMembers reads one group. Pages shift when somebody leaves the group meanwhile, so a group that misses members is read once more;
// one that misses them again is not believed.
func (r *reader) readMembers(ctx context.Context, group string) error {
	seen := map[string]bool{}
	var members []jira.DCUser
	note := func(users []jira.DCUser) {
		r.keep(users, false)
		for _, u := range users {
			if !seen[u.Key] {
				seen[u.Key] = true
				members = append(members, u)
			}
		}
	}
	chain := chainGroup + url.QueryEscape(group)
	if earlier, kept := source.Whole[jira.DCUser](r.spool, chain); kept {
		note(earlier)
		r.joined(group, seen)
		return nil
	}
	for range 2 {
		total, err := r.site.api.ReadMembers(ctx, group, note)
		if domain.CodeOf(err) == domain.NotFound { // deleted since the list of groups was read
			r.joined(group, nil)
			return nil
		}
		if err != nil {
			return fmt.Errorf("members of a group: %w", err)
		}
		if len(seen) >= total {
			source.KeepWhole(r.spool, chain, members)
			r.joined(group, seen)
			return nil
		}
	}
	return atlassian.Contract("a group has more members than its list") //nolint:wrapcheck // a domain error that says it all
}

func (r *reader) joined(group string, members map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sizes[group] = len(members)
	for key := range members {
		r.members[key] = append(r.members[key], group)
	}
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
		apps := grants[strings.ToLower(g.Name)]
		out := domain.Group{GroupID: groupID(g.Name), Name: g.Name, MemberCount: r.sizes[g.Name], AppCount: len(apps)}
		for _, app := range apps {
			out.GrantsAccess = append(out.GrantsAccess, app.AppID)
		}
		first.Groups = append(first.Groups, out)
	}
	if err := emit(first); err != nil {
		return err
	}
	admins := r.site.markedAdmins()
	for keys := range slices.Chunk(r.order, batchSize) {
		var b domain.Batch
		for _, key := range keys {
			u := userOf(r.people[key], r.members[key], admins)
			u.Access = accessOf(r.members[key], grants)
			b.Users = append(b.Users, u)
		}
		if err := emit(b); err != nil {
			return err
		}
	}
	return nil
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
