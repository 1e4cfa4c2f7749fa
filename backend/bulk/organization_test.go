package bulk_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	_ "seatkeeper/backend/source/jiracloud"
	"seatkeeper/backend/store"
)

// office is everything real but Atlassian: client, source, sync, store, engine over the simulator.
type office struct {
	kind   domain.SourceKind // what the source is listed as, "" as an organization
	t      testing.TB
	world  *sim.World
	dir    string
	source source.Source
	store  *store.Databases
	mirror *mirror.Engine
	engine *bulk.Engine
	life   *life // of a program that may die
	isFull bool  // the disk takes no people
	wrap   func(bulk.Store) bulk.Store
}

func newOffice(t testing.TB, c sim.Config) *office {
	t.Helper()
	o := &office{t: t, world: sim.New(c), dir: t.TempDir()}
	o.open()
	return o
}

// open starts the program over what is on disk.
func (o *office) open() {
	o.t.Helper()
	org, key := o.world.Organization()
	o.source = openOrganization(o.t, org, key, source.Network{Transport: o.world.Transport()})
	var err error
	if o.store, err = store.Open(context.Background(), o.dir, slog.New(slog.DiscardHandler)); err != nil {
		o.t.Fatal(err)
	}
	open := func(context.Context, string) (source.Source, error) { return o.source, nil }
	o.mirror = mirror.New(mirror.Options{Store: o.store.Mirror, Open: open})
	kept := bulk.Store(o.store.Records)
	if o.wrap != nil {
		kept = o.wrap(kept)
	}
	o.engine = bulk.New(bulk.Options{
		Store: kept, People: o.store.Mirror, Open: open, Refresh: o.mirror.Refresh, RefreshGroups: o.mirror.RefreshGroups, Operator: "tester",
		Source: func(context.Context, string) (domain.Source, error) { return o.listed(), nil },
	})
	if err := o.store.Records.SaveSource(context.Background(), o.listed()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) listed() domain.Source {
	return domain.Source{ID: src, Kind: cmp.Or(o.kind, domain.KindAtlassianOrg), Name: "Acme", OperatorID: o.world.Operator(), KeyOwnerID: o.world.KeyOwner()}
}

func openOrganization(t testing.TB, org, key string, network source.Network) source.Source {
	t.Helper()
	kind, ok := source.Kinds.Get(string(domain.KindAtlassianOrg))
	if !ok {
		t.Fatal("no such kind of source")
	}
	s, err := kind.Open(source.Config{
		Source: domain.Source{ID: src, Kind: kind.Kind, Settings: map[string]string{"org_id": org}}, Network: network,
		Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (o *office) close() {
	o.engine.Close()
	o.mirror.Close()
	o.source.Close()
	if err := o.store.Close(); err != nil {
		o.t.Error(err)
	}
}

func (o *office) sync() {
	o.t.Helper()
	if _, err := o.mirror.Start(context.Background(), src); err != nil {
		o.t.Fatal(err)
	}
	if s, err := o.mirror.Wait(context.Background(), src); err != nil || s.State != domain.SyncDone {
		o.t.Fatalf("sync: %+v, %v", s, err)
	}
}

// people gives whole people of the local copy.
func (o *office) people(limit int, keep func(domain.User) bool) []domain.User {
	o.t.Helper()
	var accounts []string
	if err := o.store.Mirror.EachUser(context.Background(), src, func(u domain.User) error {
		accounts = append(accounts, u.AccountID)
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
	all, err := o.store.Mirror.UsersByAccount(context.Background(), src, accounts)
	if err != nil {
		o.t.Fatal(err)
	}
	var chosen []domain.User
	for _, u := range all {
		if len(chosen) < limit && keep(u) {
			chosen = append(chosen, u)
		}
	}
	return chosen
}

func in(u domain.User, status domain.Status) bool {
	return len(u.Memberships) > 0 && !slices.ContainsFunc(u.Memberships, func(m domain.DirectoryMembership) bool { return m.Status != status })
}

// run plans and confirms.
func (o *office) run(action string, users []domain.User, params map[string]string) domain.Run {
	o.t.Helper()
	p, err := o.engine.Plan(context.Background(), bulk.Request{SourceID: src, Action: action, Params: params, Users: users})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.confirm(p)
}

func (o *office) confirm(p domain.Plan) domain.Run {
	o.t.Helper()
	r, err := agree(o.engine, p, domain.Secret{})
	if err != nil {
		o.t.Fatalf("%v: %+v", err, p.Findings)
	}
	return r
}

// finish resumes until the run is over; the faults end with the first pause.
func (o *office) finish(id string) domain.Run {
	o.t.Helper()
	for range 20 {
		r, err := o.engine.Wait(context.Background(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if r.State != domain.RunPaused {
			return r
		}
		o.world.SetFaults()
		if err := o.engine.Resume(context.Background(), id, domain.Secret{}); err != nil {
			o.t.Fatal(err)
		}
	}
	o.t.Fatal("the run never ends")
	return domain.Run{}
}

// changing is the simulator's journal of changing requests.
func (o *office) changing() []sim.Entry {
	return slices.DeleteFunc(o.world.Journal(), func(e sim.Entry) bool {
		return e.Method == http.MethodGet || strings.HasSuffix(e.Path, "/search") || strings.HasSuffix(e.Path, "/workspaces") || strings.HasSuffix(e.Path, "/count")
	})
}

// so tells whether a change's goal holds in truth.
func (o *office) so(c domain.Change) bool {
	s, _ := o.world.State(c.Target.AccountID)
	switch c.Action {
	case "user.suspend":
		return s.Directories[c.Target.DirectoryID] == "suspended"
	case "user.restore":
		return s.Directories[c.Target.DirectoryID] == "active"
	case "group.add_member":
		return slices.Contains(s.Groups, c.Target.GroupID)
	default:
		return !slices.Contains(s.Groups, c.Target.GroupID)
	}
}

// judge compares a finished run with the truth.
func (o *office) judge(r domain.Run) {
	o.t.Helper()
	sum := 0
	for _, n := range r.Counts {
		sum += n
	}
	if sum != r.Total || r.State == domain.RunDone && r.Counts[domain.ItemPlanned]+r.Counts[domain.ItemIntent] > 0 {
		o.t.Errorf("counts: %v of %d, %s", r.Counts, r.Total, r.State)
	}
	err := o.store.Records.EachItem(context.Background(), r.ID, func(it domain.Item) error {
		so := o.so(it.Change)
		if (it.State == domain.ItemDone || it.State == domain.ItemAlready) && !so || it.State == domain.ItemRefused && so || it.State == domain.ItemSkipped && it.Attempts > 0 {
			o.t.Errorf("item %d is %s (%s, %s), in truth %t", it.Change.Seq, it.State, it.Evidence, it.Reason, so)
		}
		return nil
	})
	if err != nil {
		o.t.Error(err)
	}
	touched := map[string]int{}
	for _, e := range o.changing() {
		if e.Applied && e.Changed > 0 {
			touched[e.Path+e.AccountID]++
		}
		for _, who := range []string{o.world.Operator(), o.world.KeyOwner()} {
			if e.AccountID == who || slices.Contains(e.Accounts, who) {
				o.t.Errorf("a protected account was touched: %+v", e)
			}
		}
		if s, ok := o.world.State(e.AccountID); ok && s.OrgAdmin {
			o.t.Errorf("an organization admin was touched: %+v", e)
		}
	}
	for path, n := range touched {
		if n > 1 {
			o.t.Errorf("%s changed the world %d times", path, n)
		}
	}
}

// work is an action with the people and parameters that it can be done with in a simulated organization.
type work struct {
	action, path string
	choose       func(o *office) ([]domain.User, map[string]string)
}

func plainGroup(o *office) sim.GroupState {
	for _, g := range o.world.Groups() {
		if !g.Synced && !g.Default && !g.Admins && g.Members > 12 {
			return g
		}
	}
	o.t.Fatal("no plain group")
	return sim.GroupState{}
}

func isIn(u domain.User, directoryID string) bool {
	return slices.ContainsFunc(u.Memberships, func(m domain.DirectoryMembership) bool { return m.DirectoryID == directoryID })
}

var works = []work{
	{"user.suspend", "*/suspend", func(o *office) ([]domain.User, map[string]string) {
		return o.people(12, func(u domain.User) bool {
			return in(u, domain.StatusActive) && !slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin)
		}), nil
	}},
	{"user.restore", "*/restore", func(o *office) ([]domain.User, map[string]string) {
		return o.people(12, func(u domain.User) bool { return in(u, domain.StatusSuspended) }), nil
	}},
	{"group.add_member", "*/memberships", func(o *office) ([]domain.User, map[string]string) {
		g := plainGroup(o)
		return o.people(12, func(u domain.User) bool {
			return in(u, domain.StatusActive) && isIn(u, g.DirectoryID) && !slices.Contains(u.GroupIDs, g.ID) && !slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin)
		}), map[string]string{"groups": g.ID}
	}},
	{"group.remove_member", "*/memberships/*", func(o *office) ([]domain.User, map[string]string) {
		g := plainGroup(o)
		return o.people(12, func(u domain.User) bool {
			return slices.Contains(u.GroupIDs, g.ID) && !slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin)
		}), map[string]string{"groups": g.ID}
	}},
}

// TestOrganizationThereAndBack does every action over the whole real path, looks at the requests and the truth, and
// undoes it.
func TestOrganizationThereAndBack(t *testing.T) {
	for _, original := range []bool{false, true} {
		for _, wk := range works {
			t.Run(fmt.Sprintf("%s/original %t", wk.action, original), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o := newOffice(t, sim.Config{People: 400, Sites: 2, Seed: 3, Original: original, Latency: 50 * time.Millisecond, Visible: 2 * time.Second})
					defer o.close()
					o.sync()
					users, params := wk.choose(o)
					if len(users) < 5 {
						t.Fatalf("%d people", len(users))
					}
					r := o.finish(o.run(wk.action, users, params).ID)
					o.judge(r)
					done := r.Counts[domain.ItemDone]
					if r.State != domain.RunDone || done < 5 || done != r.Total || len(o.changing()) != done {
						t.Fatalf("%s %v after %d requests: %s", r.State, r.Counts, len(o.changing()), r.PauseReason)
					}
					// The local copy shows it already.
					if again, err := o.engine.Plan(context.Background(), bulk.Request{SourceID: src, Action: wk.action, Params: params, Users: o.again(users)}); err != nil || again.Counts[domain.VerdictAlready] != done {
						t.Errorf("after the refresh: %v, %v", again.Counts, err)
					}
					undo, err := o.engine.PlanUndo(context.Background(), r.ID)
					if err != nil {
						t.Fatal(err)
					}
					u := o.finish(o.confirm(undo).ID)
					if u.State != domain.RunDone || u.Counts[domain.ItemDone] != done || len(o.changing()) != 2*done {
						t.Errorf("undo: %s %v %s", u.State, u.Counts, u.PauseReason)
					}
					for _, before := range users {
						s, _ := o.world.State(before.AccountID)
						for _, m := range before.Memberships {
							if s.Directories[m.DirectoryID] != string(m.Status) && (m.Status == domain.StatusActive || m.Status == domain.StatusSuspended) {
								t.Errorf("%s is %s in %s, was %s", before.AccountID, s.Directories[m.DirectoryID], m.DirectoryID, m.Status)
							}
						}
						slices.Sort(s.Groups)
						if got, want := s.Groups, slices.Sorted(slices.Values(before.GroupIDs)); !slices.Equal(got, want) {
							t.Errorf("%s is in %v, was in %v", before.AccountID, got, want)
						}
					}
				})
			})
		}
	}
}

func (o *office) again(users []domain.User) []domain.User {
	var accounts []string
	for _, u := range users {
		accounts = append(accounts, u.AccountID)
	}
	fresh, err := o.store.Mirror.UsersByAccount(context.Background(), src, accounts)
	if err != nil {
		o.t.Fatal(err)
	}
	return fresh
}

// TestOrganizationFaults plants every fault of the simulator in the changing requests, and the ones of reading in the
// reads.
func TestOrganizationFaults(t *testing.T) {
	kinds := []sim.FaultKind{
		sim.FaultLatency, sim.FaultStatus, sim.FaultRateLimit, sim.FaultCut, sim.FaultRefused, sim.FaultNoNetwork, sim.FaultCutBody, sim.FaultStall,
		sim.FaultNoAnswer, sim.FaultLate, sim.FaultTwice, sim.FaultErrorApplied, sim.FaultError, sim.FaultFalseSuccess, sim.FaultHTML, sim.FaultRedirect,
		sim.FaultBadJSON, sim.FaultWrongShape,
	}
	positions := map[string]sim.Fault{"first": {Count: 1}, "fourth": {Skip: 3, Count: 1}, "three": {Skip: 2, Count: 3}, "half": {Probability: 0.5}, "all": {}}
	for i, wk := range works {
		if raced && i%2 == 1 {
			continue // one of each two that are each other's inverse
		}
		for _, kind := range kinds {
			for name, f := range positions {
				t.Run(fmt.Sprintf("%s/%s/%s", wk.action, kind, name), func(t *testing.T) {
					if (raced || testing.Short()) && name != "half" {
						return // only the mixed position
					}
					f.Kind, f.Path, f.Delay = kind, wk.path, 20*time.Second
					synctest.Test(t, func(t *testing.T) { organizationFault(t, wk, f) })
				})
			}
		}
		for _, kind := range []sim.FaultKind{sim.FaultError, sim.FaultCut, sim.FaultRateLimit, sim.FaultBadJSON, sim.FaultHTML} {
			t.Run(fmt.Sprintf("%s/reading/%s", wk.action, kind), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					organizationFault(t, wk, sim.Fault{Kind: kind, Path: "*/users/search", Probability: 0.5, Delay: 3 * time.Second})
				})
			})
		}
	}
}

func organizationFault(t *testing.T, wk work, f sim.Fault) {
	o := newOffice(t, sim.Config{People: 300, Seed: 5, Latency: 20 * time.Millisecond, Visible: time.Second})
	defer o.close()
	o.sync()
	users, params := wk.choose(o)
	o.world.SetFaults(f)
	r := o.finish(o.run(wk.action, users, params).ID)
	time.Sleep(time.Minute) // what is applied late, is applied
	o.judge(r)
	if r.State != domain.RunDone {
		t.Errorf("%s: %s", r.State, r.PauseReason)
	}
	if n := len(o.changing()); n > 3*len(users)+3 {
		t.Errorf("%d requests for %d changes", n, len(users))
	}
}

// TestOrganizationSaysWhyItPauses meets what concerns the whole run, not one person.
func TestOrganizationSaysWhyItPauses(t *testing.T) {
	for name, tt := range map[string]struct {
		fault sim.Fault
		want  string
	}{
		"key revoked":   {sim.Fault{Kind: sim.FaultStatus, Status: 401}, "key"},
		"rate limit":    {sim.Fault{Kind: sim.FaultRateLimit, Delay: time.Hour}, "wait"},
		"quota":         {sim.Fault{Kind: sim.FaultRateLimit, Delay: time.Minute, Location: "jira-quota-tenant-based"}, "limit"},
		"no network":    {sim.Fault{Kind: sim.FaultNoNetwork}, ""},
		"outage":        {sim.Fault{Kind: sim.FaultError}, "no clear answer"},
		"false success": {sim.Fault{Kind: sim.FaultFalseSuccess}, "reading shows otherwise"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t, sim.Config{People: 300, Seed: 5, Latency: 20 * time.Millisecond})
				defer o.close()
				o.sync()
				users, params := works[0].choose(o)
				tt.fault.Path, tt.fault.Skip = "*/suspend", 2
				o.world.SetFaults(tt.fault)
				r, err := o.engine.Wait(context.Background(), o.run("user.suspend", users, params).ID)
				if err != nil {
					t.Fatal(err)
				}
				if r.State != domain.RunPaused || !strings.Contains(strings.ToLower(r.PauseReason), tt.want) || r.PauseReason == "" {
					t.Errorf("%s: %q", r.State, r.PauseReason)
				}
				t.Log(r.PauseReason)
				o.judge(r)
			})
		})
	}
}
