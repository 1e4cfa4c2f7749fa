package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// createSiteUser invites a person to apps of the site.
func createSiteUser(c *call) reply {
	var q struct {
		EmailAddress string   `json:"emailAddress"`
		Products     []string `json:"products"`
	}
	if !c.administers() {
		return jiraRefusal(http.StatusForbidden, "You do not have permission to create users.")
	}
	if json.Unmarshal(c.body, &q) != nil || !strings.Contains(q.EmailAddress, "@") || q.Products == nil {
		return jiraFields(map[string]string{"emailAddress": "You must specify a valid email address."})
	}
	w := c.w
	i, known := w.byEmail(q.EmailAddress)
	to := state{}
	if known {
		to = w.people[i].state
	}
	dir := uint64(1) << w.sites[c.site].directory
	if known && to.member&dir != 0 && w.people[i].listed&(1<<c.site) == 0 {
		return jiraRefusal(http.StatusBadRequest, "The user exists without access to this site.")
	}
	to.member |= dir
	for _, key := range q.Products {
		at := slices.IndexFunc(c.jiraApps(), func(a int) bool { return w.apps[a].kind.typeKey == key })
		if at < 0 {
			return jiraFields(map[string]string{"products": "Unknown product " + key})
		}
		if g := (grant{c.jiraApps()[at], roleUser}); !slices.Contains(to.direct, g) {
			to.direct = append(slices.Clone(to.direct), g)
		}
	}
	from := state{}
	if known {
		from = w.people[i].state
	}
	if a := w.full(&from, &to); a >= 0 {
		return jiraRefusal(http.StatusBadRequest, "The license limit of "+w.apps[a].kind.typ+" is exceeded.")
	}
	if !known {
		i = w.newcomer(q.EmailAddress, c.now)
	}
	changed := !known || len(from.direct) != len(to.direct) || from.member != to.member
	if changed {
		w.set(i, to, bySite, c.now)
		w.list(i, c.site)
	}
	c.applied(changed)
	return reply{status: http.StatusCreated, value: c.siteUserItem(i, nil)}
}

// jiraFields is a refusal that names fields.
func jiraFields(fields map[string]string) reply {
	return reply{status: http.StatusBadRequest, value: jiraError{[]string{}, fields}}
}

// deleteSiteUser takes a person out of the site: direct access, groups that open its apps, and its list. The account stays.
func deleteSiteUser(c *call) reply {
	if !c.siteAdmin() {
		return jiraRefusal(http.StatusForbidden, "You do not have permission to delete users.")
	}
	w := c.w
	i, found := c.listed(c.query.Get("accountId"))
	if !found {
		return noSiteUser()
	}
	if i == c.cred.owner || w.isOrgAdmin(&w.people[i].state) {
		return jiraRefusal(http.StatusBadRequest, "This user cannot be deleted.")
	}
	here := func(a int) bool { return w.apps[a].site == c.site }
	to := w.people[i].state
	to.direct = slices.DeleteFunc(slices.Clone(to.direct), func(g grant) bool { return here(g.app) })
	to.groups = slices.DeleteFunc(slices.Clone(to.groups), func(g int32) bool {
		return slices.ContainsFunc(w.groups[g].grants, func(x grant) bool { return here(x.app) })
	})
	if w.cfg.Original {
		to = w.without(to, 1<<w.sites[c.site].directory)
	}
	w.set(i, to, bySite, c.now)
	w.people[i].listed &^= 1 << c.site
	w.sites[c.site].accounts = slices.DeleteFunc(slices.Clone(w.sites[c.site].accounts), func(n int32) bool { return int(n) == i })
	c.applied(true)
	return noContent()
}

func createSiteGroup(c *call) reply {
	var q struct {
		Name string `json:"name"`
	}
	if !c.siteAdmin() {
		return jiraRefusal(http.StatusForbidden, "You do not have permission to administer groups.")
	}
	if json.Unmarshal(c.body, &q) != nil || q.Name == "" || len(q.Name) > 255 {
		return jiraFields(map[string]string{"name": "A group name must be given."})
	}
	dir := c.w.sites[c.site].directory
	if c.groupNamed(q.Name, 1<<dir) {
		return jiraFields(map[string]string{"name": "A group with the name '" + q.Name + "' exists already."})
	}
	g := c.w.addGroup(dir, q.Name, "", bySite, c.now)
	c.applied(true)
	n := c.groupName(g)
	body := siteGroupBody{Name: n.Name, GroupID: n.GroupID, Self: n.Self, Expand: "users"}
	body.Users.Items, body.Users.MaxResults = []siteMember{}, 50
	return reply{status: http.StatusCreated, value: body}
}

func deleteSiteGroup(c *call) reply {
	g, rep, found := c.siteGroup()
	if !found {
		return rep
	}
	if rep, may := c.siteAdminOnly(g); !may {
		return rep
	}
	if !c.w.groups[g].deletable() {
		return jiraRefusal(http.StatusBadRequest, "The group gives access to a product and cannot be deleted.")
	}
	c.w.dropGroup(g, bySite, c.now)
	c.applied(true)
	return reply{status: http.StatusOK}
}
