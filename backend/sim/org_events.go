package sim

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

type eventItem struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Attributes eventAttributes `json:"attributes"`
	Message    eventMessage    `json:"message"`
	Links      selfLink        `json:"links"`
}

type eventMessage struct {
	Content string `json:"content"`
	Format  string `json:"format"`
}

type eventAttributes struct {
	Time        string        `json:"time"`
	ProcessedAt string        `json:"processedAt"`
	Action      string        `json:"action"`
	Actor       eventActor    `json:"actor"`
	Context     []eventThing  `json:"context"`
	Container   []eventThing  `json:"container"`
	Location    eventLocation `json:"location"`
}

type eventActor struct {
	ID         string     `json:"id"`
	Name       string     `json:"name,omitempty"`
	Email      string     `json:"email,omitempty"`
	Auth       *eventAuth `json:"auth,omitempty"`
	OnBehalfOf *keyMaker  `json:"onBehalfOf,omitempty"`
	Links      selfLink   `json:"links"`
}

type eventAuth struct {
	AuthType   string `json:"authType"`
	TokenID    string `json:"tokenId"`
	TokenLabel string `json:"tokenLabel"`
}

type eventThing struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	Attributes map[string]any `json:"attributes"`
	Links      map[string]any `json:"links"`
}

type eventLocation struct {
	IP          string `json:"ip"`
	Geo         string `json:"geo"`
	CountryName string `json:"countryName"`
	RegionName  string `json:"regionName"`
	City        string `json:"city"`
}

type eventPage struct {
	Data  []eventItem `json:"data"`
	Meta  eventMeta   `json:"meta"`
	Links links       `json:"links"`
}

type eventMeta struct {
	Next     string `json:"next,omitempty"`
	PageSize int    `json:"page_size"`
}

// refuseEvents refuses the audit log where the plan or the key does not cover it.
func (c *call) refuseEvents() (reply, bool) {
	switch {
	case c.w.cfg.NoEvents:
		return adminError(http.StatusForbidden, "ADMIN-403-3", "The audit log needs Atlassian Guard"), true
	case c.w.cfg.EventsUnscoped && len(c.cred.scopes) > 0:
		return insufficientScope(), true
	}
	return reply{}, false
}

// streamEvents is the form of the audit log for polling: the cursor of the last page can be asked again later.
func streamEvents(c *call) reply {
	if rep, refused := c.refuseEvents(); refused {
		return rep
	}
	limit, err := 200, error(nil)
	if s := c.query.Get("limit"); s != "" {
		limit, err = strconv.Atoi(s)
	}
	if err != nil || limit < 1 || limit > 500 {
		return badRequest("limit must be between 1 and 500")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	bounds := [2]int64{0, 1<<63 - 1}
	for i, name := range []string{"from", "to"} {
		if s := c.query.Get(name); s != "" {
			ms, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return adminError(http.StatusBadRequest, "ADMIN-400-3", "The time is invalid")
			}
			bounds[i] = ms * int64(time.Millisecond)
		}
	}
	from := max(cur.Position-c.w.forgotten, 0)
	all := c.w.events[min(from, len(c.w.events)):]
	out := eventPage{Data: []eventItem{}, Meta: eventMeta{PageSize: limit}}
	limit = c.bentLimit(limit)
	read := 0
	for i := range all {
		e := &all[i]
		if e.seen > c.now || len(out.Data) == limit {
			break
		}
		read++
		if e.at >= bounds[0] && e.at < bounds[1] {
			out.Data = append(out.Data, c.eventItem(e, c.w.forgotten+from+i))
		}
	}
	c.linkEvents(&out, c.w.forgotten+from, read)
	return ok(out)
}

// linkEvents says how to go on. After the last line there is a cursor too, unless StreamEnd says otherwise.
func (c *call) linkEvents(out *eventPage, at, read int) {
	self := "https://" + apiHost + c.path
	out.Links.Self = self
	if read == 0 && (c.w.cfg.StreamEnd || at == 0) {
		return
	}
	next := c.cursor(at+read, "")
	if c.page == FaultPageRepeat {
		next = c.query.Get("cursor")
	}
	out.Meta.Next = next
	link := self + "?cursor=" + url.QueryEscape(next)
	out.Links.Next = &link
}

func (c *call) eventItem(e *event, n int) eventItem {
	w := c.w
	id := w.newUUID("event", n)
	item := eventItem{ID: id, Type: "events", Message: eventMessage{w.text(e), "simple"}}
	item.Links.Self = "https://" + apiHost + "/admin/v1/orgs/" + w.orgID + "/events/" + id
	a := &item.Attributes
	at := func(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000Z") }
	a.Time, a.ProcessedAt, a.Action = at(e.at), at(e.seen), e.action
	a.Actor = eventActor{ID: "identity-provider", Name: "Identity provider"}
	if e.actor >= 0 {
		p := &w.people[e.actor]
		a.Actor = eventActor{ID: w.accountID(e.actor), Name: p.name, Email: p.email, Auth: &eventAuth{"api-token", w.newUUID("credential", 0), "main"}}
	} else {
		a.Actor.OnBehalfOf = &keyMaker{w.accountID(w.keyOwner), w.people[w.keyOwner].name, w.people[w.keyOwner].email}
	}
	a.Actor.Links.Self = "https://" + apiHost + "/users/" + a.Actor.ID + "/manage/profile"
	a.Context = []eventThing{}
	thing := func(id, kind, name string) eventThing {
		return eventThing{id, kind, map[string]any{"name": name}, map[string]any{"self": "https://" + apiHost + "/" + kind + "/" + id, "alt": "https://admin.atlassian.com/" + kind}}
	}
	if e.person >= 0 {
		a.Context = append(a.Context, thing(w.accountID(e.person), "user", w.people[e.person].name))
	}
	if e.group >= 0 {
		a.Context = append(a.Context, thing(w.groups[e.group].id, "group", w.groups[e.group].name))
	}
	if e.app >= 0 {
		a.Context = append(a.Context, thing(w.apps[e.app].ari, "app", w.apps[e.app].name))
	}
	a.Container = []eventThing{thing(w.orgID, "org", w.orgName)}
	a.Location = eventLocation{"203.0.113.7", "50.11,8.68", "Germany", "Hesse", "Frankfurt"}
	return item
}

type eventActionItem struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"`
	Attributes map[string]string `json:"attributes"`
}

func listEventActions(c *call) reply {
	if rep, refused := c.refuseEvents(); refused {
		return rep
	}
	out := struct {
		Data []eventActionItem `json:"data"`
	}{}
	for _, a := range eventActions {
		out.Data = append(out.Data, eventActionItem{a[0], "event-actions", map[string]string{"displayName": a[1], "groupDisplayName": a[2]}})
	}
	return ok(out)
}

type policyItem struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Attributes struct {
		Type      string           `json:"type"`
		Name      string           `json:"name"`
		Status    string           `json:"status"`
		Rule      *policyRule      `json:"rule,omitempty"`
		Resources []policyResource `json:"resources"`
	} `json:"attributes"`
}

type policyRule struct {
	In []string `json:"in"`
}

type policyResource struct {
	ID                string         `json:"id"`
	ApplicationStatus string         `json:"applicationStatus"`
	Meta              map[string]any `json:"meta"`
	Links             map[string]any `json:"links"`
}

type policyPage struct {
	Data  []policyItem `json:"data"`
	Meta  policyMeta   `json:"meta"`
	Links links        `json:"links"`
}

type policyMeta struct {
	Next     *string `json:"next"`
	PageSize int     `json:"page_size"`
}

// listPolicies shows the IP allowlist, which is in force while this computer is blocked, and where data is kept.
func listPolicies(c *call) reply {
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	all := []policyItem{}
	for i, kind := range []string{"ip-allowlist", "data-residency"} {
		if want := c.query.Get("type"); want != "" && want != kind {
			continue
		}
		p := policyItem{ID: c.w.newUUID("policy", i), Type: "policy"}
		p.Attributes.Type, p.Attributes.Name, p.Attributes.Status = kind, []string{"Office networks", "European data"}[i], "enabled"
		if i == 0 {
			p.Attributes.Rule = &policyRule{[]string{"203.0.113.0/24", "198.51.100.7/32"}}
			if !c.w.blocked.Load() {
				p.Attributes.Status = "disabled"
			}
		}
		for a := range c.w.apps {
			if c.w.apps[a].site == 0 && !c.w.apps[a].sandbox {
				p.Attributes.Resources = append(p.Attributes.Resources, policyResource{c.w.apps[a].ari, "applied", map[string]any{}, map[string]any{}})
			}
		}
		all = append(all, p)
	}
	data, l := window(c, all, cur.Position, 20, "", true)
	return ok(policyPage{data, policyMeta{nil, 20}, l})
}
