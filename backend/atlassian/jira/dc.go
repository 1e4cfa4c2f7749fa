package jira

import (
	"context"
	"encoding/json"
	"strconv"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

const dcAPI = "/rest/api/2"

// DataCenter makes calls to one Jira Data Center instance (REST version 2).
type DataCenter struct{ rest *atlassian.Client }

// NewDataCenter makes a client; the base of rest includes the instance's context path.
func NewDataCenter(rest *atlassian.Client) *DataCenter { return &DataCenter{rest: rest} }

// REST is the client underneath.
func (c *DataCenter) REST() *atlassian.Client { return c.rest }

// Hurried is the same client for a user who waits: reads are tried only twice.
func (c *DataCenter) Hurried() *DataCenter { return &DataCenter{rest: c.rest.Hurried()} }

// Myself reads the user that the token belongs to.
func (c *DataCenter) Myself(ctx context.Context) (DCUser, error) {
	var u DCUser
	if err := c.get(ctx, atlassian.Get(dcAPI+"/myself"), &u); err != nil {
		return DCUser{}, err
	}
	if u.Key == "" {
		return DCUser{}, atlassian.Contract("the account has no key")
	}
	return u, nil
}

// ServerInfo tells what answers.
func (c *DataCenter) ServerInfo(ctx context.Context) (DCServerInfo, error) {
	var s DCServerInfo
	return s, c.get(ctx, atlassian.Get(dcAPI+"/serverInfo"), &s)
}

// Permissions tells which global permissions the token has, e.g. ADMINISTER, USER_PICKER.
func (c *DataCenter) Permissions(ctx context.Context) (map[string]bool, error) {
	var body struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	if err := c.get(ctx, atlassian.Get(dcAPI+"/mypermissions"), &body); err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for name, p := range body.Permissions {
		have[name] = p.Have
	}
	return have, nil
}

// Person reads one user with the names of all groups and the keys of the applications. Somebody who is gone or deleted
// is NotFound.
func (c *DataCenter) Person(ctx context.Context, key string) (DCUser, error) {
	var u DCUser
	if err := c.get(ctx, atlassian.Get(dcAPI+"/user").With("key", key, "expand", "groups,applicationRoles"), &u); err != nil {
		return DCUser{}, err
	}
	switch {
	case u.Deleted:
		return DCUser{}, &domain.Error{Code: domain.NotFound, Reason: "gone", Message: "The user was deleted.", Hint: "Sync to see the present state."}
	case u.Key != key:
		return DCUser{}, atlassian.Contract("it is about another account than the one asked for")
	case u.Groups == nil || u.Groups.Size > len(u.Groups.Items):
		return DCUser{}, atlassian.Contract("the list of the account's groups is cut")
	}
	return u, nil
}

// Roles lists the applications of the instance with their groups and seats.
func (c *DataCenter) Roles(ctx context.Context) ([]DCRole, error) {
	answer, err := c.rest.Read(ctx, atlassian.Get(dcAPI+"/applicationrole"))
	if err != nil {
		return nil, err
	}
	roles, _, err := atlassian.Listed[DCRole](ctx, answer.Body)
	return roles, err
}

// TryUserList reads one user of user/list; false when this version of Jira has no such call.
func (c *DataCenter) TryUserList(ctx context.Context) (bool, error) {
	var page dcPage
	err := c.get(ctx, atlassian.Get(dcAPI+"/user/list").With("maxResults", "1"), &page)
	if isMissingCall(err) {
		return false, nil
	}
	return err == nil, err
}

// TryMembers reads one member of a group, to see whether the token may.
func (c *DataCenter) TryMembers(ctx context.Context, group string) error {
	var page dcPage
	return c.get(ctx, c.members(group).With("startAt", "0", "maxResults", "1"), &page)
}

// isMissingCall tells whether the answer means that the server does not know the call.
func isMissingCall(err error) bool {
	return domain.CodeOf(err) == domain.NotFound
}

func (c *DataCenter) members(group string) atlassian.Call {
	return atlassian.Get(dcAPI+"/group/member").With("groupname", group, "includeInactiveUsers", "true")
}

func (c *DataCenter) get(ctx context.Context, call atlassian.Call, out any) error {
	answer, err := c.rest.Read(ctx, call)
	if err != nil {
		return err
	}
	return answer.Decode(out)
}

// dcPage is one page of user/list or of a group's members.
type dcPage struct {
	StartAt    *int            `json:"startAt"`
	Total      *int            `json:"total"`
	IsLast     *bool           `json:"isLast"`
	NextCursor string          `json:"nextCursor"`
	Values     json.RawMessage `json:"values"`
}

// page reads one of them.
func (c *DataCenter) page(ctx context.Context, call atlassian.Call) (dcPage, error) {
	var p dcPage
	answer, err := c.rest.Read(ctx, call)
	if err != nil {
		return p, err
	}
	return p, answer.DecodeAround("values", &p.Values, &p)
}

func number(n int) string { return strconv.Itoa(n) }
