package sim

import "slices"

// place puts a person into directories and groups.
func (m *peopleMaker) place(i int, p *person, outside bool) {
	w, b := m.w, m.b
	if p.kind == kindNoDirectory {
		return
	}
	m.buf = m.buf[:0]
	main := 0
	if len(w.sites) > 1 && i >= len(cast) && m.chance(35) {
		main = 1 + m.rng.IntN(len(w.sites)-1)
	}
	sites := []int{main}
	if len(w.sites) > 1 && (i < 2 || m.chance(12)) {
		sites = append(sites, (main+1+m.rng.IntN(len(w.sites)-1))%len(w.sites))
	}
	for n, s := range sites {
		p.member |= 1 << w.sites[s].directory
		m.onSite(s, i, p, outside, n == 0)
	}
	if p.kind == kindSuspended {
		p.suspended = p.member
		if p.member&(p.member-1) != 0 && m.chance(40) {
			p.suspended = p.member & -p.member // suspended in one of several directories
		}
	}
	if i < 2 || i >= len(cast) && m.adminAt(i, p) {
		m.buf = append(m.buf, int32(b.orgAdmins))
		p.member |= 1 // the group is in the first directory
		for s := range w.sites {
			if i < 2 {
				p.member |= 1 << w.sites[s].directory
			}
		}
	}
	if i == 1 {
		// Whose tokens the sites are connected with must be able to administer each site.
		for _, g := range b.site {
			m.buf = append(m.buf, int32(g))
		}
		for a := range w.apps {
			if w.apps[a].kind.jira && !w.apps[a].sandbox {
				m.buf = append(m.buf, int32(b.admins[a]))
			}
		}
	}
	p.groups = m.groupsOf(m.buf)
	for _, g := range p.groups {
		w.groups[g].members = append(w.groups[g].members, int32(i))
	}
}

// adminAt chooses up to ten more organization admins among the ordinary people.
func (m *peopleMaker) adminAt(i int, p *person) bool {
	n := min(max(m.w.cfg.People/200, 1), 10)
	return p.kind == kindActive && p.managed && i%max(m.w.cfg.People/n, 1) < 2 && m.chance(60)
}

// onSite gives a person what somebody of the department has on a site.
func (m *peopleMaker) onSite(s, i int, p *person, outside, main bool) {
	if outside {
		m.guestOn(s)
		return
	}
	w, b := m.w, m.b
	if main && m.chance(70) {
		m.add(b.staff[s])
	}
	for a := range w.apps {
		if w.apps[a].site == s && m.chance(m.likes(a, p)) {
			m.add(b.users[a])
		}
		if w.apps[a].site == s && !w.apps[a].sandbox && m.rng.IntN(200) == 0 {
			m.add(b.admins[a])
		}
	}
	m.joinDepartment(s, p)
	if i >= len(cast) && m.rng.IntN(300) == 0 {
		m.add(b.access[s])
	}
	if i >= len(cast) && m.rng.IntN(400) == 0 {
		m.add(b.site[s])
	}
	if n := len(b.teams[s]); n > 0 {
		for range m.rng.IntN(4) {
			// Low numbers are drawn more often: there are big and small teams.
			m.add(b.teams[s][min(m.rng.IntN(n), m.rng.IntN(n))])
		}
	}
	if m.rng.IntN(100) == 0 {
		jira := slices.IndexFunc(w.apps, func(a app) bool { return a.site == s })
		p.direct = []grant{{jira, roleUser}} // a role without a group
	}
}

func (m *peopleMaker) add(g int) { m.buf = append(m.buf, int32(g)) }

// guestOn gives somebody from outside single apps.
func (m *peopleMaker) guestOn(s int) {
	for a := range m.w.apps {
		if m.w.apps[a].site != s || m.w.apps[a].sandbox {
			continue
		}
		switch {
		case m.w.apps[a].kind.typeKey == "jira-software" && m.chance(80):
			m.add(m.b.extra[a])
		case m.chance(30):
			m.add(m.b.users[a])
		}
	}
}

// joinDepartment puts a person into the department's group, which is kept by hand or by the identity provider.
func (m *peopleMaker) joinDepartment(s int, p *person) {
	if !p.synced {
		if m.chance(70) {
			m.add(m.b.dept[s][p.department])
		}
		return
	}
	m.add(m.b.synced[s][p.department])
	for a, g := range m.b.extra {
		// The identity provider opens Confluence for a third of its departments.
		if g >= 0 && m.w.apps[a].site == s && m.w.apps[a].kind.typeKey == "confluence" && p.department%3 == 0 {
			m.add(g)
		}
	}
}

// likes is the chance in percent that a person's department was given an app.
func (m *peopleMaker) likes(a int, p *person) int {
	if m.w.apps[a].sandbox {
		return 1
	}
	department := departments[p.department].name
	switch m.w.apps[a].kind.typeKey {
	case "jira-software", "confluence":
		return 75
	case "jira-servicedesk":
		if department == "Support" || department == "Operations" {
			return 80
		}
		return 5
	case "jira-product-discovery":
		if department == "Product" {
			return 70
		}
		return 4
	default: // Bitbucket, Compass
		if department == "Engineering" {
			return 60
		}
		return 2
	}
}
