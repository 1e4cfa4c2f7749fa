package sim

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// dcGroupNames are groups with names that a client may stumble over; further ones are numbered.
var dcGroupNames = []string{"team-atlas", "Finance, EMEA", "R&D 50% / labs", "Ünits+partners", "contractors"}

// The built-in groups of every instance, by their place.
const (
	dcAdmins = iota
	dcSoftware
	dcServiceDesk
	dcStaff
	dcFirstPlain
)

// buildDataCenters fills the instances from the seed. They draw from a source of their own: the organization is the same with and without.
func (w *World) buildDataCenters() {
	for n := range min(w.cfg.DataCenters, maxDataCenters) {
		name := "jira"
		if n > 0 {
			name += strconv.Itoa(n + 1)
		}
		d := &dataCenter{
			name: name, host: name + "." + strings.ToLower(w.orgName) + ".example",
			byKey: map[string]int{}, byName: map[string]int{}, tokens: map[string]int{}, last: 10000,
		}
		d.buildGroups(w.cfg.Groups)
		d.buildUsers(w, rand.New(rand.NewPCG(w.cfg.Seed, 0xdc0+uint64(n))))
		d.tokens[w.patOf(n)] = 0
		w.dataCenters = append(w.dataCenters, d)
	}
}

func (d *dataCenter) buildGroups(plain int) {
	d.groups = []dcGroup{
		dcAdmins: {name: "jira-administrators", admins: true}, dcSoftware: {name: "jira-software-users"},
		dcServiceDesk: {name: "jira-servicedesk-users"}, dcStaff: {name: "ldap-all-staff", synced: true},
	}
	for i := range max(plain, len(dcGroupNames)) {
		name := "project-" + strconv.Itoa(i)
		if i < len(dcGroupNames) {
			name = dcGroupNames[i]
		}
		d.groups = append(d.groups, dcGroup{name: name})
	}
	d.roles = []dcRole{
		{"jira-software", "Jira Software", []int{dcAdmins, dcSoftware}, 50_000},
		{"jira-servicedesk", "Jira Service Management", []int{dcServiceDesk}, 500},
	}
}

// buildUsers makes as many users as the organization has people, and a few deleted ones. The first one is the administrator whose
// token is listed. Old users have a key that once was their name; a renamed one has another name than key.
func (d *dataCenter) buildUsers(w *World, rng *rand.Rand) {
	names := newNameMaker(rng)
	deleted := w.cfg.People/50 + 1
	for i := range w.cfg.People + deleted {
		display, _, local, place := names.draw()
		u := dcUser{
			name: local, email: local + "@" + w.domains[0].name, display: display, zone: places[place].zone,
			active: rng.IntN(100) >= 8 || i < 2, deleted: i >= w.cfg.People, directory: []int{0, 0, 0, 1, 1, 2}[rng.IntN(6)],
		}
		switch {
		case i < 2:
			u.directory = 0
		case i%10 == 3:
			u.key = u.name // from the time before keys
		case i%50 == 7:
			u.key, u.name = u.email, "renamed."+u.name
		case i%50 == 9:
			u.name = u.email
		}
		if u.key == "" {
			u.key = d.newKey()
		}
		if rng.IntN(100) < 90 {
			u.lastLogin = w.created.Unix() - int64(rng.IntN(400*24*3600))
		}
		if u.deleted {
			u.active, u.name = false, u.key
		}
		d.add(u)
		if !u.deleted {
			d.join(i, rng)
		}
	}
}

// join puts a new user into groups; a few are in none.
func (d *dataCenter) join(i int, rng *rand.Rand) {
	u := &d.users[i]
	if i < 2 {
		d.setMember(i, dcAdmins, true)
	}
	if i >= 2 && rng.IntN(100) < 4 {
		return
	}
	if rng.IntN(100) < 92 {
		d.setMember(i, dcSoftware, true)
	}
	if rng.IntN(100) < 15 {
		d.setMember(i, dcServiceDesk, true)
	}
	if dcDirectories[u.directory].readOnly {
		d.setMember(i, dcStaff, true)
	}
	for range rng.IntN(4) {
		d.setMember(i, dcFirstPlain+rng.IntN(len(d.groups)-dcFirstPlain), true)
	}
}

// add appends a user and returns its number.
func (d *dataCenter) add(u dcUser) int {
	d.users = append(d.users, u)
	i := len(d.users) - 1
	d.byKey[u.key], d.byName[strings.ToLower(u.name)] = i, i
	return i
}

func (d *dataCenter) newKey() string {
	d.last++
	return "JIRAUSER" + strconv.Itoa(d.last)
}

// listed are the users who are not deleted, in the order of their names, as Jira lists them.
func (d *dataCenter) listed() []int {
	var all []int
	for i := range d.users {
		if !d.users[i].deleted {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return strings.Compare(d.users[a].name, d.users[b].name) })
	return all
}
