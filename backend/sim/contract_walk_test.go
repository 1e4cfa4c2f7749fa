package sim_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"seatkeeper/backend/sim"
)

// walk asks every call at least once in a way that works.
func walk(c *client) {
	c.walkReads()
	c.walkChanges()
	c.walkSite()
	c.walkMore()
}

func (c *client) walkReads() {
	t := c.t
	for _, path := range []string{
		"/admin/v1/orgs", "/admin/v1/orgs/{o}", "/admin/v1/orgs/{o}/domains", "/admin/v2/orgs/{o}/directories",
		"/admin/v2/orgs/{o}/directories/-/groups/count", "/admin/v2/orgs/{o}/directories/-/groups/stats",
		usersPath + "/count?status=active&status=suspended", usersPath + "/stats",
		"/admin/api-access/v1/orgs/{o}/api-keys", "/admin/api-access/v1/orgs/{o}/api-keys/count",
	} {
		c.admin("GET", path, nil).must(t, 200)
	}
	var domains struct {
		Data []struct{ ID string }
	}
	c.admin("GET", "/admin/v1/orgs/{o}/domains", nil).into(t, &domains)
	c.admin("GET", "/admin/v1/orgs/{o}/domains/"+url.PathEscape(domains.Data[0].ID), nil).must(t, 200)
	c.admin("POST", "/admin/v2/orgs/{o}/directories/-/groups/search", map[string]any{"limit": 100, "expand": []string{"counts.users", "counts.resources"}}).must(t, 200)
	next := ""
	for {
		var p struct{ Links struct{ Next *string } }
		c.admin("GET", "/admin/v1/orgs/{o}/users?cursor="+url.QueryEscape(next), nil).must(t, 200).into(t, &p)
		if p.Links.Next == nil {
			break
		}
		u, _ := url.Parse(*p.Links.Next)
		next = u.Query().Get("cursor")
	}
	c.admin("POST", "/admin/v2/orgs/{o}/workspaces", map[string]any{"limit": 1000}).must(t, 200)
	c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"limit": 100, "expand": []string{"platformRoles", "counts.resources", "productAccess", "groups"}})
	for _, p := range c.w.People(60, nil) {
		id := url.PathEscape(p.AccountID)
		c.admin("GET", "/admin/v1/orgs/{o}/directory/users/"+id+"/last-active-dates", nil).must(t, 200)
		c.admin("GET", "/admin/v2/orgs/{o}/directories/-/users/"+id, nil)
		c.admin("GET", "/admin/v2/orgs/{o}/directories/-/users/"+id+"/role-assignments", nil)
		c.admin("GET", "/users/"+id+"/manage", nil)
		c.admin("GET", "/users/"+id+"/manage/profile", nil)
	}
	for _, g := range c.w.Groups() {
		c.admin("GET", "/admin/v2/orgs/{o}/directories/-/groups/"+g.ID, nil).must(t, 200)
		c.admin("GET", "/admin/v2/orgs/{o}/directories/-/groups/"+g.ID+"/role-assignments", nil).must(t, 200)
	}
}

func (c *client) walkChanges() {
	t := c.t
	dir := c.w.DirectoryIDs()[0]
	inDir := func(p sim.PersonState) bool {
		return p.Directories[dir] == "active" && !p.OrgAdmin && p.Status == "active"
	}
	managed := c.w.People(1, func(p sim.PersonState) bool { return inDir(p) && p.Managed && !p.Synced })[0]
	id := url.PathEscape(managed.AccountID)
	c.admin("POST", usersPath+"/"+id+"/suspend", map[string]any{}).must(t, 204)
	c.admin("POST", usersPath+"/"+id+"/restore", map[string]any{}).must(t, 204)
	for _, call := range []string{"disable", "enable"} {
		c.admin("POST", "/users/"+id+"/manage/lifecycle/"+call, map[string]any{}).must(t, 204)
	}
	for _, call := range []string{"delete", "cancel-delete"} {
		c.admin("POST", "/users/"+id+"/manage/lifecycle/"+call, map[string]any{}).must(t, 200)
	}
	role := map[string]any{"role": "atlassian/user", "resource": c.w.Apps()[0].ID}
	admin := map[string]any{"role": "atlassian/org-admin"}
	for _, call := range []string{"assign", "revoke"} {
		c.admin("POST", "/admin/v1/orgs/{o}/users/"+id+"/roles/"+call, role).must(t, 204)
		c.admin("POST", "/admin/v1/orgs/{o}/users/"+id+"/role-assignments/"+call, admin).must(t, 204)
	}
	groups := "/admin/v2/orgs/{o}/directories/{d}/groups"
	c.admin("POST", groups, map[string]any{"name": "made here", "description": ""}).must(t, 201)
	var found struct{ Data []struct{ ID string } }
	c.admin("POST", groups+"/search", map[string]any{"groupNames": []string{"Made Here"}}).must(t, 200).into(t, &found)
	g := groups + "/" + found.Data[0].ID
	for _, call := range []string{"assign", "revoke"} {
		c.admin("POST", g+"/role-assignments/"+call, map[string]any{"resourceId": c.w.Apps()[0].ID, "roleId": "atlassian/user"}).must(t, 204)
	}
	c.admin("POST", g+"/memberships", map[string]any{"accountId": managed.AccountID}).must(t, 204)
	c.admin("DELETE", g+"/memberships/"+id, nil).must(t, 204)
	c.admin("DELETE", g, nil).must(t, 204)
	c.admin("DELETE", usersPath+"/"+id, nil).must(t, 204)
}

func (c *client) walkSite() {
	t := c.t
	const api = "/rest/api/3"
	g, _ := c.w.GroupNamed("jira-contractors-acme")
	me := url.QueryEscape(c.w.Operator())
	for _, path := range []string{
		"/_edge/tenant_info", api + "/myself", api + "/myself?expand=groups,applicationRoles", api + "/mypermissions?permissions=ADMINISTER,USER_PICKER",
		api + "/serverInfo", api + "/users/search?maxResults=1000", api + "/users?maxResults=10", api + "/user/search?query=an", api + "/user?accountId=" + me,
		api + "/user?expand=groups,applicationRoles&accountId=" + me, api + "/user/groups?accountId=" + me, api + "/user/bulk?accountId=" + me,
		api + "/group/bulk", api + "/group/bulk?maxResults=5&startAt=5", api + "/group/member?groupId=" + g.ID, api + "/groups/picker?query=jira&maxResults=1000",
		api + "/applicationrole", api + "/instance/license", api + "/license/approximateLicenseCount",
		api + "/license/approximateLicenseCount/product/jira-software",
	} {
		c.site("GET", path, nil).must(t, 200)
	}
	c.site("POST", "/gateway/api/graphql", map[string]any{
		"query":     "query TenantContext($hostNames:[String!]!){tenantContexts(hostNames:$hostNames){cloudId orgId hostName}}",
		"variables": map[string]any{"hostNames": []string{"acme.atlassian.net"}},
	}).must(t, 200)
	dir := c.w.DirectoryIDs()[0]
	p := c.w.People(1, func(p sim.PersonState) bool {
		return p.Directories[dir] == "active" && p.Status == "active" && !slices.Contains(p.Groups, g.ID)
	})[0]
	c.site("POST", api+"/group/user?groupId="+g.ID, map[string]any{"accountId": p.AccountID}).must(t, 201)
	c.site("DELETE", api+"/group/user?groupId="+g.ID+"&accountId="+url.QueryEscape(p.AccountID), nil).must(t, 200)
	// The gateway has the same answers.
	s := c.w.Sites()[0]
	a, err := c.send("GET", "https://api.atlassian.com/ex/jira/"+s.CloudID+api+"/myself", nil, func(r *http.Request) { r.SetBasicAuth(s.Email, s.Token) })
	if err != nil {
		t.Fatal(err)
	}
	a.must(t, 200)
}

// walkRefusals asks for refusals: each status that the documents describe and the simulator can give.
func walkRefusals(c *client) {
	t := c.t
	nobody := "712020:00000000-0000-4000-8000-000000000000"
	paths := []string{
		"GET /admin/v1/orgs", "GET /admin/v1/orgs/{o}", "GET /admin/v1/orgs/{o}/users", "GET /admin/v1/orgs/{o}/domains", "GET /admin/v2/orgs/{o}/directories",
		"GET " + usersPath + "/stats", "GET /admin/v2/orgs/{o}/directories/{d}/groups/stats", "POST /admin/v2/orgs/{o}/workspaces",
		"GET " + usersPath + "/" + nobody + "/role-assignments", "GET /admin/v1/orgs/{o}/directory/users/" + nobody + "/last-active-dates",
		"GET /admin/v2/orgs/{o}/directories/{d}/groups/nothing", "GET /admin/v2/orgs/{o}/directories/{d}/groups/nothing/role-assignments",
		"POST /admin/v1/orgs/{o}/users/" + nobody + "/roles/assign", "POST /admin/v1/orgs/{o}/users/" + nobody + "/roles/revoke",
		"GET /users/" + nobody + "/manage", "GET /users/" + nobody + "/manage/profile", "POST /users/" + nobody + "/manage/lifecycle/disable",
		"POST /users/" + nobody + "/manage/lifecycle/enable",
	}
	ask := func(path string) {
		method, path, _ := strings.Cut(path, " ")
		body := any(map[string]any{"role": "atlassian/user", "resource": c.w.Apps()[0].ID, "limit": 5})
		if method == "GET" {
			body = nil
		} else if strings.Contains(path, "workspaces") {
			body = map[string]any{"limit": 5}
		}
		c.admin(method, path, body)
	}
	for _, p := range paths {
		ask(p)
		ask(strings.Replace(p, "{o}", "another-organization", 1))
		ask(p + "?cursor=rubbish&limit=0")
		for _, f := range []sim.Fault{{Kind: sim.FaultRateLimit, Count: 1}, {Kind: sim.FaultError, Count: 1}} {
			c.w.SetFaults(f)
			ask(p)
		}
		c.w.SetFaults()
	}
	key := c.key
	for _, c.key = range []string{"wrong", c.w.AddKey(sim.KeyOptions{Scopes: []string{"read:none"}}), c.w.AddKey(sim.KeyOptions{Expires: -1})} {
		for _, p := range paths {
			ask(p)
		}
	}
	c.key = key
	c.admin("POST", "/admin/v2/orgs/{o}/workspaces", map[string]any{"cursor": "rubbish", "limit": 3}).must(t, 400)
	for _, p := range c.w.People(40, nil) {
		c.admin("POST", "/users/"+p.AccountID+"/manage/lifecycle/enable", json.RawMessage(`{}`))
		c.admin("POST", "/users/"+p.AccountID+"/manage/lifecycle/disable", json.RawMessage(`{"message":"bye"}`))
	}
	c.walkSiteRefusals()
	c.walkMoreRefusals()
}

func (c *client) walkSiteRefusals() {
	s := c.w.Sites()[0]
	plain := c.w.People(1, func(p sim.PersonState) bool {
		return p.Status == "active" && len(p.PlatformRoles) == 0 && len(p.Apps) > 0 && !p.OrgAdmin && len(p.Groups) < 6
	})[0]
	email, token := c.w.AddToken(sim.KeyOptions{Owner: plain.AccountID})
	_, site := sim.Routes()
	for _, call := range site {
		method, path, _ := strings.Cut(call, " ")
		var body any
		if method == "POST" {
			body = map[string]any{"accountId": "nobody"}
		}
		for _, who := range [][2]string{{"", ""}, {s.Email, "wrong"}, {email, token}, {s.Email, s.Token}} {
			auth := func(r *http.Request) {
				if who[0] != "" {
					r.SetBasicAuth(who[0], who[1])
				}
			}
			if _, err := c.send(method, s.URL+strings.Replace(path, "{key}", "jira-software", 1), body, auth); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}
