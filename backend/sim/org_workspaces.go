package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type workspaceItem struct {
	ID            string                       `json:"id"`
	Type          string                       `json:"type"`
	Attributes    workspaceAttributes          `json:"attributes"`
	Links         selfLink                     `json:"links"`
	Relationships map[string][]entitlementItem `json:"relationships"`
}

type workspaceAttributes struct {
	Name          string         `json:"name"`
	TypeKey       string         `json:"typeKey"`
	Type          string         `json:"type"`
	Owner         *string        `json:"owner"`
	Status        string         `json:"status"`
	StatusDetails []string       `json:"statusDetails"`
	Icons         map[string]any `json:"icons"`
	Avatars       map[string]any `json:"avatars"`
	Labels        []string       `json:"labels"`
	Sandbox       *sandboxItem   `json:"sandbox"`
	Usage         *int           `json:"usage"`
	Capacity      *int           `json:"capacity"`
	CreatedAt     string         `json:"createdAt"`
	CreatedBy     *string        `json:"createdBy"`
	UpdatedAt     *string        `json:"updatedAt"`
	HostURL       string         `json:"hostUrl"`
	Realm         string         `json:"realm"`
	Regions       []string       `json:"regions"`
}

type sandboxItem struct {
	Type string `json:"type"`
}

type entitlementItem struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Attributes struct {
		Key     string `json:"key"`
		Plan    string `json:"plan"`
		PlanKey string `json:"planKey"`
	} `json:"attributes"`
}

type workspaceMeta struct {
	PageSize   int `json:"pageSize"`
	StartIndex int `json:"startIndex"`
	EndIndex   int `json:"endIndex"`
	Total      int `json:"total"`
}

type workspacePage struct {
	Data  []workspaceItem `json:"data"`
	Links links           `json:"links"`
	Meta  workspaceMeta   `json:"meta"`
}

// workspaceQuery is the body of workspaces. With a cursor nothing else may stand in it.
type workspaceQuery struct {
	Limit  *int              `json:"limit,omitempty"`
	Sort   []workspaceSort   `json:"sort,omitempty"`
	Query  *workspaceOperand `json:"query,omitempty"`
	Cursor *string           `json:"cursor,omitempty"`
}

type workspaceSort struct {
	Field string `json:"field"`
	Order string `json:"order"`
}

// workspaceOperand is one of: and, nor, a field with values, a text to search. Features and policies match nothing here.
type workspaceOperand struct {
	And   []workspaceOperand `json:"and,omitempty"`
	Nor   []workspaceOperand `json:"nor,omitempty"`
	Field *struct {
		Name   string   `json:"name"`
		Values []string `json:"values"`
	} `json:"field,omitempty"`
	Search   string   `json:"searchWorkspaces,omitempty"`
	Features []string `json:"features,omitempty"`
	Policies []string `json:"policies,omitempty"`
}

func searchWorkspaces(c *call) reply {
	var raw map[string]json.RawMessage
	var q workspaceQuery
	if json.Unmarshal(c.body, &raw) != nil || json.Unmarshal(c.body, &q) != nil {
		return adminError(http.StatusBadRequest, "ADMIN-400-24", "The request body cannot be read")
	}
	from := 0
	if q.Cursor != nil {
		if len(raw) > 1 {
			return badRequest("cursor must be the only property")
		}
		cur, rep, valid := c.position(*q.Cursor)
		if !valid || json.Unmarshal([]byte(cur.Query), &q) != nil {
			if valid {
				rep = badCursor()
			}
			return rep
		}
		from = cur.Position
	}
	limit := 20
	if q.Limit != nil {
		limit = *q.Limit
	}
	if limit < 1 || limit > 1000 {
		return badRequest("limit must be between 1 and 1000")
	}
	all := []int{}
	for a := range c.w.apps {
		if q.Query == nil || q.Query.match(&c.w.apps[a]) {
			all = append(all, a)
		}
	}
	if len(q.Sort) > 0 {
		slices.SortStableFunc(all, func(a, b int) int {
			n := strings.Compare(c.w.apps[a].field(q.Sort[0].Field), c.w.apps[b].field(q.Sort[0].Field))
			if strings.EqualFold(q.Sort[0].Order, "desc") {
				return -n
			}
			return n
		})
	}
	q.Cursor = nil
	rows, l := window(c, all, from, limit, string(encode(q)), false)
	if c.w.cfg.WorkspaceURL && l.Next != nil {
		next := "https://" + apiHost + c.path + "?cursor=" + url.QueryEscape(*l.Next)
		l.Next = &next
	}
	out := workspacePage{Data: []workspaceItem{}, Links: l, Meta: workspaceMeta{limit, from + 1, from + len(rows), len(all)}}
	for _, a := range rows {
		out.Data = append(out.Data, c.w.workspace(a))
	}
	return ok(out)
}

func (o *workspaceOperand) match(a *app) bool {
	for i := range o.And {
		if !o.And[i].match(a) {
			return false
		}
	}
	for i := range o.Nor {
		if o.Nor[i].match(a) {
			return false
		}
	}
	if o.Field != nil && !slices.ContainsFunc(o.Field.Values, func(v string) bool {
		return strings.EqualFold(v, a.field(o.Field.Name)) || o.Field.Name == "attributes.type" && strings.EqualFold(v, a.kind.typeKey)
	}) {
		return false
	}
	if s := strings.ToLower(o.Search); s != "" && !strings.Contains(a.name, s) && !strings.Contains(a.url, s) {
		return false
	}
	return len(o.Features) == 0 && len(o.Policies) == 0
}

func (a *app) field(name string) string {
	switch name {
	case "attributes.name":
		return a.name
	case "attributes.type":
		return a.kind.typ
	case "attributes.typeKey":
		return a.kind.typeKey
	case "attributes.hostUrl":
		return a.url
	case "attributes.status":
		return "online"
	default:
		return ""
	}
}

func (w *World) workspace(n int) workspaceItem {
	a := &w.apps[n]
	item := workspaceItem{ID: a.ari, Type: "workspaces"}
	used, capacity := a.used, a.capacity
	item.Attributes = workspaceAttributes{
		Name: a.name, TypeKey: a.kind.typeKey, Type: a.kind.typ, Status: "online", StatusDetails: []string{},
		Icons: map[string]any{}, Avatars: map[string]any{}, Labels: []string{}, Sandbox: &sandboxItem{"NONE"},
		Usage: &used, Capacity: &capacity, CreatedAt: a.created.UTC().Format(time.RFC3339), HostURL: a.url, Realm: "global", Regions: []string{"us"},
	}
	if a.sandbox {
		item.Attributes.Sandbox.Type = "CHILD"
	}
	if a.kind.typeKey == "compass" {
		item.Attributes.Sandbox, item.Attributes.Usage, item.Attributes.Capacity = nil, nil, nil // all three may be null
	}
	item.Links.Self = "https://" + apiHost + "/admin/v2/orgs/" + w.orgID + "/workspaces"
	e := entitlementItem{ID: w.newUUID("entitlement", n), Type: "entitlement"}
	e.Attributes.Key, e.Attributes.Plan, e.Attributes.PlanKey = a.kind.typeKey+".ondemand", strings.ToUpper(a.plan), strings.ToLower(a.plan)
	item.Relationships = map[string][]entitlementItem{"entitlement": {e}}
	return item
}
