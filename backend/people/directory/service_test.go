package directory_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open makes a service over a random organization.
func open(t *testing.T, people int) (*directory.Service, *org, *events.Bus) {
	t.Helper()
	o, bus := randomOrg(rand.New(rand.NewPCG(11, uint64(people))), people), &events.Bus{}
	s := directory.New(directory.Options{Store: o, Bus: bus})
	t.Cleanup(s.Close)
	return s, o, bus
}

func query(t *testing.T, s *directory.Service, text string) directory.Snapshot {
	t.Helper()
	snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: text})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func ids(t *testing.T, s *directory.Service, snapshot string) []int64 {
	t.Helper()
	rows, err := s.Rows(t.Context(), snapshot, 0, directory.MaxRows)
	if err != nil {
		t.Fatal(err)
	}
	var found []int64
	for _, r := range rows {
		found = append(found, r.ID)
	}
	return found
}

func TestEmptySource(t *testing.T) {
	s := directory.New(directory.Options{Store: &org{now: &content{}}})
	defer s.Close()
	for _, text := range []string{"", "status = active", "NOT managed = yes", "lastActive is empty", "groupCount = 0 ORDER BY lastActive", "name ~ x"} {
		if snap := query(t, s, text); snap.Total != 0 || len(ids(t, s, snap.ID)) != 0 {
			t.Errorf("%s: %+v", text, snap)
		}
	}
	if tiles, err := s.Overview(t.Context(), "s", 30); err != nil || len(tiles) != 0 {
		t.Error(tiles, err)
	}
	if _, err := s.Person(t.Context(), "s", 1); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
}

func TestRowsStayWhileASyncWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o, bus := open(t, 80)
		snap := query(t, s, "status = active ORDER BY email")
		before := ids(t, s, snap.ID)
		if drift, err := s.Check(t.Context(), snap.ID); err != nil || drift != (directory.Drift{Total: snap.Total}) {
			t.Fatal(drift, err)
		}
		var swapped int
		bus.Subscribe(func(e events.Event) {
			if e.Topic == directory.Indexed && e.SourceID == "s" {
				swapped++
			}
		})
		gone, left, renamed, moved := before[0], before[1], before[2], before[3]
		o.change(func(c *content) {
			c.users = slices.DeleteFunc(c.users, func(u domain.User) bool { return u.ID == gone })
			for i := range c.users {
				switch c.users[i].ID {
				case left:
					c.users[i].Status = domain.StatusSuspended
				case renamed:
					c.users[i].Name = "renamed"
				case moved:
					c.users[i].Department = "elsewhere"
				}
			}
			c.users = append(c.users, domain.User{ID: 1_000_000, AccountID: "new", Status: domain.StatusActive})
		})
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		time.Sleep(time.Second)
		synctest.Wait()
		if swapped != 1 {
			t.Errorf("the index was swapped %d times", swapped)
		}
		if after := ids(t, s, snap.ID); !slices.Equal(before, after) {
			t.Errorf("the rows moved: %v, %v", before, after)
		}
		if drift, err := s.Check(t.Context(), snap.ID); err != nil || drift != (directory.Drift{Stale: true, Changes: 5, Total: snap.Total - 1}) {
			t.Errorf("five changes: %+v, %v", drift, err)
		}
		if again := query(t, s, "status = active ORDER BY email"); again.Total != snap.Total-1 || again.Revision != 2 || again.Stale {
			t.Errorf("%+v", again)
		}
	})
}

func TestChangesAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o, bus := open(t, 5)
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		time.Sleep(time.Second)
		if o.buildCount() != 0 {
			t.Error("a source about which nobody asked was read")
		}
		query(t, s, "")
		for range 100 {
			bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
			bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "other"})
			bus.Publish(events.Event{Topic: events.RunsChanged, SourceID: "s"})
		}
		time.Sleep(10 * time.Second)
		if o.buildCount() != 2 {
			t.Errorf("100 changes at once led to %d reads, not 1 more", o.buildCount()-1)
		}
		o.change(func(c *content) { c.freshness.Partial = true })
		for range 100 { // ten seconds of a first sync
			bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
			time.Sleep(100 * time.Millisecond)
		}
		if n := o.buildCount() - 2; n < 4 || n > 7 {
			t.Errorf("ten seconds of a first sync led to %d reads", n)
		}
		for _, tile := range overviewOf(t, s) {
			if !tile.Partial {
				t.Errorf("the numbers of %s are not said to be partial", tile.App.Name)
			}
		}
		o.change(func(c *content) { c.freshness.Partial = false; c.users = append(c.users, domain.User{ID: 1 << 40}) })
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		time.Sleep(5 * time.Second)
		if snap := query(t, s, ""); snap.Total != 6 || snap.Partial {
			t.Errorf("the end of the sync is not shown: %+v", snap)
		}
		for _, tile := range overviewOf(t, s) {
			if tile.Partial {
				t.Errorf("the numbers of %s are said to be partial", tile.App.Name)
			}
		}
	})
}

// overviewOf gives the tiles, of which there are some.
func overviewOf(t *testing.T, s *directory.Service) []directory.AppTile {
	t.Helper()
	tiles, err := s.Overview(t.Context(), "s", 90)
	if err != nil || len(tiles) == 0 {
		t.Fatal(tiles, err)
	}
	return tiles
}

// failing is a store that cannot be read for a while.
type failing struct {
	*org
	mu  sync.Mutex
	err error
}

func (f *failing) EachUser(ctx context.Context, src string, fn func(domain.User) error) error {
	f.mu.Lock()
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.org.EachUser(ctx, src, fn)
}

func TestAFailingStoreKeepsTheOldLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, bus := randomOrg(rand.New(rand.NewPCG(3, 3)), 20), &events.Bus{}
		f := &failing{org: o, err: errors.New("disk on fire")}
		s := directory.New(directory.Options{Store: f, Bus: bus})
		defer s.Close()
		if _, err := s.Query(t.Context(), directory.Query{SourceID: "s"}); !errors.Is(err, f.err) {
			t.Errorf("the first read: %v", err)
		}
		set := func(err error) { f.mu.Lock(); f.err = err; f.mu.Unlock() }
		set(nil)
		query(t, s, "")
		set(errors.New("again"))
		o.change(func(c *content) { c.users = c.users[:5] })
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		time.Sleep(7 * time.Second)
		if snap := query(t, s, ""); snap.Total != 20 {
			t.Errorf("%+v", snap)
		}
		set(nil)
		time.Sleep(7 * time.Second)
		if snap := query(t, s, ""); snap.Total != 5 {
			t.Errorf("the failure was not tried again: %+v", snap)
		}
	})
}

// slow is a store whose people take three seconds to read.
type slow struct{ *org }

func (s slow) EachUser(ctx context.Context, src string, fn func(domain.User) error) error {
	err := s.org.EachUser(ctx, src, fn)
	time.Sleep(3 * time.Second)
	return err
}

func TestAChangeWhileReadingIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, bus := randomOrg(rand.New(rand.NewPCG(6, 6)), 20), &events.Bus{}
		s := directory.New(directory.Options{Store: slow{o}, Bus: bus})
		defer s.Close()
		query(t, s, "")
		add := func() {
			o.mu.Lock() // the same revision: a refresh of some people, not a whole sync
			c := *o.now
			c.users = append(slices.Clone(c.users), domain.User{ID: int64(1)<<40 + int64(len(c.users))})
			o.now = &c
			o.mu.Unlock()
			bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		}
		add()
		time.Sleep(time.Second) // the rebuild has read the people and is still at it
		add()
		time.Sleep(10 * time.Second)
		if snap := query(t, s, ""); snap.Total != 22 {
			t.Errorf("%d people", snap.Total)
		}
	})
}

func TestFirstReadEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := randomOrg(rand.New(rand.NewPCG(6, 6)), 20)
		s := directory.New(directory.Options{Store: slow{o}})
		defer s.Close()
		done := make(chan struct{})
		go func() { defer close(done); query(t, s, "") }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Query(ctx, directory.Query{SourceID: "s"}); err == nil {
			t.Error("a caller whose time is over waits for another's read")
		}
		<-done
	})
}

// restless is a store whose copy is swapped between two reads.
type restless struct {
	*org
	swaps int
}

func (r *restless) Groups(ctx context.Context, src string) ([]domain.Group, error) {
	if r.swaps > 0 {
		r.swaps--
		r.change(func(*content) {})
	}
	return r.org.Groups(ctx, src)
}

func TestASwapWhileReadingStartsAgain(t *testing.T) {
	o := randomOrg(rand.New(rand.NewPCG(4, 4)), 20)
	s := directory.New(directory.Options{Store: &restless{o, 3}})
	defer s.Close()
	if snap := query(t, s, ""); snap.Revision != 4 || o.buildCount() != 4 {
		t.Errorf("%+v after %d reads", snap, o.buildCount())
	}
	o = randomOrg(rand.New(rand.NewPCG(4, 4)), 20)
	s = directory.New(directory.Options{Store: &restless{o, 1000}})
	defer s.Close()
	if _, err := s.Query(t.Context(), directory.Query{SourceID: "s"}); domain.CodeOf(err) != domain.Stale {
		t.Error(err)
	}
}

func TestOnlySixteenListsAreKept(t *testing.T) {
	s, _, _ := open(t, 10)
	first, second := query(t, s, ""), query(t, s, "")
	for range 15 {
		ids(t, s, first.ID) // used again and again, so it stays
		query(t, s, "")
	}
	ids(t, s, first.ID)
	if _, err := s.Rows(t.Context(), second.ID, 0, 1); domain.CodeOf(err) != domain.Stale {
		t.Error(err)
	}
}

func TestGroupsAppsDomains(t *testing.T) {
	s, o, _ := open(t, 150)
	found, total, err := s.Groups(t.Context(), "s", " USERS jira", 1)
	if err != nil || total != 2 || len(found) != 1 || found[0].Name != "jira-users-acme" {
		t.Errorf("%v of %d, %v", found, total, err)
	}
	if found, total, err = s.Groups(t.Context(), "s", "", 1000); err != nil || total != len(o.now.groups) || len(found) != total {
		t.Errorf("%d of %d, %v", len(found), total, err)
	}
	for _, g := range found {
		if snap := query(t, s, "group = "+g.GroupID); snap.Total != g.MemberCount {
			t.Errorf("group %q has %d members, the list %d", g.Name, g.MemberCount, snap.Total)
		}
	}
	if apps, err := s.Apps(t.Context(), "s"); err != nil || len(apps) != len(o.now.apps) || apps[0].SiteName > apps[1].SiteName {
		t.Error(apps, err)
	}
	domains, err := s.Domains(t.Context(), "s")
	if err != nil || domains[0].Value != "acme.com" {
		t.Error(domains, err)
	}
	for _, d := range domains {
		if snap := query(t, s, "domain = "+d.Value); snap.Total != d.Count {
			t.Errorf("domain %+v: the list has %d", d, snap.Total)
		}
	}
}

func TestPersonSaysWhatGrantsAnApp(t *testing.T) {
	s := directory.New(directory.Options{Store: &org{now: &content{
		apps:        []domain.App{{ID: 1, AppID: "ari:1", Key: "jira-software", Name: "Jira", SiteName: "acme"}},
		groups:      []domain.Group{{ID: 5, GroupID: "g1", Name: "jira-users", GrantsAccess: []string{"ari:1"}}, {ID: 6, GroupID: "g2", Name: "chess"}},
		directories: []domain.Directory{{DirectoryID: "d", Name: "Acme"}},
		users: []domain.User{{
			ID: 9, AccountID: "a", Name: "Ana", Status: domain.StatusSuspended, PlatformRoles: []string{domain.RoleOrgAdmin}, GroupIDs: []string{"g2", "g1"},
			Access:      []domain.AppAccess{{AppID: "ari:1", AppKey: "jira-software", Known: true}, {AppID: "ari:gone", AppKey: "old"}},
			Memberships: []domain.DirectoryMembership{{DirectoryID: "d", Status: domain.StatusSuspended}, {DirectoryID: "e", Status: domain.StatusActive}},
		}},
	}}})
	defer s.Close()
	p, err := s.Person(t.Context(), "s", 9)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Apps) != 2 || p.Apps[1].App.Name != "Jira" || len(p.Apps[1].Via) != 1 || p.Apps[1].Via[0].Name != "jira-users" || p.Apps[1].Activity != directory.ActivityNever {
		t.Errorf("apps: %+v", p.Apps)
	}
	if p.Apps[0].Activity != directory.ActivityUnknown || p.Row.Activity != directory.ActivityUnknown {
		t.Errorf("an app that could not be read makes never unknown: %+v", p.Row)
	}
	if len(p.Groups) != 2 || p.Groups[0].Name != "chess" || p.Directories[0].Directory.Name != "Acme" || p.Directories[1].Directory.Name != "e" || p.Row.Roles[0] != "org-admin" {
		t.Errorf("%+v", p)
	}
	if want := []string{`group = "chess"`, `group = "jira-users"`}; !slices.Equal(p.Members, want) {
		t.Errorf("the members are found by %q, not %q", p.Members, want)
	}
}

// TestEverythingAtOnce runs all methods against rebuilds; the race detector and the invariants judge.
func TestEverythingAtOnce(t *testing.T) {
	s, o, bus := open(t, 300)
	query(t, s, "")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for worker := range 6 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(worker), 9))
			for ctx.Err() == nil {
				if err := oneOfEach(ctx, s, r); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := 0; ctx.Err() == nil; i++ {
		o.change(func(c *content) {
			c.users[i%len(c.users)].Status = domain.StatusSuspended
			c.users = append(c.users, domain.User{ID: int64(2_000_000 + i), AccountID: fmt.Sprint("n", i), Status: domain.StatusActive})
		})
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		select {
		case <-time.After(30 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	wg.Wait()
}

func oneOfEach(ctx context.Context, s *directory.Service, r *rand.Rand) error {
	field := pick(r, []string{"name", "email", "lastActive", "added", "department", "groupCount", "status"})
	snap, err := s.Query(ctx, directory.Query{SourceID: "s", Filter: pick(r, []string{"", "status = active", `lastActive("Jira") < -30d`}), Search: pick(r, []string{"", "a", "no"}), Sort: field, Desc: r.IntN(2) == 0})
	if err != nil {
		return err
	}
	rows, err := s.Rows(ctx, snap.ID, snap.Total/2, 50)
	if err != nil && domain.CodeOf(err) != domain.Stale { // others may have pushed this list out
		return err
	}
	if err == nil && len(rows) != min(50, snap.Total-snap.Total/2) {
		return fmt.Errorf("%d rows of %+v", len(rows), snap)
	}
	for _, step := range []func() error{
		func() error {
			_, err := s.Select(ctx, directory.Selection{SnapshotID: snap.ID, Op: pick(r, []directory.SelectOp{"add", "toggle", "only", "remove", "all", "here", "keep"}), To: snap.Total / 2})
			return err
		},
		func() error { _, err := s.Check(ctx, snap.ID); return err },
		func() error { _, err := s.Overview(ctx, "s", 30); return err },
		func() error { _, err := s.SelectedUsers(ctx, "s"); return err },
		func() error { _, err := s.Parse(ctx, "s", "group = vip AND managed is known"); return err },
		func() error { _, err := s.Complete(ctx, "s", "department = ", 13); return err },
		func() error { _, _, err := s.Groups(ctx, "s", "a", 5); return err },
	} {
		if err := step(); err != nil && domain.CodeOf(err) != domain.Stale {
			return err
		}
	}
	return nil
}

func TestParseFormatComplete(t *testing.T) {
	s, _, _ := open(t, 150)
	p, err := s.Parse(t.Context(), "s", `STATUS=active && lastActive(jira) is not empty`)
	if err != nil || p.Error != nil || p.Canonical != `status = active AND lastActive("jira") is not empty` || p.Count != query(t, s, p.Canonical).Total {
		t.Errorf("%+v, %v", p, err)
	}
	if again := s.Format(p.Tree); again.Canonical != p.Canonical || again.Explain != p.Explain || again.Error != nil {
		t.Errorf("%+v", again)
	}
	if p, err = s.Parse(t.Context(), "s", "status = "); err != nil || p.Error == nil || p.Error.From != 9 {
		t.Errorf("%+v, %v", p, err)
	}
	if bad := s.Format(&filter.Query{Where: &filter.Node{Kind: "xor"}}); bad.Error == nil {
		t.Errorf("%+v", bad)
	}
	text := `group not in ("jira-u`
	proposals, err := s.Complete(t.Context(), "s", text, len(text))
	if err != nil || len(proposals) != 1 || proposals[0].Insert != `"jira-users-acme" ` || proposals[0].From != 14 || proposals[0].To != len(text) {
		t.Errorf("%+v, %v", proposals, err)
	}
}
