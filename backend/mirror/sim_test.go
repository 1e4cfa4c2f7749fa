package mirror_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	_ "seatkeeper/backend/source/jiracloud"
	_ "seatkeeper/backend/source/jiradc"
	"seatkeeper/backend/store"
)

// connect opens a source of a simulated Atlassian.
func connect(t testing.TB, w *sim.World, kind domain.SourceKind) source.Source {
	t.Helper()
	return connectBy(t, w, kind, source.Network{Transport: w.Transport()})
}

// connectBy is connect with a network of its own.
func connectBy(t testing.TB, w *sim.World, kind domain.SourceKind, network source.Network) source.Source {
	t.Helper()
	k, ok := source.Kinds.Get(string(kind))
	if !ok {
		t.Fatal("no such kind", kind)
	}
	org, key := w.Organization()
	site := w.Sites()[0]
	cfg := source.Config{
		Source:  domain.Source{ID: id, Kind: kind, Settings: map[string]string{"org_id": org}},
		Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)},
		Network: network,
	}
	if kind == domain.KindJiraCloud {
		cfg.Source.Settings = map[string]string{"site_url": site.URL, "email": site.Email}
		cfg.Secrets = map[string]domain.Secret{"api_token": domain.NewSecret(site.Token)}
	}
	if kind == domain.KindJiraDC {
		instance := w.DataCenters()[0]
		cfg.Source.Settings = map[string]string{"base_url": instance.URL}
		cfg.Secrets = map[string]domain.Secret{"token": domain.NewSecret(instance.Token)}
	}
	src, err := k.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(src.Close)
	return src
}

// newSimWorld is an engine over a real store and a real source of a simulated Atlassian.
func newSimWorld(t testing.TB, dir string, w *sim.World, kind domain.SourceKind) (*mirror.Engine, *store.Databases) {
	t.Helper()
	e, s := newEngine(t, dir, kind, connect(t, w, kind))
	t.Cleanup(func() {
		e.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, s
}

// pagesOf lets the engine keep its pages.
func pagesOf(s *store.Databases) func(context.Context, int64) (mirror.PageCache, error) {
	return func(ctx context.Context, syncID int64) (mirror.PageCache, error) {
		return s.Mirror.OpenPageCache(ctx, syncID)
	}
}

// runSync runs one to its end and expects it to be done.
func runSync(t testing.TB, e *mirror.Engine) domain.Sync {
	t.Helper()
	if _, err := e.Start(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	done, err := e.Wait(context.Background(), id)
	if err != nil || done.State != domain.SyncDone {
		t.Fatalf("%+v %v", done.Error, err)
	}
	return done
}

// whole reads everybody who is there.
func whole(t testing.TB, s *store.Databases) map[string]domain.User {
	t.Helper()
	var ids []int64
	if err := s.Mirror.EachUser(context.Background(), id, func(u domain.User) error {
		ids = append(ids, u.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	users, err := s.Mirror.UsersByID(context.Background(), id, ids)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]domain.User{}
	for _, u := range users {
		u.ReadAt = time.Time{} // when, not what
		all[u.AccountID] = u
	}
	return all
}

// equalsTruth compares the local copy with what the simulator knows, person by person.
func equalsTruth(t *testing.T, s *store.Databases, w *sim.World) {
	t.Helper()
	got := whole(t, s)
	// Somebody from outside who was removed from the last directory is no person of the organization any more.
	truth := w.People(0, func(p sim.PersonState) bool { return p.Managed || len(p.Directories) > 0 })
	problems := 0
	complain := func(format string, args ...any) {
		if problems++; problems <= 5 {
			t.Errorf(format, args...)
		}
	}
	if len(got) != len(truth) {
		complain("%d people instead of %d", len(got), len(truth))
	}
	for _, p := range truth {
		u, ok := got[p.AccountID]
		if !ok {
			complain("%+v is missing", p)
			continue
		}
		directories := map[string]string{}
		for _, m := range u.Memberships {
			directories[m.DirectoryID] = "active"
			if m.Status == domain.StatusSuspended {
				directories[m.DirectoryID] = "suspended"
			}
		}
		var apps []string
		for _, a := range u.Access {
			apps = append(apps, a.AppID)
		}
		same := func(what string, got, want []string) {
			got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
			if !slices.Equal(got, want) {
				complain("%s of %s: %v instead of %v", what, p.AccountID, got, want)
			}
		}
		same("groups", u.GroupIDs, p.Groups)
		same("platform roles", u.PlatformRoles, p.PlatformRoles)
		same("apps", apps, p.Apps)
		if !maps.Equal(directories, p.Directories) {
			complain("directories of %s: %v instead of %v", p.AccountID, directories, p.Directories)
		}
		if (u.Managed == domain.Yes) != p.Managed || u.Name != p.Name {
			complain("%+v is not %+v", u, p)
		}
		if p.Status == "suspended" && u.Status != domain.StatusSuspended || p.Status == "active" && !p.Invited &&
			u.Status != domain.StatusActive {
			complain("status of %s: %s instead of %s", p.AccountID, u.Status, p.Status)
		}
	}
	groups, err := s.Mirror.Groups(context.Background(), id)
	if err != nil || len(groups) != len(w.Groups()) {
		t.Errorf("%d groups instead of %d: %v", len(groups), len(w.Groups()), err)
	}
	apps, err := s.Mirror.Apps(context.Background(), id)
	if err != nil || len(apps) != len(w.Apps()) {
		t.Errorf("%d apps instead of %d: %v", len(apps), len(w.Apps()), err)
	}
}

// A whole organization, in both experiences of Atlassian's administration: synced, synced again, changed, synced again.
func TestSimulatedOrganization(t *testing.T) {
	for name, cfg := range map[string]sim.Config{
		"centralized": {People: 1500, Sites: 2, Seed: 7},
		"original":    {People: 900, Sites: 3, Seed: 8, Original: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(cfg)
				e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
				first := runSync(t, e)
				equalsTruth(t, s, w)
				again := runSync(t, e)
				if again.Added+again.Removed+again.Changed != 0 || again.People != first.People {
					t.Errorf("%+v", again)
				}
				people := w.People(40, func(p sim.PersonState) bool {
					return p.Status == "active" && !p.OrgAdmin &&
						!p.Synced
				})
				group := w.Groups()[len(w.Groups())-1]
				touched := map[string]bool{}
				for i, p := range people {
					var did bool
					switch i % 4 {
					case 0:
						did = w.Suspend(p.AccountID)
					case 1:
						did = p.Directories[group.DirectoryID] != "" && w.AddMember(p.AccountID, group.ID)
					case 2:
						did = len(p.Groups) > 0 && w.RemoveMember(p.AccountID, p.Groups[0])
					default:
						did = w.Remove(p.AccountID)
					}
					touched[p.AccountID] = did
				}
				time.Sleep(time.Hour) // until every read shows it
				changed := runSync(t, e)
				if n := changed.Changed + changed.Removed + changed.Added; n == 0 || n > len(touched) {
					t.Errorf("%+v", changed)
				}
				equalsTruth(t, s, w)
			})
		})
	}
}

// A targeted refresh after changes brings the same as a whole sync.
func TestSimulatedRefresh(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 300, Sites: 2, Seed: 9, Original: true})
		e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
		runSync(t, e)
		var ids []string
		for _, p := range w.People(33, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin }) {
			ids = append(ids, p.AccountID)
			w.Suspend(p.AccountID)
		}
		time.Sleep(time.Hour)
		if err := e.Refresh(context.Background(), id, ids); err != nil {
			t.Fatal(err)
		}
		equalsTruth(t, s, w)
		if again := runSync(t, e); again.Changed+again.Added+again.Removed != 0 {
			t.Errorf("%+v", again)
		}
	})
}

// Whoever loses groups, or gets one, has those apps after a refresh that a whole sync would find, and none where none
// is left.
func TestRefreshedAccess(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  sim.Config
		kind domain.SourceKind
	}{
		"centralized": {sim.Config{People: 300, Sites: 2, Seed: 9}, domain.KindAtlassianOrg},
		"original":    {sim.Config{People: 300, Sites: 3, Seed: 9, Original: true}, domain.KindAtlassianOrg},
		"site":        {sim.Config{People: 200, Sites: 1, Seed: 9}, domain.KindJiraCloud},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(c.cfg)
				e, s := newSimWorld(t, dir, w, c.kind)
				runSync(t, e)
				before, left := whole(t, s), 0
				var ids []string
				for i, p := range w.People(60, func(p sim.PersonState) bool {
					return p.Status == "active" &&
						!p.OrgAdmin && len(p.Groups) > 0
				}) {
					if len(before[p.AccountID].Access) == 0 {
						continue
					}
					ids = append(ids, p.AccountID)
					for n, g := range p.Groups {
						if i%3 > 0 || n == 0 {
							w.RemoveMember(p.AccountID, g)
						}
					}
				}
				time.Sleep(time.Hour)
				if err := e.Refresh(context.Background(), id, ids); err != nil {
					t.Fatal(err)
				}
				refreshed := whole(t, s)
				for _, account := range ids {
					if len(refreshed[account].Access) == 0 {
						left++
					}
				}
				if c.kind == domain.KindAtlassianOrg {
					equalsTruth(t, s, w)
				}
				time.Sleep(time.Hour) // so that the sync judges those who were refreshed
				runSync(t, e)
				for account, u := range whole(t, s) {
					was := refreshed[account]
					if was.Billable == domain.Unknown {
						was.Billable = u.Billable // only a whole sync lists it
					}
					u.TimeZone = was.TimeZone // a site tells it of single people only
					if !reflect.DeepEqual(u, was) {
						t.Errorf("a whole sync finds something else:\n%+v\n%+v", was, u)
					}
				}
				if left < 5 {
					t.Errorf("%d people without an app are few", left)
				}
			})
		})
	}
}

// A site alone has no apps' activity and no directories, but people and groups.
func TestSimulatedSite(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 400, Sites: 1, Seed: 10})
		e, s := newSimWorld(t, dir, w, domain.KindJiraCloud)
		done := runSync(t, e)
		first := whole(t, s)
		again := runSync(t, e)
		for account, u := range whole(t, s) {
			if !reflect.DeepEqual(u, first[account]) {
				t.Fatalf("a second read without changes differs:\n%+v\n%+v", first[account], u)
			}
		}
		if done.People < 300 || again.Changed+again.Added+again.Removed != 0 {
			t.Errorf("%+v\n%+v", done, again)
		}
		got := whole(t, s)
		members := 0
		for _, u := range got {
			for _, g := range u.GroupIDs {
				if p, known := w.State(u.AccountID); known && !slices.Contains(p.Groups, g) {
					t.Fatalf("%s is not in %s", u.AccountID, g)
				}
				members++
			}
		}
		if members == 0 {
			t.Error("nobody is in a group")
		}
	})
}

// Faults on the way: a sync is whole, or says where it is not, or fails and leaves the old copy; never silently short.
func TestSimulatedFaults(t *testing.T) {
	const search, anyPath = "*/users/search", "*"
	for name, f := range map[string]sim.Fault{
		"busy":         {Path: anyPath, Kind: sim.FaultRateLimit, Delay: 20 * time.Second, Skip: 2, Count: 3},
		"down once":    {Path: search, Kind: sim.FaultStatus, Status: 503, Skip: 1, Count: 1},
		"down":         {Path: search, Kind: sim.FaultStatus, Status: 503, Skip: 1},
		"cut":          {Path: search, Kind: sim.FaultCut, Skip: 2, Count: 1},
		"no network":   {Path: anyPath, Kind: sim.FaultNoNetwork, Skip: 3},
		"half a body":  {Path: search, Kind: sim.FaultCutBody, Skip: 1, Count: 1},
		"portal":       {Path: anyPath, Kind: sim.FaultHTML, Skip: 4},
		"bad JSON":     {Path: search, Kind: sim.FaultBadJSON, Skip: 1},
		"wrong shape":  {Path: search, Kind: sim.FaultWrongShape, Skip: 1},
		"empty page":   {Path: search, Kind: sim.FaultPageEmpty, Skip: 1, Count: 1},
		"short page":   {Path: search, Kind: sim.FaultPageShort, Skip: 1, Count: 2},
		"repeat":       {Path: search, Kind: sim.FaultPageRepeat, Skip: 1},
		"lost rows":    {Path: search, Kind: sim.FaultPageLost, Skip: 1, Count: 1},
		"early end":    {Path: search, Kind: sim.FaultPageEnd, Skip: 1, Count: 1},
		"early groups": {Path: "*/groups/search", Kind: sim.FaultPageEnd, Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(sim.Config{People: 450, Sites: 1, Seed: 3, Groups: 150})
				e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
				runSync(t, e)
				before := whole(t, s)
				for _, p := range w.People(20, func(p sim.PersonState) bool {
					return p.Status == "active" &&
						!p.OrgAdmin
				}) {
					w.Suspend(p.AccountID)
				}
				time.Sleep(time.Hour)
				w.SetFaults(f)
				if _, err := e.Start(context.Background(), id); err != nil {
					t.Fatal(err)
				}
				done, err := e.Wait(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				w.SetFaults()
				switch {
				case done.State == domain.SyncDone && done.Drift == "":
					equalsTruth(t, s, w)
				case done.State == domain.SyncFailed:
					if done.Error.Message == "" || !reflect.DeepEqual(whole(t, s), before) {
						t.Errorf("the old copy was touched: %+v", done.Error)
					}
				case done.State != domain.SyncDone:
					t.Errorf("%+v", done)
				}
				t.Log(done.State, done.Drift, done.Error)
				runSync(t, e)
				equalsTruth(t, s, w)
			})
		})
	}
}

// A key that was revoked ends the sync with a sentence about the key.
func TestSimulatedRevokedKey(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 50, Seed: 4})
		e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
		runSync(t, e)
		before := whole(t, s)
		_, key := w.Organization()
		w.Revoke(key)
		if _, err := e.Start(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		done, err := e.Wait(context.Background(), id)
		if err != nil || done.State != domain.SyncFailed || done.Error.Code != domain.AuthFailed ||
			done.Error.Hint == "" {
			t.Fatalf("%+v %v", done, err)
		}
		if !reflect.DeepEqual(whole(t, s), before) {
			t.Error("the old copy was touched")
		}
	})
}
