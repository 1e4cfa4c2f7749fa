package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/sim"
)

// code is the code of an answer in the form of the Organizations API.
func (a answer) code(t testing.TB) string {
	t.Helper()
	var e struct {
		Errors []struct{ Code, Status, Title string }
	}
	a.into(t, &e)
	if len(e.Errors) != 1 {
		t.Fatalf("no error in %s", a.body)
	}
	return e.Errors[0].Code + " " + e.Errors[0].Status
}

// active finds an ordinary active person of the first directory.
func (c *client) active(more func(sim.PersonState) bool) sim.PersonState {
	c.t.Helper()
	dir := c.w.DirectoryIDs()[0]
	found := c.w.People(1, func(p sim.PersonState) bool {
		return p.Status == "active" && p.Directories[dir] == "active" && len(p.PlatformRoles) == 0 && !p.Invited && (more == nil || more(p))
	})
	if len(found) == 0 {
		c.t.Fatal("there is no such person")
	}
	return found[0]
}

func TestBadQuestions(t *testing.T) {
	c := newClient(t, sim.Config{People: 200})
	for body, code := range map[string]string{
		`{"accountIds":[]}`:                     "ADMIN-400-19 400",
		`{"status":["sleeping"]}`:               "ADMIN-400-19 400",
		`{"limit":101}`:                         "ADMIN-400-19 400",
		`{"limit":0}`:                           "ADMIN-400-19 400",
		`{"searchTerm":"a","emails":["a@b.c"]}`: "ADMIN-400-19 400",
		`{"groupIds":["1","2","3","4","5","6","7","8","9","10","11"]}`: "ADMIN-400-19 400",
		`{"expand":["everything"]}`:                                    "ADMIN-400-19 400",
		`{"cursor":"rubbish"}`:                                         "ADMIN-400-1 400",
		`[1]`:                                                          "ADMIN-400-24 400",
	} {
		if got := c.admin("POST", usersPath+"/search", body).must(t, 400).code(t); got != code {
			t.Errorf("%s: %s, want %s", body, got, code)
		}
	}
	var p userPage
	c.admin("POST", usersPath+"/search", `{"limit":5,"claimStatus":"managed"}`).must(t, 200).into(t, &p)
	other := map[string]any{"cursor": *p.Links.Next, "claimStatus": "unmanaged"}
	if got := c.admin("POST", usersPath+"/search", other).must(t, 400).code(t); got != "ADMIN-400-1 400" {
		t.Errorf("another question with the cursor: %s", got)
	}
	c.admin("POST", usersPath+"/search", map[string]any{"cursor": *p.Links.Next}).must(t, 200)
	for path, want := range map[string]string{
		"/admin/v2/orgs/{o}/directories/other/users/search": "ADMIN-404-1 404",
		"/admin/v2/orgs/other/directories/-/users/search":   "ADMIN-404-2 404",
	} {
		if got := c.admin("POST", path, `{}`).code(t); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	c.admin("POST", "/admin/v2/orgs/{o}/directories/-/groups/search", `{"limit":500}`).must(t, 400)
	c.admin("POST", "/admin/v2/orgs/{o}/workspaces", `{"cursor":"x","limit":4}`).must(t, 400)
	c.admin("GET", "/admin/v1/orgs/{o}/directory/users/x/suspend-access", nil).must(t, 404)
}

func TestKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 50, KeyExpires: time.Hour})
		ok := func(want int) {
			t.Helper()
			c.admin("GET", "/admin/v1/orgs/{o}", nil).must(t, want)
		}
		ok(200)
		main := c.key
		c.key = c.w.AddKey(sim.KeyOptions{Scopes: []string{"read:orgs:admin"}})
		ok(200)
		if a := c.admin("GET", "/admin/v1/orgs", nil).must(t, 200); !strings.Contains(string(a.body), `"data":[]`) {
			t.Errorf("a scoped key lists organizations: %s", a.body)
		}
		a := c.admin("GET", "/admin/v2/orgs/{o}/directories", nil).must(t, 401)
		if a.code(t) != "ADMIN-401-2 401" || !strings.Contains(string(a.body), "INSUFFICIENT_SCOPE") {
			t.Errorf("a scoped key's refusal is %s", a.body)
		}
		p := c.active(nil)
		c.admin("POST", usersPath+"/"+p.AccountID+"/suspend", `{}`).must(t, 401)
		if a := c.admin("POST", "/users/"+p.AccountID+"/manage/lifecycle/disable", `{}`).must(t, 403); !strings.Contains(string(a.body), "forbidden.insufficientScope") {
			t.Errorf("user management refuses a scoped key with %s", a.body)
		}
		c.w.Revoke(c.key)
		ok(401)
		c.key = "wrong"
		if a := c.admin("GET", "/admin/v1/orgs/{o}", nil).must(t, 401); string(a.body) != `{"code":401,"message":"Unauthorized"}` {
			t.Errorf("a wrong key's refusal is %s", a.body)
		}
		c.key = main
		time.Sleep(59 * time.Minute)
		ok(200)
		time.Sleep(2 * time.Minute)
		ok(401)
	})
}

func TestPeopleWhoCannotBeChanged(t *testing.T) {
	c := newClient(t, sim.Config{People: 600, Sites: 2, Seed: 2})
	groups := "/admin/v2/orgs/{o}/directories/{d}/groups/"
	admin := c.w.KeyOwner()
	if got := c.admin("POST", usersPath+"/"+admin+"/suspend", `{}`).must(t, 403).code(t); got != "ADMIN-403-3 403" {
		t.Errorf("an admin: %s", got)
	}
	p := c.active(nil)
	if got := c.admin("POST", usersPath+"/nobody/suspend", `{}`).must(t, 404).code(t); got != "ADMIN-404-8 404" {
		t.Errorf("nobody: %s", got)
	}
	c.admin("POST", usersPath+"/"+p.AccountID+"/suspend", nil).must(t, 415)
	a, err := c.send("POST", "https://api.atlassian.com/admin/v2/orgs/"+c.org+"/directories/"+c.w.DirectoryIDs()[0]+"/users/"+p.AccountID+"/suspend", "{}",
		func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+c.key)
			r.Header.Set("Content-Type", "text/plain")
		})
	if err != nil {
		t.Fatal(err)
	}
	a.must(t, 415)
	if s, _ := c.w.State(p.AccountID); s.Status != "active" {
		t.Errorf("a refused call made the person %s", s.Status)
	}
	synced, _ := c.w.GroupNamed("okta-engineering-acme")
	c.admin("POST", groups+synced.ID+"/memberships", map[string]any{"accountId": p.AccountID}).must(t, 403)
	c.admin("DELETE", groups+synced.ID+"/memberships/"+p.AccountID, nil).must(t, 403)
	c.admin("DELETE", groups+synced.ID, nil).must(t, 403)
	plain, _ := c.w.GroupNamed("empty-group")
	if got := c.admin("DELETE", groups+plain.ID+"/memberships/"+p.AccountID, nil).must(t, 404).code(t); got != "ADMIN-404-8 404" {
		t.Errorf("not a member: %s", got)
	}
	if got := c.admin("POST", groups+"none/memberships", map[string]any{"accountId": p.AccountID}).must(t, 404).code(t); got != "ADMIN-404-10 404" {
		t.Errorf("no group: %s", got)
	}
	external := c.active(func(p sim.PersonState) bool { return !p.Managed })
	if a := c.admin("POST", "/users/"+external.AccountID+"/manage/lifecycle/disable", `{}`).must(t, 403); !strings.Contains(string(a.body), "forbidden.targetUnverified") {
		t.Errorf("an external person: %s", a.body)
	}
	fromIDP := c.active(func(p sim.PersonState) bool { return p.Synced })
	if a := c.admin("POST", "/users/"+fromIDP.AccountID+"/manage/lifecycle/disable", `{}`).must(t, 403); !strings.Contains(string(a.body), "externalDirectory.scim") {
		t.Errorf("a synced person: %s", a.body)
	}
}

// When all seats are taken, whoever would need one more is refused, and nobody else.
func TestSeatLimit(t *testing.T) {
	c := newClient(t, sim.Config{People: 600, Seed: 2})
	jira := c.w.Apps()[0]
	c.w.SetSeats(jira.ID, jira.Used)
	group, _ := c.w.GroupNamed("jira-contractors-acme")
	path := "/admin/v2/orgs/{o}/directories/{d}/groups/" + group.ID + "/memberships"
	has := func(p sim.PersonState) bool { return strings.Contains(strings.Join(p.Apps, " "), jira.ID) }
	without := c.active(func(p sim.PersonState) bool { return !has(p) })
	with := c.active(has)
	if got := c.admin("POST", path, map[string]any{"accountId": without.AccountID}).must(t, 409).code(t); got != "ADMIN-409-3 409" {
		t.Errorf("one more: %s", got)
	}
	c.admin("POST", path, map[string]any{"accountId": with.AccountID}).must(t, 204)
	suspended := c.w.People(1, func(p sim.PersonState) bool { return p.Status == "suspended" && has(p) && !p.OrgAdmin })[0]
	c.admin("POST", usersPath+"/"+suspended.AccountID+"/restore", `{}`).must(t, 409)
	c.admin("POST", usersPath+"/"+with.AccountID+"/suspend", `{}`).must(t, 204)
	c.admin("POST", usersPath+"/"+suspended.AccountID+"/restore", `{}`).must(t, 204)
	c.admin("POST", usersPath+"/"+with.AccountID+"/restore", `{}`).must(t, 409)
	if c.w.MemberOf(without.AccountID, group.ID) {
		t.Error("a refused person is in the group")
	}
}

func TestSiteRefusals(t *testing.T) {
	c := newClient(t, sim.Config{People: 200, Sites: 2})
	s := c.w.Sites()[0]
	gateway := "https://api.atlassian.com/ex/jira/" + s.CloudID
	scopedEmail, scoped := c.w.AddToken(sim.KeyOptions{Scopes: []string{"read:jira-user"}})
	ask := func(method, url, email, token string, body any) answer {
		t.Helper()
		a, err := c.send(method, url, body, func(r *http.Request) {
			if email != "" {
				r.SetBasicAuth(email, token)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := ask("GET", s.URL+"/rest/api/3/myself", s.Email, "wrong", nil).must(t, 401)
	if a.header.Get("X-Seraph-LoginReason") != "AUTHENTICATED_FAILED" || !strings.Contains(string(a.body), "Client must be authenticated") {
		t.Errorf("wrong token: %s", a.body)
	}
	ask("GET", s.URL+"/rest/api/3/myself", "", "", nil).must(t, 401)
	ask("GET", s.URL+"/rest/api/3/users/search", "", "", nil).must(t, 403)
	ask("GET", s.URL+"/rest/api/3/serverInfo", "", "", nil).must(t, 200)
	ask("GET", s.URL+"/_edge/tenant_info", "", "", nil).must(t, 200)
	if a := ask("GET", s.URL+"/rest/api/3/groups/picker", "", "", nil).must(t, 200); !strings.Contains(string(a.body), `"groups":[]`) {
		t.Errorf("an anonymous caller sees groups: %s", a.body)
	}
	ask("GET", s.URL+"/rest/api/3/myself", scopedEmail, scoped, nil).must(t, 401)
	ask("GET", gateway+"/rest/api/3/myself", scopedEmail, scoped, nil).must(t, 200)
	g, _ := c.w.GroupNamed("empty-group")
	if a := ask("POST", gateway+"/rest/api/3/group/user?groupId="+g.ID, scopedEmail, scoped, map[string]any{"accountId": "x"}).must(t, 401); !strings.Contains(string(a.body), "scope does not match") {
		t.Errorf("the wrong scope: %s", a.body)
	}
	plain := c.active(func(p sim.PersonState) bool { return strings.Contains(strings.Join(p.Apps, " "), c.w.Apps()[0].ID) })
	email, token := c.w.AddToken(sim.KeyOptions{Owner: plain.AccountID})
	ask("GET", s.URL+"/rest/api/3/users/search", email, token, nil).must(t, 200)
	ask("GET", s.URL+"/rest/api/3/applicationrole", email, token, nil).must(t, 403)
	ask("POST", s.URL+"/rest/api/3/group/user?groupId="+g.ID, email, token, map[string]any{"accountId": plain.AccountID}).must(t, 403)
	c.w.BlockIP(true)
	if a := c.site("GET", "/rest/api/3/myself", nil).must(t, 403); !strings.Contains(string(a.body), "is not on the allowed list") {
		t.Errorf("the IP allowlist: %s", a.body)
	}
	c.admin("GET", "/admin/v1/orgs/{o}", nil).must(t, 200)
}

func TestRateLimit(t *testing.T) {
	for form, header := range map[sim.RetryAfterForm]string{
		"": "60", sim.RetrySeconds: "60", sim.RetryDate: "Sat, 01 Jan 2000 00:01:01 GMT", sim.RetryNone: "", sim.RetryGarbage: "soon", sim.RetryPast: "-5",
	} {
		synctest.Test(t, func(t *testing.T) { // the bubble's clock starts at 2000-01-01
			c := newClient(t, sim.Config{People: 20, Rates: []sim.Rate{{Limit: 3, Window: time.Minute}}, RetryAfter: form, ResetEpoch: form == sim.RetryNone})
			ask := func() answer { return c.admin("GET", "/admin/v1/orgs/{o}", nil) }
			for _, left := range []string{"2", "1", "0"} {
				if a := ask().must(t, 200); a.header.Get("X-RateLimit-Remaining") != left || a.header.Get("X-RateLimit-Limit") != "3" {
					t.Errorf("%s left, want %s", a.header.Get("X-RateLimit-Remaining"), left)
				}
			}
			a := ask().must(t, 429)
			reset := "2000-01-01T00:01:00.000Z"
			if form == sim.RetryNone {
				reset = "946684860"
			}
			if a.header.Get("Retry-After") != header || a.header.Get("X-RateLimit-Reset") != reset || !strings.HasPrefix(string(a.body), `{"code":429`) {
				t.Errorf("%q: Retry-After %q, reset %q: %s", form, a.header.Get("Retry-After"), a.header.Get("X-RateLimit-Reset"), a.body)
			}
			c.admin("POST", usersPath+"/search", `{}`).must(t, 200) // another family has its own budget
			time.Sleep(time.Minute)
			ask().must(t, 200)
		})
	}
}
