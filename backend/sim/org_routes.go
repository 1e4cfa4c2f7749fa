package sim

// orgRoutes lists every call under https://api.atlassian.com but the sites' gateway.
func orgRoutes() []route {
	const (
		v1  = "/admin/v1/orgs/{orgId}"
		v2  = "/admin/v2/orgs/{orgId}"
		dir = v2 + "/directories/{directoryId}"
	)
	read := func(method, template, family, scope string, h func(*call) reply) route {
		r := newRoute(method, template, h)
		r.family, r.scope = family, scope
		return r
	}
	write := func(method, template, family string, h func(*call) reply) route {
		r := read(method, template, family, "", h)
		r.mutates = true
		return r
	}
	manage := func(method, template string, mutates bool, h func(*call) reply) route {
		r := read(method, "/users/{accountId}/manage"+template, "manage", "", h)
		r.auth, r.mutates = authManage, mutates
		return r
	}
	const directories, groups = "read:directories:admin", "read:groups:admin"
	return []route{
		read("GET", "/admin/v1/orgs", "orgs", "read:orgs:admin", listOrgs),
		read("GET", v1, "orgs", "read:orgs:admin", getOrg),
		read("GET", v1+"/users", "users", "read:accounts:admin", listManaged),
		read("GET", v1+"/domains", "orgs", "read:domains:admin", listDomains),
		read("GET", v1+"/domains/{domainId}", "orgs", "read:domains:admin", getDomain),
		read("GET", v1+"/directory/users/{accountId}/last-active-dates", "users", "", getLastActive),
		write("POST", v1+"/users/{accountId}/roles/assign", "users", assignRole),
		write("POST", v1+"/users/{accountId}/roles/revoke", "users", revokeRole),
		write("POST", v1+"/users/{accountId}/role-assignments/assign", "users", assignOrgAdmin),
		write("POST", v1+"/users/{accountId}/role-assignments/revoke", "users", revokeOrgAdmin),

		read("GET", v2+"/directories", "orgs", directories, listDirectories),
		read("POST", dir+"/users/search", "users", directories, searchUsers),
		read("GET", dir+"/users/count", "users", "", countUsers),
		read("GET", dir+"/users/stats", "users", directories, userStats),
		read("GET", dir+"/users/{accountId}", "users", "", getUser),
		read("GET", dir+"/users/{accountId}/role-assignments", "users", directories, listUserRoles),
		write("POST", dir+"/users/{accountId}/suspend", "users", suspendUser),
		write("POST", dir+"/users/{accountId}/restore", "users", restoreUser),
		write("DELETE", dir+"/users/{accountId}", "users", removeUser),

		read("POST", dir+"/groups/search", "groups", groups, searchGroups),
		read("GET", dir+"/groups/count", "groups", groups, countGroups),
		read("GET", dir+"/groups/stats", "groups", groups, groupStats),
		read("GET", dir+"/groups/{groupId}", "groups", groups, getGroup),
		read("GET", dir+"/groups/{groupId}/role-assignments", "groups", groups, listGroupRoles),
		write("POST", dir+"/groups/{groupId}/role-assignments/assign", "groups", assignGroupRole),
		write("POST", dir+"/groups/{groupId}/role-assignments/revoke", "groups", revokeGroupRole),
		write("POST", dir+"/groups", "groups", createGroup),
		write("DELETE", dir+"/groups/{groupId}", "groups", deleteGroup),
		write("POST", dir+"/groups/{groupId}/memberships", "groups", addMembership),
		write("DELETE", dir+"/groups/{groupId}/memberships/{accountId}", "groups", removeMembership),

		read("POST", v2+"/workspaces", "workspaces", "read:workspaces:admin", searchWorkspaces),
		read("GET", "/admin/api-access/v1/orgs/{orgId}/api-keys", "api-access", "read:keys:admin", listKeys),
		read("GET", "/admin/api-access/v1/orgs/{orgId}/api-keys/count", "api-access", "read:keys:admin", countKeys),
		read("GET", "/admin/api-access/v1/orgs/{orgId}/api-tokens", "api-access", "read:tokens:admin", listAllTokens),
		read("GET", "/admin/api-access/v1/orgs/{orgId}/api-tokens/count", "api-access", "read:tokens:admin", countAllTokens),
		read("GET", v1+"/events-stream", "events-stream", "read:events:admin", streamEvents),
		read("GET", v1+"/event-actions", "events", "read:events:admin", listEventActions),
		read("GET", v1+"/policies", "orgs", "read:policies:admin", listPolicies),
		write("POST", v2+"/users/invite", "users", inviteUsers),

		manage("GET", "", false, managePermissions),
		manage("GET", "/profile", false, manageProfile),
		manage("PATCH", "/profile", true, patchProfile),
		manage("PUT", "/email", true, setEmail),
		manage("GET", "/api-tokens", false, listTokens),
		manage("DELETE", "/api-tokens/{tokenId}", true, revokeToken),
		manage("POST", "/lifecycle/disable", true, disableAccount),
		manage("POST", "/lifecycle/enable", true, enableAccount),
		manage("POST", "/lifecycle/delete", true, deleteAccount),
		manage("POST", "/lifecycle/cancel-delete", true, cancelDeleteAccount),
	}
}
