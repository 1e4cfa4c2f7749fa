package sim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

type auditBody struct {
	Offset  int           `json:"offset"`
	Limit   int           `json:"limit"`
	Total   int           `json:"total"`
	Records []auditRecord `json:"records"`
}

type auditRecord struct {
	ID              int           `json:"id"`
	Summary         string        `json:"summary"`
	RemoteAddress   string        `json:"remoteAddress"`
	AuthorKey       string        `json:"authorKey"`
	AuthorAccountID string        `json:"authorAccountId"`
	Created         string        `json:"created"`
	Category        string        `json:"category"`
	EventSource     string        `json:"eventSource"`
	Description     string        `json:"description"`
	ObjectItem      auditThing    `json:"objectItem"`
	ChangedValues   []auditChange `json:"changedValues"`
	AssociatedItems []auditThing  `json:"associatedItems"`
}

type auditThing struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	TypeName   string `json:"typeName"`
	ParentID   string `json:"parentId"`
	ParentName string `json:"parentName"`
}

type auditChange struct {
	FieldName   string `json:"fieldName"`
	ChangedFrom string `json:"changedFrom"`
	ChangedTo   string `json:"changedTo"`
}

// auditRecords shows what was changed about people and groups, newest first. total counts the whole log, whatever was asked for.
func auditRecords(c *call) reply {
	if !c.administers() || c.w.cfg.NoEvents {
		return jiraRefusal(http.StatusForbidden, "You do not have permission to view the audit log, or all products are on free plans.")
	}
	offset, limit := 0, 1000
	for name, target := range map[string]*int{"offset": &offset, "limit": &limit} {
		if s := c.query.Get(name); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return jiraRefusal(http.StatusBadRequest, name+" must be a number from 0.")
			}
			*target = n
		}
	}
	limit = min(limit, 1000)
	var from time.Time
	if s := c.query.Get("from"); s != "" {
		var err error
		if from, err = time.Parse(time.RFC3339Nano, s); err != nil {
			return jiraRefusal(http.StatusBadRequest, "from must be a time.")
		}
	}
	out := auditBody{Offset: offset, Limit: limit, Records: []auditRecord{}}
	term := strings.ToLower(c.query.Get("filter"))
	passed := 0
	for n := len(c.w.events) - 1; n >= 0; n-- {
		e := &c.w.events[n]
		if !c.concerns(e) {
			continue
		}
		out.Total++
		if e.at/int64(time.Millisecond) < from.UnixMilli() {
			continue
		}
		r := c.auditRecord(e, c.w.forgotten+n+1)
		if term != "" && !strings.Contains(strings.ToLower(r.Summary+" "+r.Description), term) {
			continue
		}
		if passed++; passed > offset && len(out.Records) < limit {
			out.Records = append(out.Records, r)
		}
	}
	return ok(out)
}

// concerns tells whether a line is about the site: its groups, its people, its apps.
func (c *call) concerns(e *event) bool {
	w := c.w
	switch {
	case e.group >= 0:
		return w.groups[e.group].directory == w.sites[c.site].directory
	case e.app >= 0:
		return w.apps[e.app].site == c.site
	}
	return e.person >= 0 && w.people[e.person].listed&(1<<c.site) != 0
}

func (c *call) auditRecord(e *event, id int) auditRecord {
	w := c.w
	r := auditRecord{
		ID: id, Summary: strings.ReplaceAll(e.action, "_", " "), RemoteAddress: "203.0.113.7", Created: jiraTime(time.Unix(0, e.at).UTC()),
		Category: "user management", EventSource: "Atlassian Administration", Description: w.text(e), ChangedValues: []auditChange{}, AssociatedItems: []auditThing{},
	}
	if e.actor >= 0 {
		r.AuthorAccountID = w.accountID(e.actor)
	}
	if e.group >= 0 {
		g := &w.groups[e.group]
		r.Category = "group management"
		r.ObjectItem = auditThing{g.id, g.name, "GROUP", "1", "Jira Internal Directory"}
	}
	if e.person >= 0 {
		item := auditThing{w.accountID(e.person), w.people[e.person].name, "USER", "1", "Jira Internal Directory"}
		if e.group >= 0 {
			r.AssociatedItems = append(r.AssociatedItems, item)
		} else {
			r.ObjectItem = item
		}
	}
	return r
}
