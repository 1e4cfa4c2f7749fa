package atlassianorg

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

const (
	decoders      = 2   // goroutines that turn raw pages into people
	pagesHeld     = 8   // raw pages in memory between asking and decoding
	completeBatch = 500 // people in one batch of the second look
)

// page is one raw page of a listing, and what turns it into a batch.
type page struct {
	raw     json.RawMessage
	convert func(json.RawMessage) (domain.Batch, error)
	dir     string
}

// batch is a converted page.
type batch struct {
	domain.Batch
	dir string
	err error
}

// reader is one read under way. Several listings are walked at once; each asks for its next page as soon as the last
// one is there, while other goroutines decode. Everything is emitted from the goroutine that called Read.
type reader struct {
	api    *admin.Client
	emit   func(domain.Batch) error
	stats  *readStats
	cancel context.CancelCauseFunc

	cache    source.PageCache // nil for none
	dirs     []admin.Directory
	pages    chan page
	ready    chan batch
	grants   *grants
	chains   sync.WaitGroup
	work     sync.WaitGroup
	listings map[string]*listing // of the people of each directory, and of all managed accounts
	people   chan int            // Atlassian's own count, asked for when all listings have ended
	groups   []int               // the same of each directory's groups, when its listing has ended; -1 unknown
	counts   []int               // of each directory's people at the beginning, where there are several; -1 unknown
}

// Read delivers the whole organization.
func (o *org) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return o.ReadOn(ctx, nil, emit, progress)
}

// ReadOn is Read that goes on from the people whom an earlier one has received; cache may be nil.
func (o *org) ReadOn(
	ctx context.Context, cache source.PageCache, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	none := domain.ReadTotals{People: -1, Groups: -1}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := newReadStats(progress)
	var nameless atomic.Int64
	ctx = atlassian.Observe(ctx, atlassian.Observer{Request: t.request, Waiting: t.waiting, Nameless: func(rows int) { nameless.Add(int64(rows)) }})
	r := &reader{
		api: o.api, cache: cache, emit: emit, stats: t, cancel: cancel, pages: make(chan page, pagesHeld), ready: make(chan batch, decoders),
		grants: newGrants(o.api), listings: map[string]*listing{managed: {}}, people: make(chan int, 1),
	}
	billable := r.listBillable(ctx)
	dirs, err := o.listDirectories(ctx)
	if err != nil {
		return none, fmt.Errorf("reading directories: %w", err)
	}
	r.dirs, r.groups, r.counts = dirs, make([]int, len(dirs)), make([]int, len(dirs))
	var first domain.Batch
	for _, d := range dirs {
		r.listings[d.DirectoryID] = &listing{}
		first.Directories = append(first.Directories, domain.Directory{DirectoryID: d.DirectoryID, Name: d.Name})
	}
	if err := emit(first); err != nil {
		return none, err
	}
	note, err := r.run(ctx, billable)
	if err != nil {
		return none, err
	}
	if r.stats.sameEverywhere(r.counts) {
		return none, fmt.Errorf("comparing directories: %w", atlassian.Misfit("the same people in each directory, of which Atlassian counts different numbers"))
	}
	misfit, err := r.completeMemberships(ctx)
	if err != nil {
		return none, fmt.Errorf("comparing groups: %w", err)
	}
	totals := domain.ReadTotals{
		People: <-r.people, Groups: sum(r.groups), Note: strings.TrimSpace(r.grants.note() + " " + note + " " + misfit),
		Limited: atlassian.NamelessNote(int(nameless.Load())),
	}
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	t.finish()
	return totals, nil
}

// listDirectories refuses an empty list: every organization has a directory, so nothing would be read and all would
// look removed.
func (o *org) listDirectories(ctx context.Context) ([]admin.Directory, error) {
	dirs, err := o.api.Directories(ctx)
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, atlassian.Contract("the organization has no directory")
	}
	return dirs, nil
}

// run walks all listings and emits their rows; it returns when everything has arrived, or with the first error.
// billable is listBillable's answer, which comes when it has handed everything over.
func (r *reader) run(ctx context.Context, billable <-chan string) (note string, err error) {
	r.startChains(ctx)
	for range decoders {
		r.work.Go(func() { r.decode(ctx, r.ready) })
	}
	granted := r.grants.start(ctx, func(b domain.Batch) { r.ready <- batch{Batch: b} })
	go func() {
		r.chains.Wait()
		go func() { r.people <- r.count(ctx, r.api.CountUsers, admin.AnyDirectory) }() // while what came last is written
		close(r.pages)
		r.work.Wait()
		r.grants.seal()
		granted.Wait()
		note = <-billable
		close(r.ready)
	}()
	for b := range r.ready {
		if context.Cause(ctx) != nil {
			continue // only drain
		}
		if b.err != nil {
			r.cancel(b.err)
			continue
		}
		r.stats.take(&b)
		if err := r.emit(b.Batch); err != nil {
			r.cancel(err)
			continue
		}
		r.stats.report()
	}
	return note, context.Cause(ctx)
}

// startChains starts one goroutine for each listing.
func (r *reader) startChains(ctx context.Context) {
	r.chain(ctx, "apps", "", convertApps(ctx), r.api.WalkWorkspaces)
	for i, d := range r.dirs {
		id := d.DirectoryID
		r.chain(atlassian.Ranked(ctx, r.listings[id].left), "people", id, convertUsers(ctx, id, admin.UserQuery{}), r.listings[id].count(r.users(id, admin.UserQuery{})))
		r.chain(ctx, "groups", id, r.convertGroups(ctx, id), func(ctx context.Context, visit func(json.RawMessage) error) error {
			if err := r.api.WalkGroups(ctx, id, visit); err != nil {
				return err
			}
			r.groups[i] = r.count(ctx, r.api.CountGroups, id)
			return nil
		})
	}
	outside := admin.UserQuery{MembershipStatuses: []string{"no_membership"}}
	r.chain(ctx, "people outside the directories", "", convertUsers(ctx, "", outside), r.users(admin.AnyDirectory, outside))
	r.chains.Go(func() { r.domains(ctx) })
	r.chains.Go(func() { r.expect(ctx) })
}

// chain walks one listing and hands its raw pages over.
func (r *reader) chain(
	ctx context.Context, what, dir string, convert func(json.RawMessage) (domain.Batch, error),
	walk func(context.Context, func(json.RawMessage) error) error,
) {
	r.chains.Go(func() {
		err := walk(ctx, func(raw json.RawMessage) error {
			select {
			case r.pages <- page{raw: raw, convert: convert, dir: dir}:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		if err != nil {
			r.cancel(fmt.Errorf("reading %s: %w", what, err))
		}
	})
}

// domains hands the organization's domains over.
func (r *reader) domains(ctx context.Context) {
	list, err := listDomains(ctx, r.api)
	if err != nil {
		r.cancel(err)
		return
	}
	select {
	case r.pages <- page{convert: func(json.RawMessage) (domain.Batch, error) { return domain.Batch{Domains: list}, nil }}:
	case <-ctx.Done():
	}
}

// listDomains reads the domains. They are of interest but not needed: a key may lack the right to see them.
func listDomains(ctx context.Context, api *admin.Client) ([]domain.Domain, error) {
	rows, err := api.Domains(ctx)
	switch code := domain.CodeOf(err); {
	case code == domain.Forbidden, code == domain.NotFound:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading domains: %w", err)
	}
	var list []domain.Domain
	for _, d := range rows {
		list = append(list, domain.Domain{Name: d.Attributes.Name, Verified: d.Attributes.Claim.Status == "verified"})
	}
	return list, nil
}

func (r *reader) decode(ctx context.Context, ready chan<- batch) {
	for p := range r.pages {
		out := batch{dir: p.dir}
		if ctx.Err() == nil {
			out.Batch, out.err = p.convert(p.raw)
		}
		ready <- out
	}
}

func convertUsers(ctx context.Context, dir string, q admin.UserQuery) func(json.RawMessage) (domain.Batch, error) {
	return func(raw json.RawMessage) (domain.Batch, error) {
		rows, err := q.Rows(ctx, raw)
		if err != nil {
			return domain.Batch{}, fmt.Errorf("reading people: %w", err)
		}
		b := domain.Batch{Users: make([]domain.User, 0, len(rows))}
		for _, u := range rows {
			b.Users = append(b.Users, userOf(u, dir))
		}
		return b, nil
	}
}

// convertGroups also has asked what the groups grant.
func (r *reader) convertGroups(ctx context.Context, dir string) func(json.RawMessage) (domain.Batch, error) {
	return func(raw json.RawMessage) (domain.Batch, error) {
		rows, err := admin.GroupsIn(ctx, dir, raw)
		if err != nil {
			return domain.Batch{}, fmt.Errorf("reading groups: %w", err)
		}
		b := domain.Batch{Groups: make([]domain.Group, 0, len(rows))}
		for _, g := range rows {
			group := groupOf(g, dir)
			b.Groups = append(b.Groups, group)
			if group.AppCount == 0 {
				b.Grants = append(b.Grants, domain.Granting{GroupID: group.GroupID})
				continue
			}
			r.grants.ask(group, deletable(g))
		}
		return b, nil
	}
}

// deletable tells whether the group may be deleted for certain.
func deletable(g admin.Group) bool {
	return g.ManagementAccess != nil && domain.TriOf(g.ManagementAccess.Deletable) == domain.Yes
}

func convertApps(ctx context.Context) func(json.RawMessage) (domain.Batch, error) {
	return func(raw json.RawMessage) (domain.Batch, error) {
		rows, _, err := atlassian.Listed[admin.Workspace](ctx, raw)
		if err != nil {
			return domain.Batch{}, fmt.Errorf("reading apps: %w", err)
		}
		b := domain.Batch{Apps: make([]domain.App, 0, len(rows))}
		for _, w := range rows {
			b.Apps = append(b.Apps, appOf(w))
		}
		return b, nil
	}
}
