package sim

// dcRoutes lists every call of a Data Center instance, below its context path.
func dcRoutes(cfg DataCenterConfig) []route {
	const api = "/rest/api/2"
	var routes []route
	add := func(method, path, right string, h func(*call) reply) {
		r := newRoute(method, api+path, h)
		r.family, r.auth, r.scope = "jira-dc", authSite, right
		if right == "anonymous" {
			r.auth, r.scope = authAnonymous, ""
		}
		r.mutates = method != "GET"
		routes = append(routes, r)
	}
	add("GET", "/serverInfo", "anonymous", dcServerInfo)
	add("GET", "/myself", "", dcMyself)
	add("GET", "/mypermissions", "", dcPermissions)
	if !cfg.NoUserList {
		add("GET", "/user/list", dcAdmin, dcUserList)
	}
	add("GET", "/user/search", "", dcUserSearch)
	add("GET", "/user", "", dcGetUser)
	add("POST", "/user", dcAdmin, dcCreateUser)
	add("PUT", "/user", dcAdmin, dcEditUser)
	add("DELETE", "/user", dcAdmin, dcDeleteUser)
	add("POST", "/user/application", dcAdmin, dcGrantApplication)
	add("DELETE", "/user/application", dcAdmin, dcRevokeApplication)
	add("GET", "/user/duplicated/list", dcAdmin, dcDuplicated)
	add("POST", "/group", dcAdmin, dcCreateGroup)
	add("DELETE", "/group", dcAdmin, dcDeleteGroup)
	add("GET", "/group/member", dcAdmin, dcMembers)
	add("POST", "/group/user", dcAdmin, dcAddMember)
	add("DELETE", "/group/user", dcAdmin, dcRemoveMember)
	add("GET", "/groups/picker", "", dcGroupPicker)
	add("GET", "/applicationrole", dcAdmin, dcRoles)
	add("GET", "/applicationrole/{key}", dcAdmin, dcRoleOne)
	return routes
}
