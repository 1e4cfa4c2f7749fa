package sim_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/sim"
)

// A change of one directory leaves the person's other directories alone.
func TestChangesStayInTheirDirectory(t *testing.T) {
	c := newClient(t, sim.Config{People: 2000, Sites: 3, Seed: 5, Original: true})
	two := func(p sim.PersonState) bool {
		return len(p.Directories) == 2 && p.Status == "active" && !p.OrgAdmin && !slices.Contains(values(p.Directories), "suspended") && len(p.Groups) > 3
	}
	p := c.w.People(1, two)[0]
	var other string
	for _, d := range c.w.DirectoryIDs() {
		if p.Directories[d] == "" {
			other = d
		}
	}
	var in []string
	for d := range p.Directories {
		in = append(in, d)
	}
	of := func(d string) string { return "/admin/v2/orgs/{o}/directories/" + d + "/users/" + p.AccountID }
	if got := c.admin("POST", of(other)+"/suspend", `{}`).must(t, 404).code(t); got != "ADMIN-404-8 404" {
		t.Errorf("a directory that the person is not in: %s", got)
	}
	c.admin("POST", of("-")+"/suspend", `{}`).must(t, 404) // changes need a real directory
	c.admin("POST", of(in[1])+"/suspend", `{}`).must(t, 204)
	if s, _ := c.w.State(p.AccountID); s.Directories[in[0]] != "active" || s.Directories[in[1]] != "suspended" || s.Status != "active" {
		t.Errorf("suspended in one: %v, over all %s", s.Directories, s.Status)
	}
	c.admin("POST", of(in[0])+"/suspend", `{}`).must(t, 204)
	if s, _ := c.w.State(p.AccountID); s.Status != "suspended" {
		t.Errorf("suspended in both, over all the person is %s", s.Status)
	}
	before, _ := c.w.State(p.AccountID)
	c.admin("DELETE", of(in[0]), nil).must(t, 204)
	s, _ := c.w.State(p.AccountID)
	var kept []string
	for _, g := range c.w.Groups() {
		if g.DirectoryID == in[1] && slices.Contains(before.Groups, g.ID) {
			kept = append(kept, g.ID)
		}
	}
	if _, still := s.Directories[in[0]]; still || s.Directories[in[1]] != "suspended" || !slices.Equal(s.Groups, kept) {
		t.Errorf("removed from one: %v, groups %v, want %v", s.Directories, s.Groups, kept)
	}
	// A group of one directory takes members of that directory only.
	g := c.w.Groups()[slices.IndexFunc(c.w.Groups(), func(g sim.GroupState) bool { return g.DirectoryID == other && !g.Synced && !g.Admins })]
	c.admin("POST", "/admin/v2/orgs/{o}/directories/"+other+"/groups/"+g.ID+"/memberships", map[string]any{"accountId": p.AccountID}).must(t, 404)
	c.admin("POST", "/admin/v2/orgs/{o}/directories/"+in[1]+"/groups/"+g.ID+"/memberships", map[string]any{"accountId": p.AccountID}).must(t, 404)
}

// A site sees its own change at once, also while an older change of the organization is still on its way to it.
func TestOwnChangeOverOlderOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 300, Seed: 4, Visible: time.Second, SiteVisible: time.Minute})
		first, _ := c.w.GroupNamed("empty-group")
		second, _ := c.w.GroupNamed("leavers-2019")
		p := c.active(func(p sim.PersonState) bool { _, listed := c.listedOnSite(p.AccountID); return listed })
		c.admin("POST", "/admin/v2/orgs/{o}/directories/{d}/groups/"+first.ID+"/memberships", map[string]any{"accountId": p.AccountID}).must(t, 204)
		if _, member := c.onSite(p.AccountID, first.ID); member {
			t.Error("the site sees the organization's change at once")
		}
		c.site("POST", "/rest/api/3/group/user?groupId="+second.ID, map[string]any{"accountId": p.AccountID}).must(t, 201)
		if _, member := c.onSite(p.AccountID, second.ID); !member {
			t.Error("the site does not see its own change")
		}
	})
}
