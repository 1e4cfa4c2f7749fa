package sim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// siteUserBody is a person as a site shows it.
type siteUserBody struct {
	Self             string            `json:"self"`
	Key              string            `json:"key"`
	AccountID        string            `json:"accountId"`
	AccountType      string            `json:"accountType"`
	Name             string            `json:"name"`
	EmailAddress     string            `json:"emailAddress,omitempty"`
	AvatarURLs       map[string]string `json:"avatarUrls"`
	DisplayName      string            `json:"displayName"`
	Active           bool              `json:"active"`
	TimeZone         string            `json:"timeZone,omitempty"`
	Locale           string            `json:"locale,omitempty"`
	Groups           *siteGroupList    `json:"groups,omitempty"`
	ApplicationRoles *siteRoleList     `json:"applicationRoles,omitempty"`
	Expand           string            `json:"expand,omitempty"`
}

type siteGroupList struct {
	Size  int             `json:"size"`
	Items []siteGroupName `json:"items"`
}

type siteGroupName struct {
	GroupID string `json:"groupId"`
	Name    string `json:"name"`
	Self    string `json:"self"`
}

type siteRoleList struct {
	Size  int            `json:"size"`
	Items []siteRoleName `json:"items"`
}

type siteRoleName struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

var avatars = map[string]string{"16x16": picture, "24x24": picture, "32x32": picture, "48x48": picture}

func (c *call) siteURL() string { return "https://" + c.w.sites[c.site].host }

// activeOn tells whether the site lets the person in.
func (w *World) activeOn(site int, p *person, s *state) bool {
	if s.account != accountActive {
		return false
	}
	if p.kind == kindApp || p.kind == kindCustomer {
		return true
	}
	dir := uint64(1) << w.sites[site].directory
	return s.member&dir != 0 && s.suspended&dir == 0
}

// siteUserItem shows person i. Only a single user has lists of groups and roles, and only an expanded one has them filled.
func (c *call) siteUserItem(i int, expand []string) siteUserBody {
	u := c.siteUserRow(i)
	s := c.w.people[i].at(viewSite, c.now)
	u.TimeZone = places[c.w.people[i].place].zone
	u.Groups, u.ApplicationRoles, u.Expand = &siteGroupList{Items: []siteGroupName{}}, &siteRoleList{Items: []siteRoleName{}}, "groups,applicationRoles"
	groups, roles := c.siteGroupsOf(s), c.siteRolesOf(s)
	u.Groups.Size, u.ApplicationRoles.Size = len(groups), len(roles)
	if slices.Contains(expand, "groups") {
		u.Groups.Items = groups
	}
	if slices.Contains(expand, "applicationRoles") {
		u.ApplicationRoles.Items = roles
	}
	return u
}

// siteUserRow shows person i as a row of a list.
func (c *call) siteUserRow(i int) siteUserBody {
	w, p := c.w, &c.w.people[i]
	s := p.at(viewSite, c.now)
	id := w.accountID(i)
	u := siteUserBody{
		Self: c.siteURL() + "/rest/api/3/user?accountId=" + url.QueryEscape(id), AccountID: id, AccountType: "atlassian",
		AvatarURLs: avatars, DisplayName: p.name, Active: w.activeOn(c.site, p, s), Locale: "en_US",
	}
	if !p.hidden {
		u.EmailAddress = p.email
	}
	switch p.kind {
	case kindApp:
		u.AccountType = "app"
	case kindCustomer:
		u.AccountType = "customer"
	case kindFormer:
		u.AccountType = "unknown"
	default:
	}
	return u
}

func (c *call) groupName(g int) siteGroupName {
	gr := &c.w.groups[g]
	return siteGroupName{gr.id, gr.name, c.siteURL() + "/rest/api/3/group?groupId=" + gr.id}
}

func (c *call) siteGroupsOf(s *state) []siteGroupName {
	out := []siteGroupName{}
	for _, g := range s.groups {
		if c.seesGroup(int(g)) {
			out = append(out, c.groupName(int(g)))
		}
	}
	return out
}

func (c *call) siteRolesOf(s *state) []siteRoleName {
	out := []siteRoleName{}
	open := c.w.billable(s)
	for a := range c.w.apps {
		if c.w.apps[a].site == c.site && open&(1<<a) != 0 && c.w.apps[a].kind.jira && !c.w.apps[a].sandbox {
			out = append(out, siteRoleName{c.w.apps[a].kind.typeKey, c.w.apps[a].kind.typ})
		}
	}
	return out
}

// paging reads startAt and maxResults. More than most is cut down to most, as Jira does.
func (c *call) paging(standard, most int) (from, limit int, valid bool) {
	limit = standard
	for name, target := range map[string]*int{"startAt": &from, "maxResults": &limit} {
		if s := c.query.Get(name); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return 0, 0, false
			}
			*target = n
		}
	}
	return from, min(limit, most), true
}

func badPaging() reply {
	return jiraRefusal(http.StatusBadRequest, "startAt and maxResults must be numbers from 0.")
}

func noBrowse() reply {
	return jiraRefusal(http.StatusForbidden, "Browse users and groups permission is required to view users.")
}

// siteUsers is a bare list of all accounts, whose pages may be shorter than asked for before the end.
func siteUsers(c *call) reply {
	if !c.browses() {
		return noBrowse()
	}
	from, limit, valid := c.paging(50, 1000)
	if !valid {
		return badPaging()
	}
	accounts := c.w.sites[c.site].accounts
	if hidden := c.w.cfg.HiddenAccounts; hidden > 0 {
		return ok(c.sitePlaces(accounts, hidden, from, limit))
	}
	from = min(from, len(accounts))
	if !c.w.cfg.FullPages && limit > 4 {
		limit -= int(c.w.hash(saltShort, uint64(from)) % 4)
	}
	end := min(from+c.bentLimit(limit), len(accounts))
	out := []siteUserBody{}
	for _, i := range accounts[from:end] {
		out = append(out, c.siteUserRow(int(i)))
	}
	if c.page == FaultPageLost {
		out = out[:len(out)/2]
	}
	return ok(out)
}

// sitePlaces cuts a page by places, of which the hidden ones begin after a third.
func (c *call) sitePlaces(accounts []int32, hidden, from, limit int) []siteUserBody {
	out, first := []siteUserBody{}, len(accounts)/3
	for at := from; at < min(from+limit, len(accounts)+hidden); at++ {
		switch {
		case at < first:
			out = append(out, c.siteUserRow(int(accounts[at])))
		case at >= first+hidden:
			out = append(out, c.siteUserRow(int(accounts[at-hidden])))
		}
	}
	return out
}

const maxSearchable = 1000 // user/search shows no more than the first so many

func siteUserSearch(c *call) reply {
	if !c.browses() {
		return noBrowse()
	}
	from, limit, valid := c.paging(50, 1000)
	term := strings.ToLower(c.query.Get("query"))
	if !valid || term == "" && c.query.Get("accountId") == "" {
		return jiraRefusal(http.StatusBadRequest, "The 'query' or 'accountId' query parameter is required.")
	}
	out, seen := []siteUserBody{}, 0
	for _, i := range c.w.sites[c.site].accounts {
		p := &c.w.people[i]
		hit := strings.Contains(strings.ToLower(p.name), term) || !p.hidden && strings.HasPrefix(strings.ToLower(p.email), term)
		if id := c.query.Get("accountId"); id != "" {
			hit = c.w.accountID(int(i)) == id
		}
		if !hit || !c.w.activeOn(c.site, p, p.at(viewSite, c.now)) {
			continue
		}
		if seen++; seen > from && seen <= maxSearchable && len(out) < limit {
			out = append(out, c.siteUserRow(int(i)))
		}
	}
	return ok(out)
}

// listed finds a person by account id among the site's accounts.
func (c *call) listed(accountID string) (int, bool) {
	i, found := c.w.find(accountID)
	return i, found && c.w.people[i].listed&(1<<c.site) != 0
}

func noSiteUser() reply {
	return jiraRefusal(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
}

func siteUser(c *call) reply {
	if !c.browses() {
		return noBrowse()
	}
	i, found := c.listed(c.query.Get("accountId"))
	if !found {
		return noSiteUser()
	}
	return ok(c.siteUserItem(i, c.expands()))
}

func siteUserGroups(c *call) reply {
	if !c.browses() {
		return noBrowse()
	}
	i, found := c.listed(c.query.Get("accountId"))
	if !found {
		return noSiteUser()
	}
	return ok(c.siteGroupsOf(c.w.people[i].at(viewSite, c.now)))
}

// sitePage is a page of a site's lists.
type sitePage[T any] struct {
	Self       string `json:"self"`
	NextPage   string `json:"nextPage,omitempty"`
	MaxResults int    `json:"maxResults"`
	StartAt    int    `json:"startAt"`
	Total      int    `json:"total"`
	IsLast     bool   `json:"isLast"`
	Values     []T    `json:"values"`
}

// siteWindow cuts a page out of a list and shows its rows.
func siteWindow[A, T any](c *call, all []A, from, limit int, show func(A) T) sitePage[T] {
	from = min(from, len(all))
	end := min(from+c.bentLimit(limit), len(all))
	link := func(at int) string {
		q := url.Values{}
		maps.Copy(q, c.query)
		q.Set("startAt", strconv.Itoa(at))
		q.Set("maxResults", strconv.Itoa(limit))
		return c.siteURL() + c.route.template + "?" + q.Encode()
	}
	p := sitePage[T]{Self: link(from), MaxResults: limit, StartAt: from, Total: len(all), IsLast: end >= len(all), Values: []T{}}
	for _, a := range all[from:end] {
		p.Values = append(p.Values, show(a))
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
	return p
}

func siteUserBulk(c *call) reply {
	from, limit, valid := c.paging(10, 200)
	ids := c.query["accountId"]
	if !valid || len(ids) == 0 {
		return jiraRefusal(http.StatusBadRequest, "The 'accountId' query parameter is required.")
	}
	all := []int{}
	for _, id := range ids {
		if i, found := c.listed(id); found && !slices.Contains(all, i) {
			all = append(all, i)
		}
	}
	return ok(siteWindow(c, all, from, limit, c.siteUserRow))
}
