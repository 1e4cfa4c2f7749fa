package sim

// siteRoutes lists every call under a site's host, which the gateway offers under /ex/jira/{cloudId} too.
func siteRoutes() []route {
	call := func(method, template string, auth authKind, h func(*call) reply) route {
		r := newRoute(method, template, h)
		r.family, r.auth = "jira", auth
		return r
	}
	const api = "/rest/api/3"
	routes := []route{
		call("GET", "/_edge/tenant_info", authAnonymous, tenantInfo),
		call("POST", "/gateway/api/graphql", authSite, graphQL),
		call("GET", api+"/myself", authSite, myself),
		call("GET", api+"/mypermissions", authSite, myPermissions),
		call("GET", api+"/serverInfo", authAnonymous, serverInfo),
		call("GET", api+"/users/search", authOptional, siteUsers),
		call("GET", api+"/users", authOptional, siteUsers),
		call("GET", api+"/user/search", authSite, siteUserSearch),
		call("GET", api+"/user", authSite, siteUser),
		call("GET", api+"/user/groups", authSite, siteUserGroups),
		call("GET", api+"/user/bulk", authSite, siteUserBulk),
		call("GET", api+"/group/bulk", authSite, siteGroups),
		call("GET", api+"/group/member", authSite, siteMembers),
		call("POST", api+"/group/user", authSite, addSiteMember),
		call("DELETE", api+"/group/user", authSite, removeSiteMember),
		call("GET", api+"/groups/picker", authOptional, groupPicker),
		call("POST", api+"/user", authSite, createSiteUser),
		call("DELETE", api+"/user", authSite, deleteSiteUser),
		call("POST", api+"/group", authSite, createSiteGroup),
		call("DELETE", api+"/group", authSite, deleteSiteGroup),
		call("GET", api+"/auditing/record", authSite, auditRecords),
		call("GET", api+"/applicationrole", authSite, applicationRoles),
		call("GET", api+"/instance/license", authSite, instanceLicense),
		call("GET", api+"/license/approximateLicenseCount", authSite, licenseCount),
		call("GET", api+"/license/approximateLicenseCount/product/{key}", authSite, licenseCountOf),
	}
	for i := range routes {
		routes[i].mutates = routes[i].method != "GET" && routes[i].template != "/gateway/api/graphql"
	}
	return routes
}
