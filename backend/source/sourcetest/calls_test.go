package sourcetest_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// A need is one call that a sync or an action needs: the call as the simulator's route names it, the client's function that makes it,
// and the function's arguments by their names in the cast. What is left out of the arguments is zero; visitors take everything.
type need struct {
	call string
	fn   any
	args string
}

const (
	v1  = "/admin/v1/orgs/{orgId}"
	v2  = "/admin/v2/orgs/{orgId}"
	dir = v2 + "/directories/{directoryId}"
	me  = "/users/{accountId}/manage"
	api = "/admin/api-access/v1/orgs/{orgId}"
)

// needed are the calls of an organization, of a Jira Cloud site, and of a Jira Data Center, in an order in which each can work.
func needed() []need {
	type (
		o = *admin.Client
		s = *jira.Client
		d = *jira.DataCenter
	)
	const v3, dc = "/rest/api/3", "/rest/api/2"
	return []need{
		{"GET /admin/v1/orgs", o.Organizations, ""},
		{"GET " + v1, o.Organization, ""},
		{"GET " + v2 + "/directories", o.Directories, ""},
		{"POST " + v2 + "/workspaces", o.WalkWorkspaces, ""},
		{"POST " + dir + "/users/search", o.WalkUsers, "directory"},
		{"GET " + dir + "/users/count", o.CountUsers, "directory"},
		{"POST " + dir + "/groups/search", o.WalkGroups, "directory"},
		{"GET " + dir + "/groups/count", o.CountGroups, "directory"},
		{"GET " + dir + "/groups/{groupId}/role-assignments", o.GrantsOf, "directory group"},
		{"GET " + dir + "/users/{accountId}/role-assignments", o.RolesOf, "person"},
		{"GET " + v1 + "/users", o.Managed, ""},
		{"GET " + v1 + "/domains", o.Domains, ""},
		{"GET " + v1 + "/directory/users/{accountId}/last-active-dates", o.LastActive, "person"},
		{"GET " + v1 + "/events-stream", o.WalkEvents, ""},
		{"GET " + v1 + "/event-actions", o.EventActions, ""},
		{"GET " + v1 + "/policies", o.Policies, "ip-allowlist"},
		{"GET " + api + "/api-keys", o.Keys, ""},
		{"GET " + api + "/api-tokens", o.AllTokens, ""},
		{"POST " + dir + "/users/{accountId}/suspend", o.Suspend, "directory person"},
		{"POST " + dir + "/users/{accountId}/restore", o.Restore, "directory person"},
		{"POST " + dir + "/groups/{groupId}/memberships", o.AddMember, "directory group person"},
		{"DELETE " + dir + "/groups/{groupId}/memberships/{accountId}", o.RemoveMember, "directory group person"},
		{"POST " + dir + "/groups/{groupId}/role-assignments/assign", o.AssignGrant, "directory group app role"},
		{"POST " + dir + "/groups/{groupId}/role-assignments/revoke", o.RevokeGrant, "directory group app role"},
		{"POST " + v1 + "/users/{accountId}/roles/assign", o.AssignRole, "person app role"},
		{"POST " + v1 + "/users/{accountId}/roles/revoke", o.RevokeRole, "person app role"},
		{"POST " + v1 + "/users/{accountId}/role-assignments/assign", o.MakeAdmin, "person"},
		{"POST " + v1 + "/users/{accountId}/role-assignments/revoke", o.UnmakeAdmin, "person"},
		{"POST " + dir + "/groups", o.CreateGroup, "directory new-group text"},
		{"DELETE " + dir + "/groups/{groupId}", o.DeleteGroup, "directory group"},
		{"POST " + v2 + "/users/invite", o.Invite, "invitation"},
		{"GET " + me, o.Manageability, "person"},
		{"GET " + me + "/profile", o.Profile, "person"},
		{"PATCH " + me + "/profile", o.EditProfile, "person profile"},
		{"PUT " + me + "/email", o.SetEmail, "person new-email"},
		{"GET " + me + "/api-tokens", o.Tokens, "person"},
		{"DELETE " + me + "/api-tokens/{tokenId}", o.RevokeToken, "person token"},
		{"POST " + me + "/lifecycle/disable", o.Deactivate, "person text"},
		{"POST " + me + "/lifecycle/enable", o.Reactivate, "person"},
		{"POST " + me + "/lifecycle/delete", o.DeleteAccount, "person"},
		{"POST " + me + "/lifecycle/cancel-delete", o.CancelDeletion, "person"},
		{"DELETE " + dir + "/users/{accountId}", o.RemoveFromDirectory, "directory person"},

		{"GET /_edge/tenant_info", s.CloudID, ""},
		{"POST /gateway/api/graphql", s.OrganizationID, "host"},
		{"GET " + v3 + "/myself", s.Myself, ""},
		{"GET " + v3 + "/mypermissions", s.Permissions, "ADMINISTER"},
		{"GET " + v3 + "/serverInfo", s.ServerInfo, ""},
		{"GET " + v3 + "/users/search", s.WalkUsers, ""},
		{"GET " + v3 + "/user", s.Person, "other"},
		{"GET " + v3 + "/user/groups", s.GroupsOf, "other"},
		{"GET " + v3 + "/group/bulk", s.Groups, ""},
		{"GET " + v3 + "/group/member", s.ReadMembers, "other-group first all"},
		{"GET " + v3 + "/applicationrole", s.Roles, ""},
		{"GET " + v3 + "/instance/license", s.License, ""},
		{"GET " + v3 + "/license/approximateLicenseCount", s.LicenseCount, ""},
		{"GET " + v3 + "/license/approximateLicenseCount/product/{key}", s.LicenseCount, "jira-software"},
		{"GET " + v3 + "/auditing/record", s.WalkAudit, ""},
		{"POST " + v3 + "/group/user", s.AddMember, "other-group other"},
		{"DELETE " + v3 + "/group/user", s.RemoveMember, "other-group other"},
		{"POST " + v3 + "/user", s.CreateUser, "email"},
		{"DELETE " + v3 + "/user", s.DeleteUser, "other"},
		{"POST " + v3 + "/group", s.CreateGroup, "site-group"},
		{"DELETE " + v3 + "/group", s.DeleteGroup, "other-group"},

		{"GET " + dc + "/serverInfo", d.ServerInfo, ""},
		{"GET " + dc + "/myself", d.Myself, ""},
		{"GET " + dc + "/mypermissions", d.Permissions, ""},
		{"GET " + dc + "/user/list", d.WalkUserList, ""},
		{"GET " + dc + "/user/search", d.SearchAll, ""},
		{"GET " + dc + "/user", d.Person, "key"},
		{"GET " + dc + "/group/member", d.ReadMembers, "contractors"},
		{"GET " + dc + "/groups/picker", d.Groups, ""},
		{"GET " + dc + "/applicationrole", d.Roles, ""},
		{"PUT " + dc + "/user", d.EditUser, "key fields"},
		{"POST " + dc + "/user/application", d.Grant, "name jira-software"},
		{"DELETE " + dc + "/user/application", d.Revoke, "name jira-software"},
		{"POST " + dc + "/group/user", d.AddMember, "contractors name"},
		{"DELETE " + dc + "/group/user", d.RemoveMember, "contractors name"},
		{"POST " + dc + "/user", d.CreateUser, "new-user"},
		{"DELETE " + dc + "/user", d.DeleteUser, "key"},
		{"POST " + dc + "/group", d.CreateGroup, "new-group"},
		{"DELETE " + dc + "/group", d.DeleteGroup, "contractors"},
	}
}

// notNeeded are calls that Atlassian describes and neither a sync nor an action needs.
var notNeeded = map[string]string{
	"GET " + dir + "/users/{accountId}":     "users/search with accountIds reads ten people with the same fields",
	"GET " + dir + "/users":                 "ends on 2027-06-30; users/search is its successor",
	"GET " + dir + "/users/stats":           "users/count is enough to compare with",
	"GET " + dir + "/groups":                "ends on 2027-06-30; groups/search is its successor",
	"GET " + dir + "/groups/{groupId}":      "groups/search reads the same",
	"GET " + dir + "/groups/stats":          "groups/count is enough to compare with",
	"GET " + v1 + "/domains/{domainId}":     "the list has every field",
	"GET " + v1 + "/events":                 "events-stream is the form that goes on from a kept place",
	"GET " + v1 + "/events/{eventId}":       "the stream has every field",
	"POST " + v1 + "/policies":              "policies are read only",
	"GET " + api + "/api-keys/count":        "the list tells",
	"GET " + api + "/api-tokens/count":      "the list tells",
	"DELETE " + api + "/api-tokens":         "it would revoke everything at once",
	"GET /rest/api/3/users":                 "the same as users/search",
	"GET /rest/api/3/user/search":           "reaches 1,000 people only; users/search reaches all",
	"GET /rest/api/3/user/bulk":             "Person reads groups too",
	"GET /rest/api/3/user/email":            "for approved apps only",
	"GET /rest/api/3/groups/picker":         "group/bulk has every group with its id",
	"GET /rest/api/2/user/duplicated/list":  "for system administrators; a user's key tells people apart",
	"GET /rest/api/2/applicationrole/{key}": "the list has every field",
}

// others are client functions that make a needed call for another purpose than the one in the table.
var others = []string{
	"CountGroups", "FindGroup", "Groups", "GroupsOf", "HidesSome", "PickGroups", "Scoped", "Search", "SetActive", "SiteAdmin", "TryGroups", "TryMembers", "TryUserList", "TryUsers", "Users",
	"WalkChosen", "WalkUsersFrom",
}

// inTable wants every client function that makes a call in the table, or among the others.
func inTable(t *testing.T, all []need, clients map[reflect.Type]reflect.Value) {
	t.Helper()
	used := map[string]bool{}
	for _, n := range all {
		name := runtime.FuncForPC(reflect.ValueOf(n.fn).Pointer()).Name()
		used[reflect.TypeOf(n.fn).In(0).String()+name[strings.LastIndexByte(name, '.'):]] = true
	}
	for kind := range clients {
		for method := range kind.Methods() {
			calls := method.Type.NumIn() > 1 && method.Type.In(1) == reflect.TypeFor[context.Context]()
			if name := kind.String() + "." + method.Name; calls && !used[name] && !slices.Contains(others, method.Name) {
				t.Errorf("%s makes a call that is not in the table", name)
			}
		}
	}
}

// cast holds the arguments by their names; a name that is not in it stands for itself.
func cast(w *sim.World) map[string]any {
	ordinary := func(p sim.PersonState) bool {
		return p.Status == "active" && p.Managed && !p.Synced && !p.OrgAdmin && len(p.PlatformRoles) == 0 && len(p.Apps) > 0 &&
			p.AccountID != w.Operator() && p.AccountID != w.KeyOwner() && len(w.TokensOf(p.AccountID)) > 0
	}
	people := w.People(2, ordinary)
	var groups []sim.GroupState
	for _, g := range w.Groups() {
		if !g.Synced && !g.Default && !g.Admins && len(g.Apps) == 0 && !w.MemberOf(people[0].AccountID, g.ID) && !w.MemberOf(people[1].AccountID, g.ID) {
			groups = append(groups, g)
		}
	}
	app := ""
	for _, a := range w.Apps() {
		if !a.Sandbox && !slices.Contains(people[0].Apps, a.ID) {
			app = a.ID
		}
	}
	user := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Active && !u.Admin && !u.ReadOnly && u.LastLogin == 0 })[0]
	w.SetDataCenterMember(0, user.Key, "contractors", false)
	return map[string]any{
		"directory": w.DirectoryIDs()[0], "person": people[0].AccountID, "other": people[1].AccountID, "group": groups[0].ID, "other-group": groups[1].ID,
		"app": app, "role": "atlassian/user", "token": w.TokensOf(people[0].AccountID)[0], "new-group": "made by a test", "site-group": "made on the site",
		"text": "bye", "email": "invited@acme.example", "new-email": "changed@acme.example", "profile": map[string]string{"name": "Mia Renamed"},
		"invitation": admin.Invitation{Emails: []string{"new@acme.example"}, PermissionRules: []admin.PermissionRule{{Resource: app, Role: "atlassian/user"}}},
		"host":       strings.TrimPrefix(w.Sites()[0].URL, "https://"), "first": 0, "all": 1 << 20,
		"key": user.Key, "name": user.Name, "fields": map[string]string{"displayName": "Changed Person"},
		"new-user": jira.NewDCUser{Name: "new.user", EmailAddress: "new.user@acme.example", DisplayName: "New User", ApplicationKeys: []string{"jira-software"}, Notification: "false"},
	}
}

// clientsOf opens each client on the world, by its type.
func clientsOf(w *sim.World, transport http.RoundTripper) map[reflect.Type]reflect.Value {
	id, key := w.Organization()
	site, dc := w.Sites()[0], w.DataCenters()[0]
	out := map[reflect.Type]reflect.Value{}
	for _, c := range []any{
		admin.New(atlassian.New(atlassian.Options{Base: "https://api.atlassian.com", Credential: atlassian.Bearer(domain.NewSecret(key)), Transport: transport}), id),
		jira.New(atlassian.New(atlassian.Options{Base: site.URL, Credential: atlassian.Basic(site.Email, domain.NewSecret(site.Token)), Transport: transport})),
		jira.NewDataCenter(atlassian.New(atlassian.Options{Base: dc.URL, Credential: atlassian.Bearer(domain.NewSecret(dc.Token)), Transport: transport})),
	} {
		out[reflect.TypeOf(c)] = reflect.ValueOf(c)
	}
	return out
}

// make makes the call and gives the client function's name.
func (n need) make(ctx context.Context, clients map[reflect.Type]reflect.Value, cast map[string]any) (function string, err error) {
	fn := reflect.ValueOf(n.fn)
	function = strings.TrimPrefix(runtime.FuncForPC(fn.Pointer()).Name(), "seatkeeper/backend/atlassian/")
	names := strings.Fields(n.args)
	var in []reflect.Value
	for i := range fn.Type().NumIn() {
		want := fn.Type().In(i)
		if fn.Type().IsVariadic() && i == fn.Type().NumIn()-1 {
			want = want.Elem()
		}
		switch {
		case i == 0:
			in = append(in, clients[want])
		case i == 1:
			in = append(in, reflect.ValueOf(ctx))
		case want.Kind() == reflect.Func:
			in = append(in, reflect.MakeFunc(want, func([]reflect.Value) []reflect.Value {
				var out []reflect.Value
				for result := range want.Outs() {
					out = append(out, reflect.Zero(result))
				}
				return out
			}))
		case len(names) > 0:
			value, known := cast[names[0]]
			if !known {
				value = names[0]
			}
			in, names = append(in, reflect.ValueOf(value)), names[1:]
		default:
			in = append(in, reflect.Zero(want))
		}
	}
	if len(names) > 0 {
		return function, fmt.Errorf("%s takes no %v", function, names)
	}
	out := fn.Call(in)
	err, _ = reflect.TypeAssert[error](out[len(out)-1])
	return function, err
}

// callNeeded makes every needed call on one world, each with its function, and gives those that the simulator answered with success.
func callNeeded(t *testing.T, w *sim.World, transport http.RoundTripper) (covered []string) {
	t.Helper()
	clients, cast := clientsOf(w, transport), cast(w)
	for _, n := range needed() {
		from := len(w.Journal())
		function, err := n.make(t.Context(), clients, cast)
		if err != nil {
			t.Errorf("%s by %s: %v", n.call, function, err)
			continue
		}
		answered := slices.ContainsFunc(w.Journal()[from:], func(e sim.Entry) bool { return e.Method+" "+e.Template == n.call && e.Status/100 == 2 })
		if !answered {
			t.Errorf("%s was not asked, or not answered, when %s was called", n.call, function)
			continue
		}
		covered = append(covered, fmt.Sprintf("%s -> %s", n.call, function))
	}
	return covered
}

// TestEveryNeededCall fails when a sync or an action needs a call that no client function makes or that the simulator does not answer.
func TestEveryNeededCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 230, DataCenters: 1})
		all := needed()
		seen := map[string]bool{}
		for _, n := range all {
			if seen[n.call] || notNeeded[n.call] != "" {
				t.Errorf("%s is listed twice", n.call)
			}
			seen[n.call] = true
		}
		inTable(t, all, clientsOf(w, w.Transport()))
		covered := callNeeded(t, w, w.Transport())
		t.Logf("calls covered %d of %d needed:\n\t%s", len(covered), len(all), strings.Join(covered, "\n\t"))
		t.Logf("%d calls are described and not needed", len(notNeeded))
		if len(covered) != len(all) {
			t.Errorf("calls covered %d of %d needed", len(covered), len(all))
		}
		for _, e := range w.Journal() {
			if call := e.Method + " " + e.Template; !seen[call] {
				t.Errorf("%s was called and is not in the list of needed calls", call)
			}
		}
	})
}
