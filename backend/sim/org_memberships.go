package sim

import (
	"encoding/json"
	"net/http"
	"time"
)

// refuseSynced is the refusal to change a group of the identity provider. Its body is not documented; form C was seen.
func (c *call) refuseSynced() reply {
	if c.w.cfg.SyncedAsCode {
		return adminError(http.StatusForbidden, "ADMIN-403-5", "The group is synced from an external directory: externalDirectory.scim")
	}
	return reply{status: http.StatusForbidden, value: noPermissionError{
		time.Unix(0, c.now).UTC().Format(time.RFC3339), c.path, http.StatusForbidden, "Forbidden", "User has no permission to access resource.", "8c1f0a77b2d94e51",
	}}
}

// changeable finds the group of the path and refuses those that the API does not let anybody change.
func (c *call) changeable() (int, reply, bool) {
	if c.vars["directoryId"] == "-" {
		return 0, noDirectory(), false
	}
	g, rep, found := c.group(viewTruth)
	if !found {
		return 0, rep, false
	}
	switch {
	case c.w.groups[g].kind == groupSynced:
		return 0, c.refuseSynced(), false
	case c.w.groups[g].kind == groupOrgAdmins && c.w.cfg.LockedAdmins:
		return 0, adminError(http.StatusForbidden, "ADMIN-403-7", "Use the role assignment calls for organization admins"), false
	}
	return g, reply{}, true
}

func addMembership(c *call) reply {
	var q struct {
		AccountID string `json:"accountId"`
	}
	if json.Unmarshal(c.body, &q) != nil || q.AccountID == "" {
		return adminError(http.StatusBadRequest, "ADMIN-400-24", "accountId is missing")
	}
	g, rep, found := c.changeable()
	if !found {
		return rep
	}
	i, exists := c.w.find(q.AccountID)
	if !exists || !c.w.insider(i) || c.w.people[i].member&(1<<c.w.groups[g].directory) == 0 {
		return noUser()
	}
	return c.join(i, g)
}

// join adds a person to a group, unless an app that the group opens has no seat left.
func (c *call) join(i, g int) reply {
	w := c.w
	from := &w.people[i].state
	to := withGroup(*from, g)
	if a := w.full(from, &to); a >= 0 {
		return seatLimit(&w.apps[a])
	}
	changed := !from.in(g)
	if changed {
		w.set(i, to, byOrg, c.now)
	}
	c.applied(changed)
	return noContent()
}

func removeMembership(c *call) reply {
	g, rep, found := c.changeable()
	if !found {
		return rep
	}
	i, exists := c.w.find(c.vars["accountId"])
	if !exists || !c.w.insider(i) {
		return noUser()
	}
	p := &c.w.people[i]
	if !p.in(g) {
		if c.w.cfg.RemoveAbsent != 0 {
			c.applied(false)
			return reply{status: c.w.cfg.RemoveAbsent}
		}
		return noUser()
	}
	c.w.set(i, withoutGroup(p.state, g), byOrg, c.now)
	c.applied(true)
	return noContent()
}
