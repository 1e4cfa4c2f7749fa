package sim

import (
	"net/url"
	"strings"
)

// route is one call of the API.
type route struct {
	method   string
	template string // "/admin/v2/orgs/{orgId}/directories"
	segments []string
	family   string // the rate limit's path family
	scope    string // what a scoped key needs; "" means that only a key without scopes will do
	auth     authKind
	mutates  bool
	handle   func(*call) reply
}

type authKind uint8

const (
	authOrg       authKind = iota // bearer: an organization API key
	authManage                    // the same, in the user management API with its own refusals
	authSite                      // basic: e-mail and API token
	authAnonymous                 // anybody may call
	authOptional                  // anybody may call, but sees nothing without a credential
)

func newRoute(method, template string, handle func(*call) reply) route {
	return route{method: method, template: template, segments: strings.Split(template, "/"), handle: handle}
}

// match finds the route of a request and the values of its path; nil when no call has this path and method.
func match(routes []route, method, escapedPath string) (*route, map[string]string) {
	segments := strings.Split(escapedPath, "/")
	for i := range routes {
		if routes[i].method != method {
			continue
		}
		if vars, ok := routes[i].bind(segments); ok {
			return &routes[i], vars
		}
	}
	return nil, nil
}

func (r *route) bind(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	for i, s := range r.segments {
		if s != segments[i] && !strings.HasPrefix(s, "{") {
			return nil, false
		}
	}
	vars := map[string]string{}
	for i, s := range r.segments {
		if strings.HasPrefix(s, "{") {
			v, err := url.PathUnescape(segments[i])
			if err != nil || v == "" {
				return nil, false
			}
			vars[s[1:len(s)-1]] = v
		}
	}
	return vars, true
}
