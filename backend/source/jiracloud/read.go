package jiracloud

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/packed"
)

const (
	chosenAtOnce = 10
	batchSize    = 500

	opens = "atlassian/user" // what a site's group gives on an app: Jira has but one role there

	// The chains of kept pages.
	chainPeople = "people"
	chainGroup  = "group " // and the group's id
)

// reader is one read under way. People, groups with their members, and apps are read at once. A person's groups are
// known only when all members have been read, so people are kept packed until then and emitted whole.
type reader struct {
	site   *site
	cache  source.PageCache // nil for none
	stats  *jira.ReadStats
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	people *packed.People
	apps   []domain.App
	grants map[string][]domain.App // by group id
	// granted is the same as the group's grants; people are put into default groups who are given the app.
	granted map[string][]domain.Grant
	groups  []jira.GroupRef
	rosters map[string]*roster // by group id
	total   int
}

// Read delivers the whole site.
func (s *site) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return s.ReadOn(ctx, nil, emit, progress)
}

// ReadOn is Read that goes on from the listings that an earlier one has received whole; cache may be nil.
func (s *site) ReadOn(
	ctx context.Context, cache source.PageCache, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	none := domain.ReadTotals{People: -1, Groups: -1}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := jira.NewReadStats(progress)
	var nameless atomic.Int64
	ctx = atlassian.Observe(ctx, atlassian.Observer{Request: t.Request, Waiting: t.Waiting, Nameless: func(rows int) { nameless.Add(int64(rows)) }})
	r := &reader{
		site: s, cache: cache, stats: t, cancel: cancel, people: packed.New(),
		grants: map[string][]domain.App{}, granted: map[string][]domain.Grant{}, rosters: map[string]*roster{}, total: -1,
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
	if err := r.doubt(ctx); err != nil {
		return none, fmt.Errorf("reading groups: %w", err)
	}
	if err := r.emit(ctx, emit); err != nil {
		return none, err
	}
	// A site has no count of its people.
	return domain.ReadTotals{People: -1, Groups: r.total, Limited: atlassian.NamelessNote(int(nameless.Load()))}, nil
}

func (r *reader) readPeople(ctx context.Context) error {
	kept, err := source.Whole(r.cache, chainPeople, func(page []byte) error {
		users, _, err := atlassian.Listed[jira.User](ctx, page)
		r.keep(users, nil)
		return err
	})
	if kept || err != nil {
		return err
	}
	pages := source.NewListing(r.cache, chainPeople)
	err = r.site.api.WalkUsers(ctx, func(page json.RawMessage, users []jira.User) int {
		pages.Keep(page)
		return r.keep(users, nil)
	})
	if err == nil {
		pages.End()
	}
	return err
}

// keep adds people: members of a group or, without one, those of the list of people. It tells how many of them are new
// in the list. The calls that name a person run at once and tell different things: what one leaves out is filled in
// from the others, so that two reads of an unchanged site are equal whichever answers first.
func (r *reader) keep(users []jira.User, group *packed.Members) (listed int) {
	r.mu.Lock()
	for _, u := range users {
		p := personOf(u)
		at, fresh := r.people.Add(p)
		if !fresh {
			r.people.Complete(at, p)
		}
		if group != nil {
			group.Add(at)
		} else if r.people.List(at) {
			listed++
		}
	}
	n := r.people.Len()
	r.mu.Unlock()
	r.stats.People(n)
	return listed
}

// readApps reads the apps with the groups that grant them. Only a Jira admin may see them; without, there are none.
func (r *reader) readApps(ctx context.Context) error {
	roles, err := r.site.api.Roles(ctx)
	if domain.CodeOf(err) == domain.Forbidden {
		return nil
	}
	if err != nil {
		return err
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
			r.granted[g.GroupID] = append(r.granted[g.GroupID], domain.Grant{AppID: app.AppID, Role: opens, Default: slices.ContainsFunc(role.DefaultGroups, func(d jira.GroupRef) bool {
				return d.GroupID == g.GroupID
			})})
		}
	}
	return nil
}

// emit delivers everything once it is complete.
func (r *reader) emit(ctx context.Context, emit func(domain.Batch) error) error {
	first := domain.Batch{Apps: r.apps}
	rosters := make([]*packed.Members, 0, len(r.groups))
	for _, g := range r.groups {
		known := &r.rosters[g.GroupID].Members
		rosters = append(rosters, known)
		out := domain.Group{GroupID: g.GroupID, Name: g.Name, MemberCount: known.Len(), AppCount: len(r.grants[g.GroupID])}
		for _, app := range r.grants[g.GroupID] {
			out.GrantsAccess = append(out.GrantsAccess, app.AppID)
		}
		first.Groups = append(first.Groups, out)
		if len(r.apps) > 0 { // else nothing is known of what it grants
			first.Grants = append(first.Grants, domain.Granting{GroupID: g.GroupID, Grants: r.granted[g.GroupID]})
		}
	}
	if err := emit(first); err != nil {
		return err
	}
	var b domain.Batch
	err := r.people.Each(rosters, func(p packed.Person, in []int) error {
		var groups []string
		for _, i := range in {
			groups = append(groups, r.groups[i].GroupID)
		}
		u := userOf(p, groups)
		u.Access = accessOf(groups, r.grants)
		if b.Users = append(b.Users, u); len(b.Users) < batchSize {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("delivering people: %w", err)
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

// ReadUsers reads chosen people afresh, with their groups.
func (s *site) ReadUsers(ctx context.Context, accountIDs []string) ([]domain.User, error) {
	if len(accountIDs) > chosenAtOnce {
		return nil, domain.Errorf(domain.Invalid, "At most %d people can be read at once.", chosenAtOnce)
	}
	for _, id := range accountIDs {
		if err := atlassian.CheckID("account id", id); err != nil {
			return nil, err
		}
	}
	return source.ReadEach(ctx, accountIDs, func(ctx context.Context, id string) (domain.User, error) {
		person, err := s.api.Person(ctx, id)
		if err != nil {
			return domain.User{}, err
		}
		groups := make([]string, 0, len(person.Groups.Items))
		for _, g := range person.Groups.Items {
			groups = append(groups, g.GroupID)
		}
		slices.Sort(groups)
		return userOf(personOf(person), groups), nil
	})
}
