package jiracloud

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

const (
	chosenAtOnce = 10
	batchSize    = 500

	// The chains of kept pages.
	chainPeople = "people"
	chainGroup  = "group " // and the group's id
)

// reader is one read under way. People, groups with their members, and apps are read at once. A person's groups are known only when
// all members have been read, so people are kept until then and emitted whole.
type reader struct {
	site   *site
	spool  source.Spool // nil for none
	tally  *jira.Tally
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	order   []string // account ids as they came
	people  map[string]jira.User
	members map[string][]string // group ids by account
	apps    []domain.App
	grants  map[string][]domain.App // by group id
	// defaults are the groups that people are put into who are given an app, by id.
	defaults map[string]bool
	groups   []jira.GroupRef
	rosters  map[string]*roster // by group id
	total    int
}

// Read delivers the whole site.
func (s *site) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return s.ReadOn(ctx, nil, emit, progress)
}

// ReadOn is Read that goes on from the listings that an earlier one has received whole; spool may be nil.
func (s *site) ReadOn(
	ctx context.Context, spool source.Spool, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	none := domain.ReadTotals{People: -1, Groups: -1}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := jira.NewTally(progress)
	ctx = atlassian.Observe(ctx, atlassian.Observer{Request: t.Request, Waiting: t.Waiting})
	r := &reader{
		site: s, spool: spool, tally: t, cancel: cancel, people: map[string]jira.User{}, members: map[string][]string{},
		grants: map[string][]domain.App{}, defaults: map[string]bool{}, rosters: map[string]*roster{}, total: -1,
	}
	var work sync.WaitGroup
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{{"people", r.readPeople}, {"groups", r.readGroups}, {"apps", r.readApps}} {
		work.Go(func() {
			if err := step.do(ctx); err != nil {
				cancel(fmt.Errorf("reading %s: %w", step.what, err))
			}
		})
	}
	work.Wait()
	if err := context.Cause(ctx); err != nil {
		return none, err
	}
	if err := r.emit(ctx, emit); err != nil {
		return none, err
	}
	// A site has no count of its people.
	return domain.ReadTotals{People: -1, Groups: r.total}, nil
}

func (r *reader) readPeople(ctx context.Context) error {
	all, kept := source.Whole[jira.User](r.spool, chainPeople)
	if kept {
		r.keep(all)
		return nil
	}
	err := r.site.api.WalkUsers(ctx, func(users []jira.User) error {
		r.keep(users)
		all = append(all, users...)
		return nil
	})
	if err == nil {
		source.KeepWhole(r.spool, chainPeople, all)
	}
	return err //nolint:wrapcheck // a domain error that says it all
}

// keep adds people. The calls that name a person run at once and tell different things: what one leaves out is filled in from the
// others, so that two reads of an unchanged site are equal whichever answers first.
func (r *reader) keep(users []jira.User) {
	r.mu.Lock()
	for _, u := range users {
		known, seen := r.people[u.AccountID]
		if !seen {
			r.order = append(r.order, u.AccountID)
			known = u
		}
		known.EmailAddress = cmp.Or(known.EmailAddress, u.EmailAddress)
		known.TimeZone = cmp.Or(known.TimeZone, u.TimeZone)
		r.people[u.AccountID] = known
	}
	n := len(r.people)
	r.mu.Unlock()
	r.tally.People(n)
}

// readApps reads the apps with the groups that grant them. Only a Jira admin may see them; without, there are none.
func (r *reader) readApps(ctx context.Context) error {
	roles, err := r.site.api.Roles(ctx)
	if domain.CodeOf(err) == domain.Forbidden {
		return nil
	}
	if err != nil {
		return err //nolint:wrapcheck // the caller says what was tried
	}
	plans := map[string]string{}
	license, err := r.site.api.License(ctx)
	if err == nil { // the plan is an extra
		for _, a := range license.Applications {
			plans[a.ID] = a.Plan
		}
	}
	host := strings.TrimPrefix(strings.TrimPrefix(r.site.base, "https://"), "http://")
	owner, err := r.site.api.CloudID(ctx)
	if err != nil {
		owner = host // still the same at every sync
	}
	name, _, _ := strings.Cut(host, ".atlassian.net")
	for _, role := range roles {
		app := appOf(role, url.PathEscape(owner), name, r.site.base, plans[role.Key])
		r.apps = append(r.apps, app)
		for _, g := range role.GroupDetails {
			r.grants[g.GroupID] = append(r.grants[g.GroupID], app)
		}
		for _, g := range role.DefaultGroups {
			r.defaults[g.GroupID] = true
		}
	}
	return nil
}

// emit delivers everything once it is complete.
func (r *reader) emit(ctx context.Context, emit func(domain.Batch) error) error {
	first := domain.Batch{Apps: r.apps}
	for _, g := range r.groups {
		out := domain.Group{GroupID: g.GroupID, Name: g.Name, MemberCount: len(r.rosters[g.GroupID].seen), AppCount: len(r.grants[g.GroupID])}
		for _, app := range r.grants[g.GroupID] {
			out.GrantsAccess = append(out.GrantsAccess, app.AppID)
		}
		first.Groups = append(first.Groups, out)
	}
	if err := emit(first); err != nil {
		return err
	}
	for ids := range slices.Chunk(r.order, batchSize) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("delivering people: %w", err)
		}
		var b domain.Batch
		for _, id := range ids {
			groups := r.members[id]
			slices.Sort(groups)
			u := userOf(r.people[id], groups)
			u.Access = accessOf(groups, r.grants)
			b.Users = append(b.Users, u)
		}
		if err := emit(b); err != nil {
			return err
		}
	}
	return nil
}

// ReadUsers reads chosen people afresh, with their groups.
func (s *site) ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error) {
	if len(accountIDs) > chosenAtOnce {
		return nil, domain.Errorf(domain.Invalid, "At most %d people can be read at once.", chosenAtOnce)
	}
	for _, id := range accountIDs {
		if err := atlassian.CheckID("account id", id); err != nil {
			return nil, err //nolint:wrapcheck // a domain error
		}
	}
	return source.ReadEach(ctx, accountIDs, func(ctx context.Context, id string) (domain.User, error) { //nolint:wrapcheck // it says what was tried
		person, err := s.api.Person(ctx, id)
		if err != nil {
			return domain.User{}, err //nolint:wrapcheck // as above
		}
		groups := make([]string, 0, len(person.Groups.Items))
		for _, g := range person.Groups.Items {
			groups = append(groups, g.GroupID)
		}
		slices.Sort(groups)
		return userOf(person, groups), nil
	})
}
