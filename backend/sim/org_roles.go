package sim

import (
	"encoding/json"
	"net/http"
	"slices"
)

// roleItem is what a person may do with one resource, and how the person came by it.
type roleItem struct {
	DirectoryID         string       `json:"directoryId"`
	ResourceID          string       `json:"resourceId"`
	ResourceOwner       string       `json:"resourceOwner"`
	Roles               []string     `json:"roles"`
	RoleAssignments     []roleMethod `json:"roleAssignments"`
	UserDirectoryStatus string       `json:"userDirectoryStatus"`
}

type roleMethod struct {
	Role    string   `json:"role"`
	Methods []string `json:"roleAssignmentMethods"`
}

// add notes one way to a role.
func (r *roleItem) add(role, method string) {
	if !slices.Contains(r.Roles, role) {
		r.Roles = append(r.Roles, role)
		r.RoleAssignments = append(r.RoleAssignments, roleMethod{Role: role})
	}
	m := &r.RoleAssignments[slices.IndexFunc(r.RoleAssignments, func(m roleMethod) bool { return m.Role == role })]
	if !slices.Contains(m.Methods, method) {
		m.Methods = append(m.Methods, method)
	}
}

func listUserRoles(c *call) reply {
	f, known := c.filter(&userQuery{DirectoryIDs: c.query["directoryIds"]})
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	limit, valid := c.limitOf("limit", 20)
	if !valid {
		return badRequest("limit must be between 1 and 100")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	_, p, found := c.person(c.vars["accountId"])
	if !found || !f.visible(p, p.at(viewOrg, c.now)) {
		return noUser()
	}
	all := f.roleItems(p.at(viewOrg, c.now))
	all = slices.DeleteFunc(all, func(r roleItem) bool {
		ids, owners, roles := c.query["resourceIds"], c.query["resourceOwners"], c.query["roleIds"]
		return len(ids) > 0 && !slices.Contains(ids, r.ResourceID) || len(owners) > 0 && !slices.Contains(owners, r.ResourceOwner) ||
			len(roles) > 0 && !slices.ContainsFunc(roles, func(id string) bool { return slices.Contains(r.Roles, id) })
	})
	data, l := window(c, all, cur.Position, limit, "", false)
	return ok(page[roleItem]{data, l})
}

// roleItems lists the apps that the state has a role on.
func (f *userFilter) roleItems(s *state) []roleItem {
	w := f.w
	all := []roleItem{}
	for a := range w.apps {
		dir := w.sites[w.apps[a].site].directory
		if f.scope&(1<<dir) == 0 {
			continue
		}
		r := roleItem{DirectoryID: w.directories[dir].id, ResourceID: w.apps[a].ari, ResourceOwner: w.apps[a].kind.typeKey, UserDirectoryStatus: "active"}
		if s.suspended&(1<<dir) != 0 {
			r.UserDirectoryStatus = "suspended"
		}
		for _, g := range s.direct {
			if g.app == a {
				r.add(g.role, "direct")
			}
		}
		for _, g := range s.groups {
			for _, gr := range w.groups[g].grants {
				if gr.app == a {
					r.add(gr.role, "group_direct")
				}
			}
		}
		if len(r.Roles) > 0 {
			all = append(all, r)
		}
	}
	return all
}

type roleRequest struct {
	Role     string `json:"role"`
	Resource string `json:"resource"`
}

var knownRoles = []string{
	roleUser, roleAdmin, roleUserAccessAdmin, roleOrgAdmin, roleSiteAdmin, "atlassian/guest", "atlassian/customer",
	"atlassian/contributor", "atlassian/basic", "atlassian/stakeholder", "atlassian/ai-access",
}

func uamError(status int, code, detail string) reply {
	return adminError(status, "ADMIN-UAM-"+code, detail)
}

// roleCall reads the person, the app and the role of a direct assignment.
func (c *call) roleCall() (i int, g grant, rep reply, valid bool) {
	var q roleRequest
	if json.Unmarshal(c.body, &q) != nil || !slices.Contains(knownRoles, q.Role) {
		return 0, grant{}, uamError(http.StatusBadRequest, "400-1", "The role is invalid"), false
	}
	i, p, found := c.person(c.vars["accountId"])
	if !found || !c.w.insider(i) || p.account == accountClosed {
		return 0, grant{}, uamError(http.StatusNotFound, "404-1", "User not found"), false
	}
	a := slices.IndexFunc(c.w.apps, func(a app) bool { return a.ari == q.Resource })
	if a < 0 {
		return 0, grant{}, uamError(http.StatusNotFound, "404-2", "Resource not found"), false
	}
	return i, grant{a, q.Role}, reply{}, true
}

func assignRole(c *call) reply {
	i, g, rep, valid := c.roleCall()
	if !valid {
		return rep
	}
	to := c.w.people[i].state
	if slices.Contains(to.direct, g) {
		c.applied(false)
		return noContent()
	}
	if to.account != accountActive {
		return uamError(http.StatusConflict, "409-1", "The account is deactivated")
	}
	to.direct = append(slices.Clone(to.direct), g)
	if c.w.full(&c.w.people[i].state, &to) >= 0 {
		return uamError(http.StatusConflict, "409-3", "The license limit is reached")
	}
	c.w.set(i, to, byOrg, c.now)
	c.applied(true)
	return noContent()
}

// revokeRole takes a role that was given to the person. One that comes through a group stays.
func revokeRole(c *call) reply {
	i, g, rep, valid := c.roleCall()
	if !valid {
		return rep
	}
	to := c.w.people[i].state
	at := slices.Index(to.direct, g)
	if at >= 0 {
		to.direct = slices.Delete(slices.Clone(to.direct), at, at+1)
		c.w.set(i, to, byOrg, c.now)
	}
	c.applied(at >= 0)
	return noContent()
}

func assignOrgAdmin(c *call) reply { return c.setOrgAdmin(true) }
func revokeOrgAdmin(c *call) reply { return c.setOrgAdmin(false) }

// setOrgAdmin gives or takes the organization admin role, which is membership of the org-admins group too.
func (c *call) setOrgAdmin(on bool) reply {
	var q roleRequest
	if json.Unmarshal(c.body, &q) != nil || q.Role != roleOrgAdmin {
		return uamError(http.StatusBadRequest, "400-1", "The role is invalid")
	}
	i, p, found := c.person(c.vars["accountId"])
	if !found || !c.w.insider(i) || p.member == 0 {
		return uamError(http.StatusNotFound, "404-1", "User not found")
	}
	was := c.w.isOrgAdmin(&p.state)
	to := p.state
	to.orgAdmin = on
	for g := range c.w.groups {
		if c.w.groups[g].kind == groupOrgAdmins && !on {
			to = withoutGroup(to, g)
		}
	}
	if was != on {
		c.w.set(i, to, byOrg, c.now)
	}
	c.applied(was != on)
	return noContent()
}
