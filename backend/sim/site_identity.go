package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

func tenantInfo(c *call) reply {
	return ok(map[string]string{"cloudId": c.w.sites[c.site].cloudID})
}

type tenantContext struct {
	CloudID  string `json:"cloudId"`
	OrgID    string `json:"orgId"`
	HostName string `json:"hostName"`
}

// graphQL answers the one query that tells a site's organization.
func graphQL(c *call) reply {
	var q struct {
		Query     string `json:"query"`
		Variables struct {
			HostNames []string `json:"hostNames"`
		} `json:"variables"`
	}
	if json.Unmarshal(c.body, &q) != nil || !strings.Contains(q.Query, "tenantContexts") {
		return ok(map[string]any{"data": nil, "errors": []map[string]string{{"message": "Validation error"}}})
	}
	contexts := []*tenantContext{}
	for _, name := range q.Variables.HostNames {
		var t *tenantContext
		if i, found := c.w.siteByHost(name); found {
			t = &tenantContext{c.w.sites[i].cloudID, c.w.orgID, name}
		}
		contexts = append(contexts, t)
	}
	return ok(map[string]any{"data": map[string]any{"tenantContexts": contexts}})
}

func myself(c *call) reply {
	return ok(c.siteUserItem(c.cred.owner, c.expands()))
}

// expands are the values of the expand parameter.
func (c *call) expands() []string {
	return strings.FieldsFunc(strings.Join(c.query["expand"], ","), func(r rune) bool { return r == ',' })
}

type permissionItem struct {
	ID             string `json:"id"`
	Key            string `json:"key"`
	Name           string `json:"name"`
	Type           string `json:"type"`
	Description    string `json:"description"`
	HavePermission bool   `json:"havePermission"`
}

func myPermissions(c *call) reply {
	names := strings.FieldsFunc(c.query.Get("permissions"), func(r rune) bool { return r == ',' })
	if len(names) == 0 {
		return jiraRefusal(http.StatusBadRequest, "The 'permissions' query parameter is required.")
	}
	known := map[string]permissionItem{
		"ADMINISTER":  {"0", "ADMINISTER", "Administer Jira", "GLOBAL", "Create and administer projects, issue types, fields, workflows, and schemes.", c.administers()},
		"USER_PICKER": {"27", "USER_PICKER", "Browse users and groups", "GLOBAL", "View and select users or groups from the user picker.", c.browses()},
	}
	out := map[string]permissionItem{}
	for _, n := range names {
		p, found := known[n]
		if !found {
			return jiraRefusal(http.StatusBadRequest, "Unrecognized permission: "+n)
		}
		out[n] = p
	}
	return ok(map[string]any{"permissions": out})
}

// administers tells whether the caller may administer the site: an organization or site admin, or an app's admin there.
func (c *call) administers() bool {
	if c.cred == nil {
		return false
	}
	w, s := c.w, c.w.people[c.cred.owner].at(viewSite, c.now)
	if w.isOrgAdmin(s) {
		return true
	}
	for _, g := range s.groups {
		gr := &w.groups[g]
		here := func(x grant) bool {
			return x.role == roleAdmin && w.apps[x.app].site == c.site && w.apps[x.app].kind.jira && !w.apps[x.app].sandbox
		}
		if slices.ContainsFunc(gr.grants, here) || gr.platform == roleSiteAdmin && gr.directory == w.sites[c.site].directory {
			return true
		}
	}
	return false
}

// siteAdmin tells whether the caller has site administration, which changing groups and removing people need: an organization admin, or a
// member of the site's site-admins. Administering Jira is not enough.
func (c *call) siteAdmin() bool {
	if c.cred == nil {
		return false
	}
	return slices.ContainsFunc(c.w.people[c.cred.owner].at(viewSite, c.now).groups, func(g int32) bool { return c.administersSite(int(g)) })
}

// administersSite tells whether the members of a group have site administration here.
func (c *call) administersSite(g int) bool {
	gr := &c.w.groups[g]
	return gr.platform == roleOrgAdmin || gr.platform == roleSiteAdmin && gr.directory == c.w.sites[c.site].directory
}

// browses tells whether the caller may see users and groups: whoever may open an app of the site.
func (c *call) browses() bool {
	if c.cred == nil {
		return false
	}
	s := c.w.people[c.cred.owner].at(viewSite, c.now)
	for a := range c.w.apps {
		if c.w.apps[a].site == c.site && c.w.billable(s)&(1<<a) != 0 {
			return true
		}
	}
	return c.administers()
}

type serverInfoBody struct {
	BaseURL        string `json:"baseUrl"`
	DisplayURL     string `json:"displayUrl"`
	Version        string `json:"version"`
	VersionNumbers []int  `json:"versionNumbers"`
	DeploymentType string `json:"deploymentType"`
	BuildNumber    int    `json:"buildNumber"`
	BuildDate      string `json:"buildDate"`
	ServerTime     string `json:"serverTime"`
	ScmInfo        string `json:"scmInfo"`
	ServerTitle    string `json:"serverTitle"`
}

// jiraTime writes a time as Jira does: the zone without a colon.
func jiraTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-0700") }

func serverInfo(c *call) reply {
	url := "https://" + c.w.sites[c.site].host
	return ok(serverInfoBody{
		BaseURL: url, DisplayURL: url, Version: "1001.0.0-SNAPSHOT", VersionNumbers: []int{1001, 0, 0}, DeploymentType: "Cloud", BuildNumber: 100287,
		BuildDate: jiraTime(c.w.created.AddDate(0, 0, -3)), ServerTime: jiraTime(time.Unix(0, c.now)),
		ScmInfo: "1f51473f5c7b75c1a69a0090f4832cdc5053702a", ServerTitle: "Jira",
	})
}
