package atlassianorg

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func openOn(t *testing.T, w *sim.World, change func(*source.Config)) *org {
	t.Helper()
	cfg := configFor(w)
	if change != nil {
		change(&cfg)
	}
	o, err := open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	return o
}

func TestForm(t *testing.T) {
	t.Parallel()
	kind, _ := source.Kinds.Get(string(domain.KindAtlassianOrg))
	good := map[string]string{fieldOrgID: "a1b2c3d4-0000-4000-8000-000000000001", fieldKey: "ATCTT3xFfGN0abc=42", fieldMyAccount: "mia@example.com"}
	if err := form.Check(kind.Fields, good); err != nil {
		t.Error(err)
	}
	for field, values := range map[string][]string{
		fieldOrgID:     {"", "a/b", "../x", "https://evil.example/o/abc", "https://admin.atlassian.com.evil.example/o/abc", "a b", "a?b", "ä"},
		fieldKey:       {"", "short", "with blank in it", "new\nline-in-the-key", "ключ-ключ-ключ"},
		fieldMyAccount: {"me", "a b@c", "x/y"},
	} {
		for _, v := range values {
			if field == fieldMyAccount && v == "me" {
				continue // could be an account id
			}
			bad := maps.Clone(good)
			bad[field] = v
			if e := domain.AsError(form.Check(kind.Fields, bad)); e == nil || e.Field != field || e.Message == "" {
				t.Errorf("%s = %q: %+v", field, v, e)
			}
		}
	}
	const pasted = "https://admin.atlassian.com/o/a1b2c3d4-0000-4000-8000-000000000001/users"
	if id, err := orgID(pasted); err != nil || id != good[fieldOrgID] {
		t.Errorf("a pasted address: %q, %v", id, err)
	}
	if len(kind.Supports) != len(domain.Capabilities()) {
		t.Errorf("%d capabilities", len(kind.Supports))
	}
	for _, c := range kind.Supports {
		if !c.Supported && c.Reason == "" {
			t.Errorf("%s is missing without a reason", c.Capability)
		}
	}
}

// TestKeyGoesToTheAPIHostOnly tries to talk the source into sending the key somewhere else.
func TestKeyGoesToTheAPIHostOnly(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	spy := roundTripper(func(*http.Request) (*http.Response, error) { sent.Add(1); return nil, http.ErrServerClosed })
	for _, base := range append(sourcetest.HostileSites(), "http://api.atlassian.com", "https://acme.atlassian.net", "https://api.atlassian.com.evil.example") {
		if base == "" || base == source.APIBase {
			continue
		}
		settings := map[string]string{fieldOrgID: "abc"}
		network := source.Network{APIBase: base, AllowLoopback: true, Transport: spy}
		if place, err := destination(settings, network); err == nil {
			t.Errorf("%q gives the destination %q", base, place)
		}
		cfg := source.Config{Source: domain.Source{Settings: settings}, Network: network, Secrets: map[string]domain.Secret{fieldKey: domain.NewSecret("12345678")}}
		if _, err := open(cfg); err == nil {
			t.Errorf("%q can be opened", base)
		}
	}
	if sent.Load() != 0 {
		t.Errorf("%d requests were made", sent.Load())
	}
	a, _ := destination(map[string]string{fieldOrgID: "abc"}, source.Network{})
	b, _ := destination(map[string]string{fieldOrgID: "abd"}, source.Network{})
	if a != "https://api.atlassian.com/admin/v1/orgs/abc" || a == b {
		t.Errorf("%q, %q", a, b)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestConnection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		world  sim.Config
		faults []sim.Fault
		config func(*source.Config)
		check  string
		state  domain.FindingState
		words  string
		ok     bool
	}{
		"a key without scopes":      {check: "suspend", state: domain.FindingOK, words: "no scopes", ok: true},
		"a key with scopes":         {world: sim.Config{KeyScopes: []string{"read:orgs:admin", "read:directories:admin", "read:groups:admin", "read:workspaces:admin", "read:accounts:admin"}}, check: "suspend", state: domain.FindingWarning, words: "without scopes", ok: true},
		"too few scopes":            {world: sim.Config{KeyScopes: []string{"read:domains:admin"}}, check: "auth", state: domain.FindingFailed, words: "scopes"},
		"an expired key":            {world: sim.Config{KeyExpires: -time.Hour}, check: "auth", state: domain.FindingFailed, words: "expired"},
		"soon to expire":            {world: sim.Config{KeyExpires: 72 * time.Hour}, check: "expiry", state: domain.FindingWarning, words: "Make a new key", ok: true},
		"lasting":                   {check: "expiry", state: domain.FindingOK, words: "works until", ok: true},
		"the owner":                 {check: "owner", state: domain.FindingOK, words: "protected", ok: true},
		"no API Access":             {world: sim.Config{NoAPIAccess: true}, check: "owner", state: domain.FindingWarning, words: "your own account", ok: true},
		"one directory":             {check: "directories", state: domain.FindingOK, words: "centralized", ok: true},
		"a directory for each site": {world: sim.Config{Sites: 3, Original: true}, check: "directories", state: domain.FindingOK, words: "3 directories", ok: true},
		"another organization":      {config: func(c *source.Config) { c.Source.Settings[fieldOrgID] = "11111111-1111-4111-8111-111111111111" }, check: "organization", state: domain.FindingFailed, words: "the ID"},
		"me by id":                  {check: "operator", state: domain.FindingOK, words: "no bulk action", ok: true},
		"nobody named":              {config: func(c *source.Config) { c.Source.Settings[fieldMyAccount] = "" }, check: "operator", state: domain.FindingWarning, words: "Fill in", ok: true},
		"an unknown address":        {config: func(c *source.Config) { c.Source.Settings[fieldMyAccount] = "nobody@nowhere.example" }, check: "operator", state: domain.FindingWarning, words: "hidden", ok: true},
		"the clock":                 {check: "clock", state: domain.FindingOK, words: "agrees", ok: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(c.world)
				w.SetFaults(c.faults...)
				r := openOn(t, w, c.config).Test(t.Context())
				f, _ := r.Finding(c.check)
				if f.State != c.state || !strings.Contains(f.Message+" "+f.Hint, c.words) || r.OK != c.ok {
					t.Errorf("OK %v, %+v", r.OK, f)
				}
				if f.Check == "suspend" {
					i := slices.IndexFunc(r.Capabilities, func(s domain.Support) bool { return s.Capability == domain.CanSuspend })
					if got := r.Capabilities[i]; got.Supported != (f.State == domain.FindingOK) || (got.Reason == "") != got.Supported {
						t.Errorf("%+v", got)
					}
				}
			})
		})
	}
}

func TestConnectionFindsTheOperatorAndTheOwner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 300})
		me, _ := w.State(w.Operator())
		for _, typed := range []string{me.AccountID, me.Email, strings.ToUpper(me.Email)} {
			r := openOn(t, w, func(c *source.Config) { c.Source.Settings[fieldMyAccount] = typed }).Test(t.Context())
			if r.OperatorID != me.AccountID || r.KeyOwnerID != w.KeyOwner() || r.KeyExpires.IsZero() {
				t.Errorf("%q: operator %q, owner %q, expires %v", typed, r.OperatorID, r.KeyOwnerID, r.KeyExpires)
			}
		}
	})
}

func TestConnectionNoticesAWrongClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{})
		for skew, word := range map[time.Duration]string{time.Hour: "behind", -time.Hour: "ahead"} {
			next := w.Transport()
			o := openOn(t, w, func(c *source.Config) {
				c.Network.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					res, err := next.RoundTrip(r)
					if err == nil {
						res.Header.Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
					}
					return res, err
				})
			})
			r := o.Test(t.Context())
			if f, _ := r.Finding("clock"); f.State != domain.FindingWarning || !strings.Contains(f.Message, word) {
				t.Errorf("%v: %+v", skew, f)
			}
		}
	})
}

func TestConvert(t *testing.T) {
	t.Parallel()
	yes, no, when, garbage := true, false, "2026-06-01T08:00:00.000Z", "yesterday"
	for _, c := range []struct {
		user admin.User
		want domain.Status
	}{
		{admin.User{Status: "active"}, domain.StatusActive},
		{admin.User{Status: "ACTIVE"}, domain.StatusActive},
		{admin.User{Status: "suspended"}, domain.StatusSuspended},
		{admin.User{Status: "deactivated"}, domain.StatusDeactivated},
		{admin.User{Status: "for_deletion"}, domain.StatusForDeletion},
		{admin.User{Status: "not_invited"}, domain.StatusNoAccess},
		{admin.User{Status: "pending"}, domain.StatusInvited},
		{admin.User{Status: "something_new"}, domain.StatusUnknown},
		{admin.User{}, domain.StatusUnknown},
		{admin.User{AccountStatus: "active", MembershipStatus: "suspended"}, domain.StatusSuspended},
		{admin.User{AccountStatus: "active", MembershipStatus: "no_membership"}, domain.StatusNoAccess},
		{admin.User{AccountStatus: "inactive", MembershipStatus: "active"}, domain.StatusDeactivated},
		{admin.User{Status: "active", ManagementSource: "invited", EmailVerified: &no, ProductAccess: []admin.ProductAccess{}}, domain.StatusInvited},
		{admin.User{Status: "active", ManagementSource: "invited", EmailVerified: &no, ProductAccess: nil}, domain.StatusActive},
		{admin.User{Status: "active", ManagementSource: "invited", EmailVerified: &no, ProductAccess: []admin.ProductAccess{{LastActiveTimestamp: &when}}}, domain.StatusActive},
		{admin.User{Status: "active", ManagementSource: "invited", EmailVerified: &yes, ProductAccess: []admin.ProductAccess{}}, domain.StatusActive},
		{admin.User{Status: "active", ManagementSource: "synced", EmailVerified: &no, ProductAccess: []admin.ProductAccess{}}, domain.StatusActive},
		{admin.User{Status: "active", ManagementSource: "invited", ProductAccess: []admin.ProductAccess{}}, domain.StatusActive},
	} {
		if got := userOf(c.user, "d").Status; got != c.want {
			t.Errorf("%+v: %s, want %s", c.user, got, c.want)
		}
	}
	u := userOf(admin.User{
		AccountID: "a", ProductAccess: []admin.ProductAccess{{ID: "1", LastActiveTimestamp: &when}, {ID: "2"}, {ID: "3", LastActiveTimestamp: &garbage}},
		Groups: []admin.GroupRef{{ID: "ari:cloud:identity::group/276f"}, {ID: "plain"}}, AddedToOrg: &garbage,
	}, "")
	if len(u.Memberships) != 0 || !slices.Equal(u.GroupIDs, []string{"276f", "plain"}) || !u.AddedAt.IsZero() {
		t.Errorf("%+v", u)
	}
	for i, want := range []domain.AppAccess{{AppID: "1", Known: true, LastActive: time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)}, {AppID: "2", Known: true}, {AppID: "3"}} {
		if u.Access[i] != want {
			t.Errorf("%+v, want %+v", u.Access[i], want)
		}
	}
}

func TestMergeOfDirectories(t *testing.T) {
	t.Parallel()
	at := func(d string, s domain.Status, groups ...string) domain.User {
		return domain.User{AccountID: "a", Status: s, GroupIDs: groups, Memberships: []domain.DirectoryMembership{{DirectoryID: d, Status: s}}}
	}
	u := mergeUsers(at("1", domain.StatusActive, "x"), at("2", domain.StatusSuspended, "y", "x"))
	if u.Status != domain.StatusActive || len(u.Memberships) != 2 || !slices.Equal(u.GroupIDs, []string{"x", "y"}) {
		t.Errorf("%+v", u)
	}
	if u := mergeUsers(at("1", domain.StatusSuspended), at("1", domain.StatusActive)); len(u.Memberships) != 1 || u.Memberships[0].Status != domain.StatusActive {
		t.Errorf("%+v", u)
	}
	for _, order := range [][2]domain.Status{{domain.StatusDeactivated, domain.StatusActive}, {domain.StatusActive, domain.StatusDeactivated}} {
		if got := mergeStatus(order[0], order[1]); got != domain.StatusDeactivated {
			t.Errorf("%v: %s", order, got)
		}
	}
}

// TestMergeOfAccess: of an app that two directories tell the later activity holds, and nobody never used it of whom one cannot say so.
func TestMergeOfAccess(t *testing.T) {
	t.Parallel()
	used := func(day int) domain.AppAccess {
		return domain.AppAccess{AppID: "1", Known: true, LastActive: time.Date(2026, 6, day, 0, 0, 0, 0, time.UTC)}
	}
	never, unread := domain.AppAccess{AppID: "1", Known: true}, domain.AppAccess{AppID: "1"}
	for _, c := range []struct{ a, b, want domain.AppAccess }{
		{never, used(1), used(1)}, {used(1), used(2), used(2)}, {unread, used(1), used(1)}, {never, unread, unread}, {never, never, never},
	} {
		for _, in := range [][2]domain.AppAccess{{c.a, c.b}, {c.b, c.a}} {
			got := mergeUsers(domain.User{Access: in[:1]}, domain.User{Access: in[1:]}).Access
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("%+v: %+v", in, got)
			}
		}
	}
	none := domain.User{Access: []domain.AppAccess{}}
	for _, in := range [][2]domain.User{{none, {}}, {{}, none}, {none, none}} {
		if got := mergeUsers(in[0], in[1]); got.Access == nil {
			t.Error("that there are no apps was told")
		}
	}
}

// TestReadKeepsTheChainBusy compares a read with the time that the longest chain of pages needs at least.
func TestReadKeepsTheChainBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const latency = 80 * time.Millisecond
		w := sim.New(sim.Config{People: 5000, Groups: 100, Latency: latency})
		start := time.Now()
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		pages := (len(got.Users) + 99) / 100
		floor := time.Duration(pages) * latency
		if took := time.Since(start); took > floor*108/100 {
			t.Errorf("%v for %d chained pages, the floor is %v (%.3f)", took, pages, floor, float64(took)/float64(floor))
		} else {
			t.Logf("%.3f of the floor, %d requests", float64(took)/float64(floor), got.Progress[len(got.Progress)-1].Requests)
		}
	})
}

// TestPeopleOfSeveralDirectories gives one person different states at two sites.
func TestPeopleOfSeveralDirectories(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 300, Sites: 3, Original: true, Seed: 9})
		both := w.People(1, func(p sim.PersonState) bool {
			return len(p.Directories) > 1 && p.Status == "active" && !p.OrgAdmin
		})
		if len(both) == 0 {
			t.Fatal("nobody is in two directories")
		}
		o := openOn(t, w, nil)
		first := ""
		for d, state := range both[0].Directories {
			if state == "active" {
				first = d
				break
			}
		}
		if _, err := o.Suspend(t.Context(), first, both[0].AccountID); err != nil {
			t.Fatal(err)
		}
		read, err := o.ReadUsers(t.Context(), []string{both[0].AccountID})
		if err != nil || len(read) != 1 {
			t.Fatal(read, err)
		}
		got, err := sourcetest.Collect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range []domain.User{read[0], got.Users[both[0].AccountID]} {
			truth, _ := w.State(both[0].AccountID)
			if want := statusFor(truth); u.Status != want {
				t.Errorf("%s, want %s", u.Status, want)
			}
			for _, m := range u.Memberships {
				if string(m.Status) != truth.Directories[m.DirectoryID] {
					t.Errorf("%+v, want %v", u.Memberships, truth.Directories)
				}
			}
		}
	})
}

// TestReadsInSmallerPagesWhereTheyAreBounded falls back from 100 to 50 rows.
func TestReadsInSmallerPagesWhereTheyAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 120, MaxPage: 60})
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil || len(got.Users) != 120 {
			t.Fatal(len(got.Users), err)
		}
		w = sim.New(sim.Config{People: 120, MaxPage: 30})
		if _, err := sourcetest.Collect(t.Context(), openOn(t, w, nil)); err == nil {
			t.Error("a server that takes no page of ours gives no error")
		}
	})
}

// TestExpiringCursors starts a listing again once.
func TestExpiringCursors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 500})
		w.SetFaults(sim.Fault{Kind: sim.FaultStatus, Status: 400, Path: "*/" + w.DirectoryIDs()[0] + "/users/search", Skip: 3, Count: 1})
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, w, got)
		if got.Emitted <= len(got.Users) {
			t.Errorf("%d rows for %d people: the listing was not started again", got.Emitted, len(got.Users))
		}
		if last := got.Progress[len(got.Progress)-1]; last.People != len(got.Users) {
			t.Errorf("people who came twice were counted twice: %+v", last)
		}
	})
}
