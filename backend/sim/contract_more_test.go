package sim_test

import (
	"net/url"

	"seatkeeper/backend/sim"
)

// walkMore asks the calls about accounts, tokens, invitations, the audit log and policies in a way that works.
func (c *client) walkMore() {
	t := c.t
	dir := c.w.DirectoryIDs()[0]
	managed := c.w.People(1, func(p sim.PersonState) bool {
		return p.Managed && !p.Synced && !p.OrgAdmin && p.Directories[dir] == "active" && len(c.w.TokensOf(p.AccountID)) > 0
	})[0]
	manage := "/users/" + url.PathEscape(managed.AccountID) + "/manage"
	c.admin("PATCH", manage+"/profile", map[string]any{
		"name": "Renamed Person", "nickname": "rp", "extended_profile": map[string]any{"job_title": "Gardener", "location": nil},
	}).must(t, 200)
	c.admin("PUT", manage+"/email", map[string]any{"email": "renamed@acme.example"}).must(t, 204)
	for _, p := range c.w.People(40, func(p sim.PersonState) bool { return p.Managed }) {
		c.admin("GET", "/users/"+url.PathEscape(p.AccountID)+"/manage/api-tokens", nil).must(t, 200)
	}
	c.admin("DELETE", manage+"/api-tokens/"+c.w.TokensOf(managed.AccountID)[0], nil).must(t, 204)
	c.admin("GET", "/admin/api-access/v1/orgs/{o}/api-tokens?pageSize=5", nil).must(t, 200)
	c.admin("GET", "/admin/api-access/v1/orgs/{o}/api-tokens/count", nil).must(t, 200)
	plain, _ := c.w.GroupNamed("empty-group")
	invitation := map[string]any{
		"emails": []string{"new@acme.example"}, "additionalGroups": []string{plain.ID}, "sendNotification": false,
		"permissionRules": []map[string]any{{"resource": c.w.Apps()[0].ID, "role": "atlassian/user"}},
	}
	c.admin("POST", "/admin/v2/orgs/{o}/users/invite", invitation).must(t, 200)
	invitation["additionalGroups"] = []string{"nothing"}
	c.admin("POST", "/admin/v2/orgs/{o}/users/invite", invitation).must(t, 206)
	c.w.Suspend(managed.AccountID) // by somebody without a key
	c.w.Restore(managed.AccountID)
	c.admin("GET", "/admin/v1/orgs/{o}/events-stream?limit=500&sortOrder=asc", nil).must(t, 200)
	c.admin("GET", "/admin/v1/orgs/{o}/event-actions", nil).must(t, 200)
	c.admin("GET", "/admin/v1/orgs/{o}/policies", nil).must(t, 200)
	c.admin("GET", "/admin/v1/orgs/{o}/policies?type=ip-allowlist", nil).must(t, 200)

	const api = "/rest/api/3"
	c.site("POST", api+"/user", map[string]any{"emailAddress": "guest@partner.example", "products": []string{"jira-software"}}).must(t, 201)
	guest := c.w.People(1, func(p sim.PersonState) bool { return p.Email == "guest@partner.example" })[0]
	c.site("GET", api+"/user?accountId="+url.QueryEscape(guest.AccountID), nil).must(t, 200)
	c.site("DELETE", api+"/user?accountId="+url.QueryEscape(guest.AccountID), nil).must(t, 204)
	c.site("GET", api+"/user?accountId="+url.QueryEscape(guest.AccountID), nil).must(t, 404)
	c.site("POST", api+"/group", map[string]any{"name": "made on the site"}).must(t, 201)
	c.site("POST", api+"/group", map[string]any{"name": "made on the site"}).must(t, 400)
	made, _ := c.w.GroupNamed("made on the site")
	c.site("DELETE", api+"/group?groupId="+made.ID, nil).must(t, 200)
	c.site("GET", api+"/auditing/record?limit=1000", nil).must(t, 200)
}

// walkMoreRefusals asks the same calls in ways that are refused.
func (c *client) walkMoreRefusals() {
	t := c.t
	some := func(keep func(sim.PersonState) bool) string { return url.PathEscape(c.w.People(1, keep)[0].AccountID) }
	outside := some(func(p sim.PersonState) bool { return !p.Managed })
	synced := some(func(p sim.PersonState) bool { return p.Managed && p.Synced })
	own := some(func(p sim.PersonState) bool { return p.Managed && !p.Synced && !p.OrgAdmin })
	for id, want := range map[string]int{outside: 403, synced: 403, "712020:nobody": 404} {
		c.admin("PATCH", "/users/"+id+"/manage/profile", map[string]any{"name": "x"}).must(t, want)
		c.admin("PUT", "/users/"+id+"/manage/email", map[string]any{"email": "other@acme.example"}).must(t, want)
	}
	c.admin("GET", "/users/"+outside+"/manage/api-tokens", nil).must(t, 403)
	c.admin("DELETE", "/users/"+own+"/manage/api-tokens/nothing", nil).must(t, 404)
	c.admin("PUT", "/users/"+own+"/manage/email", map[string]any{"email": "x@gmail.com"}).must(t, 403)
	c.admin("PUT", "/users/"+own+"/manage/email", map[string]any{"email": "no address"}).must(t, 400)
	c.admin("PATCH", "/users/"+own+"/manage/profile", map[string]any{"nickname": "a nickname of more than thirty characters"}).must(t, 400)
	c.admin("PATCH", "/users/"+own+"/manage/profile", map[string]any{"email": "x@acme.example"}).must(t, 403)
	c.admin("GET", "/admin/v1/orgs/{o}/events-stream?from=yesterday", nil).must(t, 400)
	c.admin("GET", "/admin/v1/orgs/{o}/events-stream?cursor=rubbish", nil).must(t, 400)
	for range 50 {
		c.admin("GET", "/admin/v1/orgs/{o}/events-stream?limit=1", nil)
	}
	c.admin("GET", "/admin/v1/orgs/{o}/events-stream?limit=1", nil).must(t, 429)
}
