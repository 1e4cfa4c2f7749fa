package sim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

type keyItem struct {
	ID              string   `json:"id"`
	Label           string   `json:"label"`
	CreatedAt       string   `json:"createdAt"`
	ExpiresAt       string   `json:"expiresAt"`
	LastActiveAt    string   `json:"lastActiveAt"`
	SystemAccountID string   `json:"systemAccountId"`
	Resource        string   `json:"resource"`
	OrgID           string   `json:"orgId"`
	CreatedBy       keyMaker `json:"createdBy"`
	Scopes          []string `json:"scopes"`
	TargetResources []string `json:"targetResources"`
}

type keyMaker struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// listKeys lists the organization's API keys with their ends; never their secrets.
func listKeys(c *call) reply {
	if c.w.cfg.NoAPIAccess {
		return c.notFound()
	}
	limit, valid := c.limitOf("pageSize", 50)
	if !valid {
		return badRequest("pageSize must be between 1 and 100")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	data, l := window(c, c.w.keyItems(), cur.Position, limit, "", false)
	return ok(page[keyItem]{data, l})
}

func countKeys(c *call) reply {
	if c.w.cfg.NoAPIAccess {
		return c.notFound()
	}
	return ok(map[string]int{"count": len(c.w.keyItems())})
}

func (w *World) keyItems() []keyItem {
	items := []keyItem{}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	for _, k := range w.keys {
		if k.token || k.revoked || k.foreign != "" {
			continue
		}
		scopes := k.scopes
		if scopes == nil {
			scopes = []string{}
		}
		p := &w.people[k.owner]
		items = append(items, keyItem{
			ID: k.id, Label: k.label, CreatedAt: at(k.created), ExpiresAt: at(k.expires), LastActiveAt: at(time.Now()),
			SystemAccountID: w.newUUID("system", 0), Resource: "ari:cloud:platform::org/" + w.orgID, OrgID: w.orgID,
			CreatedBy: keyMaker{w.accountID(k.owner), p.name, p.email}, Scopes: scopes, TargetResources: []string{},
		})
	}
	slices.SortFunc(items, func(a, b keyItem) int { return strings.Compare(a.ID, b.ID) })
	return items
}

// The refusals of the user management API for people who are not the organization's to manage.
type refusedContext struct {
	Allowed bool       `json:"allowed"`
	Reason  ruleReason `json:"reason"`
}

type ruleReason struct {
	Key string `json:"key"`
}

// managedPerson finds the person of the path, who must be of a claimed domain.
func (c *call) managedPerson() (int, *person, reply, bool) {
	i, p, found := c.person(c.vars["accountId"])
	if !found || !c.w.insider(i) {
		return 0, nil, keyRefusal(http.StatusNotFound, "accountNotFound", nil), false
	}
	if !p.managed {
		return 0, nil, keyRefusal(http.StatusForbidden, "forbidden.targetUnverified", nil), false
	}
	return i, p, reply{}, true
}

func refuseScim() reply {
	return keyRefusal(http.StatusForbidden, "forbidden.action", refusedContext{Reason: ruleReason{"externalDirectory.scim"}})
}
