package sim

import (
	"net/http"
	"slices"
	"time"
)

// directoryBit is the directory of the path; changes need a real one.
func (c *call) directoryBit() (uint64, bool) {
	i := slices.IndexFunc(c.w.directories, func(d directory) bool { return d.id == c.vars["directoryId"] })
	return 1 << max(i, 0), i >= 0
}

// member finds the person of the path in the directory of the path.
func (c *call) member() (i int, p *person, bit uint64, rep reply, found bool) {
	bit, known := c.directoryBit()
	if !known {
		return 0, nil, 0, adminError(http.StatusNotFound, "ADMIN-404-1", "Directory not found"), false
	}
	i, p, exists := c.person(c.vars["accountId"])
	if !exists || p.member&bit == 0 || !c.w.insider(i) {
		return 0, nil, 0, noUser(), false
	}
	return i, p, bit, reply{}, true
}

func suspendUser(c *call) reply {
	i, p, bit, rep, found := c.member()
	if !found {
		return rep
	}
	if c.w.isOrgAdmin(&p.state) {
		return adminError(http.StatusForbidden, "ADMIN-403-3", "Organization admins cannot be suspended")
	}
	to := p.state
	to.suspended |= bit
	return c.changeAccess(i, to)
}

func restoreUser(c *call) reply {
	i, p, bit, rep, found := c.member()
	if !found {
		return rep
	}
	to := p.state
	to.suspended &^= bit
	if a := c.w.full(&p.state, &to); a >= 0 {
		return seatLimit(&c.w.apps[a])
	}
	return c.changeAccess(i, to)
}

// changeAccess finishes suspend and restore.
func (c *call) changeAccess(i int, to state) reply {
	changed := to.suspended != c.w.people[i].suspended
	if changed {
		c.w.set(i, to, byOrg, c.now)
	}
	if !changed && c.w.cfg.SuspendAgain >= 300 {
		return adminError(c.w.cfg.SuspendAgain, "ADMIN-409-28", "The user is in this state already")
	}
	c.applied(changed)
	return noContent()
}

func seatLimit(a *app) reply {
	return adminError(http.StatusConflict, "ADMIN-409-3", "The license limit of "+a.kind.typ+" is reached")
}

// removeUser takes a person out of a directory, with the groups there. Atlassian queues it; a delay is Config.Visible.
func removeUser(c *call) reply {
	w := c.w
	i, p, bit, rep, found := c.member()
	if !found {
		if rep.status == http.StatusNotFound && w.cfg.RemoveAbsent != 0 {
			return reply{status: w.cfg.RemoveAbsent}
		}
		return rep
	}
	if w.isOrgAdmin(&p.state) {
		return adminError(http.StatusForbidden, "ADMIN-403-3", "Organization admins cannot be removed")
	}
	w.set(i, w.without(p.state, bit), byOrg, c.now)
	c.applied(true)
	return noContent()
}

// without is the state after leaving directories, with all that is there.
func (w *World) without(s state, directories uint64) state {
	s.removed |= s.member & directories
	s.member &^= directories
	s.suspended &^= directories
	s.groups = slices.DeleteFunc(slices.Clone(s.groups), func(g int32) bool { return directories&(1<<w.groups[g].directory) != 0 })
	s.direct = slices.DeleteFunc(slices.Clone(s.direct), func(g grant) bool { return directories&(1<<w.sites[w.apps[g.app].site].directory) != 0 })
	return s
}

type lastActivePage struct {
	Data struct {
		ProductAccess       []lastActiveItem `json:"product_access"`
		AddedToOrg          string           `json:"added_to_org"`
		AddedToOrgTimestamp string           `json:"added_to_org_timestamp"`
	} `json:"data"`
	Links struct {
		Next *string `json:"next"`
	} `json:"links"`
}

type lastActiveItem struct {
	ID                  string `json:"id"`
	Key                 string `json:"key"`
	LastActive          string `json:"last_active"`
	LastActiveTimestamp string `json:"last_active_timestamp"`
}

func getLastActive(c *call) reply {
	w := c.w
	i, p, found := c.person(c.vars["accountId"])
	f := &userFilter{w: w, q: &userQuery{}, scope: ^uint64(0), outside: true}
	if !found || !f.visible(p, p.at(viewOrg, c.now)) {
		return noUser()
	}
	var out lastActivePage
	out.Data.ProductAccess = []lastActiveItem{}
	access := w.access(p.at(viewOrg, c.now))
	for a := range w.apps {
		last := w.lastActive(i, p, a)
		if access&(1<<a) == 0 || last == 0 {
			continue
		}
		out.Data.ProductAccess = append(out.Data.ProductAccess, lastActiveItem{w.apps[a].ari, w.apps[a].kind.v1Key, stampDay(last), stamp(last)})
	}
	out.Data.AddedToOrg, out.Data.AddedToOrgTimestamp = stampDay(p.added), stamp(p.added)
	return ok(out)
}

// deactivate sets the account's own state, everywhere.
func (w *World) deactivate(i int, to state, who by, now int64) {
	if to.account == accountInactive && w.people[i].account != accountInactive {
		w.people[i].deactivated = now / int64(time.Second)
	}
	w.set(i, to, who, now)
}
