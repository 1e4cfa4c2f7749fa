// Package admin makes the calls of Atlassian's Organizations API and holds their wire types.
//
// It decides nothing about people: what the fields mean is for the source above it.
package admin

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// AnyDirectory stands for all directories that the key may manage, in listings only.
const AnyDirectory = "-"

// FullPage is how many people or groups a page of a search holds.
const FullPage = 100

const (
	usersSearch  = "/admin/v2/orgs/{}/directories/{}/users/search"
	groupsSearch = "/admin/v2/orgs/{}/directories/{}/groups/search"
)

// Page sizes. The greatest one that users/search and groups/search take is not documented; 100 is used by others, and
// 50 is the fallback.
const (
	carefulPage   = 50
	workspacePage = 1000
	directoryPage = 100
)

// Client makes calls about one organization.
type Client struct {
	rest *atlassian.Client
	org  string
}

// New makes a client for the organization of that id.
func New(rest *atlassian.Client, orgID string) *Client { return &Client{rest: rest, org: orgID} }

// REST is the client underneath.
func (c *Client) REST() *atlassian.Client { return c.rest }

// Hurried is the same client for a user who waits: reads are tried only twice.
func (c *Client) Hurried() *Client { return &Client{rest: c.rest.Hurried(), org: c.org} }

// Organization reads the organization itself.
func (c *Client) Organization(ctx context.Context) (Organization, error) {
	var body struct {
		Data *Organization `json:"data"`
	}
	if err := c.one(ctx, atlassian.Get("/admin/v1/orgs/{}", c.org), &body); err != nil {
		return Organization{}, err
	}
	if body.Data == nil || body.Data.ID == "" {
		return Organization{}, atlassian.Contract("the organization has no id")
	}
	return *body.Data, nil
}

// Organizations lists the organizations that the key may see. A key with scopes gets an empty list.
func (c *Client) Organizations(ctx context.Context) ([]Organization, error) {
	return collect[Organization](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/v1/orgs"), cursor, 0)
	})
}

// Directories lists the user directories: one if user management is centralized, one for each site otherwise.
func (c *Client) Directories(ctx context.Context) ([]Directory, error) {
	return collect[Directory](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/v2/orgs/{}/directories", c.org), cursor, directoryPage)
	})
}

// Domains lists the organization's e-mail domains.
func (c *Client) Domains(ctx context.Context) ([]Domain, error) {
	return collect[Domain](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/v1/orgs/{}/domains", c.org), cursor, 0)
	})
}

// Keys lists the organization's API keys. The call is optional at Atlassian: expect 401, 403 and 404.
func (c *Client) Keys(ctx context.Context) ([]Key, error) {
	return collect[Key](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/api-access/v1/orgs/{}/api-keys", c.org), cursor, 0)
	})
}

// WalkWorkspaces reads sites and apps page by page; visit gets the raw rows, for Rows[Workspace].
func (c *Client) WalkWorkspaces(ctx context.Context, visit func(json.RawMessage) error) error {
	return c.rest.Walk(ctx, func(cursor string) atlassian.Call {
		if cursor != "" { // here the cursor must be alone
			return c.search(map[string]any{"cursor": cursor}, "/admin/v2/orgs/{}/workspaces")
		}
		return c.search(map[string]any{"limit": workspacePage}, "/admin/v2/orgs/{}/workspaces")
	}, visit)
}

// WalkUsers lists people of a directory (or AnyDirectory) page by page; visit gets the raw rows, for the query's Rows.
func (c *Client) WalkUsers(ctx context.Context, directoryID string, q UserQuery, visit func(json.RawMessage) error) error {
	return c.WalkUsersFrom(ctx, directoryID, q, "", func(_, _ string, raw json.RawMessage) error { return visit(raw) })
}

// WalkUsersFrom is WalkUsers from a kept cursor on; visit is also told the cursors of the page and of the next one.
func (c *Client) WalkUsersFrom(
	ctx context.Context, directoryID string, q UserQuery, from string, visit func(at, next string, raw json.RawMessage) error,
) error {
	return c.walkSizedFrom(ctx, usersSearch, directoryID, q.body(directoryID), from, visit)
}

// WalkChosen searches people in a directory (or AnyDirectory) page by page. Rows that say by themselves that they are
// not what was asked for do not come; of the others see UserQuery.Named.
func (c *Client) WalkChosen(ctx context.Context, directoryID string, q UserQuery, visit func([]User) error) error {
	return walkChosen(ctx, c, usersSearch, directoryID, q.body(directoryID), q.other, visit)
}

// Users is WalkChosen collected; for few people.
func (c *Client) Users(ctx context.Context, directoryID string, q UserQuery) ([]User, error) {
	var all []User
	err := c.WalkChosen(ctx, directoryID, q, func(rows []User) error {
		all = append(all, rows...)
		return nil
	})
	return all, err
}

// TryUsers reads one row of a directory's people, to see whether the key may.
func (c *Client) TryUsers(ctx context.Context, directoryID string) error {
	return c.try(ctx, usersSearch, directoryID)
}

// TryGroups reads one row of a directory's groups, to see whether the key may.
func (c *Client) TryGroups(ctx context.Context, directoryID string) error {
	return c.try(ctx, groupsSearch, directoryID)
}

func (c *Client) try(ctx context.Context, template, directoryID string) error {
	var body struct {
		Data []json.RawMessage `json:"data"`
	}
	return c.one(ctx, c.search(map[string]any{"limit": 1}, template, directoryID), &body)
}

// WalkGroups lists the groups of a directory page by page; visit gets the raw rows, for Rows[Group].
func (c *Client) WalkGroups(ctx context.Context, directoryID string, visit func(json.RawMessage) error) error {
	body := map[string]any{"expand": []string{"counts.users", "counts.resources"}}
	if directoryID != AnyDirectory {
		body["directoryIds"] = []string{directoryID}
	}
	return c.walkSizedFrom(ctx, groupsSearch, directoryID, body, "", func(_, _ string, raw json.RawMessage) error { return visit(raw) })
}

// Groups reads chosen groups of all directories; the list holds at most 10 ids.
func (c *Client) Groups(ctx context.Context, groupIDs []string) ([]Group, error) {
	body := map[string]any{"expand": []string{"counts.users", "counts.resources"}, "groupIds": groupIDs}
	return c.groups(ctx, AnyDirectory, body, func(g Group) bool { return !slices.Contains(groupIDs, g.ID) })
}

// GroupsOf reads the groups of all directories that any of these people is in, without counts; the list holds at most
// 10 ids. A row does not tell who is in the group: what people's own rows do not name needs a second question.
func (c *Client) GroupsOf(ctx context.Context, accountIDs []string) ([]Group, error) {
	return c.groups(ctx, AnyDirectory, map[string]any{"accountIds": accountIDs}, func(Group) bool { return false })
}

func (c *Client) groups(ctx context.Context, directoryID string, body map[string]any, other func(Group) bool) ([]Group, error) {
	var all []Group
	err := walkChosen(ctx, c, groupsSearch, directoryID, body, other, func(rows []Group) error {
		all = append(all, rows...)
		return nil
	})
	return all, err
}

// CountUsers is the number of people that a directory (or AnyDirectory) says it has.
func (c *Client) CountUsers(ctx context.Context, directoryID string) (int, error) {
	return c.count(ctx, "/admin/v2/orgs/{}/directories/{}/users/count", directoryID)
}

// CountGroups is the number of groups that a directory (or AnyDirectory) says it has.
func (c *Client) CountGroups(ctx context.Context, directoryID string) (int, error) {
	return c.count(ctx, "/admin/v2/orgs/{}/directories/{}/groups/count", directoryID)
}

func (c *Client) count(ctx context.Context, template, directoryID string) (int, error) {
	var body struct {
		Count *int `json:"count"`
	}
	if err := c.one(ctx, atlassian.Get(template, c.org, directoryID), &body); err != nil {
		return 0, err
	}
	if body.Count == nil || *body.Count < 0 {
		return 0, atlassian.Contract("the count is missing")
	}
	return *body.Count, nil
}

// walkChosen reads the answers to a narrowed question without the rows that say by themselves that they are something
// else. A page of nothing but these, before the last one, is Misfit: the server ignores the narrowing, and reading on
// would read everything.
func walkChosen[T atlassian.Row](
	ctx context.Context, c *Client, template, directoryID string, body map[string]any, other func(T) bool, visit func([]T) error,
) error {
	return c.walkSizedFrom(ctx, template, directoryID, body, "", func(_, next string, raw json.RawMessage) error {
		rows, others, err := atlassian.Chosen(ctx, raw, other)
		switch {
		case err != nil:
			return err
		case others > 0 && len(rows) == 0 && next != "":
			return atlassian.Misfit("others than those who were asked for")
		}
		return visit(rows)
	})
}

// walkSizedFrom reads a search in full pages and, when the first one is refused as a wrong request, in smaller ones.
func (c *Client) walkSizedFrom(
	ctx context.Context, template, directoryID string, body map[string]any, from string,
	visit func(at, next string, raw json.RawMessage) error,
) error {
	size, started := FullPage, false
	attempt := func() error {
		return c.rest.WalkFrom(ctx, from, func(cursor string) atlassian.Call {
			page := map[string]any{"limit": size}
			maps.Copy(page, body)
			if cursor != "" {
				page["cursor"] = cursor
			}
			return c.search(page, template, directoryID)
		}, func(at, next string, raw json.RawMessage) error {
			started = true
			return visit(at, next, raw)
		})
	}
	err := attempt()
	if e := domain.AsError(err); err != nil && !started && e.Code == domain.Invalid && e.Reason == "request" {
		size = carefulPage
		err = attempt()
	}
	return err
}

func (c *Client) search(body any, template string, args ...string) atlassian.Call {
	return atlassian.Call{Method: http.MethodPost, Template: template, Args: append([]string{c.org}, args...), Body: body}
}

func (c *Client) one(ctx context.Context, call atlassian.Call, out any) error {
	answer, err := c.rest.Read(ctx, call)
	if err != nil {
		return err
	}
	return answer.Decode(out)
}

// byQuery puts cursor and limit into the query; with a cursor everything else would be ignored.
func byQuery(call atlassian.Call, cursor string, limit int) atlassian.Call {
	switch {
	case cursor != "":
		return call.With("cursor", cursor)
	case limit > 0:
		return call.With("limit", strconv.Itoa(limit))
	}
	return call
}

// collect reads a short listing into one slice; rows that come twice are merged by id, the last one counts.
func collect[T atlassian.Row](ctx context.Context, rest *atlassian.Client, build func(string) atlassian.Call) ([]T, error) {
	var all []T
	at := map[string]int{}
	err := rest.Walk(ctx, build, func(raw json.RawMessage) error {
		rows, err := atlassian.Rows[T](raw)
		for _, row := range rows {
			if i, twice := at[row.RowID()]; twice {
				all[i] = row
				continue
			}
			at[row.RowID()] = len(all)
			all = append(all, row)
		}
		return err
	})
	return all, err
}
