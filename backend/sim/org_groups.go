package sim

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// groupItem is a group as the v2 calls show it.
type groupItem struct {
	ID               string           `json:"id"`
	Name             string           `json:"name"`
	Description      string           `json:"description"`
	DirectoryID      string           `json:"directoryId"`
	ExternalSynced   bool             `json:"externalSynced"`
	ManagedBy        string           `json:"managedBy"`
	ManagementAccess managementAccess `json:"managementAccess"`
	Counts           *groupCountsItem `json:"counts,omitempty"`
	Links            selfLink         `json:"links"`
}

type managementAccess struct {
	Deletable  bool `json:"deletable"`
	Modifiable bool `json:"modifiable"`
	Readable   bool `json:"readable"`
}

type groupCountsItem struct {
	Users     *int `json:"users,omitempty"`
	Resources *int `json:"resources,omitempty"`
}

// groupQuery is the body of groups/search.
type groupQuery struct {
	Cursor         *string  `json:"cursor,omitempty"`
	Limit          *int     `json:"limit,omitempty"`
	Expand         []string `json:"expand,omitempty"`
	AccountIDs     []string `json:"accountIds,omitempty"`
	DirectoryIDs   []string `json:"directoryIds,omitempty"`
	RoleIDs        []string `json:"roleIds,omitempty"`
	ResourceOwners []string `json:"resourceOwners,omitempty"`
	ResourceIDs    []string `json:"resourceIds,omitempty"`
	GroupIDs       []string `json:"groupIds,omitempty"`
	GroupNames     []string `json:"groupNames,omitempty"`
	SearchTerm     *string  `json:"searchTerm,omitempty"`
	SortBy         []sortBy `json:"sortBy,omitempty"`
}

func (q *groupQuery) check(most int) error {
	for name, values := range map[string][]string{
		"expand": q.Expand, "accountIds": q.AccountIDs, "directoryIds": q.DirectoryIDs, "roleIds": q.RoleIDs, "resourceOwners": q.ResourceOwners,
		"resourceIds": q.ResourceIDs, "groupIds": q.GroupIDs, "groupNames": q.GroupNames,
	} {
		if values != nil && (len(values) == 0 || len(values) > most) {
			return fmt.Errorf("%s must have 1 to %d items", name, most)
		}
	}
	if q.GroupNames != nil && (q.SearchTerm != nil || q.GroupIDs != nil) {
		return fmt.Errorf("groupNames excludes searchTerm and groupIds")
	}
	for _, e := range q.Expand {
		if e != "counts.users" && e != "counts.resources" {
			return fmt.Errorf("expand has the unknown value %q", e)
		}
	}
	for _, s := range q.SortBy {
		if s.Field != "name" {
			return fmt.Errorf("cannot sort by %q", s.Field)
		}
	}
	return nil
}

const defaultGroups = 20 // rows of groups/search when no limit is given

func searchGroups(c *call) reply {
	var q groupQuery
	if err := json.Unmarshal(c.body, &q); err != nil {
		return adminError(http.StatusBadRequest, "ADMIN-400-24", "The request body cannot be read")
	}
	from := 0
	if q.Cursor != nil && *q.Cursor != "" {
		cur, rep, valid := c.position(*q.Cursor)
		if !valid || !q.resume(cur.Query) {
			if valid {
				rep = badCursor()
			}
			return rep
		}
		from = cur.Position
	}
	if err := q.check(c.w.cfg.MaxFilter); err != nil {
		return badRequest(err.Error())
	}
	limit := defaultGroups
	if q.Limit != nil {
		limit = *q.Limit
	}
	if limit < 1 || limit > c.w.cfg.MaxPage {
		return badRequest("limit is out of range")
	}
	found, known := c.findGroups(&q)
	if !known {
		return adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found")
	}
	rows, l := window(c, found, from, limit, q.canonical(), false)
	items := make([]groupItem, len(rows))
	for n, g := range rows {
		items[n] = c.groupItem(g, q.Expand)
	}
	return ok(page[groupItem]{items, l})
}

func (q *groupQuery) canonical() string {
	bare := *q
	bare.Cursor, bare.Limit = nil, nil
	return string(encode(bare))
}

// resume accepts a cursor alone or with the filters it was made for.
func (q *groupQuery) resume(made string) bool {
	bare := *q
	bare.Cursor, bare.Limit = nil, nil
	if !reflect.DeepEqual(bare, groupQuery{}) {
		return q.canonical() == made
	}
	cursor, limit := q.Cursor, q.Limit
	if json.Unmarshal([]byte(made), q) != nil {
		return false
	}
	q.Cursor, q.Limit = cursor, limit
	return true
}

// findGroups lists the matching groups by number. known is false for a directory that does not exist.
func (c *call) findGroups(q *groupQuery) (found []int, known bool) {
	f, known := c.filter(&userQuery{DirectoryIDs: q.DirectoryIDs, AccountIDs: q.AccountIDs, ResourceIDs: q.ResourceIDs})
	if !known {
		return nil, false
	}
	for g := range c.w.groups {
		if f.scope&(1<<c.w.groups[g].directory) != 0 && c.w.groups[g].exists(viewOrg, c.now) && c.matchGroup(g, q, f) {
			found = append(found, g)
		}
	}
	if len(q.SortBy) > 0 {
		slices.SortStableFunc(found, func(a, b int) int {
			n := strings.Compare(c.w.groups[a].name, c.w.groups[b].name)
			if q.SortBy[0].Direction == "desc" {
				return -n
			}
			return n
		})
	}
	return found, true
}

func (c *call) matchGroup(g int, q *groupQuery, f *userFilter) bool {
	w := c.w
	gr := &w.groups[g]
	if q.GroupIDs != nil && !slices.Contains(q.GroupIDs, gr.id) {
		return false
	}
	if q.GroupNames != nil && !slices.ContainsFunc(q.GroupNames, func(n string) bool { return strings.EqualFold(n, gr.name) }) {
		return false
	}
	if q.SearchTerm != nil && !strings.Contains(strings.ToLower(gr.name), strings.ToLower(*q.SearchTerm)) {
		return false
	}
	if q.AccountIDs != nil && !slices.ContainsFunc(f.people, func(i int) bool { return w.people[i].at(viewOrg, c.now).in(g) }) {
		return false
	}
	if q.RoleIDs == nil && q.ResourceIDs == nil && q.ResourceOwners == nil {
		return true
	}
	return slices.ContainsFunc(gr.grants, func(x grant) bool {
		return (q.RoleIDs == nil || slices.Contains(q.RoleIDs, x.role)) && (q.ResourceIDs == nil || f.apps&(1<<x.app) != 0) &&
			(q.ResourceOwners == nil || slices.Contains(q.ResourceOwners, w.apps[x.app].kind.typeKey))
	})
}

func (c *call) groupItem(g int, expand []string) groupItem {
	gr := &c.w.groups[g]
	item := groupItem{
		ID: gr.id, Name: gr.name, Description: gr.description, DirectoryID: c.w.directories[gr.directory].id,
		ExternalSynced: gr.kind == groupSynced, ManagedBy: gr.managedBy(),
		ManagementAccess: managementAccess{Deletable: gr.deletable(), Modifiable: gr.modifiable(), Readable: true},
	}
	item.Links.Self = "https://" + apiHost + "/admin/v2/orgs/" + c.w.orgID + "/directories/" + item.DirectoryID + "/groups/" + gr.id
	for _, e := range expand {
		if item.Counts == nil {
			item.Counts = &groupCountsItem{}
		}
		switch e {
		case "counts.users":
			n := c.w.memberCount(g, viewOrg, c.now)
			item.Counts.Users = &n
		case "counts.resources":
			var apps uint64
			for _, x := range gr.grants {
				apps |= 1 << x.app
			}
			n := bits.OnesCount64(apps)
			item.Counts.Resources = &n
		}
	}
	return item
}

func (g *group) managedBy() string {
	switch g.kind {
	case groupSynced:
		return "external"
	case groupTeam:
		return "team-members"
	default:
		return "admins"
	}
}

func (g *group) modifiable() bool { return g.kind != groupSynced }

func (g *group) deletable() bool { return g.kind == groupPlain || g.kind == groupTeam }
