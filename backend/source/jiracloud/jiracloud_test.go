package jiracloud

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func openOn(t *testing.T, w *sim.World, change func(*source.Config)) *site {
	t.Helper()
	cfg := configFor(w)
	if change != nil {
		change(&cfg)
	}
	s, err := open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestForm(t *testing.T) {
	t.Parallel()
	kind, _ := source.Kinds.Get(string(domain.KindJiraCloud))
	good := map[string]string{fieldSite: "https://acme.atlassian.net", fieldEmail: "mia@example.com", fieldToken: "ATATT3xFfGF0abc=1"}
	if err := form.Check(kind.Fields, good); err != nil {
		t.Error(err)
	}
	for field, values := range map[string][]string{
		fieldSite:  {""},
		fieldEmail: {"", "mia", "mia@", "a:b@example.com", "mia @example.com", "mia\r\n@example.com"},
		fieldToken: {"", "short", "with blank in it", "new\r\nline-in-it"},
	} {
		for _, v := range values {
			bad := maps.Clone(good)
			bad[field] = v
			if e := domain.AsError(form.Check(kind.Fields, bad)); e == nil || e.Field != field {
				t.Errorf("%s = %q: %+v", field, v, e)
			}
		}
	}
	for _, c := range kind.Supports {
		if !c.Supported && c.Reason == "" {
			t.Errorf("%s is missing without a reason", c.Capability)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestTokenGoesToTheSiteOnly tries every spelling that might lead a token elsewhere: none may even be opened.
func TestTokenGoesToTheSiteOnly(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	spy := roundTripper(func(*http.Request) (*http.Response, error) { sent.Add(1); return nil, http.ErrServerClosed })
	kind, _ := source.Kinds.Get(string(domain.KindJiraCloud))
	refused := 0
	for _, typed := range sourcetest.HostileSites() {
		if strings.TrimSpace(typed) == "https://acme.atlassian.net" {
			continue // blanks around it are taken off
		}
		for _, loopback := range []bool{false, true} {
			cfg := source.Config{
				Source:  domain.Source{Settings: map[string]string{fieldSite: typed, fieldEmail: "mia@example.com"}},
				Secrets: map[string]domain.Secret{fieldToken: domain.NewSecret("token-of-mia")},
				Network: source.Network{Transport: spy, AllowLoopback: loopback},
			}
			if e := domain.AsError(kind.Check(cfg)); e == nil || e.Code != domain.Invalid || e.Field != fieldSite {
				t.Errorf("%q passes the check: %v", typed, e)
			}
			if src, err := kind.Open(cfg); err == nil {
				t.Errorf("%q can be opened", typed)
				_ = src.Test(t.Context())
			}
			if place, err := kind.Destination(cfg.Source.Settings, cfg.Network); err == nil {
				t.Errorf("%q has the destination %q", typed, place)
			}
			refused++
		}
	}
	if sent.Load() != 0 || refused < 120 {
		t.Errorf("%d requests for %d spellings", sent.Load(), refused)
	}
	local := source.Network{Transport: spy}
	if _, err := kind.Destination(map[string]string{fieldSite: "http://127.0.0.1:4711"}, local); err == nil {
		t.Error("this machine is a destination without a simulator")
	}
}

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
		"works":           {check: "permissions", state: domain.FindingOK, words: "Jira admin", ok: true},
		"own account":     {check: "operator", state: domain.FindingOK, words: "no bulk action", ok: true},
		"no suspending":   {check: "suspend", state: domain.FindingWarning, words: "organization", ok: true},
		"the site":        {check: "site", state: domain.FindingOK, words: "cloud ID", ok: true},
		"allowlist":       {world: sim.Config{IPBlocked: true}, check: "auth", state: domain.FindingFailed, words: "allowlist"},
		"no cloud id":     {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 404, Path: "*tenant_info"}}, check: "site", state: domain.FindingWarning, words: "cloud ID", ok: true},
		"another person":  {config: func(c *source.Config) { c.Source.Settings[fieldEmail] = "nobody@example.com" }, check: "auth", state: domain.FindingFailed, words: "e-mail address"},
		"no Jira there":   {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 404}}, check: "site", state: domain.FindingFailed, words: "no Jira"},
		"no right to see": {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 403, Path: "*mypermissions"}}, check: "permissions", state: domain.FindingFailed, words: "", ok: true},
		"unknown site":    {config: func(c *source.Config) { c.Source.Settings[fieldSite] = "https://no-such-site.atlassian.net" }, check: "reach", state: domain.FindingFailed, words: "not found"},
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
				if r.OK && (r.OperatorID != w.Operator() || r.KeyOwnerID != w.Operator()) {
					t.Errorf("operator %q, owner %q, want %q", r.OperatorID, r.KeyOwnerID, w.Operator())
				}
			})
		})
	}
}

// TestTenantInfoGoesWithoutTheToken: the call needs no credential, so it gets none.
func TestTenantInfoGoesWithoutTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{})
		next, seen := w.Transport(), false
		_ = openOn(t, w, func(c *source.Config) {
			c.Network.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "tenant_info") {
					seen = true
					if got := r.Header.Get("Authorization"); got != "" {
						t.Errorf("sent with %s", got)
					}
				}
				return next.RoundTrip(r)
			})
		}).Test(t.Context())
		if !seen {
			t.Error("it was not asked for")
		}
	})
}

// TestBigGroupIsReadSideBySide: nearly everybody is in the default group, whose pages hold 50.
func TestBigGroupIsReadSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const latency = 80 * time.Millisecond
		w := sim.New(sim.Config{People: 3000, Groups: 30, Latency: latency})
		start := time.Now()
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, w, got)
		requests := got.Progress[len(got.Progress)-1].Requests
		floor := time.Duration(requests) * latency / 8
		if took := time.Since(start); took > floor*115/100 {
			t.Errorf("%v for %d requests, 8 at once need %v (%.3f)", took, requests, floor, float64(took)/float64(floor))
		} else {
			t.Logf("%.3f of the floor, %d requests", float64(took)/float64(floor), requests)
		}
	})
}

// TestSlowListingIsAskedForInSmallerPages halves the page when the site says that it took too long.
func TestSlowListingIsAskedForInSmallerPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 200})
		w.SetFaults(sim.Fault{Kind: sim.FaultStatus, Status: http.StatusConflict, Path: "*/users/search", Count: 3})
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, w, got)
	})
}

// TestPeopleOfAllKinds: app accounts and customers are listed too, and "not active" stays what it is.
func TestPeopleOfAllKinds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 300})
		got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]int{}
		statuses := map[domain.Status]int{}
		for _, u := range got.Users {
			kinds[u.AccountType]++
			statuses[u.Status]++
			if len(u.Memberships) > 0 || slices.ContainsFunc(u.Access, func(a domain.AppAccess) bool { return a.Known || !a.LastActive.IsZero() }) {
				t.Errorf("a site knows neither directories nor activity: %+v", u)
			}
		}
		if kinds["app"] == 0 || kinds["customer"] == 0 || statuses[domain.StatusActive] == 0 || statuses[domain.StatusDeactivated] == 0 || len(statuses) != 2 {
			t.Errorf("%v, %v", kinds, statuses)
		}
		for _, a := range got.Apps {
			if !strings.HasPrefix(a.AppID, "ari:cloud:"+a.Key+"::site/"+w.Sites()[0].CloudID) || a.Usage < 0 || a.SiteURL != w.Sites()[0].URL || a.Plan == "" {
				t.Errorf("%+v", a)
			}
		}
	})
}

// TestDefaultGroups: a sync tells of each group which apps it opens and whether it is a default one, all of it or nothing: what a token
// may not see is not known, and not "no".
func TestDefaultGroups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 200})
		read := func() (grants map[string][]domain.Grant, groups map[string]domain.Group) {
			t.Helper()
			grants, groups = map[string][]domain.Grant{}, map[string]domain.Group{}
			_, err := openOn(t, w, nil).Read(t.Context(), func(b domain.Batch) error {
				for _, g := range b.Groups {
					groups[g.GroupID] = g
				}
				for _, g := range b.Grants {
					grants[g.GroupID] = g.Grants
				}
				return nil
			}, func(domain.ReadProgress) {})
			if err != nil {
				t.Fatal(err)
			}
			return grants, groups
		}
		grants, groups := read()
		defaults := 0
		for _, g := range w.Groups() {
			if g.DirectoryID != w.DirectoryIDs()[0] {
				continue
			}
			given, told := grants[g.ID]
			group := groups[g.ID]
			if group.Grants = given; !told || len(given) != len(group.GrantsAccess) || group.IsDefault() != (g.Default && len(given) > 0) {
				t.Errorf("%s, default %v: told %v, %+v", g.Name, g.Default, told, group)
			}
			for _, grant := range given {
				if !slices.Contains(group.GrantsAccess, grant.AppID) || !domain.RoleTakesSeat(grant.Role) {
					t.Errorf("%s: %+v, but opens %v", g.Name, grant, group.GrantsAccess)
				}
			}
			if group.IsDefault() {
				defaults++
			}
		}
		if defaults == 0 || defaults == len(grants) {
			t.Errorf("%d of %d are default groups", defaults, len(grants))
		}
		w.AddFault(sim.Fault{Path: "*/applicationrole", Kind: sim.FaultStatus, Status: 403})
		if grants, groups := read(); len(grants) != 0 || len(groups) == 0 {
			t.Errorf("%d groups, of %d of them it is told what they grant", len(groups), len(grants))
		}
	})
}
