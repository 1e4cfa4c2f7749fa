package sim_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/sim"
)

// dcUncovered are the calls and statuses that the document of Data Center 10.0 does not have: user/list came with 10.3, the others are
// what every call of Jira may answer.
var dcUncovered = []string{
	"GET /rest/api/2/user -> 400",
	"GET /rest/api/2/user/list",
	"GET /rest/api/2/groups/picker -> 401",
	"GET /rest/api/2/serverInfo -> 401",
}

// dcNeverAnswered are documented properties that are not answered, by call; "" is every call.
var dcNeverAnswered = map[string][]string{
	"":                                     {"callback", "maxResults", "pagingCallback"},                      // of a list in the program, not in its answers
	"GET /rest/api/2/user/search":          {"applicationRoles", "expand", "groups", "lastLoginTime", "size"}, // of a single user
	"GET /rest/api/2/user/duplicated/list": {"id", "owner", "selected"},                                       // nobody is there twice
}

func patchDataCenter(t *testing.T) func(map[string]any) {
	return func(doc map[string]any) {
		response := func(path, method, status string) map[string]any {
			return at(t, doc, "paths", path, method, "responses", status, "content", "application/json")
		}
		user := map[string]any{"$ref": "#/components/schemas/UserJsonBean"}
		// The document shows a bare list; every Jira answers a page of one.
		response("/api/2/group/member", "get", "200")["schema"] = map[string]any{
			"type": "object", "required": []any{"values", "isLast", "total", "startAt", "maxResults"},
			"properties": map[string]any{"values": map[string]any{"type": "array", "items": user}},
		}
		// The document shows one role where all are listed.
		response("/api/2/applicationrole", "get", "200")["schema"] = map[string]any{
			"type": "array", "items": map[string]any{"$ref": "#/components/schemas/ApplicationRoleBean"},
		}
		// The answer to an edit is described as what may be written; every Jira answers the user.
		response("/api/2/user", "put", "200")["schema"] = map[string]any{"$ref": "#/components/schemas/UserBean"}
		response("/api/2/user", "post", "201")["schema"] = map[string]any{"$ref": "#/components/schemas/UserBean"}
	}
}

// dc calls the first Data Center instance with a token; "" is nobody's.
func (c *client) dc(token, method, path string, body any) answer {
	c.t.Helper()
	a, err := c.send(method, c.w.DataCenters()[0].URL+path, body, func(r *http.Request) {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// Every answer of a Data Center instance that the document covers has the documented shape.
func TestDataCenterAnswersFitTheDocument(t *testing.T) {
	spec := load(t, specsDir(t), "jira-dc-10.0.swagger.v3.json", "/rest", patchDataCenter(t))
	checked, open := map[string]int{}, map[string]int{}
	c := newClient(t, sim.Config{People: 300, Seed: 11, DataCenters: 1})
	spec.name = "Data Center 10.0" // its documented properties are compared by name too
	seen := &names{}
	c.hc.Transport = &contract{t, c.w, []specification{spec}, checked, open, seen}
	walkDataCenter(c)
	walkDataCenterRefusals(c)
	for call, documented := range seen.documented {
		for _, name := range dcNeverAnswered[""] {
			delete(documented, name)
		}
		for _, name := range dcNeverAnswered[call] {
			delete(documented, name)
		}
	}
	seen.check(t)
	for _, call := range sim.DataCenterRoutes() {
		asked := open[call] > 0
		for _, status := range []int{200, 201, 204} {
			asked = asked || checked[fmt.Sprintf("%s -> %d", call, status)] > 0
		}
		if !asked {
			t.Errorf("%s is served and was not asked", call)
		}
	}
	got := slices.Sorted(maps.Keys(open))
	want := slices.Clone(dcUncovered)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("not covered:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d calls and statuses validated", len(checked))
	t.Logf("not covered by the document, so not validated:\n\t%s", strings.Join(got, "\n\t"))
	if len(checked) < 40 {
		t.Errorf("only %d calls and statuses were validated", len(checked))
	}
}

func walkDataCenter(c *client) {
	t, token := c.t, c.w.DataCenters()[0].Token
	const api = "/rest/api/2"
	somebody := c.w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Active && !u.Admin && !u.ReadOnly && len(u.Groups) > 0 })[0]
	who, key := "username="+url.QueryEscape(somebody.Name), "key="+url.QueryEscape(somebody.Key)
	group := "groupname=" + url.QueryEscape("R&D 50% / labs")
	c.w.SetDataCenterMember(0, somebody.Key, "R&D 50% / labs", false)
	for _, path := range []string{
		"/serverInfo", "/myself", "/myself?expand=groups,applicationRoles", "/mypermissions", "/user/list", "/user/list?maxResults=10", "/user/search?username=.&includeInactive=true&maxResults=1000",
		"/user/search?username=a&startAt=2", "/user?" + who, "/user?expand=groups,applicationRoles&" + key, "/user/duplicated/list",
		"/group/member?groupname=jira-software-users&includeInactiveUsers=true", "/group/member?groupname=jira-software-users&startAt=50", "/groups/picker?query=&maxResults=1000", "/groups/picker?query=JIRA",
		"/applicationrole", "/applicationrole/jira-software",
	} {
		c.dc(token, "GET", api+path, nil).must(t, 200)
	}
	for _, active := range []bool{false, true} {
		c.dc(token, "PUT", api+"/user?"+key, map[string]any{"active": active}).must(t, 200)
	}
	c.dc(token, "PUT", api+"/user?"+who, map[string]any{"displayName": "Renamed Person"}).must(t, 200)
	c.dc(token, "POST", api+"/group/user?"+group, map[string]any{"name": somebody.Name}).must(t, 201)
	c.dc(token, "DELETE", api+"/group/user?"+group+"&"+who, nil).must(t, 200)
	c.dc(token, "POST", api+"/user/application?applicationKey=jira-servicedesk&"+who, map[string]any{}).must(t, 200)
	c.dc(token, "DELETE", api+"/user/application?applicationKey=jira-servicedesk&"+who, nil).must(t, 204)
	c.dc(token, "POST", api+"/group", map[string]any{"name": "made here"}).must(t, 201)
	c.dc(token, "DELETE", api+"/group?groupname=made%20here", nil).must(t, 200)
	c.dc(token, "POST", api+"/user", map[string]any{"name": "new", "emailAddress": "new@acme.example", "displayName": "New", "applicationKeys": []string{"jira-software"}}).must(t, 201)
	c.dc(token, "DELETE", api+"/user?username=new", nil).must(t, 204)
}

func walkDataCenterRefusals(c *client) {
	const api = "/rest/api/2"
	admin := c.w.DataCenters()[0].Token
	plain := c.w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Active && !u.Admin })[0]
	ldap := c.w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.ReadOnly })[0]
	for _, token := range []string{"", "wrong", c.w.AddDataCenterToken(0, plain.Key)} {
		for _, call := range sim.DataCenterRoutes() {
			method, path, _ := strings.Cut(call, " ")
			var body any
			if method != "GET" && method != "DELETE" {
				body = map[string]any{}
			}
			c.dc(token, method, strings.Replace(path, "{key}", "jira-software", 1), body)
		}
	}
	t := c.t
	for _, q := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"GET", "/user?username=nobody", nil, 404}, {"GET", "/user", nil, 400}, {"GET", "/user/search?username=", nil, 400},
		{"GET", "/group/member?groupname=", nil, 400}, {"GET", "/group/member?groupname=nothing", nil, 404}, {"GET", "/applicationrole/nothing", nil, 404},
		{"PUT", "/user?username=nobody", map[string]any{"active": false}, 404}, {"PUT", "/user?key=" + url.QueryEscape(ldap.Key), map[string]any{"active": false}, 400},
		{"DELETE", "/user?username=nobody", nil, 404}, {"DELETE", "/user?key=" + url.QueryEscape(ldap.Key), nil, 400},
		{"POST", "/user", map[string]any{"name": plain.Name, "emailAddress": "a@b", "displayName": "x"}, 400},
		{"POST", "/group", map[string]any{"name": ""}, 400}, {"POST", "/group", map[string]any{"name": "Contractors"}, 400}, {"DELETE", "/group?groupname=nothing", nil, 404},
		{"POST", "/group/user?groupname=nothing", map[string]any{"name": "x"}, 404}, {"POST", "/group/user?groupname=ldap-all-staff", map[string]any{"name": plain.Name}, 400},
		{"DELETE", "/group/user?groupname=contractors&username=nobody", nil, 404},
		{"POST", "/user/application?username=nobody&applicationKey=jira-software", map[string]any{}, 400}, {"DELETE", "/user/application?username=nobody&applicationKey=x", nil, 400},
	} {
		c.dc(admin, q.method, api+q.path, q.body).must(t, q.want)
	}
}
