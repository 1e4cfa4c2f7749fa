package sim

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// dcAskedGroup finds the group of the query; the reply is the refusal.
func (c *call) dcAskedGroup() (int, reply, bool) {
	name := c.query.Get("groupname")
	if name == "" {
		return 0, jiraRefusal(http.StatusBadRequest, "You must specify a group name."), false
	}
	g, found := c.dc.group(name)
	if !found {
		return 0, jiraRefusal(http.StatusNotFound, "The group named '"+name+"' does not exist."), false
	}
	return g, reply{}, true
}

// dcMembers is a page of a group's members. A page is never larger than MemberPage.
func dcMembers(c *call) reply {
	from, limit, valid := c.paging(50, c.w.cfg.DataCenter.MemberPage)
	if !valid {
		return badPaging()
	}
	var all, members []int
	if c.everybody {
		for i := range c.dc.users {
			members = append(members, i)
		}
	} else {
		g, refusal, found := c.dcAskedGroup()
		if !found {
			return refusal
		}
		members = c.dc.groups[g].members
	}
	for _, i := range members {
		if c.dc.users[i].active || c.query.Get("includeInactiveUsers") == "true" {
			all = append(all, i)
		}
	}
	from = min(from, len(all))
	end := min(from+c.bentLimit(limit), len(all))
	link := func(at int) string {
		q := url.Values{"groupname": {c.query.Get("groupname")}, "includeInactiveUsers": {c.query.Get("includeInactiveUsers")}}
		q.Set("startAt", strconv.Itoa(at))
		q.Set("maxResults", strconv.Itoa(limit))
		return c.dcBase() + c.route.template + "?" + q.Encode()
	}
	p := sitePage[dcUserBody]{Self: link(from), MaxResults: limit, StartAt: from, Total: len(all), IsLast: end >= len(all), Values: []dcUserBody{}}
	for _, i := range all[from:end] {
		p.Values = append(p.Values, c.dcUserRow(i))
	}
	if !p.IsLast {
		p.NextPage = link(end)
	}
	switch c.page {
	case FaultPageLost:
		p.Values = p.Values[:len(p.Values)/2]
	case FaultPageEnd:
		p.IsLast, p.NextPage = true, ""
	case FaultPageRepeat:
		p.NextPage = p.Self
	default:
	}
	return ok(p)
}

// dcGroupBody is a group as creating it and adding a member answer it.
type dcGroupBody struct {
	Name  string `json:"name"`
	Self  string `json:"self"`
	Users struct {
		Size       int   `json:"size"`
		Items      []any `json:"items"`
		MaxResults int   `json:"max-results"`
		StartIndex int   `json:"start-index"`
		EndIndex   int   `json:"end-index"`
	} `json:"users"`
	Expand string `json:"expand"`
}

func (c *call) dcGroupBody(g int) reply {
	b := dcGroupBody{Name: c.dc.groups[g].name, Self: c.dcBase() + "/rest/api/2/group?groupname=" + url.QueryEscape(c.dc.groups[g].name), Expand: "users"}
	b.Users.Size, b.Users.Items, b.Users.MaxResults = len(c.dc.groups[g].members), []any{}, 50
	return reply{status: http.StatusCreated, value: b}
}

func dcSyncedGroup() reply {
	return jiraRefusal(http.StatusBadRequest, "Cannot edit group, as the group's directory is read only.")
}

func dcAddMember(c *call) reply {
	var body struct {
		Name string `json:"name"`
	}
	g, refusal, found := c.dcAskedGroup()
	if !found {
		return refusal
	}
	if json.Unmarshal(c.body, &body) != nil || body.Name == "" {
		return jiraRefusal(http.StatusBadRequest, "You must specify a username.")
	}
	i, exists := c.dc.user("", body.Name)
	if !exists || c.dc.users[i].deleted {
		return noDCUser(body.Name)
	}
	if c.dc.groups[g].synced {
		return dcSyncedGroup()
	}
	if !c.dc.setMember(i, g, true) {
		return jiraRefusal(http.StatusBadRequest, fmt.Sprintf("Cannot add user. '%s' is already a member of '%s'.", body.Name, c.dc.groups[g].name))
	}
	c.applied(true)
	return c.dcGroupBody(g)
}

func dcRemoveMember(c *call) reply {
	g, refusal, found := c.dcAskedGroup()
	if !found {
		return refusal
	}
	name := c.query.Get("username")
	i, exists := c.dc.user("", name)
	switch {
	case !exists:
		return noDCUser(name)
	case c.dc.groups[g].synced:
		return dcSyncedGroup()
	case !c.dc.setMember(i, g, false):
		return jiraRefusal(http.StatusBadRequest, fmt.Sprintf("Cannot remove user '%s' from group '%s' since user is not a member of '%s'", name, c.dc.groups[g].name, c.dc.groups[g].name))
	}
	c.applied(true)
	return reply{status: http.StatusOK, value: map[string]any{}}
}

func dcCreateGroup(c *call) reply {
	var body struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(c.body, &body) != nil || strings.TrimSpace(body.Name) == "" {
		return jiraRefusal(http.StatusBadRequest, "You must specify a group name.")
	}
	if _, taken := c.dc.group(body.Name); taken {
		return jiraRefusal(http.StatusBadRequest, "A group or user with this name already exists.")
	}
	c.dc.groups = append(c.dc.groups, dcGroup{name: body.Name})
	c.applied(true)
	return c.dcGroupBody(len(c.dc.groups) - 1)
}

func dcDeleteGroup(c *call) reply {
	g, refusal, found := c.dcAskedGroup()
	if !found {
		return refusal
	}
	switch {
	case c.dc.groups[g].synced:
		return dcSyncedGroup()
	case c.dc.groups[g].admins:
		return jiraRefusal(http.StatusBadRequest, "You cannot delete a group that would leave you without administration rights.")
	}
	for _, i := range slices.Clone(c.dc.groups[g].members) {
		c.dc.setMember(i, g, false)
	}
	c.dc.groups[g].deleted = true
	c.applied(true)
	return reply{status: http.StatusOK, value: map[string]any{}}
}

type dcPicked struct {
	Name   string        `json:"name"`
	HTML   string        `json:"html"`
	Labels []pickerLabel `json:"labels"`
}

// dcGroupPicker finds groups by any part of their names. It has no paging; total says how many there are.
func dcGroupPicker(c *call) reply {
	_, limit, valid := c.paging(20, c.w.cfg.DataCenter.PickerLimit)
	if !valid {
		return badPaging()
	}
	query := strings.ToLower(c.query.Get("query"))
	found, total := []dcPicked{}, 0
	for i := range c.dc.groups {
		g := &c.dc.groups[i]
		if g.deleted || !strings.Contains(strings.ToLower(g.name), query) {
			continue
		}
		if total++; len(found) >= c.bentLimit(limit) {
			continue
		}
		item := dcPicked{g.name, html.EscapeString(g.name), []pickerLabel{}}
		if g.admins {
			item.Labels = append(item.Labels, pickerLabel{"Admin", "Users in this group will be able to administer Jira.", "ADMIN"})
		}
		found = append(found, item)
	}
	if c.page == FaultPageLost {
		found = found[:len(found)/2]
	}
	return ok(map[string]any{"header": fmt.Sprintf("Showing %d of %d matching groups", len(found), total), "total": total, "groups": found})
}

type dcRoleBody struct {
	Key                  string   `json:"key"`
	Groups               []string `json:"groups"`
	Name                 string   `json:"name"`
	DefaultGroups        []string `json:"defaultGroups"`
	SelectedByDefault    bool     `json:"selectedByDefault"`
	Defined              bool     `json:"defined"`
	NumberOfSeats        int      `json:"numberOfSeats"`
	RemainingSeats       int      `json:"remainingSeats"`
	UserCount            int      `json:"userCount"`
	UserCountDescription string   `json:"userCountDescription"`
	HasUnlimitedSeats    bool     `json:"hasUnlimitedSeats"`
	Platform             bool     `json:"platform"`
}

func (c *call) dcRoleBody(r dcRole) dcRoleBody {
	used := c.dc.seatsTaken(r)
	b := dcRoleBody{
		Key: r.key, Name: r.name, Groups: []string{}, Defined: true, NumberOfSeats: r.seats, RemainingSeats: r.seats - used, UserCount: used,
		UserCountDescription: strconv.Itoa(used) + " users",
	}
	for _, g := range r.groups {
		b.Groups = append(b.Groups, c.dc.groups[g].name)
	}
	b.DefaultGroups = b.Groups[len(b.Groups)-1:]
	return b
}

// dcVersioned adds the version of the roles, which a change of them must name.
func (c *call) dcVersioned(v any) reply {
	return reply{status: http.StatusOK, value: v, header: http.Header{"Etag": {fmt.Sprintf("%q", strconv.FormatUint(mix(uint64(len(encode(v)))), 16))}}}
}

func dcRoles(c *call) reply {
	out := []dcRoleBody{}
	for _, r := range c.dc.roles {
		out = append(out, c.dcRoleBody(r))
	}
	return c.dcVersioned(out)
}

func (c *call) dcAskedRole(key string) (dcRole, bool) {
	i := slices.IndexFunc(c.dc.roles, func(r dcRole) bool { return r.key == key })
	if i < 0 {
		return dcRole{}, false
	}
	return c.dc.roles[i], true
}

func dcRoleOne(c *call) reply {
	r, found := c.dcAskedRole(c.vars["key"])
	if !found {
		return jiraRefusal(http.StatusNotFound, "The application role does not exist.")
	}
	return c.dcVersioned(c.dcRoleBody(r))
}

// dcGrantApplication puts a user into the application's default group, dcRevokeApplication takes the user out of all its groups.
func dcGrantApplication(c *call) reply {
	i, r, refusal, found := c.dcApplication()
	if !found {
		return refusal
	}
	c.applied(c.dc.setMember(i, r.groups[len(r.groups)-1], true))
	return reply{status: http.StatusOK, value: map[string]any{}}
}

func dcRevokeApplication(c *call) reply {
	i, r, refusal, found := c.dcApplication()
	if !found {
		return refusal
	}
	changed := false
	for _, g := range r.groups {
		changed = c.dc.setMember(i, g, false) || changed
	}
	c.applied(changed)
	return noContent()
}

func (c *call) dcApplication() (user int, r dcRole, refusal reply, found bool) {
	user, exists := c.dc.user("", c.query.Get("username"))
	r, known := c.dcAskedRole(c.query.Get("applicationKey"))
	if !exists || !known || c.dc.users[user].deleted {
		return 0, dcRole{}, jiraRefusal(http.StatusBadRequest, "The user or the application does not exist."), false
	}
	return user, r, reply{}, true
}
