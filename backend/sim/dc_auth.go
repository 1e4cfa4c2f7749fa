package sim

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// dcSite is the number by which a request's way through the simulator names Data Center instance n: 0 and more are sites, -1 is the API.
func dcSite(n int) int { return -2 - n }

// dataCenterOf is the instance with that number, nil for a site or the API.
func (w *World) dataCenterOf(site int) *dataCenter {
	if site > -2 {
		return nil
	}
	return w.dataCenters[-2-site]
}

// dcByHost returns the number of the instance with this host name, as dcSite counts.
func (w *World) dcByHost(host string) (int, bool) {
	i := slices.IndexFunc(w.dataCenters, func(d *dataCenter) bool { return strings.EqualFold(d.host, host) })
	return dcSite(i), i >= 0
}

// patOf makes a personal access token in the form that Jira's have: 44 characters of base64.
func (w *World) patOf(n int) string {
	var b [33]byte
	for i := range 4 {
		binary.BigEndian.PutUint64(b[i*8:], w.hash(saltSecret, 1<<33+uint64(n), uint64(i)))
	}
	return base64.StdEncoding.EncodeToString(b[:])
}

// nameDataCenter fills the journal's entry: people are named by their keys, whatever the request calls them.
func (c *call) nameDataCenter() {
	c.entry.Site, c.entry.GroupID, c.entry.Accounts = c.dc.name, c.query.Get("groupname"), nil
	name := c.query.Get("username")
	if c.route != nil && strings.HasSuffix(c.route.template, "/user/search") {
		name = "" // a search names nobody
	}
	if c.route != nil && strings.HasSuffix(c.route.template, "/group/user") && c.method == http.MethodPost {
		var body struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(c.body, &body) == nil {
			name = body.Name
		}
	}
	c.w.mu.RLock()
	defer c.w.mu.RUnlock()
	if key := c.query.Get("key"); key != "" || name != "" {
		if i, found := c.dc.user(key, name); found {
			key = c.dc.users[i].key
		}
		if key != "" {
			c.entry.Accounts, c.entry.AccountID = []string{key}, key
		}
	}
}

// authenticateDataCenter checks a personal access token. A wrong one is refused everywhere, also where nobody need sign in.
func (c *call) authenticateDataCenter() (rep reply, ok bool) {
	c.entry.Credential, c.dcUser = "anonymous", -1
	header := c.header.Get("Authorization")
	if header == "" {
		return c.dcUnauthorized(), c.route.auth == authAnonymous
	}
	token, bearer := strings.CutPrefix(header, "Bearer ")
	i, known := c.dc.tokens[token]
	if !bearer || !known || !c.dc.users[i].active || c.dc.users[i].deleted {
		c.entry.Credential = "unknown"
		return c.dcUnauthorized(), false
	}
	c.entry.Credential, c.dcUser = "dc-token", i
	c.cred = &credential{id: c.dc.name + "/" + c.dc.users[i].key}
	if c.route.scope == dcAdmin && !c.dc.administers(i) {
		return jiraRefusal(http.StatusForbidden, "The user does not have permission to complete this operation."), false
	}
	return reply{}, true
}

// dcAdmin marks the calls of administrators, where scoped keys have their scopes.
const dcAdmin = "admin"

func (c *call) dcUnauthorized() reply {
	rep := reply{status: http.StatusUnauthorized, value: gatewayError{"Client must be authenticated to access this resource.", http.StatusUnauthorized}, header: http.Header{}}
	rep.header.Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	rep.header.Set("WWW-Authenticate", `OAuth realm="`+"https%3A%2F%2F"+c.dc.host+`"`)
	return rep
}

// dcNotFound answers a path that no call has: Jira's own page below its context path, the web server's elsewhere.
func (c *call) dcNotFound() reply {
	if rest, inside := strings.CutPrefix(c.path, dcContext+"/rest/"); inside {
		return reply{status: http.StatusNotFound, value: gatewayError{"null for uri: https://" + c.dc.host + dcContext + "/rest/" + rest, http.StatusNotFound}}
	}
	return plain(http.StatusNotFound, "text/html;charset=utf-8", "<!doctype html><html><head><title>HTTP Status 404 – Not Found</title></head><body></body></html>")
}

// markDataCenter adds the headers of Data Center's token bucket, which differ from Cloud's.
func (s rateState) markDataCenter(rep reply) reply {
	if rep.header == nil {
		rep.header = http.Header{}
	}
	rep.header.Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	rep.header.Set("X-RateLimit-Remaining", strconv.Itoa(s.remaining))
	rep.header.Set("X-RateLimit-FillRate", strconv.Itoa(s.limit))
	rep.header.Set("X-RateLimit-Interval-Seconds", strconv.Itoa(max(1, int(s.window.Seconds()))))
	return rep
}
