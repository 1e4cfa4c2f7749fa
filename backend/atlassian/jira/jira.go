// Package jira makes the calls of Jira Cloud's REST API (version 3) about people, groups and licenses, and holds their
// wire types.
//
// It decides nothing about people: what the fields mean is for the source above it.
package jira

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"seatkeeper/backend/atlassian"
)

// Client makes calls to one site.
type Client struct {
	rest    *atlassian.Client // the site's own host
	route   *route            // nil: the site only
	hurried bool
}

// New makes a client.
func New(rest *atlassian.Client) *Client { return &Client{rest: rest} }

// REST is the client underneath.
func (c *Client) REST() *atlassian.Client { return c.rest }

// Hurried is the same client for a user who waits: reads are tried only twice.
func (c *Client) Hurried() *Client {
	return &Client{rest: c.rest.Hurried(), route: c.route, hurried: true}
}

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
	if err := c.get(ctx, atlassian.Get("/rest/api/3/mypermissions").With("permissions", strings.Join(names, ",")), &body); err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for name, p := range body.Permissions {
		have[name] = p.Have
	}
	return have, nil
}

// SiteAdmin tells whether the token's account has site administration, which is more than administering Jira: whether
// it is in one of the groups that give it. known is false where the site does not tell these groups apart from the
// others.
func (c *Client) SiteAdmin(ctx context.Context) (is, known bool, err error) {
	var me User
	if err := c.get(ctx, atlassian.Get("/rest/api/3/myself").With("expand", "groups"), &me); err != nil {
		return false, false, err
	}
	if me.Groups == nil || me.Groups.Size > len(me.Groups.Items) {
		groups, err := c.GroupsOf(ctx, me.AccountID)
		if err != nil {
			return false, false, err
		}
		me.Groups = &GroupItems{Items: groups}
	}
	mine := map[string]bool{}
	for _, g := range me.Groups.Items {
		mine[g.GroupID] = true
	}
	admins, _, err := c.groups(ctx, atlassian.Get("/rest/api/3/group/bulk").With("accessType", "site-admin"))
	if err != nil {
		return false, false, err
	}
	all, err := c.countGroups(ctx)
	if err != nil || len(admins) == 0 || len(admins) == all { // a server that ignores the type names all groups
		return false, false, err
	}
	return slices.ContainsFunc(admins, func(g GroupRef) bool { return mine[g.GroupID] }), true, nil
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
	answer, err := c.rest.Read(ctx, call) // always the site itself: only it has this call
	if err == nil {
		err = answer.Decode(&body)
	}
	if err != nil {
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
		if u.Groups != nil && len(groups) > u.Groups.Size+1 { // one may have come meanwhile
			return User{}, atlassian.Misfit("more groups than the account is in")
		}
		u.Groups = &GroupItems{Size: len(groups), Items: groups}
	}
	return u, nil
}

// GroupsOf lists the groups of one account.
func (c *Client) GroupsOf(ctx context.Context, accountID string) ([]GroupRef, error) {
	answer, err := c.read(ctx, atlassian.Get("/rest/api/3/user/groups").With("accountId", accountID))
	if err != nil {
		return nil, err
	}
	return atlassian.Rows[GroupRef](answer.Body)
}

// Roles lists the apps of the site with their groups and seats.
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	answer, err := c.read(ctx, atlassian.Get("/rest/api/3/applicationrole"))
	if err != nil {
		return nil, err
	}
	roles, _, err := atlassian.Listed[Role](ctx, answer.Body)
	return roles, err
}

// License tells the plan of each app.
func (c *Client) License(ctx context.Context) (License, error) {
	var l License
	return l, c.get(ctx, atlassian.Get("/rest/api/3/instance/license"), &l)
}

// TryUsers reads one account, to see whether the token may.
func (c *Client) TryUsers(ctx context.Context) error {
	var rows []json.RawMessage
	return c.get(ctx, atlassian.Get("/rest/api/3/users/search").With("startAt", "0", "maxResults", "1"), &rows)
}

// TryGroups reads one group, to see whether the token may.
func (c *Client) TryGroups(ctx context.Context) error {
	_, err := c.countGroups(ctx)
	return err
}

// countGroups is how many groups the site has, -1 when it does not tell.
func (c *Client) countGroups(ctx context.Context) (int, error) {
	var p page
	if err := c.get(ctx, atlassian.Get("/rest/api/3/group/bulk").With("startAt", "0", "maxResults", "1"), &p); err != nil || p.Total == nil {
		return -1, err
	}
	return *p.Total, nil
}

func (c *Client) get(ctx context.Context, call atlassian.Call, out any) error {
	answer, err := c.read(ctx, call)
	if err != nil {
		return err
	}
	return answer.Decode(out)
}
