package sim

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

type orgItem struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Attributes struct {
		Name string `json:"name"`
	} `json:"attributes"`
	Relationships struct {
		Domains orgRelated `json:"domains"`
		Users   orgRelated `json:"users"`
	} `json:"relationships"`
	Links selfLink `json:"links"`
}

type orgRelated struct {
	Links struct {
		Related string `json:"related"`
	} `json:"links"`
}

func (w *World) orgItem() orgItem {
	o := orgItem{ID: w.orgID, Type: "orgs"}
	o.Attributes.Name = w.orgName
	o.Links.Self = "https://" + apiHost + "/admin/v1/orgs/" + w.orgID
	o.Relationships.Domains.Links.Related = o.Links.Self + "/domains"
	o.Relationships.Users.Links.Related = o.Links.Self + "/users"
	return o
}

// orgItemOf is the organization that a key is for.
func (w *World) orgItemOf(k *credential) orgItem {
	o := w.orgItem()
	if k.foreign != "" {
		o.ID, o.Attributes.Name = w.newUUID("foreign organization", 0), k.foreign
	}
	return o
}

// listOrgs shows nothing to a key with scopes, which is what such keys were seen to get.
func listOrgs(c *call) reply {
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	all := []orgItem{}
	if len(c.cred.scopes) == 0 && !c.w.cfg.HideOrgs {
		all = append(all, c.w.orgItemOf(c.cred))
	}
	data, l := window(c, all, cur.Position, 50, "", true)
	return ok(page[orgItem]{data, l})
}

func getOrg(c *call) reply { return ok(single[orgItem]{c.w.orgItem()}) }

type directoryItem struct {
	DirectoryID string `json:"directoryId"`
	Name        string `json:"name"`
}

func listDirectories(c *call) reply {
	limit, valid := c.limitOf("limit", 20)
	if !valid {
		return badRequest("limit must be between 1 and 100")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	query := c.query
	if c.query.Get("cursor") != "" {
		query = parseQuery(cur.Query) // all other parameters are ignored with a cursor
	}
	all := []directoryItem{}
	for i, d := range c.w.directories {
		if ids := query["directoryIds"]; len(ids) > 0 && !slices.Contains(ids, d.id) {
			continue
		}
		if term := query.Get("searchTerm"); term != "" && !strings.Contains(strings.ToLower(d.name), strings.ToLower(term)) {
			continue
		}
		if account := query.Get("accountId"); account != "" {
			_, p, found := c.person(account)
			if !found || p.at(viewOrg, c.now).member&(1<<i) == 0 {
				continue
			}
		}
		all = append(all, directoryItem{d.id, d.name})
	}
	data, l := window(c, all, cur.Position, limit, query.Encode(), false)
	return ok(page[directoryItem]{data, l})
}

type domainItem struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Attributes struct {
		Name  string `json:"name"`
		Claim struct {
			Type   string `json:"type"`
			Status string `json:"status"`
		} `json:"claim"`
	} `json:"attributes"`
	Links selfLink `json:"links"`
}

func (w *World) domainItem(d domainClaim) domainItem {
	item := domainItem{ID: base64.StdEncoding.EncodeToString([]byte(d.name)), Type: "domains"}
	item.Attributes.Name = d.name
	item.Attributes.Claim.Type, item.Attributes.Claim.Status = d.claim, d.status
	item.Links.Self = "https://" + apiHost + "/admin/v1/orgs/" + w.orgID + "/domains/" + item.ID
	return item
}

func listDomains(c *call) reply {
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	all := []domainItem{}
	for _, d := range c.w.domains {
		all = append(all, c.w.domainItem(d))
	}
	data, l := window(c, all, cur.Position, 50, "", true)
	return ok(page[domainItem]{data, l})
}

func getDomain(c *call) reply {
	for _, d := range c.w.domains {
		if item := c.w.domainItem(d); item.ID == c.vars["domainId"] {
			return ok(single[domainItem]{item})
		}
	}
	if _, err := base64.StdEncoding.DecodeString(c.vars["domainId"]); err != nil {
		return adminError(http.StatusBadRequest, "ADMIN-400-2", "The domain id is invalid")
	}
	return adminError(http.StatusNotFound, "ADMIN-404-3", "Domain not found")
}
