package sim

// Routes lists the calls that the simulator serves, as "GET /path": for the API host and for a site.
func Routes() (org, site []string) {
	for _, r := range orgRoutes() {
		org = append(org, r.method+" "+r.template)
	}
	for _, r := range siteRoutes() {
		site = append(site, r.method+" "+r.template)
	}
	return org, site
}

// CheckSeats counts who takes a seat of each app afresh and compares it with the running counts.
func (w *World) CheckSeats() (app string, running, counted int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for a := range w.apps {
		n := 0
		for i := range w.people {
			if w.billable(&w.people[i].state)&(1<<a) != 0 {
				n++
			}
		}
		if n != w.apps[a].used {
			return w.apps[a].ari, w.apps[a].used, n
		}
	}
	return "", 0, 0
}

// CheckMembers compares each group's list of members with the people's lists of groups.
func (w *World) CheckMembers() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for g := range w.groups {
		n += len(w.groups[g].members)
		for _, i := range w.groups[g].members {
			if !w.people[i].in(g) {
				return w.groups[g].name + " has a member who does not know"
			}
		}
	}
	for i := range w.people {
		n -= len(w.people[i].groups)
	}
	if n != 0 {
		return "a person is in a group that does not know"
	}
	return ""
}

// Unsettled is how many people have a past that a view may still see.
func (w *World) Unsettled() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.unsettled)
}
