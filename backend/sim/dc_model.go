package sim

import (
	"slices"
	"strings"
)

// dataCenter is one Jira Data Center instance. It shares nothing with the organization: other people, other groups, other rights.
type dataCenter struct {
	name, host string
	users      []dcUser
	byKey      map[string]int
	byName     map[string]int // by name in lower case: user names ignore case
	groups     []dcGroup
	roles      []dcRole
	tokens     map[string]int // personal access tokens with the user they belong to
	last       int            // the number of the newest user key
}

// dcUser is one user. Deleted users stay, so that what they wrote keeps its author.
type dcUser struct {
	key, name, email, display, zone string
	directory                       int
	active, deleted                 bool
	lastLogin                       int64 // unix seconds, 0 never
	groups                          []int // ascending
}

// dcGroup is one group; its members are found through the users.
type dcGroup struct {
	name    string
	synced  bool // comes from the read-only directory
	admins  bool // its members administer Jira
	deleted bool
	members []int // users, in the order of their names
}

// dcRole is one application of the instance.
type dcRole struct {
	key, name string
	groups    []int
	seats     int
}

// dcDirectories are the user directories of every instance.
var dcDirectories = []struct {
	name     string
	readOnly bool
}{{"Jira Internal Directory", false}, {"Corporate LDAP", true}, {"Crowd", false}}

// user finds a user by key or, without one, by name.
func (d *dataCenter) user(key, name string) (int, bool) {
	if key != "" {
		i, found := d.byKey[key]
		return i, found
	}
	i, found := d.byName[strings.ToLower(name)]
	return i, found
}

// group finds a group by its name, in any case.
func (d *dataCenter) group(name string) (int, bool) {
	i := slices.IndexFunc(d.groups, func(g dcGroup) bool { return !g.deleted && strings.EqualFold(g.name, name) })
	return i, i >= 0
}

func (d *dataCenter) in(user, group int) bool {
	_, found := slices.BinarySearch(d.users[user].groups, group)
	return found
}

// setMember puts a user into a group or takes the user out, and tells whether that changed anything.
func (d *dataCenter) setMember(user, group int, member bool) bool {
	u, g := &d.users[user], &d.groups[group]
	at, found := slices.BinarySearch(u.groups, group)
	if found == member {
		return false
	}
	place, _ := slices.BinarySearchFunc(g.members, u.name, func(i int, name string) int { return strings.Compare(d.users[i].name, name) })
	if member {
		u.groups = slices.Insert(u.groups, at, group)
		g.members = slices.Insert(g.members, place, user)
		return true
	}
	u.groups = slices.Delete(u.groups, at, at+1)
	g.members = slices.DeleteFunc(g.members, func(i int) bool { return i == user })
	return true
}

// administers tells whether the user is in a group of administrators.
func (d *dataCenter) administers(user int) bool {
	return slices.ContainsFunc(d.users[user].groups, func(g int) bool { return d.groups[g].admins })
}

// seatsTaken counts the active users whom a role lets in.
func (d *dataCenter) seatsTaken(r dcRole) int {
	n := 0
	for i := range d.users {
		if d.users[i].active && !d.users[i].deleted && d.opens(i, r) {
			n++
		}
	}
	return n
}

func (d *dataCenter) opens(user int, r dcRole) bool {
	return slices.ContainsFunc(r.groups, func(g int) bool { return d.in(user, g) })
}

// rename gives a user another name. Lists of members are in the order of names, so the memberships are made anew.
func (d *dataCenter) rename(user int, name string) {
	groups := slices.Clone(d.users[user].groups)
	for _, g := range groups {
		d.setMember(user, g, false)
	}
	delete(d.byName, strings.ToLower(d.users[user].name))
	d.users[user].name = name
	d.byName[strings.ToLower(name)] = user
	for _, g := range groups {
		d.setMember(user, g, true)
	}
}
