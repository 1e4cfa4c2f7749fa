package bulk_test

import (
	"context"
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
	"seatkeeper/backend/store"
	"seatkeeper/backend/workspace/secret"
)

// scopes are those that a key needs to read what a sync reads.
var scopes = []string{
	"read:orgs:admin", "read:directories:admin", "read:groups:admin", "read:workspaces:admin", "read:accounts:admin", "read:domains:admin", "read:keys:admin",
}

// safe is everything real over the simulator, the list of sources and their keys included: an organization whose first
// key can only read.
type safe struct {
	*office
	secrets     secret.Store
	connections *source.Connections
	id          string
	read        string // the key for reading
	strong      string // a key that may change things
	unlocked    []*source.Unlocked
}

func newSafe(t *testing.T) *safe {
	t.Helper()
	w := sim.New(sim.Config{People: 300, Sites: 1, Seed: 5, Latency: 50 * time.Millisecond, KeyScopes: scopes})
	s := &safe{office: &office{t: t, world: w, dir: t.TempDir()}, secrets: secret.NewMemory()}
	_, s.read = w.Organization()
	s.strong = w.AddKey(sim.KeyOptions{})
	s.open()
	org, key := w.Organization()
	added, result, err := s.connections.Add(t.Context(), source.Draft{
		Kind: domain.KindAtlassianOrg, Name: "Acme", Values: map[string]string{"org_id": org, "api_key": key, "my_account": w.Operator()},
	})
	if err != nil {
		t.Fatal(err, result.Findings)
	}
	s.id = added.ID
	s.sync()
	return s
}

// open starts the program over what is on disk and in the keyring.
func (s *safe) open() {
	s.t.Helper()
	var err error
	log := slog.New(slog.DiscardHandler)
	if s.store, err = store.Open(context.Background(), s.dir, log); err != nil {
		s.t.Fatal(err)
	}
	s.connections = source.NewConnections(source.ConnectionsOptions{Store: s.store.Records, Secrets: s.secrets, Network: source.Network{Transport: s.world.Transport()}, Log: log})
	s.mirror = mirror.New(mirror.Options{Store: s.store.Mirror, Open: s.connections.Open})
	s.engine = bulk.New(bulk.Options{
		Store: s.store.Records, People: s.store.Mirror, Source: s.connections.Get, Open: s.connections.Open, Refresh: s.mirror.Refresh, Operator: "tester",
		Unlock: func(ctx context.Context, id string, typed domain.Secret) (*source.Unlocked, error) {
			u, err := s.connections.Unlock(ctx, id, typed)
			if err == nil {
				s.unlocked = append(s.unlocked, u)
			}
			return u, err
		},
	})
}

func (s *safe) close() {
	s.engine.Close()
	s.mirror.Close()
	s.connections.Close()
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

func (s *safe) sync() {
	s.t.Helper()
	if _, err := s.mirror.Start(context.Background(), s.id); err != nil {
		s.t.Fatal(err)
	}
	if got, err := s.mirror.Wait(context.Background(), s.id); err != nil || got.State != domain.SyncDone {
		s.t.Fatalf("sync: %+v, %v", got, err)
	}
}

func (s *safe) setKey(d source.ChangeKeyDraft) {
	s.t.Helper()
	if _, r, err := s.connections.SetChangeKey(context.Background(), s.id, d); err != nil {
		s.t.Fatal(err, r.Findings)
	}
}

// users gives whole people who can be suspended.
func (s *safe) users(n int) []domain.User {
	s.t.Helper()
	var accounts []string
	if err := s.store.Mirror.EachUser(context.Background(), s.id, func(u domain.User) error {
		accounts = append(accounts, u.AccountID)
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	all, err := s.store.Mirror.UsersByAccount(context.Background(), s.id, accounts)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []domain.User
	for _, u := range all {
		if len(out) < n && in(u, domain.StatusActive) && !slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin) && u.AccountID != s.world.Operator() {
			out = append(out, u)
		}
	}
	if len(out) < n {
		s.t.Fatalf("%d people", len(out))
	}
	return out
}

func (s *safe) preview(users []domain.User) domain.Plan {
	s.t.Helper()
	p, err := s.engine.Plan(context.Background(), bulk.Request{SourceID: s.id, Action: "user.suspend", Users: users})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *safe) start(p domain.Plan, key string) (domain.Run, error) {
	return agree(s.engine, p, domain.NewSecret(key))
}

func (s *safe) mustStart(p domain.Plan, key string) domain.Run {
	s.t.Helper()
	r, err := s.start(p, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *safe) wait(id string) domain.Run {
	s.t.Helper()
	r, err := s.engine.Wait(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// by gives the journal's requests of one key since an entry.
func (s *safe) by(key string, since uint64) []sim.Entry {
	id := s.world.CredentialID(key)
	return slices.DeleteFunc(s.world.JournalSince(since), func(e sim.Entry) bool { return e.CredentialID != id })
}

func (s *safe) last() uint64 {
	all := s.world.Journal()
	return all[len(all)-1].Seq
}

func reasonOf(err error) string {
	if e := domain.AsError(err); e != nil {
		return e.Reason
	}
	return ""
}

func fieldOf(err error) string {
	if e := domain.AsError(err); e != nil {
		return e.Field
	}
	return ""
}

// until waits for more changes to be made.
func (s *safe) until(n int) {
	s.t.Helper()
	for begin, tries := len(changes(s.world.Journal())), 0; len(changes(s.world.Journal())) < begin+n; tries++ {
		if tries > 1000 {
			s.t.Fatal("the run makes no changes")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// gone fails where a key that was unlocked for a run can still be used.
func (s *safe) gone() {
	s.t.Helper()
	for _, u := range s.unlocked {
		if _, err := u.Source.(source.Suspender).Suspend(context.Background(), "d", "a"); reasonOf(err) != "closed" {
			s.t.Errorf("a run is over and its key can still be used: %v", err)
		}
	}
}

// changes keeps of a journal what can change something.
func changes(entries []sim.Entry) []sim.Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e sim.Entry) bool {
		return e.Method == http.MethodGet || strings.HasSuffix(e.Path, "/search") || strings.HasSuffix(e.Path, "/workspaces") || strings.HasSuffix(e.Path, "/count")
	})
}

func inSafe(t *testing.T, fn func(t *testing.T, s *safe)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSafe(t)
		defer func() { s.close() }()
		fn(t, s)
	})
}

// Syncs, previews and everything else that reads never send the key for changes; a run sends all its changes with it
// and nothing but changes and its own test, and after it the key is gone.
func TestTheKeyForChangesMakesChangesOnly(t *testing.T) {
	for _, ask := range []bool{false, true} {
		inSafe(t, func(t *testing.T, s *safe) {
			typed := ""
			if ask {
				typed = s.strong
			}
			s.setKey(source.ChangeKeyDraft{Key: s.strong, Ask: ask})
			mark := s.last()
			s.sync()
			plan := s.preview(s.users(12))
			if got := s.by(s.strong, mark); len(got) > 0 || len(s.by(s.read, mark)) == 0 {
				t.Fatalf("a sync or preview sent the key for changes: %+v", got)
			}
			r := s.wait(s.mustStart(plan, typed).ID)
			if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 12 {
				t.Fatalf("%s %v %s", r.State, r.Counts, r.PauseReason)
			}
			s.judge(r)
			s.gone()
			if got := changes(s.by(s.read, 0)); len(got) > 0 {
				t.Errorf("the key for reading changed something: %+v", got)
			}
			for _, e := range s.by(s.strong, mark) {
				if e.AccountID == "" && strings.Contains(e.Template, "/users") && e.Method != http.MethodGet {
					t.Errorf("the key for changes read people: %+v", e)
				}
			}
			if got := changes(s.by(s.strong, mark)); len(got) != 12 {
				t.Errorf("%d changes with the key for changes, want 12", len(got))
			}
			mark = s.last()
			s.sync()
			if got := s.by(s.strong, mark); len(got) > 0 {
				t.Errorf("a sync after the run sent the key for changes: %+v", got)
			}
			undo, err := s.engine.PlanUndo(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			back := s.wait(s.mustStart(undo, typed).ID)
			if back.State != domain.RunDone || back.Counts[domain.ItemDone] != 12 || len(changes(s.by(s.strong, mark))) != 12 {
				t.Errorf("undo: %s %v %s", back.State, back.Counts, back.PauseReason)
			}
			s.gone()
			if stored, err := s.secrets.Get(t.Context(), "source/"+s.id+"/changes"); ask == (err == nil) {
				t.Errorf("asked %t, stored %v %v", ask, stored, err)
			}
		})
	}
}

// A pause and a stop drop the key at once; the program's end does too, and what follows depends on where the key is
// kept.
func TestTheKeyForChangesAfterAPauseAndACrash(t *testing.T) {
	for _, ask := range []bool{false, true} {
		inSafe(t, func(t *testing.T, s *safe) {
			typed := ""
			if ask {
				typed = s.strong
			}
			s.setKey(source.ChangeKeyDraft{Key: s.strong, Ask: ask})
			run := s.mustStart(s.preview(s.users(30)), typed)
			s.until(6)
			if err := s.engine.Pause(t.Context(), run.ID); err != nil {
				t.Fatal(err)
			}
			if r := s.wait(run.ID); r.State != domain.RunPaused || r.Counts[domain.ItemPlanned] == 0 {
				t.Fatalf("%s %v", r.State, r.Counts)
			}
			s.gone()
			if err := s.engine.Resume(t.Context(), run.ID, domain.NewSecret(typed)); err != nil {
				t.Fatal(err)
			}
			// An answer that never comes is open when the program ends.
			s.world.SetFaults(sim.Fault{Kind: sim.FaultNoAnswer, Path: "*/suspend", Count: 1})
			s.until(6)
			s.close()
			s.gone()
			s.unlocked = nil
			s.world.SetFaults()
			s.open()
			if err := s.engine.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			r := s.wait(run.ID)
			if ask {
				if r.State != domain.RunPaused || !strings.Contains(r.PauseReason, "type the key to go on") || r.Counts[domain.ItemIntent] != 0 {
					t.Fatalf("%s %v %q", r.State, r.Counts, r.PauseReason)
				}
				mark := s.last()
				for key, code := range map[string]domain.Code{"": domain.Invalid, "certainly-wrong": domain.AuthFailed, s.read: domain.Forbidden} {
					err := s.engine.Resume(t.Context(), run.ID, domain.NewSecret(key))
					if e := domain.AsError(err); err == nil || e.Code != code || e.Field != "key" {
						t.Errorf("resumed with another key: %v, want %s", err, code)
					}
				}
				if got := changes(s.world.JournalSince(mark)); len(got) > 0 || s.wait(run.ID).State != domain.RunPaused {
					t.Errorf("changed with a refused key: %+v", got)
				}
				if err := s.engine.Resume(t.Context(), run.ID, domain.NewSecret(s.strong)); err != nil {
					t.Fatal(err)
				}
				r = s.wait(run.ID)
			}
			if r.State != domain.RunDone || r.Counts[domain.ItemDone]+r.Counts[domain.ItemAlready] != 30 {
				t.Errorf("%s %v %s", r.State, r.Counts, r.PauseReason)
			}
			s.judge(r)
			s.gone()
		})
	}
}

// A key that is taken away under a run pauses it with a clear sentence; nothing is lost, nothing falls back on the
// other key.
func TestTheKeyForChangesIsRemovedUnderARun(t *testing.T) {
	inSafe(t, func(t *testing.T, s *safe) {
		s.setKey(source.ChangeKeyDraft{Key: s.strong})
		run := s.mustStart(s.preview(s.users(30)), "")
		s.until(6)
		if err := s.connections.RemoveChangeKey(t.Context(), s.id); err != nil {
			t.Fatal(err)
		}
		r := s.wait(run.ID)
		if r.State != domain.RunPaused || !strings.Contains(r.PauseReason, "keys was changed or removed") || r.Counts[domain.ItemPlanned] == 0 || r.Counts[domain.ItemUnknown] > 0 {
			t.Fatalf("%s %v %q", r.State, r.Counts, r.PauseReason)
		}
		s.gone()
		if err := s.engine.Resume(t.Context(), run.ID, domain.Secret{}); domain.CodeOf(err) != domain.Unsupported || !strings.Contains(err.Error(), "Add a key for changes") {
			t.Errorf("resume with a key that can only read: %v", err)
		}
		s.setKey(source.ChangeKeyDraft{Key: s.strong})
		// The same, by the hand of another program: seen when the run is resumed.
		if err := s.secrets.Delete(t.Context(), "source/"+s.id+"/changes"); err != nil {
			t.Fatal(err)
		}
		if err := s.engine.Resume(t.Context(), run.ID, domain.Secret{}); reasonOf(err) != "key_missing" || !strings.Contains(err.Error(), "key for changes") {
			t.Errorf("resume without the stored key: %v", err)
		}
		if r := s.wait(run.ID); r.State != domain.RunPaused {
			t.Errorf("the run is %s", r.State)
		}
		s.setKey(source.ChangeKeyDraft{Key: s.strong})
		if err := s.engine.Resume(t.Context(), run.ID, domain.Secret{}); err != nil {
			t.Fatal(err)
		}
		r = s.wait(run.ID)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 30 {
			t.Errorf("%s %v %s", r.State, r.Counts, r.PauseReason)
		}
		s.judge(r)
		if got := changes(s.by(s.read, 0)); len(got) > 0 {
			t.Errorf("the key for reading changed something: %+v", got)
		}
	})
}

// A key that is wrong, over, another organization's or only for reading is refused when it is put in and when a run
// starts with it, before anything is changed.
func TestOnlyTheOrganizationsOwnStrongKeyIsUsed(t *testing.T) {
	inSafe(t, func(t *testing.T, s *safe) {
		foreign := s.world.AddKey(sim.KeyOptions{Organization: "Evil"})
		bad := map[string]struct {
			key   string
			code  domain.Code
			words string
		}{
			"wrong":         {"certainly-wrong-key", domain.AuthFailed, "wrong, expired or revoked"},
			"expired":       {s.world.AddKey(sim.KeyOptions{Expires: -time.Hour}), domain.AuthFailed, "wrong, expired or revoked"},
			"foreign":       {foreign, domain.NotFound, `The key is for "Evil"`},
			"scoped":        {s.world.AddKey(sim.KeyOptions{Scopes: scopes}), domain.Forbidden, "has scopes"},
			"no key at all": {"x y", domain.Invalid, "not an API key"},
			"the read key":  {s.read, domain.Invalid, "key for reading"},
			"nothing":       {"", domain.Invalid, "missing"},
		}
		for name, c := range bad {
			for _, ask := range []bool{false, true} {
				_, _, err := s.connections.SetChangeKey(t.Context(), s.id, source.ChangeKeyDraft{Key: c.key, Ask: ask})
				if e := domain.AsError(err); err == nil || e.Code != c.code || !strings.Contains(e.Message+" "+e.Hint, c.words) {
					t.Errorf("%s at entry: %v, want %s", name, err, c.code)
				}
			}
			if got, _ := s.connections.Get(t.Context(), s.id); got.ChangeKey.Set() {
				t.Fatalf("%s: kept", name)
			}
			if _, err := s.secrets.Get(t.Context(), "source/"+s.id+"/changes"); err == nil {
				t.Fatalf("%s: stored", name)
			}
		}
		s.setKey(source.ChangeKeyDraft{Key: s.strong, Ask: true})
		plan := s.preview(s.users(5))
		for name, c := range bad {
			if name == "the read key" {
				c.code = domain.Forbidden // it has scopes
			}
			if _, err := s.start(plan, c.key); domain.CodeOf(err) != c.code || fieldOf(err) != "key" {
				t.Errorf("%s typed for a run: %v, want %s at the key", name, err, c.code)
			}
		}
		// The stored one ends or is swapped behind the program's back.
		s.setKey(source.ChangeKeyDraft{Key: s.strong})
		item, err := s.secrets.Get(t.Context(), "source/"+s.id+"/changes")
		if err != nil {
			t.Fatal(err)
		}
		swap := func(from, to string) {
			if err := s.secrets.Set(t.Context(), "source/"+s.id+"/changes", domain.NewSecret(strings.Replace(item.Reveal(), from, to, 1))); err != nil {
				t.Fatal(err)
			}
		}
		swap(s.strong, foreign)
		if _, err := s.start(plan, ""); domain.CodeOf(err) != domain.NotFound {
			t.Errorf("a stored key of another organization: %v", err)
		}
		first, err := s.secrets.Get(t.Context(), "source/"+s.id)
		if err != nil {
			t.Fatal(err)
		}
		for name, raw := range map[string]string{"the first key's item": first.Reveal(), "another destination": strings.Replace(item.Reveal(), "/orgs/", "/orgs/x", 1)} {
			if err := s.secrets.Set(t.Context(), "source/"+s.id+"/changes", domain.NewSecret(raw)); err != nil {
				t.Fatal(err)
			}
			if _, err := s.start(plan, ""); reasonOf(err) != "key_bound" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := changes(s.world.Journal()); len(got) > 0 {
			t.Fatalf("changed with a refused key: %+v", got)
		}
		// And the other way: the key for changes does not open what reads.
		swap("", "")
		if err := s.secrets.Set(t.Context(), "source/"+s.id, item); err != nil {
			t.Fatal(err)
		}
		s.connections.Close()
		s.close()
		s.open()
		if _, err := s.connections.Open(t.Context(), s.id); reasonOf(err) != "key_bound" {
			t.Errorf("a sync would hold the key for changes: %v", err)
		}
		if err := s.secrets.Set(t.Context(), "source/"+s.id, first); err != nil {
			t.Fatal(err)
		}
		s.world.Revoke(s.strong)
		if _, err := s.start(plan, ""); domain.CodeOf(err) != domain.AuthFailed {
			t.Errorf("a revoked key: %v", err)
		}
	})
}

// Whoever owns the key for changes, or may own it, is never changed: from the plan on where it is known, else from the
// first call on.
func TestTheOwnerOfTheKeyForChangesIsProtected(t *testing.T) {
	inSafe(t, func(t *testing.T, s *safe) {
		users := s.users(4)
		owned := s.world.AddKey(sim.KeyOptions{Owner: users[0].AccountID})
		s.world.Revoke(s.strong)
		s.setKey(source.ChangeKeyDraft{Key: owned, Ask: true})
		plan := s.preview(users)
		if plan.Counts[domain.VerdictProtected] != 1 || plan.Counts[domain.VerdictChange] != 3 {
			t.Errorf("the owner is not protected: %v", plan.Counts)
		}
		// For this run the key of somebody else is typed, who is in the plan.
		s.world.Revoke(owned)
		other := s.world.AddKey(sim.KeyOptions{Owner: users[1].AccountID})
		r := s.wait(s.mustStart(plan, other).ID)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 2 || r.Counts[domain.ItemSkipped] != 2 {
			t.Errorf("%s %v %s", r.State, r.Counts, r.PauseReason)
		}
		for _, e := range changes(s.world.Journal()) {
			if e.AccountID == users[0].AccountID || e.AccountID == users[1].AccountID {
				t.Errorf("an owner of a key was changed: %+v", e)
			}
		}
		// Two keys that could be it: both owners are protected.
		s.world.AddKey(sim.KeyOptions{Owner: users[2].AccountID})
		s.setKey(source.ChangeKeyDraft{Key: other})
		if got, _ := s.connections.Get(t.Context(), s.id); !slices.Contains(got.ChangeKey.Owners, users[1].AccountID) || !slices.Contains(got.ChangeKey.Owners, users[2].AccountID) {
			t.Errorf("owners %v", got.ChangeKey.Owners)
		}
	})
}

// What became of a call is found out also when the key for reading ends under the run.
func TestSettledWithWhicheverKeyCanRead(t *testing.T) {
	inSafe(t, func(t *testing.T, s *safe) {
		s.setKey(source.ChangeKeyDraft{Key: s.strong})
		s.world.SetFaults(sim.Fault{Kind: sim.FaultNoAnswer, Path: "*/suspend", Count: 1})
		run := s.mustStart(s.preview(s.users(3)), "")
		s.until(1)
		s.world.Revoke(s.read)
		r := s.wait(run.ID)
		if r.Counts[domain.ItemDone] != 3 {
			t.Errorf("%s %v %s", r.State, r.Counts, r.PauseReason)
		}
		s.gone()
	})
}

// Without a key for changes everything is as it was: one key does all it can, and what it cannot is said before
// anything starts.
func TestOneKeyOnly(t *testing.T) {
	inSafe(t, func(t *testing.T, s *safe) {
		all, err := s.engine.Actions(t.Context(), s.id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.Supported || !a.NeedsKey || !strings.Contains(a.Reason, "Add a key for changes") {
				t.Errorf("%s with a key that can only read: %+v", a.Kind, a.Reason)
			}
		}
		if _, err := s.engine.Plan(t.Context(), bulk.Request{SourceID: s.id, Action: "user.suspend", Users: s.users(1)}); domain.CodeOf(err) != domain.Unsupported {
			t.Errorf("planned: %v", err)
		}
		org, _ := s.world.Organization()
		if _, r, err := s.connections.Update(t.Context(), s.id, source.Draft{Name: "Acme", Values: map[string]string{"org_id": org, "api_key": s.strong, "my_account": s.world.Operator()}}); err != nil {
			t.Fatal(err, r.Findings)
		}
		r := s.wait(s.mustStart(s.preview(s.users(3)), "").ID)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 3 || len(s.unlocked) > 0 {
			t.Errorf("%s %v %s", r.State, r.Counts, r.PauseReason)
		}
	})
}
