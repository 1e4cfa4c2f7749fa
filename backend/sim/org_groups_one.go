package sim

import (
	"encoding/json"
	"net/http"
	"slices"
)

func noGroup() reply { return adminError(http.StatusNotFound, "ADMIN-404-10", "Group not found") }

func noDirectory() reply {
	return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
}

// group finds the group of the path in the directory of the path.
func (c *call) group(v view) (int, reply, bool) {
	f, known := c.filter(&userQuery{})
	if !known {
		return 0, noDirectory(), false
	}
	g, found := c.w.groupByID[c.vars["groupId"]]
	if !found || f.scope&(1<<c.w.groups[g].directory) == 0 || !c.w.groups[g].exists(v, c.now) {
		return 0, noGroup(), false
	}
	return g, reply{}, true
}

func getGroup(c *call) reply {
	g, rep, found := c.group(viewOrg)
	if !found {
		return rep
	}
	return ok(single[groupItem]{c.groupItem(g, []string{"counts.users", "counts.resources"})})
}

func countGroups(c *call) reply {
	q := groupQuery{
		AccountIDs: c.query["accountIds"], DirectoryIDs: c.query["directoryIds"], RoleIDs: c.query["roleIds"], ResourceIDs: c.query["resourceIds"],
		ResourceOwners: c.query["resourceOwners"], GroupIDs: c.query["groupIds"], GroupNames: c.query["groupNames"],
	}
	if s := c.query.Get("searchTerm"); s != "" {
		q.SearchTerm = &s
	}
	if err := q.check(c.w.cfg.MaxFilter); err != nil {
		return badRequest(err.Error())
	}
	found, known := c.findGroups(&q)
	if !known {
		return noDirectory()
	}
	return ok(map[string]int{"count": len(found)})
}

type groupStatsBody struct {
	Types  []groupTypeCount `json:"types"`
	Totals struct {
		All    int `json:"all"`
		Synced int `json:"synced"`
	} `json:"totals"`
}

type groupTypeCount struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

func groupStats(c *call) reply {
	found, known := c.findGroups(&groupQuery{})
	if !known {
		return noDirectory()
	}
	var out groupStatsBody
	for _, g := range found {
		if c.w.groups[g].kind == groupSynced {
			out.Totals.Synced++
		}
	}
	out.Totals.All = len(found)
	out.Types = []groupTypeCount{{"GROUP", len(found)}}
	return ok(out)
}

type groupRoleItem struct {
	ResourceID    string   `json:"resourceId"`
	ResourceOwner string   `json:"resourceOwner"`
	DefaultRole   string   `json:"defaultRole,omitempty"`
	Roles         []string `json:"roles"`
}

func listGroupRoles(c *call) reply {
	g, rep, found := c.group(viewOrg)
	if !found {
		return rep
	}
	limit, valid := c.limitOf("limit", 20)
	if !valid {
		return badRequest("limit must be between 1 and 100")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	w := c.w
	all := []groupRoleItem{}
	for a := range w.apps {
		item := groupRoleItem{ResourceID: w.apps[a].ari, ResourceOwner: w.apps[a].kind.typeKey}
		if w.groups[g].kind == groupDefault {
			item.DefaultRole = roleUser
		}
		for _, x := range w.groups[g].grants {
			if x.app == a {
				item.Roles = append(item.Roles, x.role)
			}
		}
		if ids := c.query["resourceIds"]; len(item.Roles) > 0 && (len(ids) == 0 || slices.Contains(ids, item.ResourceID)) {
			all = append(all, item)
		}
	}
	data, l := window(c, all, cur.Position, limit, "", false)
	return ok(page[groupRoleItem]{data, l})
}

// createGroup answers without a body: the new group's id has to be searched for.
func createGroup(c *call) reply {
	var q struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	if json.Unmarshal(c.body, &q) != nil || q.Name == "" || len(q.Name) > 255 {
		return badRequest("name must have 1 to 255 characters")
	}
	w := c.w
	f, known := c.filter(&userQuery{})
	if !known || c.vars["directoryId"] == "-" {
		return noDirectory()
	}
	dir := slices.IndexFunc(w.directories, func(d directory) bool { return d.id == c.vars["directoryId"] })
	if c.groupNamed(q.Name, f.scope) { // names are unique in a directory
		return adminError(http.StatusConflict, "ADMIN-409-28", "A group with this name exists")
	}
	w.addGroup(dir, q.Name, q.Description, byOrg, c.now)
	c.applied(true)
	return reply{status: http.StatusCreated}
}

func (c *call) groupNamed(name string, scope uint64) bool {
	return slices.ContainsFunc(c.w.groups, func(g group) bool {
		return g.name == name && scope&(1<<g.directory) != 0 && g.until[viewTruth] == 0
	})
}

func (w *World) addGroup(dir int, name, description string, who by, now int64) int {
	g := (&groupBook{w: w}).add(dir, name, description, groupPlain)
	w.groups[g].from = w.until(who, now)
	w.groups[g].from[viewTruth] = now
	w.note(who, now, "group_created", -1, g, -1)
	w.revision++
	return g
}

func deleteGroup(c *call) reply {
	g, rep, found := c.group(viewTruth)
	if !found {
		return rep
	}
	w := c.w
	switch gr := &w.groups[g]; gr.kind {
	case groupDefault:
		return adminError(http.StatusForbidden, "ADMIN-403-6", "A default group cannot be deleted")
	case groupAdmins, groupOrgAdmins:
		return adminError(http.StatusForbidden, "ADMIN-403-7", "A group that grants admin access cannot be deleted")
	case groupSynced:
		return adminError(http.StatusForbidden, "ADMIN-403-5", "The group is managed by the identity provider")
	default:
	}
	w.dropGroup(g, byOrg, c.now)
	c.applied(true)
	return noContent()
}

// dropGroup ends a group; its members leave it first.
func (w *World) dropGroup(g int, who by, now int64) {
	for _, i := range slices.Clone(w.groups[g].members) {
		w.set(int(i), withoutGroup(w.people[i].state, g), who, now)
	}
	w.groups[g].until = w.until(who, now)
	w.groups[g].until[viewTruth] = now
	w.note(who, now, "group_deleted", -1, g, -1)
	w.revision++
}

type groupRoleRequest struct {
	ResourceID string `json:"resourceId"`
	RoleID     string `json:"roleId"`
}

func assignGroupRole(c *call) reply { return c.setGroupRole(true) }
func revokeGroupRole(c *call) reply { return c.setGroupRole(false) }

// setGroupRole gives or takes a role of a group. All members' seats follow.
func (c *call) setGroupRole(on bool) reply {
	g, rep, found := c.group(viewTruth)
	if !found {
		return rep
	}
	w := c.w
	var q groupRoleRequest
	if json.Unmarshal(c.body, &q) != nil || !slices.Contains(knownRoles, q.RoleID) {
		return badRequest("roleId is invalid")
	}
	a := slices.IndexFunc(w.apps, func(a app) bool { return a.ari == q.ResourceID })
	if a < 0 {
		return adminError(http.StatusBadRequest, "ADMIN-400-4", "The resource is invalid")
	}
	x := grant{a, q.RoleID}
	had := slices.Contains(w.groups[g].grants, x)
	if had != on {
		w.seatMembers(g, -1)
		grants := slices.DeleteFunc(slices.Clone(w.groups[g].grants), func(y grant) bool { return x == y })
		if on {
			grants = append(grants, x)
		}
		w.groups[g].grants, w.groups[g].access = grants, accessOf(grants)
		w.seatMembers(g, +1)
		for _, i := range w.groups[g].members {
			w.join(int(i), accessOf(grants))
		}
		w.revision++
	}
	c.applied(had != on)
	if c.w.cfg.AssignStatus != 0 {
		return reply{status: c.w.cfg.AssignStatus, value: struct{}{}}
	}
	return noContent()
}

func (w *World) seatMembers(g, n int) {
	for _, i := range w.groups[g].members {
		w.seat(&w.people[i].state, n)
	}
}
