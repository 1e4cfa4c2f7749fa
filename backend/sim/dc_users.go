package sim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dcUserBody is a user as Data Center shows it.
type dcUserBody struct {
	Self             string            `json:"self"`
	Key              string            `json:"key"`
	Name             string            `json:"name"`
	EmailAddress     string            `json:"emailAddress"`
	AvatarURLs       map[string]string `json:"avatarUrls"`
	DisplayName      string            `json:"displayName"`
	Active           bool              `json:"active"`
	Deleted          *bool             `json:"deleted,omitempty"`
	TimeZone         string            `json:"timeZone"`
	Locale           string            `json:"locale,omitempty"`
	LastLoginTime    string            `json:"lastLoginTime,omitempty"`
	Groups           *dcNames          `json:"groups,omitempty"`
	ApplicationRoles *dcNames          `json:"applicationRoles,omitempty"`
	Expand           string            `json:"expand,omitempty"`
}

// dcNames is a list that is filled only when it was asked for.
type dcNames struct {
	Size  int   `json:"size"`
	Items []any `json:"items"`
}

type dcGroupName struct {
	Name string `json:"name"`
	Self string `json:"self"`
}

func (c *call) dcBase() string { return "https://" + c.dc.host + dcContext }

// dcUserRow shows a user as a row of a search or a group.
func (c *call) dcUserRow(i int) dcUserBody {
	u := &c.dc.users[i]
	return dcUserBody{
		Self: c.dcBase() + "/rest/api/2/user?username=" + url.QueryEscape(u.name), Key: u.key, Name: u.name, EmailAddress: u.email,
		AvatarURLs: avatars, DisplayName: u.display, Active: u.active, TimeZone: u.zone,
	}
}

// dcListedUser adds what user/search and user/list tell beyond a group's members, and what only administrators see.
func (c *call) dcListedUser(i int) dcUserBody {
	row := c.dcUserRow(i)
	row.Locale, row.Deleted = "en_US", &c.dc.users[i].deleted
	return row
}

func (c *call) dcLogin(row *dcUserBody, i int) {
	if last := c.dc.users[i].lastLogin; last != 0 && c.dc.administers(c.dcUser) {
		row.LastLoginTime = unix(last).Format("2006-01-02T15:04:05-0700")
	}
}

// dcOneUser shows a single user.
func (c *call) dcOneUser(i int) dcUserBody {
	u := c.dcListedUser(i)
	c.dcLogin(&u, i)
	groups, roles := []any{}, []any{}
	for _, g := range c.dc.users[i].groups {
		name := c.dc.groups[g].name
		groups = append(groups, dcGroupName{name, c.dcBase() + "/rest/api/2/group?groupname=" + url.QueryEscape(name)})
	}
	for _, r := range c.dc.roles {
		if c.dc.opens(i, r) && c.dc.users[i].active {
			roles = append(roles, siteRoleName{r.key, r.name})
		}
	}
	u.Groups, u.ApplicationRoles, u.Expand = &dcNames{len(groups), []any{}}, &dcNames{len(roles), []any{}}, "groups,applicationRoles"
	if slices.Contains(c.expands(), "groups") {
		u.Groups.Items = groups
	}
	if slices.Contains(c.expands(), "applicationRoles") {
		u.ApplicationRoles.Items = roles
	}
	return u
}

func dcMyself(c *call) reply { return ok(c.dcOneUser(c.dcUser)) }

func noDCUser(name string) reply {
	return jiraRefusal(http.StatusNotFound, "The user named '"+name+"' does not exist")
}

// dcAsked finds the user of the query; the reply is the refusal.
func (c *call) dcAsked() (int, reply, bool) {
	key, name := c.query.Get("key"), c.query.Get("username")
	if key == "" && name == "" {
		return 0, jiraRefusal(http.StatusBadRequest, "Either the 'username' or the 'key' query parameters need to be provided"), false
	}
	i, found := c.dc.user(key, name)
	if !found || c.dc.users[i].deleted && c.query.Get("includeDeleted") != "true" {
		return 0, noDCUser(key + name), false
	}
	return i, reply{}, true
}

func dcGetUser(c *call) reply {
	i, refusal, found := c.dcAsked()
	if !found {
		return refusal
	}
	return ok(c.dcOneUser(i))
}

type dcListBody struct {
	Self       string       `json:"self"`
	NextPage   string       `json:"nextPage,omitempty"`
	NextCursor string       `json:"nextCursor,omitempty"`
	MaxResults int          `json:"maxResults"`
	IsLast     bool         `json:"isLast"`
	Values     []dcUserBody `json:"values"`
}

// dcUserList lists all users, active or not, page by page.
func dcUserList(c *call) reply {
	limit, from := c.w.cfg.DataCenter.ListPage, 0
	if s := c.query.Get("maxResults"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return badPaging()
		}
		limit = min(n, limit)
	}
	if s := c.query.Get("cursor"); s != "" {
		data, err := base64.URLEncoding.DecodeString(s)
		if err == nil {
			from, err = strconv.Atoi(strings.TrimPrefix(string(data), "user:"))
		}
		if err != nil || from < 0 {
			return jiraRefusal(http.StatusBadRequest, "The cursor is not valid.")
		}
	}
	all := c.dc.listed()
	from = min(from, len(all))
	end := min(from+c.bentLimit(limit), len(all))
	self := c.dcBase() + c.route.template + "?" + c.query.Encode()
	p := dcListBody{Self: self, MaxResults: limit, IsLast: end >= len(all), Values: []dcUserBody{}}
	for _, i := range all[from:end] {
		row := c.dcListedUser(i)
		c.dcLogin(&row, i)
		p.Values = append(p.Values, row)
	}
	if next := end; !p.IsLast {
		if c.page == FaultPageRepeat {
			next = from
		}
		p.NextCursor = base64.URLEncoding.EncodeToString([]byte("user:" + strconv.Itoa(next)))
		p.NextPage = c.dcBase() + c.route.template + "?cursor=" + p.NextCursor + "&maxResults=" + strconv.Itoa(limit)
	}
	switch c.page {
	case FaultPageLost:
		p.Values = p.Values[:len(p.Values)/2]
	case FaultPageEnd:
		p.IsLast, p.NextPage, p.NextCursor = true, "", ""
	default:
	}
	return ok(p)
}

// dcUserSearch finds users by the beginning of a name, of a word of the displayed name, or of the e-mail address. "." and "%" find all.
// Whatever is asked, nobody beyond the first SearchShows is found.
func dcUserSearch(c *call) reply {
	term := strings.ToLower(c.query.Get("username"))
	if term == "" {
		return jiraRefusal(http.StatusBadRequest, "The username query parameter was not provided")
	}
	from, limit, valid := c.paging(50, maxSearchable)
	if !valid {
		return badPaging()
	}
	out, seen := []dcUserBody{}, 0
	limit = c.bentLimit(limit)
	for _, i := range c.dc.listed() {
		u := &c.dc.users[i]
		wanted := u.active && c.query.Get("includeActive") != "false" || !u.active && c.query.Get("includeInactive") == "true"
		if !wanted || !u.found(term) {
			continue
		}
		if seen++; seen > from && seen <= c.w.cfg.DataCenter.SearchShows && len(out) < limit {
			out = append(out, c.dcListedUser(i))
		}
	}
	if c.page == FaultPageLost {
		out = out[:len(out)/2]
	}
	return ok(out)
}

func (u *dcUser) found(term string) bool {
	if term == "." || term == "%" || strings.HasPrefix(strings.ToLower(u.name), term) || strings.HasPrefix(strings.ToLower(u.email), term) {
		return true
	}
	return slices.ContainsFunc(strings.Fields(strings.ToLower(u.display)), func(word string) bool { return strings.HasPrefix(word, term) })
}

func dcDuplicated(*call) reply { return ok(map[string]any{}) }

// dcWrite is the body of creating and editing a user.
type dcWrite struct {
	Name            *string  `json:"name"`
	EmailAddress    *string  `json:"emailAddress"`
	DisplayName     *string  `json:"displayName"`
	Active          *bool    `json:"active"`
	ApplicationKeys []string `json:"applicationKeys"`
}

// dcInvalid refuses a field of the body.
func dcInvalid(status int, field, text string) reply {
	return reply{status: status, value: jiraError{[]string{}, map[string]string{field: text}}}
}

// dcEditUser changes what the body names. Nobody of a read-only directory can be changed, and nobody can lock himself out.
func dcEditUser(c *call) reply {
	var body dcWrite
	if !c.hasJSON() {
		return reply{status: http.StatusUnsupportedMediaType, body: []byte{}}
	}
	if json.Unmarshal(c.body, &body) != nil {
		return jiraRefusal(http.StatusBadRequest, "The request body is not valid.")
	}
	i, refusal, found := c.dcAsked()
	if !found {
		return refusal
	}
	u := &c.dc.users[i]
	if dcDirectories[u.directory].readOnly {
		return dcInvalid(c.w.cfg.DataCenter.ReadOnlyStatus, "active", "Cannot edit user, as the user's directory is read only.")
	}
	if body.Active != nil && !*body.Active && i == c.dcUser {
		return dcInvalid(http.StatusBadRequest, "active", "You cannot deactivate the currently logged in user.")
	}
	before := *u
	for target, value := range map[*string]*string{&u.email: body.EmailAddress, &u.display: body.DisplayName} {
		if value != nil {
			*target = *value
		}
	}
	if body.Active != nil {
		u.active = *body.Active
	}
	if body.Name != nil && *body.Name != u.name {
		c.dc.rename(i, *body.Name)
	}
	c.applied(before.active != u.active || before.email != u.email || before.display != u.display || before.name != u.name)
	return ok(c.dcOneUser(i))
}

func dcCreateUser(c *call) reply {
	var body dcWrite
	if json.Unmarshal(c.body, &body) != nil || body.Name == nil || *body.Name == "" || body.EmailAddress == nil || body.DisplayName == nil {
		return dcInvalid(http.StatusBadRequest, "username", "You must specify a username.")
	}
	if _, taken := c.dc.user("", *body.Name); taken {
		return dcInvalid(http.StatusBadRequest, "username", "A user with that username already exists.")
	}
	i := c.dc.add(dcUser{key: c.dc.newKey(), name: *body.Name, email: *body.EmailAddress, display: *body.DisplayName, zone: "UTC", active: true})
	for _, key := range body.ApplicationKeys {
		for _, r := range c.dc.roles {
			if r.key == key {
				c.dc.setMember(i, r.groups[len(r.groups)-1], true)
			}
		}
	}
	c.applied(true)
	return reply{status: http.StatusCreated, value: c.dcOneUser(i)}
}

// dcDeleteUser takes the account away; who wrote something cannot be deleted. Here that is whoever has ever signed in.
func dcDeleteUser(c *call) reply {
	i, refusal, found := c.dcAsked()
	if !found {
		return refusal
	}
	u := &c.dc.users[i]
	switch {
	case dcDirectories[u.directory].readOnly:
		return jiraRefusal(c.w.cfg.DataCenter.ReadOnlyStatus, "Cannot delete user, as the user's directory is read only.")
	case u.lastLogin != 0:
		return jiraRefusal(http.StatusBadRequest, "Cannot delete user '"+u.name+"' because they have reported or are assigned to issues.")
	}
	for _, g := range slices.Clone(u.groups) {
		c.dc.setMember(i, g, false)
	}
	u.deleted, u.active = true, false
	c.applied(true)
	return noContent()
}

func dcServerInfo(c *call) reply {
	version, numbers, build := "11.0.1", []int{11, 0, 1}, 1100001
	if c.w.cfg.DataCenter.NoUserList {
		version, numbers, build = "9.12.15", []int{9, 12, 15}, 912015
	}
	kind := "Data Center"
	if c.w.cfg.DataCenter.Server {
		kind = "Server"
	}
	return ok(map[string]any{
		"baseUrl": c.dcBase(), "version": version, "versionNumbers": numbers, "deploymentType": kind, "buildNumber": build,
		"buildDate": jiraTime(c.w.created.AddDate(0, -2, 0)), "databaseBuildNumber": build, "serverTime": jiraTime(time.Unix(0, c.now)),
		"scmInfo": "3e0b7d9c2f1a4c55b0a1c0de", "serverTitle": "Acme " + strings.ToUpper(c.dc.name[:1]) + c.dc.name[1:],
	})
}

// dcPermissions lists all global permissions, whatever is asked for.
func dcPermissions(c *call) reply {
	admin := c.dc.administers(c.dcUser)
	item := func(id, key, name string, have bool) permissionItem {
		return permissionItem{id, key, name, "GLOBAL", name + ".", have}
	}
	return ok(map[string]any{"permissions": map[string]permissionItem{
		"ADMINISTER":   item("0", "ADMINISTER", "Jira Administrators", admin),
		"SYSTEM_ADMIN": item("44", "SYSTEM_ADMIN", "Jira System Administrators", admin),
		"USER_PICKER":  item("27", "USER_PICKER", "Browse Users", true),
		"BULK_CHANGE":  item("33", "BULK_CHANGE", "Bulk Change", true),
	}})
}
