package sim

import "slices"

// DataCenterInfo is one Data Center instance with an administrator's personal access token.
type DataCenterInfo struct {
	Name     string // "jira"
	URL      string // "https://jira.acme.example/jira"
	Token    string
	Operator string // user key of the token's owner
}

// DataCenters lists the Data Center instances.
func (w *World) DataCenters() []DataCenterInfo {
	w.mu.RLock()
	defer w.mu.RUnlock()
	out := make([]DataCenterInfo, len(w.dataCenters))
	for i, d := range w.dataCenters {
		out[i] = DataCenterInfo{Name: d.name, URL: "https://" + d.host + dcContext, Token: w.patOf(i), Operator: d.users[0].key}
	}
	return out
}

// DataCenterUser is the truth about one user of a Data Center instance.
type DataCenterUser struct {
	Key, Name, Email, Display string
	Active, Deleted           bool
	ReadOnly                  bool // of a directory that Jira cannot write to
	Admin                     bool
	LastLogin                 int64    // unix seconds, 0 never
	Groups                    []string // names
}

// DataCenterUser returns the truth about the user with this key at instance n.
func (w *World) DataCenterUser(n int, key string) (u DataCenterUser, found bool) {
	w.settleIfDue()
	w.mu.RLock()
	defer w.mu.RUnlock()
	d := w.dataCenters[n]
	i, found := d.byKey[key]
	if !found {
		return DataCenterUser{}, false
	}
	return d.userState(i), true
}

// DataCenterUsers returns the users of instance n that keep says yes to, at most limit of them (0 is all), without deleted ones.
func (w *World) DataCenterUsers(n, limit int, keep func(DataCenterUser) bool) []DataCenterUser {
	w.settleIfDue()
	w.mu.RLock()
	defer w.mu.RUnlock()
	d := w.dataCenters[n]
	var out []DataCenterUser
	for i := range d.users {
		if d.users[i].deleted {
			continue
		}
		if s := d.userState(i); keep == nil || keep(s) {
			if out = append(out, s); len(out) == limit {
				break
			}
		}
	}
	return out
}

func (d *dataCenter) userState(i int) DataCenterUser {
	u := &d.users[i]
	s := DataCenterUser{
		Key: u.key, Name: u.name, Email: u.email, Display: u.display, Active: u.active, Deleted: u.deleted,
		ReadOnly: dcDirectories[u.directory].readOnly, Admin: d.administers(i), LastLogin: u.lastLogin,
	}
	for _, g := range u.groups {
		s.Groups = append(s.Groups, d.groups[g].name)
	}
	slices.Sort(s.Groups)
	return s
}

// DataCenterGroup is the truth about one group of a Data Center instance.
type DataCenterGroup struct {
	Name    string
	Members int
	Synced  bool     // comes from the read-only directory
	Admins  bool     // its members administer Jira
	Apps    []string // keys of the applications that it opens
}

// DataCenterGroups lists the groups of instance n.
func (w *World) DataCenterGroups(n int) []DataCenterGroup {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []DataCenterGroup
	d := w.dataCenters[n]
	for i, g := range d.groups {
		if g.deleted {
			continue
		}
		s := DataCenterGroup{Name: g.name, Members: len(g.members), Synced: g.synced, Admins: g.admins}
		for _, r := range d.roles {
			if slices.Contains(r.groups, i) {
				s.Apps = append(s.Apps, r.key)
			}
		}
		out = append(out, s)
	}
	return out
}

// SetDataCenterUser changes a user of instance n as an administrator would on Jira's own screens.
func (w *World) SetDataCenterUser(n int, key string, active bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dataCenters[n]
	d.users[d.byKey[key]].active = active
}

// RenameDataCenterUser gives a user of instance n another user name; the key stays.
func (w *World) RenameDataCenterUser(n int, key, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dataCenters[n]
	d.rename(d.byKey[key], name)
}

// SetDataCenterMember puts a user of instance n into a group or takes the user out.
func (w *World) SetDataCenterMember(n int, key, group string, member bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dataCenters[n]
	if g, found := d.group(group); found {
		d.setMember(d.byKey[key], g, member)
	}
}

// AddDataCenterToken makes a personal access token for a user of instance n.
func (w *World) AddDataCenterToken(n int, key string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dataCenters[n]
	token := w.patOf(100 + 100*n + len(d.tokens))
	d.tokens[token] = d.byKey[key]
	return token
}

// RevokeDataCenterToken ends a personal access token at once.
func (w *World) RevokeDataCenterToken(n int, token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.dataCenters[n].tokens, token)
}
