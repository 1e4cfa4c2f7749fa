package sim_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/sim"
)

// shown is what the organization's reads say about a person and a group.
func (c *client) shown(accountID, groupID string) (status string, member bool, count int) {
	c.t.Helper()
	rows := c.search(usersPath, map[string]any{"accountIds": []string{accountID}, "expand": []string{"groups"}})
	if len(rows) != 1 {
		return "", false, 0
	}
	var g struct {
		Data struct {
			Counts struct{ Users int }
		}
	}
	c.admin("GET", "/admin/v2/orgs/{o}/directories/-/groups/"+groupID, nil).must(c.t, 200).into(c.t, &g)
	listed := c.search(usersPath, map[string]any{"groupIds": []string{groupID}})
	if len(listed) != g.Data.Counts.Users {
		c.t.Errorf("%d members are listed and %d counted", len(listed), g.Data.Counts.Users)
	}
	for _, x := range rows[0].Groups {
		member = member || strings.HasSuffix(x.ID, groupID)
	}
	if member != slices.ContainsFunc(listed, func(u userRow) bool { return u.AccountID == accountID }) {
		c.t.Error("the expand and the listing of the group differ")
	}
	return rows[0].Status, member, g.Data.Counts.Users
}

// onSite is what the first site says about the same.
func (c *client) onSite(accountID, groupID string) (active, member bool) {
	c.t.Helper()
	var u struct {
		Active bool
		Groups struct{ Items []struct{ GroupID string } }
	}
	c.site("GET", "/rest/api/3/user?expand=groups&accountId="+url.QueryEscape(accountID), nil).must(c.t, 200).into(c.t, &u)
	for _, g := range u.Groups.Items {
		member = member || g.GroupID == groupID
	}
	return u.Active, member
}

// A change is true at once, seen by the organization after one delay and by the sites after another.
func TestDelayedVisibility(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 300, Seed: 3, Visible: 10 * time.Second, SiteVisible: time.Minute})
		g, _ := c.w.GroupNamed("jira-contractors-acme")
		p := c.active(func(p sim.PersonState) bool { return len(p.Apps) > 1 && !slices.Contains(p.Groups, g.ID) })
		_, _, before := c.shown(p.AccountID, g.ID)
		c.admin("POST", usersPath+"/"+p.AccountID+"/suspend", `{}`).must(t, 204)
		c.admin("POST", "/admin/v2/orgs/{o}/directories/{d}/groups/"+g.ID+"/memberships", map[string]any{"accountId": p.AccountID}).must(t, 204)
		if s, _ := c.w.State(p.AccountID); s.Status != "suspended" || !c.w.MemberOf(p.AccountID, g.ID) {
			t.Errorf("in truth the person is %s", s.Status)
		}
		check := func(status string, member bool, count int, active, siteMember bool) {
			t.Helper()
			if s, m, n := c.shown(p.AccountID, g.ID); s != status || m != member || n != count {
				t.Errorf("the organization shows %s, member %v, %d members; want %s, %v, %d", s, m, n, status, member, count)
			}
			if a, m := c.onSite(p.AccountID, g.ID); a != active || m != siteMember {
				t.Errorf("the site shows active %v, member %v; want %v, %v", a, m, active, siteMember)
			}
		}
		check("active", false, before, true, false)
		time.Sleep(9 * time.Second)
		check("active", false, before, true, false)
		time.Sleep(2 * time.Second)
		check("suspended", true, before+1, true, false)
		time.Sleep(time.Minute)
		check("suspended", true, before+1, false, true)
		if n := c.w.Unsettled(); n != 0 {
			t.Errorf("%d people keep a past that nobody sees", n)
		}
	})
}

// Several changes within the delay come into view one after the other, in their order.
func TestChangesComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 100, Seed: 3, Visible: 10 * time.Second})
		p := c.active(nil)
		g := c.w.Groups()[0].ID
		for _, verb := range []string{"suspend", "restore", "suspend"} {
			c.admin("POST", usersPath+"/"+p.AccountID+"/"+verb, `{}`).must(t, 204)
			time.Sleep(4 * time.Second)
		}
		var seen []string
		for range 8 {
			s, _, _ := c.shown(p.AccountID, g)
			seen = append(seen, s)
			time.Sleep(2 * time.Second)
		}
		if got := fmt.Sprint(slices.Compact(seen)); got != "[suspended active suspended]" {
			t.Errorf("seen %v", seen)
		}
	})
}

// What a site changes it sees at once; the organization sees it later. Then both agree.
func TestSiteAndOrganizationAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 300, Sites: 2, Seed: 4, SiteVisible: time.Minute})
		g, _ := c.w.GroupNamed("jira-contractors-acme")
		p := c.active(func(p sim.PersonState) bool {
			_, listed := c.listedOnSite(p.AccountID)
			return listed && !slices.Contains(p.Groups, g.ID)
		})
		c.site("POST", "/rest/api/3/group/user?groupId="+g.ID, map[string]any{"accountId": p.AccountID}).must(t, 201)
		c.site("POST", "/rest/api/3/group/user?groupId="+g.ID, map[string]any{"accountId": p.AccountID}).must(t, 400)
		if _, member := c.onSite(p.AccountID, g.ID); !member {
			t.Error("the site does not see its own change")
		}
		if _, member, _ := c.shown(p.AccountID, g.ID); member {
			t.Error("the organization sees the site's change at once")
		}
		time.Sleep(time.Minute)
		if _, member, _ := c.shown(p.AccountID, g.ID); !member {
			t.Error("the organization never sees the site's change")
		}
		c.site("DELETE", "/rest/api/3/group/user?groupId="+g.ID+"&accountId="+url.QueryEscape(p.AccountID), nil).must(t, 200)
		if _, member := c.onSite(p.AccountID, g.ID); member {
			t.Error("the site does not see that it removed the member")
		}
	})
}

func (c *client) listedOnSite(accountID string) (answer, bool) {
	a := c.site("GET", "/rest/api/3/user?accountId="+url.QueryEscape(accountID), nil)
	return a, a.status == 200
}

// A new group has no id in the answer and is found by its name after the delay; a deleted one stays in view as long.
func TestGroupsComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 100, Visible: 20 * time.Second})
		groups := "/admin/v2/orgs/{o}/directories/{d}/groups"
		if a := c.admin("POST", groups, map[string]any{"name": "newcomers"}).must(t, 201); len(a.body) != 0 {
			t.Errorf("the answer has a body: %s", a.body)
		}
		find := func() (ids []string) {
			var p struct{ Data []struct{ ID string } }
			c.admin("POST", groups+"/search", map[string]any{"groupNames": []string{"Newcomers"}}).must(t, 200).into(t, &p)
			for _, g := range p.Data {
				ids = append(ids, g.ID)
			}
			return ids
		}
		if len(find()) != 0 {
			t.Error("the group is there at once")
		}
		time.Sleep(21 * time.Second)
		found := find()
		if len(found) != 1 {
			t.Fatalf("%d groups", len(found))
		}
		c.admin("POST", groups, map[string]any{"name": "newcomers"}).must(t, 409)
		c.admin("DELETE", groups+"/"+found[0], nil).must(t, 204)
		if len(find()) != 1 {
			t.Error("the deleted group is gone at once")
		}
		c.admin("DELETE", groups+"/"+found[0], nil).must(t, 404)
		time.Sleep(21 * time.Second)
		if len(find()) != 0 {
			t.Error("the deleted group stays")
		}
	})
}

// A removed person loses the groups, is gone for the organization unless managed, and stays on the site's list.
func TestRemove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{People: 600, Visible: 5 * time.Second})
		for _, managed := range []bool{true, false} {
			p := c.active(func(p sim.PersonState) bool { return p.Managed == managed && len(p.Apps) > 0 })
			path := usersPath + "/" + p.AccountID
			c.admin("DELETE", path, nil).must(t, 204)
			c.admin("GET", path, nil).must(t, 200)
			time.Sleep(6 * time.Second)
			c.admin("GET", path, nil).must(t, 404)
			c.admin("DELETE", path, nil).must(t, 404)
			s, _ := c.w.State(p.AccountID)
			if len(s.Groups) != 0 || len(s.Apps) != 0 || len(s.Directories) != 0 {
				t.Errorf("the removed person keeps %v %v", s.Groups, s.Apps)
			}
			outside := c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"accountIds": []string{p.AccountID}})
			if managed && (len(outside) != 1 || outside[0].Status != "not_invited" || outside[0].MembershipStatus != "no_membership") || !managed && len(outside) != 0 {
				t.Errorf("managed %v: the organization shows %+v", managed, outside)
			}
			if _, listed := c.listedOnSite(p.AccountID); !listed {
				t.Error("the site has forgotten the person")
			}
		}
	})
}
