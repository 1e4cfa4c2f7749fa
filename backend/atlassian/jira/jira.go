// Package jira makes the calls of Jira Cloud's REST API (version 3) about people, groups and licenses, and holds their wire types.
//
// It decides nothing about people: what the fields mean is for the source above it.
package jira

import (
	"context"
	"encoding/json"
	"strconv"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

const (
	userPage  = 1000 // the documented maximum of users/search
	listPage  = PageSize
	leastPage = 10 // below it a slow server gets no more help
	maxPages  = 100_000
	idlePages = 3 // pages in a row without anybody new: the server goes round in circles
)

// PageSize is the documented maximum of group/member and the default of group/bulk.
const PageSize = 50

// Client makes calls to one site.
type Client struct{ rest *atlassian.Client }

// New makes a client.
func New(rest *atlassian.Client) *Client { return &Client{rest: rest} }

// REST is the client underneath.
func (c *Client) REST() *atlassian.Client { return c.rest }

// Hurried is the same client for a user who waits: reads are tried only twice.
func (c *Client) Hurried() *Client { return &Client{rest: c.rest.Hurried()} }

// Myself reads the account that the token belongs to.
func (c *Client) Myself(ctx context.Context) (User, error) {
	var u User
	if err := c.get(ctx, atlassian.Get("/rest/api/3/myself"), &u); err != nil {
		return User{}, err
	}
	if u.AccountID == "" {
		return User{}, atlassian.Contract("the account has no id")
	}
	return u, nil
}

// Permissions tells which of the named global permissions the token has, e.g. ADMINISTER, USER_PICKER.
func (c *Client) Permissions(ctx context.Context, names ...string) (map[string]bool, error) {
	var body struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	list := ""
	for i, n := range names {
		if i > 0 {
			list += ","
		}
		list += n
	}
	if err := c.get(ctx, atlassian.Get("/rest/api/3/mypermissions").With("permissions", list), &body); err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for name, p := range body.Permissions {
		have[name] = p.Have
	}
	return have, nil
}

// ServerInfo tells what kind of Jira answers.
func (c *Client) ServerInfo(ctx context.Context) (ServerInfo, error) {
	var s ServerInfo
	return s, c.get(ctx, atlassian.Get("/rest/api/3/serverInfo"), &s)
}

// CloudID is the site's id; the call is made without the credential.
func (c *Client) CloudID(ctx context.Context) (string, error) {
	var body struct {
		CloudID string `json:"cloudId"`
	}
	call := atlassian.Get("/_edge/tenant_info")
	call.NoSecret = true
	if err := c.get(ctx, call, &body); err != nil {
		return "", err
	}
	if atlassian.CheckID("cloud id", body.CloudID) != nil {
		return "", atlassian.Contract("the site has no cloud id")
	}
	return body.CloudID, nil
}

// Person reads one account with its groups. Somebody who is gone is NotFound.
func (c *Client) Person(ctx context.Context, accountID string) (User, error) {
	var u User
	call := atlassian.Get("/rest/api/3/user").With("accountId", accountID, "expand", "groups")
	if err := c.get(ctx, call, &u); err != nil {
		return User{}, err
	}
	if u.AccountID != accountID {
		return User{}, atlassian.Contract("it is about another account than the one asked for")
	}
	if u.Groups == nil || u.Groups.Size > len(u.Groups.Items) {
		groups, err := c.GroupsOf(ctx, accountID)
		if err != nil {
			return User{}, err
		}
		u.Groups = &GroupItems{Size: len(groups), Items: groups}
	}
	return u, nil
}

// GroupsOf lists the groups of one account.
func (c *Client) GroupsOf(ctx context.Context, accountID string) ([]GroupRef, error) {
	answer, err := c.rest.Read(ctx, atlassian.Get("/rest/api/3/user/groups").With("accountId", accountID))
	if err != nil {
		return nil, err //nolint:wrapcheck // a domain error with its receipt
	}
	return atlassian.Rows[GroupRef](answer.Body) //nolint:wrapcheck // as above
}

// Roles lists the apps of the site with their groups and seats.
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	answer, err := c.rest.Read(ctx, atlassian.Get("/rest/api/3/applicationrole"))
	if err != nil {
		return nil, err //nolint:wrapcheck // a domain error with its receipt
	}
	return atlassian.Rows[Role](answer.Body) //nolint:wrapcheck // as above
}

// License tells the plan of each app.
func (c *Client) License(ctx context.Context) (License, error) {
	var l License
	return l, c.get(ctx, atlassian.Get("/rest/api/3/instance/license"), &l)
}

// WalkUsers reads all accounts of the site page by page; visit gets people who were not there before.
// A page may be shorter than asked for before the end, so only an empty page ends the list; as the site has no count to compare
// with, the empty page is asked for a second time before it is believed.
func (c *Client) WalkUsers(ctx context.Context, visit func([]User) error) error {
	seen := map[string]bool{}
	size, start, idle, empty := userPage, 0, 0, false
	for range maxPages {
		answer, err := c.rest.Read(ctx, atlassian.Get("/rest/api/3/users/search").
			With("startAt", strconv.Itoa(start), "maxResults", strconv.Itoa(size)))
		if err != nil {
			if e := domain.AsError(err); e.Code == domain.Conflict && size > leastPage { // "took more than 10 s"
				size = max(leastPage, size/2)
				continue
			}
			return err //nolint:wrapcheck // a domain error with its receipt
		}
		rows, err := atlassian.Rows[User](answer.Body)
		if err != nil {
			return err //nolint:wrapcheck // as above
		}
		if len(rows) == 0 {
			if empty {
				return nil
			}
			empty = true
			continue
		}
		empty = false
		start += len(rows)
		fresh := rows[:0]
		for _, u := range rows {
			if !seen[u.AccountID] {
				seen[u.AccountID] = true
				fresh = append(fresh, u)
			}
		}
		if idle++; len(fresh) > 0 {
			idle = 0
		}
		if idle >= idlePages {
			return atlassian.Contract("a page of the list came twice")
		}
		if err := visit(fresh); err != nil {
			return err
		}
	}
	return atlassian.Contract("the list does not end")
}

// TryUsers reads one account, to see whether the token may.
func (c *Client) TryUsers(ctx context.Context) error {
	var rows []json.RawMessage
	return c.get(ctx, atlassian.Get("/rest/api/3/users/search").With("startAt", "0", "maxResults", "1"), &rows)
}

// TryGroups reads one group, to see whether the token may.
func (c *Client) TryGroups(ctx context.Context) error {
	var p page
	return c.get(ctx, atlassian.Get("/rest/api/3/group/bulk").With("startAt", "0", "maxResults", "1"), &p)
}

// Groups lists all groups; total is the site's own count, -1 when it tells none.
func (c *Client) Groups(ctx context.Context) (groups []GroupRef, total int, err error) {
	at := map[string]bool{}
	total = -1
	err = c.walkPages(ctx, atlassian.Get("/rest/api/3/group/bulk"), 0, -1, func(p page) error {
		rows, err := atlassian.Rows[GroupRef](p.Values)
		if err != nil {
			return err //nolint:wrapcheck // a domain error
		}
		if p.Total != nil {
			total = *p.Total
		}
		for _, g := range rows {
			if !at[g.GroupID] {
				at[g.GroupID] = true
				groups = append(groups, g)
			}
		}
		return nil
	})
	return groups, total, err
}

// ReadMembers reads the members of a group, inactive ones included, whose places in the list are from <= place < to; to < 0 is all
// the rest. visit gets each page and may get a person twice. total is the group's size as of the last page, -1 when it is not told.
func (c *Client) ReadMembers(ctx context.Context, groupID string, from, to int, visit func([]User)) (total int, err error) {
	total = -1
	call := atlassian.Get("/rest/api/3/group/member").With("groupId", groupID, "includeInactiveUsers", "true")
	err = c.walkPages(ctx, call, from, to, func(p page) error {
		rows, err := atlassian.Rows[User](p.Values)
		if err != nil {
			return err //nolint:wrapcheck // a domain error
		}
		if p.Total != nil {
			total = *p.Total
		}
		visit(rows)
		return nil
	})
	return total, err
}

// page is one page of the lists that tell their position.
type page struct {
	StartAt *int            `json:"startAt"`
	Total   *int            `json:"total"`
	IsLast  *bool           `json:"isLast"`
	Values  json.RawMessage `json:"values"`
}

// walkPages reads from a place on, to the place to or, when that is negative, to the end. It goes on by what was received, because
// a server may give fewer rows than asked for.
func (c *Client) walkPages(ctx context.Context, call atlassian.Call, from, to int, visit func(page) error) error {
	start := from
	for range maxPages {
		size := listPage
		if to >= 0 {
			size = min(size, to-start)
		}
		var p page
		if err := c.get(ctx, call.With("startAt", strconv.Itoa(start), "maxResults", strconv.Itoa(size)), &p); err != nil {
			return err
		}
		var rows []json.RawMessage
		if p.Values == nil || json.Unmarshal(p.Values, &rows) != nil || rows == nil {
			return atlassian.Contract("the list is missing")
		}
		if p.StartAt != nil && *p.StartAt != start {
			return atlassian.Contract("it is another page than the one asked for")
		}
		if err := visit(p); err != nil {
			return err
		}
		start += len(rows)
		if p.over(start, len(rows)) || (to >= 0 && start >= to) {
			return nil
		}
		if len(rows) == 0 {
			return atlassian.Contract("a page in the middle of the list is empty")
		}
	}
	return atlassian.Contract("the list does not end")
}

// over tells whether the list has ended at place start after a page of that many rows.
func (p page) over(start, rows int) bool {
	switch {
	case p.IsLast != nil:
		return *p.IsLast
	case p.Total != nil:
		return start >= *p.Total
	}
	return rows == 0
}

// AddMember puts a person into a group.
func (c *Client) AddMember(ctx context.Context, groupID, accountID string) (domain.Receipt, error) {
	call := atlassian.Post(map[string]string{"accountId": accountID}, "/rest/api/3/group/user").With("groupId", groupID)
	return c.change(ctx, call, groupID, accountID)
}

// RemoveMember takes a person out of a group.
func (c *Client) RemoveMember(ctx context.Context, groupID, accountID string) (domain.Receipt, error) {
	call := atlassian.Delete("/rest/api/3/group/user").With("groupId", groupID, "accountId", accountID)
	return c.change(ctx, call, groupID, accountID)
}

func (c *Client) change(ctx context.Context, call atlassian.Call, groupID, accountID string) (domain.Receipt, error) {
	if err := atlassian.CheckID("group id", groupID); err != nil {
		return domain.Receipt{}, err //nolint:wrapcheck // a domain error that says it all
	}
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return domain.Receipt{}, err //nolint:wrapcheck // as above
	}
	return c.rest.Write(ctx, call) //nolint:wrapcheck // as above
}

func (c *Client) get(ctx context.Context, call atlassian.Call, out any) error {
	answer, err := c.rest.Read(ctx, call)
	if err != nil {
		return err //nolint:wrapcheck // a domain error with its receipt
	}
	return answer.Decode(out) //nolint:wrapcheck // as above
}
