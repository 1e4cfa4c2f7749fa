package sim

import (
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// seesGroup tells whether the group is of the site's directory and visible there.
func (c *call) seesGroup(g int) bool {
	gr := &c.w.groups[g]
	return gr.directory == c.w.sites[c.site].directory && gr.exists(viewSite, c.now)
}

func (c *call) siteGroupList() []int {
	var all []int
	for g := range c.w.groups {
		if c.seesGroup(g) {
			all = append(all, g)
		}
	}
	return all
}

type siteGroupDetails struct {
	GroupID string `json:"groupId"`
	Name    string `json:"name"`
}

func siteGroups(c *call) reply {
	if !c.browses() {
		return jiraRefusal(http.StatusForbidden, "Browse users and groups permission is required to view groups.")
	}
	from, limit, valid := c.paging(50, 1000)
	if !valid {
		return badPaging()
	}
	ids, names, key, access := c.query["groupId"], c.query["groupName"], c.query.Get("applicationKey"), c.query.Get("accessType")
	role, known := map[string]string{"": "", "user": roleUser, "admin": roleAdmin, "site-admin": roleSiteAdmin}[access]
	if !known || key != "" && access == "" {
		return jiraRefusal(http.StatusBadRequest, "accessType is invalid.")
	}
	all := slices.DeleteFunc(c.siteGroupList(), func(g int) bool {
		gr := &c.w.groups[g]
		grants := func(x grant) bool {
			return x.role == role && c.w.apps[x.app].site == c.site && (key == "" || c.w.apps[x.app].kind.typeKey == key)
		}
		return len(ids) > 0 && !slices.Contains(ids, gr.id) || len(names) > 0 && !slices.Contains(names, gr.name) ||
			role == roleSiteAdmin && !c.administersSite(g) ||
			role != "" && role != roleSiteAdmin && !slices.ContainsFunc(gr.grants, grants)
	})
	return ok(siteWindow(c, all, from, limit, func(g int) siteGroupDetails {
		return siteGroupDetails{c.w.groups[g].id, c.w.groups[g].name}
	}))
}

// siteGroup finds the group of the query by id or name, which exclude each other.
func (c *call) siteGroup() (int, reply, bool) {
	id, name := c.query.Get("groupId"), c.query.Get("groupname")
	if (id == "") == (name == "") {
		return 0, jiraRefusal(http.StatusBadRequest, "Either groupId or groupname must be given, and not both."), false
	}
	for g := range c.w.groups {
		if gr := &c.w.groups[g]; c.seesGroup(g) && (gr.id == id || id == "" && gr.name == name) {
			return g, reply{}, true
		}
	}
	return 0, jiraRefusal(http.StatusNotFound, "The group does not exist."), false
}

// siteMember is a member of a group; the lists of a single user are missing from it, and so is the locale.
type siteMember struct {
	Self         string            `json:"self"`
	Name         string            `json:"name"`
	Key          string            `json:"key"`
	AccountID    string            `json:"accountId"`
	AccountType  string            `json:"accountType"`
	EmailAddress string            `json:"emailAddress,omitempty"`
	AvatarURLs   map[string]string `json:"avatarUrls"`
	DisplayName  string            `json:"displayName"`
	Active       bool              `json:"active"`
	TimeZone     string            `json:"timeZone"`
}

func (c *call) siteMember(i int32) siteMember {
	u := c.siteUserRow(int(i))
	return siteMember{u.Self, "", "", u.AccountID, u.AccountType, u.EmailAddress, u.AvatarURLs, u.DisplayName, u.Active, places[c.w.people[i].place].zone}
}

func siteMembers(c *call) reply {
	if !c.browses() {
		return noBrowse()
	}
	from, limit, valid := c.paging(50, 50)
	if !valid {
		return badPaging()
	}
	all := c.w.sites[c.site].accounts
	if !c.everybody {
		g, rep, found := c.siteGroup()
		if !found {
			return rep
		}
		all = c.w.memberList(g, viewSite, c.now)
	}
	if c.query.Get("includeInactiveUsers") != "true" {
		active := make([]int32, 0, len(all))
		for _, i := range all {
			if p := &c.w.people[i]; c.w.activeOn(c.site, p, p.at(viewSite, c.now)) {
				active = append(active, i)
			}
		}
		all = active
	}
	return ok(siteWindow(c, all, from, limit, c.siteMember))
}

// siteGroupBody is the answer to adding a member. The list of its members is cut off.
type siteGroupBody struct {
	Name    string `json:"name"`
	GroupID string `json:"groupId"`
	Self    string `json:"self"`
	Users   struct {
		Size       int          `json:"size"`
		Items      []siteMember `json:"items"`
		MaxResults int          `json:"max-results"`
		StartIndex int          `json:"start-index"`
		EndIndex   int          `json:"end-index"`
	} `json:"users"`
	Expand string `json:"expand"`
}

// siteAdminOnly refuses who may not administer the site, and groups that come from outside.
func (c *call) siteAdminOnly(g int) (reply, bool) {
	if !c.siteAdmin() {
		return jiraRefusal(http.StatusForbidden, "You do not have permission to administer groups."), false
	}
	if c.w.groups[g].kind == groupSynced {
		return jiraRefusal(http.StatusForbidden, "The group is managed by an external directory and cannot be changed."), false
	}
	return reply{}, true
}

func addSiteMember(c *call) reply {
	var q struct {
		AccountID string `json:"accountId"`
	}
	if json.Unmarshal(c.body, &q) != nil || q.AccountID == "" {
		return jiraRefusal(http.StatusBadRequest, "accountId is missing.")
	}
	g, rep, found := c.siteGroup()
	if !found {
		return rep
	}
	if rep, may := c.siteAdminOnly(g); !may {
		return rep
	}
	i, exists := c.w.find(q.AccountID)
	if !exists || !c.w.insider(i) || c.w.people[i].member&(1<<c.w.groups[g].directory) == 0 {
		return noSiteUser()
	}
	from := &c.w.people[i].state
	to := withGroup(*from, g)
	if a := c.w.full(from, &to); a >= 0 {
		return jiraRefusal(http.StatusBadRequest, "The license limit of "+c.w.apps[a].kind.typ+" is exceeded.")
	}
	changed := !from.in(g)
	if !changed {
		return jiraRefusal(http.StatusBadRequest, "User is already a member of '"+c.w.groups[g].name+"'.")
	}
	c.w.set(i, to, bySite, c.now)
	c.applied(true)
	n := c.groupName(g)
	body := siteGroupBody{Name: n.Name, GroupID: n.GroupID, Self: n.Self, Expand: "users"}
	body.Users.Items, body.Users.MaxResults = []siteMember{}, 50
	body.Users.Size = c.w.memberCount(g, viewSite, c.now)
	return reply{status: http.StatusCreated, value: body}
}

func removeSiteMember(c *call) reply {
	g, rep, found := c.siteGroup()
	if !found {
		return rep
	}
	if rep, may := c.siteAdminOnly(g); !may {
		return rep
	}
	i, exists := c.w.find(c.query.Get("accountId"))
	if !exists {
		return noSiteUser()
	}
	if !c.w.people[i].in(g) {
		return jiraRefusal(http.StatusBadRequest, "Cannot remove user from '"+c.w.groups[g].name+"' since user is not a member.")
	}
	c.w.set(i, withoutGroup(c.w.people[i].state, g), bySite, c.now)
	c.applied(true)
	return reply{status: http.StatusOK}
}

type pickerBody struct {
	Header string        `json:"header"`
	Total  int           `json:"total"`
	Groups []pickedGroup `json:"groups"`
}

type pickedGroup struct {
	Name      string        `json:"name"`
	HTML      string        `json:"html"`
	Labels    []pickerLabel `json:"labels"`
	GroupID   string        `json:"groupId"`
	ManagedBy string        `json:"managedBy"`
}

type pickerLabel struct {
	Text  string `json:"text"`
	Title string `json:"title"`
	Type  string `json:"type"`
}

// groupPicker has no paging. Without a credential it answers with an empty list instead of a refusal.
func groupPicker(c *call) reply {
	_, limit, valid := c.paging(20, 1000)
	if !valid {
		return badPaging()
	}
	out := pickerBody{Groups: []pickedGroup{}}
	query := strings.ToLower(c.query.Get("query"))
	for _, g := range c.siteGroupList() {
		gr := &c.w.groups[g]
		if !c.browses() || !strings.Contains(strings.ToLower(gr.name), query) {
			continue
		}
		if out.Total++; len(out.Groups) >= limit {
			continue
		}
		item := pickedGroup{Name: gr.name, HTML: html.EscapeString(gr.name), Labels: []pickerLabel{}, GroupID: gr.id, ManagedBy: "ADMINS"}
		if gr.kind == groupSynced {
			item.ManagedBy = "EXTERNAL"
		}
		if gr.kind == groupAdmins || gr.kind == groupOrgAdmins {
			item.Labels = append(item.Labels, pickerLabel{"Admin", "Users in this group can administer the product", "ADMIN"})
		}
		out.Groups = append(out.Groups, item)
	}
	out.Header = "Showing " + strconv.Itoa(len(out.Groups)) + " of " + strconv.Itoa(out.Total) + " matching groups"
	return ok(out)
}
