package directory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	"seatkeeper/backend/store"
)

// mirrored is a simulated organization with its local copy.
type mirrored struct {
	world  *sim.World
	store  *store.Databases
	source source.Source
	sync   *mirror.Engine
	people *directory.Service
}

func mirrorOf(t *testing.T, w *sim.World) *mirrored {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	src := domain.Source{ID: "s", Kind: domain.KindAtlassianOrg, Name: "Acme"}
	if err := db.Records.SaveSource(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	kind, _ := source.Kinds.Get(string(domain.KindAtlassianOrg))
	org, key := w.Organization()
	src.Settings = map[string]string{"org_id": org}
	open, err := kind.Open(source.Config{
		Source: src, Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)}, Network: source.Network{Transport: w.Transport()},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := &mirrored{world: w, store: db, source: open}
	m.sync = mirror.New(mirror.Options{Store: db.Mirror, Open: func(context.Context, string) (source.Source, error) { return open, nil }})
	t.Cleanup(func() {
		m.sync.Close()
		open.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// resync syncs and indexes anew.
func (m *mirrored) resync(t *testing.T) domain.Sync {
	t.Helper()
	if _, err := m.sync.Start(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	done, err := m.sync.Wait(t.Context(), "s")
	if err != nil || done.State != domain.SyncDone {
		t.Fatalf("%+v, %v", done, err)
	}
	m.people = directory.New(directory.Options{Store: m.store.Mirror})
	t.Cleanup(m.people.Close)
	return done
}

// post changes the organization as another admin would.
func (m *mirrored) post(t *testing.T, path string, body any) {
	t.Helper()
	org, key := m.world.Organization()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, source.APIBase+"/admin/v2/orgs/"+org+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	answer, err := m.world.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("POST %s: %s", path, answer.Status)
	}
}

// grantsEqualTruth compares what the local copy says that groups give with what they do give.
func (m *mirrored) grantsEqualTruth(t *testing.T) {
	t.Helper()
	groups, err := m.store.Mirror.Groups(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]domain.Grant{}
	for _, g := range groups {
		if !g.GrantsKnown {
			t.Errorf("what %q grants is not known", g.Name)
		}
		got[g.GroupID] = g.Grants
	}
	for _, g := range m.world.Groups() {
		var want []domain.Grant
		for _, x := range g.Grants {
			want = append(want, domain.Grant{AppID: x.App, Role: x.Role, Default: g.Default && x.Role == "atlassian/user"})
		}
		order := func(a, b domain.Grant) int { return strings.Compare(a.AppID+a.Role, b.AppID+b.Role) }
		slices.SortFunc(want, order)
		have := slices.Clone(got[g.ID])
		slices.SortFunc(have, order)
		if !slices.Equal(have, want) {
			t.Errorf("%q grants %v, in truth %v", g.Name, have, want)
		}
	}
}

// explain gives a person as the drawer shows it, before and after asking the source.
func (m *mirrored) explain(t *testing.T, id int64) (before, after directory.Person) {
	t.Helper()
	var err error
	if before, err = m.people.Person(t.Context(), "s", id); err != nil {
		t.Fatal(err)
	}
	if after, err = m.people.Person(t.Context(), "s", id); err != nil {
		t.Fatal(err)
	}
	told, err := m.source.(source.AccessEditor).ReadRoles(t.Context(), after.User.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	after.Confirm(told)
	return before, after
}

// pathsEqualTruth looks at everybody, and leaves each group once in the simulator to see whether the seat really goes.
// It returns how many paths were looked at, and how many of them free a seat.
func (m *mirrored) pathsEqualTruth(t *testing.T) (paths, frees int) {
	t.Helper()
	gives := map[string][]sim.GrantState{}
	for _, g := range m.world.Groups() {
		gives[g.ID] = g.Grants
	}
	var ids []int64
	if err := m.store.Mirror.EachUser(t.Context(), "s", func(u domain.User) error { ids = append(ids, u.ID); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		before, after := m.explain(t, id)
		truth, _ := m.world.State(before.User.AccountID)
		for i, app := range after.Apps {
			want := map[string][]string{}
			for _, g := range truth.Groups {
				for _, x := range gives[g] {
					if x.App == app.App.AppID {
						want[g] = append(want[g], x.Role)
					}
				}
			}
			if n := len(app.Via); n != len(app.Paths) || len(before.Apps[i].Paths) != n {
				t.Fatalf("%s: %d groups, %d paths", truth.AccountID, n, len(app.Paths))
			}
			direct := slices.Contains(truth.Direct, app.App.AppID)
			if (app.Direct == domain.Yes) != direct || app.Direct == domain.Unknown || before.Apps[i].Direct != domain.Unknown {
				t.Errorf("%s, %s: direct is %v, in truth %v", truth.AccountID, app.App.AppID, app.Direct, direct)
			}
			for j, p := range app.Paths {
				roles, opens := want[p.Group.GroupID], false
				for _, r := range roles {
					opens = opens || domain.RoleOpens(r)
				}
				slices.Sort(roles)
				if !opens || !slices.Equal(p.Roles, roles) {
					t.Errorf("%s: by %q with %v, in truth %v", truth.AccountID, p.Group.Name, p.Roles, roles)
				}
				delete(want, p.Group.GroupID)
				paths++
				if m.leavingFrees(t, truth, p, app.App.AppID) != (p.Effect == directory.EffectFrees) {
					t.Errorf("%s: leaving %q: %s, which is not so (others %d)", truth.AccountID, p.Group.Name, p.Effect, len(p.Others))
				}
				if p.Effect == directory.EffectPerhaps {
					t.Errorf("%s: %q is still uncertain after asking", truth.AccountID, p.Group.Name)
				}
				if p.Effect == directory.EffectFrees {
					frees++
				}
				// Without asking nothing wrong is said, only less.
				switch supposed := before.Apps[i].Paths[j].Effect; {
				case supposed == p.Effect, supposed == directory.EffectPerhaps && p.Effect != directory.EffectNoSeat:
				default:
					t.Errorf("%s: %q before asking, %q after", truth.AccountID, supposed, p.Effect)
				}
			}
			for g, roles := range want {
				if slices.ContainsFunc(roles, domain.RoleOpens) {
					t.Errorf("%s: no path by %s with %v", truth.AccountID, g, roles)
				}
			}
		}
	}
	return paths, frees
}

// leavingFrees leaves the group for a moment.
func (m *mirrored) leavingFrees(t *testing.T, truth sim.PersonState, p directory.Path, app string) bool {
	t.Helper()
	if !p.Seat {
		return false
	}
	m.world.RemoveMember(truth.AccountID, p.Group.GroupID)
	now, _ := m.world.State(truth.AccountID)
	m.world.AddMember(truth.AccountID, p.Group.GroupID)
	return !slices.Contains(now.Apps, app)
}

// TestPathsAreTheTruth makes random organizations, changes at random who grants what to whom, and compares what is said
// about each person with what the simulator does.
func TestPathsAreTheTruth(t *testing.T) {
	t.Parallel()
	roles := []string{"atlassian/user", "atlassian/admin", "atlassian/guest", "atlassian/contributor", "atlassian/customer", "atlassian/user-access-admin"}
	var paths, frees int
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 5))
		w := sim.New(sim.Config{People: 60, Sites: 1 + int(seed%3), Seed: seed + 1, Original: seed%2 == 1, Groups: 12})
		m := mirrorOf(t, w)
		for round := range 3 {
			if round > 0 {
				m.shuffle(t, r, roles)
			}
			if done := m.resync(t); done.Drift != "" {
				t.Fatal(done.Drift)
			}
			m.grantsEqualTruth(t)
			n, free := m.pathsEqualTruth(t)
			paths, frees = paths+n, frees+free
		}
	}
	if paths < 1000 || frees < 200 || paths-frees < 200 {
		t.Fatalf("%d paths, of which %d free a seat, prove little", paths, frees)
	}
}

// shuffle changes roles of groups, members and direct roles.
func (m *mirrored) shuffle(t *testing.T, r *rand.Rand, roles []string) {
	t.Helper()
	groups, apps, people := m.world.Groups(), m.world.Apps(), m.world.People(0, nil)
	for range 15 {
		g, a := groups[r.IntN(len(groups))], apps[r.IntN(len(apps))]
		verb := []string{"assign", "revoke"}[r.IntN(2)]
		if verb == "revoke" && len(g.Grants) > 0 {
			a.ID = g.Grants[0].App
		}
		m.post(t, "/directories/"+g.DirectoryID+"/groups/"+g.ID+"/role-assignments/"+verb, map[string]string{"resourceId": a.ID, "roleId": roles[r.IntN(len(roles))]})
	}
	for range 60 {
		p, g := people[r.IntN(len(people))], groups[r.IntN(len(groups))]
		if r.IntN(3) == 0 {
			m.world.RemoveMember(p.AccountID, g.ID)
		} else if _, in := p.Directories[g.DirectoryID]; in {
			m.world.AddMember(p.AccountID, g.ID)
		}
	}
}

// TestKeyWithoutTheRight syncs with a key that may not read what groups grant: the sync is done, says so, and nothing
// is claimed. The next sync with the right knows everything, and one that loses the right forgets it.
func TestKeyWithoutTheRight(t *testing.T) {
	t.Parallel()
	w := sim.New(sim.Config{People: 60, Sites: 1, Seed: 3})
	m := mirrorOf(t, w)
	for _, allowed := range []bool{false, true, false} {
		w.SetFaults()
		if !allowed {
			w.AddFault(sim.Fault{Path: "*/groups/*/role-assignments", Kind: sim.FaultStatus, Status: http.StatusForbidden})
		}
		before := len(w.Journal())
		done := m.resync(t)
		if (done.Drift == "") != allowed || strings.Contains(done.Drift, "removed") || done.Removed != 0 {
			t.Errorf("allowed %v: %q, %d removed", allowed, done.Drift, done.Removed)
		}
		asked := 0
		for _, e := range w.Journal()[before:] {
			if strings.HasSuffix(e.Path, "/role-assignments") {
				asked++
			}
		}
		if !allowed && asked > 8 {
			t.Errorf("asked %d times for what is forbidden", asked)
		}
		groups, err := m.store.Mirror.Groups(t.Context(), "s")
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			if !allowed && len(g.Grants) > 0 || allowed != g.GrantsKnown && g.AppCount != 0 {
				t.Errorf("allowed %v: %q has %v, known %v", allowed, g.Name, g.Grants, g.GrantsKnown)
			}
		}
		var id int64
		if err := m.store.Mirror.EachAccess(t.Context(), "s", func(user, _ int64, _ int32) error { id = user; return nil }); err != nil {
			t.Fatal(err)
		}
		p, err := m.people.Person(t.Context(), "s", id)
		if err != nil || p.Apps[0].PathsKnown != allowed || (p.Apps[0].Seat == domain.No) {
			t.Errorf("allowed %v: %+v, %v", allowed, p.Apps, err)
		}
	}
}

// TestOneGroupFails leaves only that group unknown.
func TestOneGroupFails(t *testing.T) {
	t.Parallel()
	w := sim.New(sim.Config{People: 60, Sites: 1, Seed: 3})
	g, _ := w.GroupNamed("all-staff-" + w.Sites()[0].Name)
	w.AddFault(sim.Fault{Path: "*/groups/" + g.ID + "/role-assignments", Kind: sim.FaultStatus, Status: http.StatusNotFound})
	m := mirrorOf(t, w)
	if done := m.resync(t); !strings.HasPrefix(done.Drift, "What 1 of ") {
		t.Error(done.Drift)
	}
	groups, err := m.store.Mirror.Groups(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range groups {
		if x.GrantsKnown != (x.GroupID != g.ID) {
			t.Errorf("%q: known %v", x.Name, x.GrantsKnown)
		}
	}
}
