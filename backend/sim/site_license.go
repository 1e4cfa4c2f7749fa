package sim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

type applicationRoleBody struct {
	Key                  string          `json:"key"`
	Name                 string          `json:"name"`
	Groups               []string        `json:"groups"`
	GroupDetails         []siteGroupName `json:"groupDetails"`
	DefaultGroups        []string        `json:"defaultGroups"`
	DefaultGroupsDetails []siteGroupName `json:"defaultGroupsDetails"`
	SelectedByDefault    bool            `json:"selectedByDefault"`
	Defined              bool            `json:"defined"`
	NumberOfSeats        int             `json:"numberOfSeats"`
	RemainingSeats       int             `json:"remainingSeats"`
	UserCount            int             `json:"userCount"`
	UserCountDescription string          `json:"userCountDescription"`
	HasUnlimitedSeats    bool            `json:"hasUnlimitedSeats"`
	Platform             bool            `json:"platform"`
}

func noAdmin(text string) reply { return jiraRefusal(http.StatusForbidden, text) }

// jiraApps are the site's apps that Jira has an application role for.
func (c *call) jiraApps() []int {
	var out []int
	for a := range c.w.apps {
		if c.w.apps[a].site == c.site && c.w.apps[a].kind.jira && !c.w.apps[a].sandbox {
			out = append(out, a)
		}
	}
	return out
}

func applicationRoles(c *call) reply {
	if !c.administers() {
		return noAdmin("You are not authorized to perform this action. Administrator privileges are required.")
	}
	w := c.w
	out := []applicationRoleBody{}
	for _, a := range c.jiraApps() {
		app := &w.apps[a]
		r := applicationRoleBody{
			Key: app.kind.typeKey, Name: app.kind.typ, Groups: []string{}, GroupDetails: []siteGroupName{}, DefaultGroups: []string{},
			DefaultGroupsDetails: []siteGroupName{}, SelectedByDefault: app.kind.typeKey == "jira-software", Defined: true,
			NumberOfSeats: app.seatLimit(), UserCount: app.used, UserCountDescription: strconv.Itoa(app.used) + " users",
		}
		r.RemainingSeats = r.NumberOfSeats - r.UserCount
		for g := range w.groups {
			if !c.seesGroup(g) || w.groups[g].access&(1<<a) == 0 {
				continue
			}
			r.Groups, r.GroupDetails = append(r.Groups, w.groups[g].name), append(r.GroupDetails, c.groupName(g))
			if w.groups[g].kind == groupDefault {
				r.DefaultGroups, r.DefaultGroupsDetails = append(r.DefaultGroups, w.groups[g].name), append(r.DefaultGroupsDetails, c.groupName(g))
			}
		}
		out = append(out, r)
	}
	return ok(out)
}

// seatLimit is the number of seats, which is the plan's ceiling unless fewer were bought.
func (a *app) seatLimit() int {
	if a.seats > 0 {
		return a.seats
	}
	return a.capacity
}

type licensedApplication struct {
	ID   string `json:"id"`
	Plan string `json:"plan"`
}

func instanceLicense(c *call) reply {
	out := []licensedApplication{}
	for _, a := range c.jiraApps() {
		plan := "PAID"
		if c.w.apps[a].plan == "Free" {
			plan = "FREE"
		}
		out = append(out, licensedApplication{c.w.apps[a].kind.typeKey, plan})
	}
	return ok(map[string]any{"applications": out})
}

type licenseMetric struct {
	Key   string `json:"key"`
	Value string `json:"value"` // a number in a string
}

const onlyAdmins = "Only Jira administrators can access license details."

func licenseCount(c *call) reply {
	if !c.administers() {
		return noAdmin(onlyAdmins)
	}
	var mask uint64
	for _, a := range c.jiraApps() {
		mask |= 1 << a
	}
	n := 0
	for i := range c.w.people {
		if c.w.billable(&c.w.people[i].state)&mask != 0 {
			n++
		}
	}
	return ok(licenseMetric{"license.totalApproximateUserCount", strconv.Itoa(n)})
}

func licenseCountOf(c *call) reply {
	if !c.administers() {
		return noAdmin(onlyAdmins)
	}
	key := c.vars["key"]
	at := slices.IndexFunc(c.jiraApps(), func(a int) bool { return strings.EqualFold(c.w.apps[a].kind.typeKey, key) })
	n := 0
	if at >= 0 {
		n = c.w.apps[c.jiraApps()[at]].used
	}
	return ok(licenseMetric{"license." + key + ".approximateUserCount", strconv.Itoa(n)})
}
